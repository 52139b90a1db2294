using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Sums of 3x3 taps for rows of neighbouring results, with the taps in registers and four rows of results at a time, which share the rows that they read. Not
/// generic over the product.
/// </summary>
internal static unsafe class ThreeTaps<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// results[row · columns + column] = Σ i, j: kernel[3i + j] · strip[(row · stride + i) · step + column + (0, second, third)[j]], in the order of taps. Behind
    /// the last result up to a vector is written.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* strip, long step, long stride, long second, long third, T* kernel, long rows, long columns, T* results)
    {
        long row = 0;
        for (; row + 4 <= rows; row += 4)
        {
            Four(strip + (row * stride * step), step, stride, second, third, kernel, columns, results + (row * columns));
        }
        if (row < rows && rows >= 4)
        {
            row = rows - 4;
            Four(strip + (row * stride * step), step, stride, second, third, kernel, columns, results + (row * columns));
            return;
        }
        for (; row < rows; row++)
        {
            One(strip + (row * stride * step), step, second, third, kernel, columns, results + (row * columns));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four(T* strip, long step, long stride, long second, long third, T* kernel, long columns, T* results)
    {
        TVector k0 = TLanes.Create(kernel[0]), k1 = TLanes.Create(kernel[1]), k2 = TLanes.Create(kernel[2]);
        TVector k3 = TLanes.Create(kernel[3]), k4 = TLanes.Create(kernel[4]), k5 = TLanes.Create(kernel[5]);
        TVector k6 = TLanes.Create(kernel[6]), k7 = TLanes.Create(kernel[7]), k8 = TLanes.Create(kernel[8]), zero = TLanes.Create(T.Zero);
        for (long x = 0; x < columns; x += TLanes.Width)
        {
            // The last vector of a row moves back into it; where a row is shorter than a vector, the next row overwrites what was too much.
            long at = Math.Max(0, Math.Min(x, columns - TLanes.Width));
            T* p = strip + at, to = results + at;
            TVector a = TLanes.Load(p), b = TLanes.Load(p + second), c = TLanes.Load(p + third);
            TVector s0 = Add(zero, a, b, c, k0, k1, k2), s1 = zero, s2 = zero, s3 = zero;
            p += step;
            (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
            s0 = Add(s0, a, b, c, k3, k4, k5);
            if (stride == 1)
            {
                s1 = Add(s1, a, b, c, k0, k1, k2);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s0 = Add(s0, a, b, c, k6, k7, k8);
                s1 = Add(s1, a, b, c, k3, k4, k5);
                s2 = Add(s2, a, b, c, k0, k1, k2);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s1 = Add(s1, a, b, c, k6, k7, k8);
                s2 = Add(s2, a, b, c, k3, k4, k5);
                s3 = Add(s3, a, b, c, k0, k1, k2);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s2 = Add(s2, a, b, c, k6, k7, k8);
                s3 = Add(s3, a, b, c, k3, k4, k5);
            }
            else
            {
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s0 = Add(s0, a, b, c, k6, k7, k8);
                s1 = Add(s1, a, b, c, k0, k1, k2);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s1 = Add(s1, a, b, c, k3, k4, k5);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s1 = Add(s1, a, b, c, k6, k7, k8);
                s2 = Add(s2, a, b, c, k0, k1, k2);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s2 = Add(s2, a, b, c, k3, k4, k5);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s2 = Add(s2, a, b, c, k6, k7, k8);
                s3 = Add(s3, a, b, c, k0, k1, k2);
                p += step;
                (a, b, c) = (TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third));
                s3 = Add(s3, a, b, c, k3, k4, k5);
            }
            p += step;
            s3 = Add(s3, TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third), k6, k7, k8);
            TLanes.Store(to, s0);
            TLanes.Store(to + columns, s1);
            TLanes.Store(to + (2 * columns), s2);
            TLanes.Store(to + (3 * columns), s3);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One(T* strip, long step, long second, long third, T* kernel, long columns, T* results)
    {
        for (long x = 0; x < columns; x += TLanes.Width)
        {
            long at = Math.Max(0, Math.Min(x, columns - TLanes.Width));
            T* p = strip + at;
            TVector sum = TLanes.Create(T.Zero);
            for (long i = 0; i < 3; i++, p += step)
            {
                T* k = kernel + (3 * i);
                sum = Add(sum, TLanes.Load(p), TLanes.Load(p + second), TLanes.Load(p + third), TLanes.Create(k[0]), TLanes.Create(k[1]), TLanes.Create(k[2]));
            }
            TLanes.Store(results + at, sum);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Add(TVector sum, TVector a, TVector b, TVector c, TVector ka, TVector kb, TVector kc) =>
        TLanes.MultiplyAdd(kc, c, TLanes.MultiplyAdd(kb, b, TLanes.MultiplyAdd(ka, a, sum)));
}
