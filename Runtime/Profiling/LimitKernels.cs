using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Symbolic.Runtime;

/// <summary>Loops that reach what a core or the memory can do at most, in the form of emitted kernels.</summary>
internal static unsafe class LimitKernels
{
    /// <summary>Bytes of each of the triad's three arrays: far more than caches hold.</summary>
    public const long Bytes = 64L << 20;

    /// <summary>Chunks of the triad.</summary>
    public const long Chunks = 64;

    // Twelve chains cover four cycles of latency on up to three units, and fit in sixteen registers beside their operands.
    private const int Chains = 12;
    private const long Rounds = 50_000;

    /// <summary>Operations of a chunk with 256 bits.</summary>
    public static double Operations256 => 2.0 * Chains * Vector256<float>.Count * Rounds;

    /// <summary>Operations of a chunk with 512 bits.</summary>
    public static double Operations512 => 2.0 * Chains * Vector512<float>.Count * Rounds;

    /// <summary>Chains of c = c·a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply256(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        Vector256<float> a = Vector256.Create(0.999f), b = Vector256.Create(0.001f);
        Vector256<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (long i = 0; i < Rounds; i++)
        {
            c0 = Vector256.FusedMultiplyAdd(c0, a, b);
            c1 = Vector256.FusedMultiplyAdd(c1, a, b);
            c2 = Vector256.FusedMultiplyAdd(c2, a, b);
            c3 = Vector256.FusedMultiplyAdd(c3, a, b);
            c4 = Vector256.FusedMultiplyAdd(c4, a, b);
            c5 = Vector256.FusedMultiplyAdd(c5, a, b);
            c6 = Vector256.FusedMultiplyAdd(c6, a, b);
            c7 = Vector256.FusedMultiplyAdd(c7, a, b);
            c8 = Vector256.FusedMultiplyAdd(c8, a, b);
            c9 = Vector256.FusedMultiplyAdd(c9, a, b);
            c10 = Vector256.FusedMultiplyAdd(c10, a, b);
            c11 = Vector256.FusedMultiplyAdd(c11, a, b);
        }
        Use(Vector256.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11));
    }

    /// <summary>The same, twice as wide.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply512(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        Vector512<float> a = Vector512.Create(0.999f), b = Vector512.Create(0.001f);
        Vector512<float> c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (long i = 0; i < Rounds; i++)
        {
            c0 = Vector512.FusedMultiplyAdd(c0, a, b);
            c1 = Vector512.FusedMultiplyAdd(c1, a, b);
            c2 = Vector512.FusedMultiplyAdd(c2, a, b);
            c3 = Vector512.FusedMultiplyAdd(c3, a, b);
            c4 = Vector512.FusedMultiplyAdd(c4, a, b);
            c5 = Vector512.FusedMultiplyAdd(c5, a, b);
            c6 = Vector512.FusedMultiplyAdd(c6, a, b);
            c7 = Vector512.FusedMultiplyAdd(c7, a, b);
            c8 = Vector512.FusedMultiplyAdd(c8, a, b);
            c9 = Vector512.FusedMultiplyAdd(c9, a, b);
            c10 = Vector512.FusedMultiplyAdd(c10, a, b);
            c11 = Vector512.FusedMultiplyAdd(c11, a, b);
        }
        Use(Vector512.Sum(c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7 + c8 + c9 + c10 + c11));
    }

    /// <summary>y = a + 3·b, stored past the cache.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Triad(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        long count = Bytes / sizeof(float) / Chunks;
        float* a = (float*)buffers[0] + (chunk * count), b = (float*)buffers[1] + (chunk * count), y = (float*)buffers[2] + (chunk * count);
        Vector256<float> three = Vector256.Create(3f);
        for (long i = 0; i < count; i += Vector256<float>.Count)
        {
            Vector256.StoreAlignedNonTemporal(Vector256.Load(a + i) + (three * Vector256.Load(b + i)), y + i);
        }
    }

    // Without it the chains would be left out.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Use(float value) => _ = value;
}
