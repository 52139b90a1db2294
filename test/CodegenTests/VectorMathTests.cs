using System.Numerics;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using Symbolic.Codegen.Library;
using Wide = Symbolic.Codegen.Library.VectorMath<Symbolic.Codegen.Library.Lanes512<float>, System.Runtime.Intrinsics.Vector512<float>, float>;

namespace Symbolic.Test;

/// <summary>Elementary functions against the framework's in double: errors in units of the last place over the whole range, and the edges.</summary>
public sealed unsafe class VectorMathTests
{
    private static readonly Dictionary<string, (Func<double, double> True, double Ulp)> Functions = new()
    {
        ["Exp"] = (Math.Exp, 2),
        ["Expm1"] = (Scalars.Expm1, 4),
        ["Log"] = (Math.Log, 2),
        ["Log1p"] = (Scalars.Log1p, 4),
        ["Tanh"] = (Math.Tanh, 2),
        ["Sigmoid"] = (Scalars.Sigmoid, 4),
        ["Softplus"] = (Scalars.Softplus, 4),
        ["Sin"] = (Math.Sin, 2),
        ["Cos"] = (Math.Cos, 2),
        ["Tan"] = (Math.Tan, 2),
        ["Exp2"] = (double.Exp2, 2),
        ["Log2"] = (Math.Log2, 2),
        ["Log10"] = (Math.Log10, 2),
        ["Sinh"] = (Math.Sinh, 3),
        ["Cosh"] = (Math.Cosh, 3),
        ["Atan"] = (Math.Atan, 2),
        ["Asin"] = (Math.Asin, 2),
        ["Acos"] = (Math.Acos, 2),
        ["Erf"] = (SpecialFunctions.Erf, 3),
        ["Asinh"] = (Math.Asinh, 3),
        ["Acosh"] = (Math.Acosh, 3),
        ["Atanh"] = (Math.Atanh, 3),
    };

    /// <summary>What a loop reads ahead of itself is what the function reads by itself, and two vectors at once give what each gives.</summary>
    [Fact]
    public void Tables_read_ahead_and_two_vectors_give_the_same_bits()
    {
        var random = new Random(3);
        ExpTables exp = Wide.TablesOfExp();
        LogTables log = Wide.TablesOfLog();
        TanhTables tanh = Wide.TablesOfTanh();
        for (int round = 0; round < 4096; round++)
        {
            Vector512<float> x = round % 2 == 0 ? Drawn(() => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue))) : Drawn(() => (random.NextSingle() * 40) - 20);
            Assert.Equal(Wide.Exp(x).AsInt32(), Wide.Exp(x, exp).AsInt32());
            Assert.Equal(Wide.Log(x).AsInt32(), Wide.Log(x, log).AsInt32());
            Assert.Equal(Wide.Tanh(x).AsInt32(), Wide.Tanh(x, tanh).AsInt32());
            Vector512<float> y = Drawn(() => BitConverter.Int32BitsToSingle(random.Next(int.MinValue, int.MaxValue)));
            Wide.ExpOfTwo(x, y, exp, out Vector512<float> expX, out Vector512<float> expY);
            Wide.LogOfTwo(x, y, log, out Vector512<float> logX, out Vector512<float> logY);
            Wide.TanhOfTwo(x, y, tanh, out Vector512<float> tanhX, out Vector512<float> tanhY);
            Assert.Equal((Wide.Exp(x).AsInt32(), Wide.Exp(y).AsInt32()), (expX.AsInt32(), expY.AsInt32()));
            Assert.Equal((Wide.Log(x).AsInt32(), Wide.Log(y).AsInt32()), (logX.AsInt32(), logY.AsInt32()));
            Assert.Equal((Wide.Tanh(x).AsInt32(), Wide.Tanh(y).AsInt32()), (tanhX.AsInt32(), tanhY.AsInt32()));
        }

        static Vector512<float> Drawn(Func<float> draw) => Vector512.Create([.. Enumerable.Range(0, 16).Select(_ => draw())]);
    }

    public static TheoryData<string> Names() => [.. Functions.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Floats_are_right_to_some_units_of_the_last_place(string name)
    {
        double worst = 0;
        float where = 0;
        // Every 4001st of all bit patterns: 1.07 million values of each sign, exponent and much of the mantissa.
        for (ulong bits = 0; bits <= uint.MaxValue; bits += 4001)
        {
            float x = BitConverter.UInt32BitsToSingle((uint)bits);
            if (!float.IsNaN(x))
            {
                double wanted = Functions[name].True(x);
                double error = Math.Max(Error(wanted, Evaluate<Lanes256<float>, Vector256<float>, float>(name, x)), Error(wanted, Evaluate<Lanes512<float>, Vector512<float>, float>(name, x)));
                (worst, where) = error > worst ? (error, x) : (worst, where);
            }
        }
        Assert.True(worst <= Functions[name].Ulp, $"{name}({where:r}) is off by {worst:f2} units of the last place");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Doubles_are_right_to_some_units_of_the_last_place(string name)
    {
        var random = new Random(3);
        for (int i = 0; i < 20000; i++)
        {
            double x = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-12, 4)), wanted = Functions[name].True(x);
            double got = Evaluate<Lanes256<double>, Vector256<double>, double>(name, x);
            bool close = wanted.Equals(got) || Math.Abs(wanted - got) <= 8 * Math.Abs(Math.BitIncrement(Math.Abs(wanted)) - Math.Abs(wanted));
            Assert.True(close, $"{name}({x:r}) is {got:r}, not {wanted:r}");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Widths_agree_and_edges_hold(string name)
    {
        foreach (float x in (float[])[0, -0f, 1, -1, 0.5f, 88.7f, -87.3f, -103.9f, 1e-40f, -1e-40f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN])
        {
            float narrow = Evaluate<Lanes128<float>, Vector128<float>, float>(name, x), middle = Evaluate<Lanes256<float>, Vector256<float>, float>(name, x), wide = Evaluate<Lanes512<float>, Vector512<float>, float>(name, x);
            Assert.Equal(Bits(narrow), Bits(middle));
            // Sixteen floats go a way of their own where the machine can look up tables in registers.
            Assert.True(Bits(middle) == Bits(wide) || (Avx512F.IsSupported && name is "Exp" or "Log" or "Tanh"), $"{name}({x}) is {middle} or {wide}");
            double wanted = Functions[name].True(x), rounded = (float)wanted;
            if (!double.IsFinite(rounded) || rounded == 0)
            {
                foreach (float got in (float[])[middle, wide])
                {
                    Assert.Equal(rounded, got);
                    Assert.True(double.IsNaN(rounded) || double.IsNegative(rounded) == double.IsNegative(got), $"{name}({x}) is {got}");
                }
            }
        }
    }

    [Fact]
    public void Powers_are_right_to_two_units_of_the_last_place()
    {
        var random = new Random(7);
        (double Error, float X, float Y) worst = (0, 0, 0);
        for (int i = 0; i < 1_000_000; i++)
        {
            float x = i % 2 == 0 ? BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32)) : 0.25f + (4 * random.NextSingle());
            float y = i % 5 == 0 ? random.Next(-40, 40) * 0.25f : (float)((random.NextDouble() - 0.5) * 300 / Math.Max(1e-7, Math.Abs(Math.Log2(Math.Abs((double)x)))));
            if (float.IsFinite(x) && float.IsFinite(y))
            {
                double error = Error(Math.Pow(x, y), Power<Lanes256<float>, Vector256<float>>(x, y));
                worst = error > worst.Error ? (error, x, y) : worst;
            }
        }
        Assert.True(worst.Error <= 2, $"pow({worst.X:r}, {worst.Y:r}) is off by {worst.Error:f2} units of the last place");
    }

    [Theory]
    [InlineData(3)]
    [InlineData(-3)]
    [InlineData(-7)]
    public void Powers_of_quarters_are_right_to_a_unit_of_the_last_place(int quarters)
    {
        var random = new Random(8);
        float[] edges = [0, -0f, 1, -1, 1e-40f, -1e-40f, float.Epsilon, 1e-25f, 1.0842022e-19f, 5.421011e-20f, 5.42101e-20f, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        for (int i = 0; i < 300_000; i++)
        {
            float x = i < edges.Length ? edges[i] : i % 2 == 0 ? BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 31)) : 0.5f + (16 * random.NextSingle());
            double wanted = Math.Pow(x, quarters * 0.25);
            float got = VectorMath<Lanes256<float>, Vector256<float>, float>.PowOfQuarters(Vector256.Create(x), quarters)[0];
            Assert.True(Error(wanted, got) <= 1 && (double.IsNaN(wanted) || double.IsNegative(wanted) == float.IsNegative(got)), $"pow({x:r}, {quarters}/4) is {got:r}, not {wanted:r}");
            Assert.Equal(BitConverter.SingleToUInt32Bits(got), BitConverter.SingleToUInt32Bits(VectorMath<Lanes128<float>, Vector128<float>, float>.PowOfQuarters(Vector128.Create(x), quarters)[0]));
            Assert.Equal(BitConverter.SingleToUInt32Bits(got), BitConverter.SingleToUInt32Bits(Wide.PowOfQuarters(Vector512.Create(x), quarters)[0]));
        }
    }

    [Fact]
    public void Powers_at_the_edges_are_those_of_C()
    {
        float[] edges = [0, -0f, 1, -1, 2, -2, 3, -3, 0.5f, -0.5f, 1.5f, 16777216, 16777215, -16777215, 1e-40f, -1e-40f, float.Epsilon, float.MaxValue, float.MinValue, float.PositiveInfinity, float.NegativeInfinity, float.NaN];
        foreach (float x in edges)
        {
            foreach (float y in edges)
            {
                double wanted = Math.Pow(x, y);
                float got = Power<Lanes256<float>, Vector256<float>>(x, y);
                Assert.True(Error(wanted, got) <= 2 && (double.IsNaN(wanted) || double.IsNegative(wanted) == float.IsNegative(got)), $"pow({x:r}, {y:r}) is {got:r}, not {wanted:r}");
                Assert.Equal(Bits(got), Bits(Power<Lanes128<float>, Vector128<float>>(x, y)));
                Assert.Equal(Bits(got), Bits(Power<Lanes512<float>, Vector512<float>>(x, y)));
            }
        }
    }

    // Which of two NaNs a sum keeps, and so its sign, is up to the JIT where multiply and add are two instructions.
    private static uint Bits(float value) => BitConverter.SingleToUInt32Bits(float.IsNaN(value) ? float.NaN : value);

    private static float Power<TLanes, TVector>(float x, float y)
        where TLanes : struct, ILanes<TVector, float>
    {
        float* memory = stackalloc float[16];
        TLanes.Store(memory, VectorMath<TLanes, TVector, float>.Pow(TLanes.Create(x), TLanes.Create(y)));
        return memory[0];
    }

    private static double Error(double wanted, float got)
    {
        float rounded = (float)wanted;
        if (rounded.Equals(got))
        {
            return 0;
        }
        if (!float.IsFinite(rounded) || !float.IsFinite(got))
        {
            // The last value below overflow may round either way.
            return Math.Abs(wanted) > float.MaxValue * 0.999999 && (float.IsInfinity(got) || Math.Abs(got) > float.MaxValue * 0.999999f) ? 1 : double.PositiveInfinity;
        }
        double unit = Math.Max(Math.Abs((double)MathF.BitIncrement(Math.Abs(rounded)) - Math.Abs(rounded)), float.Epsilon);
        return Math.Abs(wanted - got) / unit;
    }

    private static T Evaluate<TLanes, TVector, T>(string name, T x)
        where TLanes : struct, ILanes<TVector, T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        TVector lanes = TLanes.Create(x);
        TVector value = name switch
        {
            "Exp" => VectorMath<TLanes, TVector, T>.Exp(lanes),
            "Expm1" => VectorMath<TLanes, TVector, T>.Expm1(lanes),
            "Log" => VectorMath<TLanes, TVector, T>.Log(lanes),
            "Log1p" => VectorMath<TLanes, TVector, T>.Log1p(lanes),
            "Tanh" => VectorMath<TLanes, TVector, T>.Tanh(lanes),
            "Sigmoid" => VectorMath<TLanes, TVector, T>.Sigmoid(lanes),
            "Softplus" => VectorMath<TLanes, TVector, T>.Softplus(lanes),
            "Sin" => VectorMath<TLanes, TVector, T>.Sin(lanes),
            "Cos" => VectorMath<TLanes, TVector, T>.Cos(lanes),
            "Tan" => VectorMath<TLanes, TVector, T>.Tan(lanes),
            "Exp2" => VectorMath<TLanes, TVector, T>.Exp2(lanes),
            "Log2" => VectorMath<TLanes, TVector, T>.Log2(lanes),
            "Log10" => VectorMath<TLanes, TVector, T>.Log10(lanes),
            "Sinh" => VectorMath<TLanes, TVector, T>.Sinh(lanes),
            "Cosh" => VectorMath<TLanes, TVector, T>.Cosh(lanes),
            "Atan" => VectorMath<TLanes, TVector, T>.Atan(lanes),
            "Asin" => VectorMath<TLanes, TVector, T>.Asin(lanes),
            "Acos" => VectorMath<TLanes, TVector, T>.Acos(lanes),
            "Erf" => VectorMath<TLanes, TVector, T>.Erf(lanes),
            "Asinh" => VectorMath<TLanes, TVector, T>.Asinh(lanes),
            "Acosh" => VectorMath<TLanes, TVector, T>.Acosh(lanes),
            "Atanh" => VectorMath<TLanes, TVector, T>.Atanh(lanes),
            _ => throw new System.Diagnostics.UnreachableException(name),
        };
        T* memory = stackalloc T[16];
        TLanes.Store(memory, value);
        return memory[0];
    }
}
