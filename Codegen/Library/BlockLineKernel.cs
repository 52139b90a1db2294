using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// As <see cref="LineKernel{TLanes, TVector, T, TCount}"/>, for sums of several blocks: what blocks have come to stays in registers beside the block at hand, which takes four vectors a row, so that a tile has at most 7 rows.
/// Blocks of 16 to 20 terms, stored and added one by one, took a fifth of the time of their products where two vectors of 512 bits are multiplied in a cycle.
/// </summary>
internal static unsafe class BlockLineKernel<TLanes, TVector, T, TCount>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TCount : unmanaged, ICount
{
    /// <summary>Computes some tiles, each so far from the one before it in A and C, in sums of as many terms as a block has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, long aNext, long pitch, long step, long tiles, T* b, long columnPitch, long depth, long block, long ahead, T* c, long cNext, long resultPitch)
    {
        int w = TLanes.Width;
        // What is added to -0 is what it was, a zero's sign too.
        TVector zero = TLanes.Create(T.Zero), none = TLanes.Create(T.NegativeZero);
        for (; tiles > 0; tiles--)
        {
            TVector t00 = none, t01 = none, t10 = none, t11 = none, t20 = none, t21 = none, t30 = none, t31 = none, t40 = none, t41 = none, t50 = none, t51 = none, t60 = none, t61 = none;
            // Three rows are reached from a pointer by two steps: there are not enough registers for a pointer each.
            T* p = a, q = a + (3 * pitch), r = a + (6 * pitch), at = b;
            long twice = 2 * pitch;
            for (long left = depth; left > 0; left -= block)
            {
                TVector c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero, c60 = zero, c61 = zero;
                for (long terms = Math.Min(block, left); terms > 0; terms--)
                {
                    if (Sse.IsSupported)
                    {
                        // Nothing ahead: what is about to be loaded, which takes a slot of a load that is to spare.
                        Sse.Prefetch0(at + ahead);
                        if (TLanes.Width * sizeof(T) == 64)
                        {
                            Sse.Prefetch0(at + ahead + w);
                        }
                    }
                    TVector b0 = TLanes.Load(at), b1 = TLanes.Load(at + w), x = TLanes.Create(p[0]);
                    c00 = TLanes.MultiplyAdd(x, b0, c00);
                    c01 = TLanes.MultiplyAdd(x, b1, c01);
                    if (sizeof(TCount) > 1)
                    {
                        x = TLanes.Create(p[pitch]);
                        c10 = TLanes.MultiplyAdd(x, b0, c10);
                        c11 = TLanes.MultiplyAdd(x, b1, c11);
                    }
                    if (sizeof(TCount) > 2)
                    {
                        x = TLanes.Create(p[twice]);
                        c20 = TLanes.MultiplyAdd(x, b0, c20);
                        c21 = TLanes.MultiplyAdd(x, b1, c21);
                    }
                    if (sizeof(TCount) > 3)
                    {
                        x = TLanes.Create(q[0]);
                        c30 = TLanes.MultiplyAdd(x, b0, c30);
                        c31 = TLanes.MultiplyAdd(x, b1, c31);
                    }
                    if (sizeof(TCount) > 4)
                    {
                        x = TLanes.Create(q[pitch]);
                        c40 = TLanes.MultiplyAdd(x, b0, c40);
                        c41 = TLanes.MultiplyAdd(x, b1, c41);
                    }
                    if (sizeof(TCount) > 5)
                    {
                        x = TLanes.Create(q[twice]);
                        c50 = TLanes.MultiplyAdd(x, b0, c50);
                        c51 = TLanes.MultiplyAdd(x, b1, c51);
                    }
                    if (sizeof(TCount) > 6)
                    {
                        x = TLanes.Create(r[0]);
                        c60 = TLanes.MultiplyAdd(x, b0, c60);
                        c61 = TLanes.MultiplyAdd(x, b1, c61);
                    }
                    p += step;
                    q += step;
                    r += step;
                    at += columnPitch;
                }
                t00 = TLanes.Add(t00, c00);
                t01 = TLanes.Add(t01, c01);
                if (sizeof(TCount) > 1)
                {
                    t10 = TLanes.Add(t10, c10);
                    t11 = TLanes.Add(t11, c11);
                }
                if (sizeof(TCount) > 2)
                {
                    t20 = TLanes.Add(t20, c20);
                    t21 = TLanes.Add(t21, c21);
                }
                if (sizeof(TCount) > 3)
                {
                    t30 = TLanes.Add(t30, c30);
                    t31 = TLanes.Add(t31, c31);
                }
                if (sizeof(TCount) > 4)
                {
                    t40 = TLanes.Add(t40, c40);
                    t41 = TLanes.Add(t41, c41);
                }
                if (sizeof(TCount) > 5)
                {
                    t50 = TLanes.Add(t50, c50);
                    t51 = TLanes.Add(t51, c51);
                }
                if (sizeof(TCount) > 6)
                {
                    t60 = TLanes.Add(t60, c60);
                    t61 = TLanes.Add(t61, c61);
                }
            }
            Store(c, t00, t01);
            if (sizeof(TCount) > 1)
            {
                Store(c + resultPitch, t10, t11);
            }
            if (sizeof(TCount) > 2)
            {
                Store(c + (2 * resultPitch), t20, t21);
            }
            if (sizeof(TCount) > 3)
            {
                Store(c + (3 * resultPitch), t30, t31);
            }
            if (sizeof(TCount) > 4)
            {
                Store(c + (4 * resultPitch), t40, t41);
            }
            if (sizeof(TCount) > 5)
            {
                Store(c + (5 * resultPitch), t50, t51);
            }
            if (sizeof(TCount) > 6)
            {
                Store(c + (6 * resultPitch), t60, t61);
            }
            a += aNext;
            c += cNext;
            // The tiles below meet the same.
            ahead = 0;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y)
    {
        TLanes.Store(c, x);
        TLanes.Store(c + TLanes.Width, y);
    }
}
