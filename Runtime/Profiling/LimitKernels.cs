using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Symbolic.Codegen.Library;

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

    /// <summary>Operations of a chunk of <see cref="Multiply{TLanes, TVector}"/>.</summary>
    public static double Operations<TLanes, TVector>() where TLanes : struct, ITileLanes<TVector, float> => 2.0 * Chains * TLanes.Width * Rounds;

    /// <summary>Chains of c = c·a + b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TLanes, TVector>(byte** buffers, long* sizes, long chunk, byte* scratch) where TLanes : struct, ITileLanes<TVector, float>
    {
        TVector a = TLanes.Create(0.999f), b = TLanes.Create(0.001f);
        TVector c0 = a, c1 = a, c2 = a, c3 = a, c4 = a, c5 = a, c6 = a, c7 = a, c8 = a, c9 = a, c10 = a, c11 = a;
        for (long i = 0; i < Rounds; i++)
        {
            c0 = TLanes.MultiplyAdd(c0, a, b);
            c1 = TLanes.MultiplyAdd(c1, a, b);
            c2 = TLanes.MultiplyAdd(c2, a, b);
            c3 = TLanes.MultiplyAdd(c3, a, b);
            c4 = TLanes.MultiplyAdd(c4, a, b);
            c5 = TLanes.MultiplyAdd(c5, a, b);
            c6 = TLanes.MultiplyAdd(c6, a, b);
            c7 = TLanes.MultiplyAdd(c7, a, b);
            c8 = TLanes.MultiplyAdd(c8, a, b);
            c9 = TLanes.MultiplyAdd(c9, a, b);
            c10 = TLanes.MultiplyAdd(c10, a, b);
            c11 = TLanes.MultiplyAdd(c11, a, b);
        }
        c0 = TLanes.Add(TLanes.Add(TLanes.Add(c0, c1), TLanes.Add(c2, c3)), TLanes.Add(TLanes.Add(c4, c5), TLanes.Add(c6, c7)));
        Use(TLanes.Add(c0, TLanes.Add(TLanes.Add(c8, c9), TLanes.Add(c10, c11))));
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
    private static void Use<TVector>(TVector value) => _ = value;
}
