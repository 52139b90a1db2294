using System.Globalization;
using System.Runtime.Intrinsics;
using Symbolic.Codegen.Library;
using F = Symbolic.Codegen.Library.VectorMath<Symbolic.Codegen.Library.Lanes256<float>, System.Runtime.Intrinsics.Vector256<float>, float>;
using W = Symbolic.Codegen.Library.VectorMath<Symbolic.Codegen.Library.Lanes512<float>, System.Runtime.Intrinsics.Vector512<float>, float>;
using D = Symbolic.Codegen.Library.VectorMath<Symbolic.Codegen.Library.Lanes256<double>, System.Runtime.Intrinsics.Vector256<double>, double>;

namespace Symbolic.Bench.Accuracy;

/// <summary>
/// The errors of the vector functions in units of the last place, over every float32 there is, and of pow over random pairs. The truth is the same function
/// in float64, which the tests compare with the framework's.
/// </summary>
internal static unsafe class UlpReport
{
    private const ulong All = 1UL << 32;
    private const ulong Part = 1UL << 22;
    private const int Pairs = 400;

    private delegate void Evaluate(float* x, float* y, double* truth, int count);

    private static readonly Dictionary<string, Evaluate> Functions = new()
    {
        ["exp"] = (x, y, t, n) => Each(x, y, t, n, &F.Exp, &D.Exp),
        ["exp2"] = (x, y, t, n) => Each(x, y, t, n, &F.Exp2, &D.Exp2),
        ["expm1"] = (x, y, t, n) => Each(x, y, t, n, &F.Expm1, &D.Expm1),
        ["log"] = (x, y, t, n) => Each(x, y, t, n, &F.Log, &D.Log),
        ["log2"] = (x, y, t, n) => Each(x, y, t, n, &F.Log2, &D.Log2),
        ["log10"] = (x, y, t, n) => Each(x, y, t, n, &F.Log10, &D.Log10),
        ["log1p"] = (x, y, t, n) => Each(x, y, t, n, &F.Log1p, &D.Log1p),
        ["tanh"] = (x, y, t, n) => Each(x, y, t, n, &F.Tanh, &D.Tanh),
        ["sigmoid"] = (x, y, t, n) => Each(x, y, t, n, &F.Sigmoid, &D.Sigmoid),
        ["softplus"] = (x, y, t, n) => Each(x, y, t, n, &F.Softplus, &D.Softplus),
        ["erf"] = (x, y, t, n) => Each(x, y, t, n, &F.Erf, &D.Erf),
        ["sin"] = (x, y, t, n) => Each(x, y, t, n, &F.Sin, &D.Sin),
        ["cos"] = (x, y, t, n) => Each(x, y, t, n, &F.Cos, &D.Cos),
        ["tan"] = (x, y, t, n) => Each(x, y, t, n, &F.Tan, &D.Tan),
        ["asin"] = (x, y, t, n) => Each(x, y, t, n, &F.Asin, &D.Asin),
        ["acos"] = (x, y, t, n) => Each(x, y, t, n, &F.Acos, &D.Acos),
        ["atan"] = (x, y, t, n) => Each(x, y, t, n, &F.Atan, &D.Atan),
        ["sinh"] = (x, y, t, n) => Each(x, y, t, n, &F.Sinh, &D.Sinh),
        ["cosh"] = (x, y, t, n) => Each(x, y, t, n, &F.Cosh, &D.Cosh),
        ["asinh"] = (x, y, t, n) => Each(x, y, t, n, &F.Asinh, &D.Asinh),
        ["acosh"] = (x, y, t, n) => Each(x, y, t, n, &F.Acosh, &D.Acosh),
        ["atanh"] = (x, y, t, n) => Each(x, y, t, n, &F.Atanh, &D.Atanh),
        // These three look up tables in registers of 512 bits, where there are some.
        ["exp512"] = (x, y, t, n) => Wide(x, y, t, n, &W.Exp, &D.Exp),
        ["log512"] = (x, y, t, n) => Wide(x, y, t, n, &W.Log, &D.Log),
        ["tanh512"] = (x, y, t, n) => Wide(x, y, t, n, &W.Tanh, &D.Tanh),
    };

    /// <summary>Measures the functions named, or all, and prints the worst error of each and where it is.</summary>
    public static void Run(IEnumerable<string> names)
    {
        string[] wanted = [.. names];
        foreach (string name in wanted.Length == 0 ? [.. Functions.Keys, "pow"] : wanted)
        {
            (double error, string where) = name == "pow" ? Powers() : Sweep(Functions[name]);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-9} {error,8:f3} ulp at {where}"));
        }
    }

    private static (double Error, string Where) Sweep(Evaluate function)
    {
        (double Error, float X) worst = (-1, 0);
        var gate = new Lock();
        Parallel.For(0, (long)(All / Part), new ParallelOptions { MaxDegreeOfParallelism = 2 }, part =>
        {
            const int Count = 4096;
            float[] xs = new float[Count], ys = new float[Count];
            double[] truths = new double[Count];
            (double Error, float X) found = (-1, 0);
            fixed (float* x = xs, y = ys)
            fixed (double* t = truths)
            {
                for (ulong first = (ulong)part * Part; first < ((ulong)part + 1) * Part; first += Count)
                {
                    for (int i = 0; i < Count; i++)
                    {
                        x[i] = BitConverter.UInt32BitsToSingle((uint)(first + (ulong)i));
                    }
                    function(x, y, t, Count);
                    for (int i = 0; i < Count; i++)
                    {
                        double error = Ulp.Error(t[i], y[i]);
                        found = error > found.Error ? (error, x[i]) : found;
                    }
                }
            }
            lock (gate)
            {
                worst = found.Error > worst.Error ? found : worst;
            }
        });
        return (worst.Error, worst.X.ToString("R", CultureInfo.InvariantCulture));
    }

    /// <summary>Random bits for x with exponents y such that results spread over the range, and random bits for both.</summary>
    private static (double Error, string Where) Powers()
    {
        (double Error, string Where) worst = (-1, "");
        var gate = new Lock();
        Parallel.For(0, Pairs, new ParallelOptions { MaxDegreeOfParallelism = 2 }, part =>
        {
            var random = new Random(part);
            (double Error, float X, float Y) found = (-1, 0, 0);
            for (int k = 0; k < 1 << 16; k++)
            {
                float x = BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32));
                float y = k % 8 == 0 ? BitConverter.UInt32BitsToSingle((uint)random.NextInt64(1L << 32))
                    : k % 8 == 1 ? random.Next(-40, 40) * 0.25f
                    : (float)((random.NextDouble() - 0.5) * 300 / Math.Max(1e-7, Math.Abs(Math.Log2(Math.Abs((double)x)))));
                x = k % 8 >= 5 ? 0.25f + 4 * random.NextSingle() : x;
                y = k % 8 >= 5 ? (float)((random.NextDouble() - 0.5) * 300 / Math.Max(1e-7, Math.Abs(Math.Log2(x)))) : y;
                double error = Ulp.Error(Math.Pow(x, y), F.Pow(Vector256.Create(x), Vector256.Create(y))[0]);
                found = error > found.Error ? (error, x, y) : found;
            }
            lock (gate)
            {
                worst = found.Error > worst.Error ? (found.Error, string.Create(CultureInfo.InvariantCulture, $"{found.X:R}, {found.Y:R}")) : worst;
            }
        });
        return worst;
    }

    private static void Each(float* x, float* y, double* truth, int count, delegate*<Vector256<float>, Vector256<float>> single, delegate*<Vector256<double>, Vector256<double>> wide)
    {
        for (int i = 0; i < count; i += 8)
        {
            Vector256<float> value = Vector256.Load(x + i);
            single(value).Store(y + i);
            (Vector256<double> lower, Vector256<double> upper) = Vector256.Widen(value);
            wide(lower).Store(truth + i);
            wide(upper).Store(truth + i + 4);
        }
    }

    private static void Wide(float* x, float* y, double* truth, int count, delegate*<Vector512<float>, Vector512<float>> single, delegate*<Vector256<double>, Vector256<double>> wide)
    {
        for (int i = 0; i < count; i += 16)
        {
            single(Vector512.Load(x + i)).Store(y + i);
            for (int k = 0; k < 16; k += 4)
            {
                wide(Vector256.WidenLower(Vector256.Create(Vector128.Load(x + i + k), default))).Store(truth + i + k);
            }
        }
    }
}

/// <summary>Errors in units of the last place.</summary>
internal static class Ulp
{
    /// <summary>The distance of a float from the truth in units of the last place of the truth rounded; ∞ where one is NaN and the other is not, or the sign of a zero differs.</summary>
    public static double Error(double truth, float got)
    {
        float rounded = (float)truth;
        if (BitConverter.SingleToUInt32Bits(rounded) == BitConverter.SingleToUInt32Bits(got) || (float.IsNaN(rounded) && float.IsNaN(got)))
        {
            return float.IsFinite(rounded) ? Math.Abs(truth - got) / Unit(rounded) : 0;
        }
        if (float.IsNaN(rounded) || float.IsNaN(got) || (rounded == 0 && got == 0))
        {
            return double.PositiveInfinity;
        }
        // One unit above the greatest number is where overflow begins.
        double wanted = Math.Min(Math.Abs(truth), Beyond) * Math.Sign(truth), found = float.IsInfinity(got) ? Beyond * Math.Sign(got) : got;
        return Math.Abs(wanted - found) / Unit(float.IsInfinity(rounded) ? float.MaxValue : rounded);
    }

    private const double Beyond = 340282366920938463463374607431768211456.0;

    private static double Unit(float value) => Math.Max(float.Epsilon, Math.Pow(2, Math.ILogB(value) - 23));
}
