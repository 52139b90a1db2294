using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A register tile whose rows are read where they lie: C[row, column] = Σ depth: A[row, depth] · B[depth, column], with B a packed panel of two vectors
/// of columns. Up to 6 rows.
/// </summary>
/// <remarks>
/// <see cref="MicroKernel{TLanes, TVector, T, TRows, TVectors}"/> could do the same by its steps. Winograd's sums are 32 terms long, where what it does
/// before and after them counts: 64 to 64 channels of 56x56 took 0.43 ms with it and 0.37 with this (bests of five runs in turn, two threads).
/// </remarks>
internal static unsafe class LineKernel<TLanes, TVector, T, TCount>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TCount : struct, ICount
{
    /// <summary>Computes one tile: sums of as many terms as a block has, which are added up in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, long pitch, T* b, long depth, long block, T* c, long resultPitch)
    {
        int w = TLanes.Width, rows = TCount.Count;
        TVector zero = TLanes.Create(T.Zero);
        TVector t00 = zero, t01 = zero, t10 = zero, t11 = zero, t20 = zero, t21 = zero, t30 = zero, t31 = zero, t40 = zero, t41 = zero, t50 = zero, t51 = zero;
        T* a1 = a + pitch, a2 = a1 + pitch, a3 = a2 + pitch, a4 = a3 + pitch, a5 = a4 + pitch;
        for (long k = 0; k < depth;)
        {
            TVector c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
            for (long end = Math.Min(depth, k + block); k < end; k++)
            {
                TVector b0 = TLanes.Load(b), b1 = TLanes.Load(b + w), x = TLanes.Create(a[k]);
                c00 = TLanes.MultiplyAdd(x, b0, c00);
                c01 = TLanes.MultiplyAdd(x, b1, c01);
                if (rows > 1)
                {
                    x = TLanes.Create(a1[k]);
                    c10 = TLanes.MultiplyAdd(x, b0, c10);
                    c11 = TLanes.MultiplyAdd(x, b1, c11);
                }
                if (rows > 2)
                {
                    x = TLanes.Create(a2[k]);
                    c20 = TLanes.MultiplyAdd(x, b0, c20);
                    c21 = TLanes.MultiplyAdd(x, b1, c21);
                }
                if (rows > 3)
                {
                    x = TLanes.Create(a3[k]);
                    c30 = TLanes.MultiplyAdd(x, b0, c30);
                    c31 = TLanes.MultiplyAdd(x, b1, c31);
                }
                if (rows > 4)
                {
                    x = TLanes.Create(a4[k]);
                    c40 = TLanes.MultiplyAdd(x, b0, c40);
                    c41 = TLanes.MultiplyAdd(x, b1, c41);
                }
                if (rows > 5)
                {
                    x = TLanes.Create(a5[k]);
                    c50 = TLanes.MultiplyAdd(x, b0, c50);
                    c51 = TLanes.MultiplyAdd(x, b1, c51);
                }
                b += 2 * w;
            }
            (t00, t01) = (TLanes.Add(c00, t00), TLanes.Add(c01, t01));
            if (rows > 1)
            {
                (t10, t11) = (TLanes.Add(c10, t10), TLanes.Add(c11, t11));
            }
            if (rows > 2)
            {
                (t20, t21) = (TLanes.Add(c20, t20), TLanes.Add(c21, t21));
            }
            if (rows > 3)
            {
                (t30, t31) = (TLanes.Add(c30, t30), TLanes.Add(c31, t31));
            }
            if (rows > 4)
            {
                (t40, t41) = (TLanes.Add(c40, t40), TLanes.Add(c41, t41));
            }
            if (rows > 5)
            {
                (t50, t51) = (TLanes.Add(c50, t50), TLanes.Add(c51, t51));
            }
        }
        Store(c, t00, t01);
        if (rows > 1)
        {
            Store(c + resultPitch, t10, t11);
        }
        if (rows > 2)
        {
            Store(c + (2 * resultPitch), t20, t21);
        }
        if (rows > 3)
        {
            Store(c + (3 * resultPitch), t30, t31);
        }
        if (rows > 4)
        {
            Store(c + (4 * resultPitch), t40, t41);
        }
        if (rows > 5)
        {
            Store(c + (5 * resultPitch), t50, t51);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* c, TVector x, TVector y)
    {
        TLanes.Store(c, x);
        TLanes.Store(c + TLanes.Width, y);
    }
}

/// <summary>Rows of any number met with one packed panel, by tiles of at most 6.</summary>
internal static unsafe class LineTiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Computes a panel of columns of the result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, long pitch, long rows, T* b, long depth, long block, T* c, long resultPitch)
    {
        while (rows > 0)
        {
            // Fewer than 4 rows leave the multiply-add units waiting, so what 6 does not divide ends in tiles of 4 and 5.
            long count = rows <= 6 ? rows : rows >= 12 ? 6 : (rows + 1) / 2;
            switch (count)
            {
                case 1:
                    LineKernel<TLanes, TVector, T, Count1>.Run(a, pitch, b, depth, block, c, resultPitch);
                    break;
                case 2:
                    LineKernel<TLanes, TVector, T, Count2>.Run(a, pitch, b, depth, block, c, resultPitch);
                    break;
                case 3:
                    LineKernel<TLanes, TVector, T, Count3>.Run(a, pitch, b, depth, block, c, resultPitch);
                    break;
                case 4:
                    LineKernel<TLanes, TVector, T, Count4>.Run(a, pitch, b, depth, block, c, resultPitch);
                    break;
                case 5:
                    LineKernel<TLanes, TVector, T, Count5>.Run(a, pitch, b, depth, block, c, resultPitch);
                    break;
                default:
                    LineKernel<TLanes, TVector, T, Count6>.Run(a, pitch, b, depth, block, c, resultPitch);
                    break;
            }
            a += count * pitch;
            c += count * resultPitch;
            rows -= count;
        }
    }
}
