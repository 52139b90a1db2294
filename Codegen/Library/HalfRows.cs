using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Sums of 3x3 taps with stride 2 for rows of neighbouring results, from a plane where it lies: what each of the three taps of a row meets is taken apart in registers, and each row of the image is read
/// once for the two rows of results that meet it.
/// </summary>
internal static unsafe class HalfRows
{
    /// <summary>Results of a vector: 32 columns are what their taps reach.</summary>
    private const long Block = 15;

    /// <summary>Whether it computes a convolution of planes of this shape here.</summary>
    public static bool Suits(in ConvolutionGeometry g) => Avx512F.IsSupported && g is { TapsY: 3, TapsX: 3, StrideY: 2, StrideX: 2, DilationY: 1, DilationX: 1 };

    /// <summary>results[row · width + column] = Σ i, j: kernel[3i + j] · plane⟨0 outside⟩[2(y + row) + i − top, 2 column + j − left], in the order of taps.</summary>
    /// <param name="g">The convolution.</param>
    /// <param name="plane">Row 0 and column 0 of the image.</param>
    /// <param name="y">The first row of results.</param>
    /// <param name="rows">Rows of results.</param>
    /// <param name="kernel">The taps.</param>
    /// <param name="results">Where to.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(in ConvolutionGeometry g, float* plane, long y, long rows, float* kernel, float* results)
    {
        Vector512<float> k0 = Vector512.Create(kernel[0]), k1 = Vector512.Create(kernel[1]), k2 = Vector512.Create(kernel[2]);
        Vector512<float> k3 = Vector512.Create(kernel[3]), k4 = Vector512.Create(kernel[4]), k5 = Vector512.Create(kernel[5]);
        Vector512<float> k6 = Vector512.Create(kernel[6]), k7 = Vector512.Create(kernel[7]), k8 = Vector512.Create(kernel[8]);
        Vector512<int> first = Vector512<int>.Indices + Vector512<int>.Indices, second = first + Vector512<int>.One, third = second + Vector512<int>.One;
        for (long x = 0; x < g.OutWidth; x += Block)
        {
            long column = (2 * x) - g.Left, count = Math.Min(Block, g.OutWidth - x);
            var reads = new Reads(
                plane + column, g.ImageRow, g.Height, Lanes512<float>.Between(Math.Min(16, -Math.Min(0, column)), g.Width - column), Lanes512<float>.Between(Math.Min(16, -Math.Min(0, column + 16)), g.Width - column - 16), first, second, third);
            float* to = results + x;
            long row = (2 * y) - g.Top;
            (Vector512<float> a, Vector512<float> b, Vector512<float> c) = reads.Row(row);
            for (long i = 0; i < rows; i++, row += 2, to += g.OutWidth)
            {
                Vector512<float> sum = Add(Vector512<float>.Zero, a, b, c, k0, k1, k2);
                (a, b, c) = reads.Row(row + 1);
                sum = Add(sum, a, b, c, k3, k4, k5);
                (a, b, c) = reads.Row(row + 2);
                Lanes512<float>.Store(to, Add(sum, a, b, c, k6, k7, k8), count);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Add(Vector512<float> sum, Vector512<float> a, Vector512<float> b, Vector512<float> c, Vector512<float> ka, Vector512<float> kb, Vector512<float> kc) =>
        Lanes512<float>.MultiplyAdd(kc, c, Lanes512<float>.MultiplyAdd(kb, b, Lanes512<float>.MultiplyAdd(ka, a, sum)));

    /// <summary>32 columns of a plane.</summary>
    private readonly struct Reads(float* from, long step, long height, Vector512<float> low, Vector512<float> high, Vector512<int> first, Vector512<int> second, Vector512<int> third)
    {
        /// <summary>What the three taps meet in a row.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public (Vector512<float> First, Vector512<float> Second, Vector512<float> Third) Row(long row)
        {
            if ((ulong)row >= (ulong)height)
            {
                return (Vector512<float>.Zero, Vector512<float>.Zero, Vector512<float>.Zero);
            }
            float* at = from + (row * step);
            Vector512<float> a = Lanes512<float>.LoadMasked(at, low), b = Lanes512<float>.LoadMasked(at + 16, high);
            return (Avx512F.PermuteVar16x32x2(a, first, b), Avx512F.PermuteVar16x32x2(a, second, b), Avx512F.PermuteVar16x32x2(a, third, b));
        }
    }
}
