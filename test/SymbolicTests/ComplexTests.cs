using System.Globalization;
using System.Numerics;
using System.Reflection;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Complex numbers: their functions against true values and C99, their text, what becomes of them beside others, and what refuses them.</summary>
public class ComplexTests
{
    [Fact]
    public void FunctionsAreNearTheirTrueValues()
    {
        var worst = new Dictionary<string, (double Error, string Line)>();
        foreach ((string name, string line, double[] x, Complex expected, Complex found) in Read("complex_functions.txt"))
        {
            // An angle is rounded before its cosine is taken: of powers that error grows with the angle.
            double angle = name switch { "Exp2" => Math.Abs(x[1]), "Pow" => Complex.Abs(new Complex(x[2], x[3])), _ => 0 };
            double error = Complex.Abs(found - expected) / Complex.Abs(expected) / (1e-15 + (2e-16 * angle));
            if (!(error <= worst.GetValueOrDefault(name).Error))
            {
                worst[name] = (error, $"{line}, found {found}");
            }
        }
        Assert.Equal(24, worst.Count);
        Assert.True(worst.Values.All(w => w.Error <= 1), string.Join("\n", worst.Select(w => $"{w.Value.Error:f2} of the bound: {w.Value.Line}")));
    }

    [Fact]
    public void CutsZerosAndInfinitiesAreThoseOfC99()
    {
        static bool Same(double expected, double found) => expected.Equals(found) && (double.IsNaN(found) || double.IsNegative(expected) == double.IsNegative(found))
            || (double.IsFinite(expected) && expected != 0 && Math.Abs(found - expected) <= 1e-15 * Math.Abs(expected));
        int compared = 0;
        foreach ((_, string line, _, Complex expected, Complex found) in Read("complex_edges.txt"))
        {
            Assert.True(Same(expected.Real, found.Real) && Same(expected.Imaginary, found.Imaginary), $"{line}, found {found.Real:r} {found.Imaginary:r}");
            compared++;
        }
        Assert.True(compared > 600);
    }

    [Fact]
    public void QuotientsAndProductsAreThoseOfNumPy()
    {
        Complex infinite = ComplexFunctions.Div(Complex.One, Complex.Zero);
        Assert.True(double.IsPositiveInfinity(infinite.Real) && double.IsNaN(infinite.Imaginary));
        Assert.Equal(new Complex(0.5, 0.5), ComplexFunctions.Div(new(1e300, 0), new(1e300, -1e300)));
        Assert.Equal(Complex.One, ComplexFunctions.Pow(Complex.Zero, Complex.Zero));
        Assert.Equal(Complex.Zero, ComplexFunctions.Pow(Complex.Zero, new(2, 1)));
        Assert.True(double.IsNaN(ComplexFunctions.Pow(Complex.Zero, new(-1, 0)).Real));
        Assert.Equal(new Complex(-4, 0), ComplexFunctions.Pow(new(1, 1), new(4, 0)));
        Assert.Equal(new Complex(0, 0.5), ComplexFunctions.Pow(new(1, 1), new(-2, 0)) * -1);
    }

    [Fact]
    public void OrderIsByRealPartsFirst()
    {
        (Complex Low, Complex High)[] pairs = [(new(1, 9), new(2, 0)), (new(1, 2), new(1, 3)), (new(double.NegativeInfinity, 0), new(0, 0))];
        foreach ((Complex low, Complex high) in pairs)
        {
            Assert.True(ComplexFunctions.Less(low, high) && ComplexFunctions.LessOrEqual(low, high) && !ComplexFunctions.Less(high, low));
            Assert.Equal((high, low), (ComplexFunctions.Max(low, high), ComplexFunctions.Min(high, low)));
        }
        var nan = new Complex(0, double.NaN);
        Assert.False(ComplexFunctions.LessOrEqual(nan, Complex.One) || ComplexFunctions.LessOrEqual(-Complex.One, nan));
        Assert.True(double.IsNaN(ComplexFunctions.Max(Complex.One, nan).Imaginary) && double.IsNaN(ComplexFunctions.Min(nan, Complex.One).Imaginary));
    }

    [Theory]
    [InlineData(1.5, -2, "1.5-2i")]
    [InlineData(-0.0, 0, "-0+0i")]
    [InlineData(0, -0.0, "0-0i")]
    [InlineData(1e-30, -1e-30, "1E-30-1E-30i")]
    [InlineData(double.NegativeInfinity, double.NaN, "-inf+nani")]
    public void TextShowsBothParts(double real, double imaginary, string text)
    {
        Assert.Equal(text, ScalarValue.Of(DType.Complex128, new Complex(real, imaginary)).Text());
        Assert.Equal(text, new Complex64((float)real, (float)imaginary).ToString());
        Assert.Equal(ScalarValue.Of(DType.Complex128, new Complex(real, imaginary)), ScalarValue.Parse(DType.Complex128, text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("i")]
    [InlineData("1")]
    [InlineData("1i")]
    [InlineData("1+2")]
    [InlineData("1+-2i")]
    [InlineData("1+i")]
    [InlineData("1e+i")]
    [InlineData("1+2i+3i")]
    [InlineData("1 +2i")]
    [InlineData("1e39+0i")]
    [InlineData("nan:0x3f800000+0i")]
    public void OtherTextIsRefused(string text) => Assert.Throws<FormatException>(() => ScalarValue.Parse(DType.Complex64, text));

    [Fact]
    public void ProgramsReadBack()
    {
        Expr z = Vector("z", "n", DType.Complex64), w = Constant(Literal.Of<Complex>([new(1, -2), new(double.NaN, double.PositiveInfinity), new(-0.0, 0)], 3));
        Closing closing = Closing.Of(Closing.Variables([z]), [Abs<Expr>(z * Constant(new Complex(0, 1))), Conj(z), Real(z), w, ComplexFromParts(Imag(z), Real(z))]);
        string text = IrText.Print(closing.Program);
        Assert.Contains("full{value=c128 0+1i, shape=[s0]}", text, StringComparison.Ordinal);
        Assert.Contains("constant{value=c128[3] (1-2i, nan+infi, -0+0i)}", text, StringComparison.Ordinal);
        Assert.Equal(closing.Program, IrText.Parse(text));
        string wrong = Assert.Throws<FormatException>(() => IrText.Parse(text.Replace("0+1i", "0+1", StringComparison.Ordinal))).Message;
        Assert.EndsWith("'0+1' is no value of c128", wrong, StringComparison.Ordinal);
        string many = new('-', 1_000_000);
        Assert.Throws<FormatException>(() => IrText.Parse(text.Replace("0+1i", $"{many}i", StringComparison.Ordinal)));
    }

    [Fact]
    public void DTypesBesideOthers()
    {
        Expr z = Vector("z", "n", DType.Complex64), x = Vector("x", "n"), n = Vector("k", "n", DType.Int64);
        Assert.Equal(DType.Complex64, (z + x).DType);
        Assert.Equal(DType.Complex128, (z + n).DType);
        Assert.Equal(DType.Complex64, (z * 2).DType);
        Assert.Equal(DType.Complex64, (2.5 / z).DType);
        Assert.Equal(DType.Float32, Abs<Expr>(z).DType);
        Assert.Equal(DType.Complex64, ComplexFromParts(x, x).DType);
        Assert.Equal(DType.Complex128, ComplexFromParts(x, n).DType);
        Assert.Equal(DType.Complex64, ComplexFromParts(x.Cast(DType.Float16), x.Cast(DType.Bool)).DType);
        Assert.Equal(DType.Complex64, z.Mean().DType);
        Assert.Equal(DType.Bool, z.Any().DType);
    }

    [Fact]
    public void RefusalsNameOpAndDType()
    {
        Expr z = Vector("z", 3, DType.Complex64), x = Vector("x", 3);
        string Refused(Func<Expr> build) => Assert.Throws<TypeMismatch>(build).Message;
        Assert.Equal("mod is not defined on complex numbers; got c64[3] and c64[3]", Refused(() => z % x));
        Assert.Equal("floor_div is not defined on complex numbers; got c64[3] and c64[3]", Refused(() => FloorDiv<Expr>(z, x)));
        Assert.Equal("sign is not defined on complex numbers; got c64[3]", Refused(() => Sign<Expr>(z)));
        Assert.Equal("relu is not defined on complex numbers; got c64[3]", Refused(() => Relu<Expr>(z)));
        Assert.Equal("complex is not defined on complex numbers; got c64[3] and f32[3]", Refused(() => Expr.Of(new Ops.Complex(), z, x)));
        Assert.Equal("cast makes no f32 of c64: take the real part, the imaginary part, the size or the angle", Refused(() => z.Cast(DType.Float32)));
        Assert.Equal("cast makes no f64 of c128: take the real part, the imaginary part, the size or the angle", Refused(() => Constant(new Complex(1, 2)).Cast(DType.Float64)));
        Assert.Equal("the gradient of sum: c64[] is asked for, which is complex: take a real number of it, such as its size, or give the gradient that arrives at it", Assert.Throws<GradientError>(() => Grad(z.Sum(), z)).Message);
    }

    [Fact]
    public void PartsOfRealNumbersKeepTheirDType()
    {
        Expr x = Constant(Literal.Of<float>([2, -3, 0], 3));
        Assert.Same(x, Real(x));
        Assert.Same(x, Conj(x));
        Assert.Equal([0.0, 0, 0], Value(Imag(x)).ToDoubles());
        Assert.Equal([0.0, (float)Math.PI, 0], Value(Angle(x)).ToDoubles());
    }

    [Fact]
    public void GradientsOfComposedFunctionsAgreeWithDifferences()
    {
        var program = Lambda.Of([new TensorType(DType.Complex128, [5]), new TensorType(DType.Float64, [5])], p => [
            Angle(p[0]), Abs<Expr>(p[0] * p[1]), ComplexFromPolar(p[1], p[1] * 2) * p[0], ComplexFromParts(p[1], Real(p[0])) / (p[0] + 3), Real(Conj(p[0]) * p[0]), p[0].Var().Cast(DType.Complex128), (p[0] / p[1]).Mean()]);
        Seq<Literal> at = [GradientCheck.Noise(program.Parameters[0], 3), Literal.Of<double>([0.5, 1, 1.5, 2, 2.5], 5)];
        GradientCheck.Agrees("composed", program, at);
    }

    [Fact]
    public void TheGradientOfTheSizeIsZeroAtZero()
    {
        Expr z = Vector("z", 2, DType.Complex128);
        Literal slope = Reference.Evaluate([Grad(Abs<Expr>(z).Sum(), z)], new Dictionary<Variable, Literal> { [((Ops.Leaf)z.Op).Variable] = Literal.Of<Complex>([Complex.Zero, new(3, -4)], 2) })[0];
        Assert.Equal([Complex.Zero, new(0.6, -0.8)], slope.ToComplexes());
    }

    private static Literal Value(Expr x) => Reference.Evaluate([x], new Dictionary<Variable, Literal>())[0];

    private static IEnumerable<(string Name, string Line, double[] Arguments, Complex Expected, Complex Found)> Read(string file)
    {
        foreach (string line in File.ReadLines(Path.Combine(Golden.Root(), "test", "SymbolicTests", "Golden", file)).Skip(1))
        {
            string[] words = line.Split(' ');
            double[] x = [.. words[1..].Select(word => word switch
            {
                "inf" => double.PositiveInfinity,
                "-inf" => double.NegativeInfinity,
                "nan" => double.NaN,
                _ => double.Parse(word, CultureInfo.InvariantCulture),
            })];
            MethodInfo function = typeof(ComplexFunctions).GetMethod(words[0])!;
            object[] arguments = [.. x[..^2].Chunk(2).Select(parts => (object)new Complex(parts[0], parts[1]))];
            yield return (words[0], line, x[..^2], new Complex(x[^2], x[^1]), (Complex)function.Invoke(null, arguments)!);
        }
    }
}
