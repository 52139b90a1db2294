using Symbolic.Codegen.Library;

namespace Symbolic.Test;

/// <summary>The GPU's elementary functions run here too, where the framework's are at hand to compare with.</summary>
public sealed class GpuMathTests
{
    private static readonly double[] Edges = [0, -0.0, 1, -1, double.PositiveInfinity, double.NegativeInfinity, double.NaN, double.Epsilon, -double.Epsilon, 1e-310, double.MaxValue, double.MinValue, 0.5, -0.5, 1.5, 2.5, -2.5, 1e-20, 709.7, -745.2, 4503599627370497.0];

    /// <summary>Name, function, the framework's, range to draw from, allowed relative error.</summary>
    public static TheoryData<string, Func<double, double>, Func<double, double>, double, double> Functions => new()
    {
        { "exp", GpuMath.Exp, Math.Exp, 700, 4e-16 },
        { "log", GpuMath.Log, Math.Log, 1e6, 4e-16 },
        { "tanh", GpuMath.Tanh, Math.Tanh, 20, 6e-16 },
        { "sin", GpuMath.Sin, Math.Sin, 1000, 1e-15 },
        { "cos", GpuMath.Cos, Math.Cos, 1000, 1e-15 },
        { "floor", GpuMath.Floor, Math.Floor, 1000, 0 },
        { "ceil", GpuMath.Ceil, Math.Ceiling, 1000, 0 },
        { "round", GpuMath.Round, Math.Round, 1000, 0 },
        { "trunc", GpuMath.Trunc, Math.Truncate, 1000, 0 },
        { "sqrt", GpuMath.Sqrt, Math.Sqrt, 1000, 0 },
        { "expm1", GpuMath.Expm1, Scalars.Expm1, 10, 2e-15 },
        { "log1p", GpuMath.Log1p, Scalars.Log1p, 10, 2e-15 },
        { "sigmoid", GpuMath.Sigmoid, Scalars.Sigmoid, 40, 1e-15 },
        { "softplus", GpuMath.Softplus, Scalars.Softplus, 40, 1e-15 },
        { "exp of f32", x => GpuMath.Exp((float)x), x => MathF.Exp((float)x), 100, 3e-7 },
    };

    [Theory]
    [MemberData(nameof(Functions))]
    public void Agrees_with_the_framework(string name, Func<double, double> own, Func<double, double> framework, double range, double error)
    {
        var random = new Random(3);
        IEnumerable<double> points = Edges.Concat(Enumerable.Range(0, 20_000).Select(_ => ((2 * random.NextDouble()) - 1) * range)).Concat(Enumerable.Range(0, 2000).Select(_ => random.NextDouble() * 1e-3));
        if (name is "sin" or "cos")
        {
            // Every binade.
            points = points.Concat(Enumerable.Range(0, 20_000).Select(i => Math.ScaleB(1 + random.NextDouble(), i % 1024)));
        }
        foreach (double x in points)
        {
            Close($"{name}({x:r})", framework(x), own(x), error);
        }
    }

    [Fact]
    public void The_float64_nearest_to_a_multiple_of_a_quarter_turn_keeps_its_digits()
    {
        // 6381956970095103·2^797: Muller, Elementary Functions, 11.3.2, has the argument, arithmetic of 500 digits the cosine. Of the C library's 16 digits two are wrong.
        double nearest = Math.ScaleB(6381956970095103, 797);
        Close("cos", -4.6871659242546276111e-19, GpuMath.Cos(nearest), 2e-16);
        Close("cos", -4.6871659242546276111e-19, GpuMath.Cos(-nearest), 2e-16);
        Close("sin", 1, Math.Abs(GpuMath.Sin(nearest)), 0);
    }

    [Fact]
    public void Two_arguments_agree_with_the_framework()
    {
        var random = new Random(4);
        foreach (double a in Edges.Concat(Enumerable.Range(0, 60).Select(_ => (random.NextDouble() - 0.3) * 30)))
        {
            foreach (double b in Edges.Concat(Enumerable.Range(0, 60).Select(_ => (random.NextDouble() - 0.3) * 30)))
            {
                Close($"max({a:r}, {b:r})", Math.Max(a, b), GpuMath.Max(a, b), 0);
                Close($"min({a:r}, {b:r})", Math.Min(a, b), GpuMath.Min(a, b), 0);
                Close($"mod({a:r}, {b:r})", FloatDivision.Mod(a, b), GpuMath.Mod(a, b), 0);
                Close($"floor_div({a:r}, {b:r})", FloatDivision.FloorDiv(a, b), GpuMath.FloorDiv(a, b), 0);
                Close($"pow({a:r}, {b:r})", Math.Pow(a, b), GpuMath.Pow(a, b), 2e-13);
            }
        }
    }

    [Fact]
    public void Conversions_saturate()
    {
        foreach (double x in Edges.Concat([127.9, 128, -128.9, 255.5, 256, 65535.9, -32769, 2147483647.5, 4294967296, 9.3e18, -9.3e18, 1.9e19]))
        {
            Assert.Equal(
                (sbyte.CreateSaturating(x), byte.CreateSaturating(x), short.CreateSaturating(x), ushort.CreateSaturating(x), int.CreateSaturating(x), uint.CreateSaturating(x), long.CreateSaturating(x), ulong.CreateSaturating(x)),
                (GpuMath.ToSByte(x), GpuMath.ToByte(x), GpuMath.ToInt16(x), GpuMath.ToUInt16(x), GpuMath.ToInt32(x), GpuMath.ToUInt32(x), GpuMath.ToInt64(x), GpuMath.ToUInt64(x)));
        }
    }

    private static void Close(string what, double expected, double actual, double error)
    {
        bool same = expected.Equals(actual) && (expected != 0 || double.IsNegative(expected) == double.IsNegative(actual));
        // Denormal results have fewer digits.
        bool close = double.IsFinite(expected) && double.IsFinite(actual) && Math.Abs(expected - actual) <= Math.Max(error * Math.Abs(expected), error > 1e-8 ? float.Epsilon : error > 0 ? 4 * double.Epsilon : 0);
        Assert.True(same || close, $"{what} is {actual:r}, not {expected:r}");
    }
}
