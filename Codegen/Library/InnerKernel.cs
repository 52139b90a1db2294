using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>Finds the kernel for a number of rows; each is compiled when it is first called.</summary>
internal static unsafe class InnerKernel<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Columns at a time.</summary>
    public const int Columns = 4;

    /// <summary>Sums side by side, whatever the vector width.</summary>
    public const int Partials = 16;

    /// <summary>Terms of a block, in which each of them has as many as a sum of panels.</summary>
    public const long BlockDepth = Partials * PanelLayout.BlockDepth;

    /// <summary>Rows at a time: 32 registers hold 24 sums, 16 hold 8.</summary>
    public static int MostRows => TLanes.Width * sizeof(T) == 64 ? 6 : 2;

    /// <summary>See <see cref="InnerKernel{TLanes, TVector, T, TRows}.Run"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, T* row, long rowStep, T* column, long columnStep, long columns, long count, long ahead, T* sums, long pitch)
    {
        switch (rows)
        {
            case 1:
                InnerKernel<TLanes, TVector, T, Count1>.Run(row, rowStep, column, columnStep, columns, count, ahead, sums, pitch);
                break;
            case 2:
                InnerKernel<TLanes, TVector, T, Count2>.Run(row, rowStep, column, columnStep, columns, count, ahead, sums, pitch);
                break;
            case 3:
                InnerKernel<TLanes, TVector, T, Count3>.Run(row, rowStep, column, columnStep, columns, count, ahead, sums, pitch);
                break;
            case 4:
                InnerKernel<TLanes, TVector, T, Count4>.Run(row, rowStep, column, columnStep, columns, count, ahead, sums, pitch);
                break;
            case 5:
                InnerKernel<TLanes, TVector, T, Count5>.Run(row, rowStep, column, columnStep, columns, count, ahead, sums, pitch);
                break;
            case 6:
                InnerKernel<TLanes, TVector, T, Count6>.Run(row, rowStep, column, columnStep, columns, count, ahead, sums, pitch);
                break;
            default:
                throw new UnreachableException($"{rows} rows");
        }
    }
}

/// <summary>Inner products of some rows and four columns, all of which lie along the depth, in registers. Not generic over the product: its machine code serves all of one width.</summary>
internal static unsafe class InnerKernel<TLanes, TVector, T, TRows>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TRows : unmanaged, ICount
{
    private const int Partials = InnerKernel<TLanes, TVector, T>.Partials;

    /// <summary>Adds the inner products over <paramref name="count"/> terms to the sums.</summary>
    /// <param name="row">The first term of the first row.</param>
    /// <param name="rowStep">From row to row.</param>
    /// <param name="column">The first term of the first column.</param>
    /// <param name="columnStep">From column to column.</param>
    /// <param name="columns">How many columns are there; behind the last, what is written says nothing.</param>
    /// <param name="count">Terms.</param>
    /// <param name="ahead">How far behind each term something lies that is fetched.</param>
    /// <param name="sums">The first row's sums, four of them.</param>
    /// <param name="pitch">From row to row there.</param>
    [SkipLocalsInit]
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* row, long rowStep, T* column, long columnStep, long columns, long count, long ahead, T* sums, long pitch)
    {
        T* partials = stackalloc T[sizeof(TRows) * 4 * Partials], rest = stackalloc T[(sizeof(TRows) + 4) * Partials];
        T* second = column + (Math.Min(1, columns - 1) * columnStep), third = column + (Math.Min(2, columns - 1) * columnStep), fourth = column + (Math.Min(3, columns - 1) * columnStep);
        long whole = count / Partials, left = count % Partials;
        if (left > 0)
        {
            // The last terms of every line, filled up with zeros.
            long k = count - left;
            Copy(column + k, left, rest);
            Copy(second + k, left, rest + Partials);
            Copy(third + k, left, rest + (2 * Partials));
            Copy(fourth + k, left, rest + (3 * Partials));
            for (int r = 0; r < sizeof(TRows); r++)
            {
                Copy(row + (r * rowStep) + k, left, rest + ((4 + r) * Partials));
            }
        }
        TVector none = TLanes.Create(T.Zero);
        // Vectors of half or a quarter of the partial sums pass over the depth as often; it comes from the first-level cache then.
        for (int part = 0; part < Partials; part += TLanes.Width)
        {
            TVector s00 = none, s01 = none, s02 = none, s03 = none;
            TVector s10 = none, s11 = none, s12 = none, s13 = none;
            TVector s20 = none, s21 = none, s22 = none, s23 = none;
            TVector s30 = none, s31 = none, s32 = none, s33 = none;
            TVector s40 = none, s41 = none, s42 = none, s43 = none;
            TVector s50 = none, s51 = none, s52 = none, s53 = none;
            T* p = row + part, c0 = column + part, c1 = second + part, c2 = third + part, c3 = fourth + part;
            long step = rowStep, next = ahead, n = whole;
            for (bool isLast = left == 0; ; isLast = true)
            {
                T* q = p + (3 * step);
                long twice = 2 * step;
                for (; n > 0; n--)
                {
                    if (Sse.IsSupported)
                    {
                        // The hardware does not foresee the next four of short columns, and long ones late.
                        Sse.Prefetch0(c0 + next);
                        Sse.Prefetch0(c1 + next);
                        Sse.Prefetch0(c2 + next);
                        Sse.Prefetch0(c3 + next);
                    }
                    TVector b0 = TLanes.Load(c0), b1 = TLanes.Load(c1), b2 = TLanes.Load(c2), b3 = TLanes.Load(c3), a = TLanes.Load(p);
                    s00 = TLanes.MultiplyAdd(a, b0, s00);
                    s01 = TLanes.MultiplyAdd(a, b1, s01);
                    s02 = TLanes.MultiplyAdd(a, b2, s02);
                    s03 = TLanes.MultiplyAdd(a, b3, s03);
                    if (sizeof(TRows) > 1)
                    {
                        a = TLanes.Load(p + step);
                        s10 = TLanes.MultiplyAdd(a, b0, s10);
                        s11 = TLanes.MultiplyAdd(a, b1, s11);
                        s12 = TLanes.MultiplyAdd(a, b2, s12);
                        s13 = TLanes.MultiplyAdd(a, b3, s13);
                    }
                    if (sizeof(TRows) > 2)
                    {
                        a = TLanes.Load(p + twice);
                        s20 = TLanes.MultiplyAdd(a, b0, s20);
                        s21 = TLanes.MultiplyAdd(a, b1, s21);
                        s22 = TLanes.MultiplyAdd(a, b2, s22);
                        s23 = TLanes.MultiplyAdd(a, b3, s23);
                    }
                    if (sizeof(TRows) > 3)
                    {
                        a = TLanes.Load(q);
                        s30 = TLanes.MultiplyAdd(a, b0, s30);
                        s31 = TLanes.MultiplyAdd(a, b1, s31);
                        s32 = TLanes.MultiplyAdd(a, b2, s32);
                        s33 = TLanes.MultiplyAdd(a, b3, s33);
                    }
                    if (sizeof(TRows) > 4)
                    {
                        a = TLanes.Load(q + step);
                        s40 = TLanes.MultiplyAdd(a, b0, s40);
                        s41 = TLanes.MultiplyAdd(a, b1, s41);
                        s42 = TLanes.MultiplyAdd(a, b2, s42);
                        s43 = TLanes.MultiplyAdd(a, b3, s43);
                    }
                    if (sizeof(TRows) > 5)
                    {
                        a = TLanes.Load(q + twice);
                        s50 = TLanes.MultiplyAdd(a, b0, s50);
                        s51 = TLanes.MultiplyAdd(a, b1, s51);
                        s52 = TLanes.MultiplyAdd(a, b2, s52);
                        s53 = TLanes.MultiplyAdd(a, b3, s53);
                    }
                    p += Partials;
                    q += Partials;
                    c0 += Partials;
                    c1 += Partials;
                    c2 += Partials;
                    c3 += Partials;
                }
                if (isLast)
                {
                    break;
                }
                c0 = rest + part;
                c1 = c0 + Partials;
                c2 = c1 + Partials;
                c3 = c2 + Partials;
                p = c3 + Partials;
                step = Partials;
                next = 0;
                n = 1;
            }
            Store(partials + part + 0, s00, s01, s02, s03);
            if (sizeof(TRows) > 1)
            {
                Store(partials + part + 64, s10, s11, s12, s13);
            }
            if (sizeof(TRows) > 2)
            {
                Store(partials + part + 128, s20, s21, s22, s23);
            }
            if (sizeof(TRows) > 3)
            {
                Store(partials + part + 192, s30, s31, s32, s33);
            }
            if (sizeof(TRows) > 4)
            {
                Store(partials + part + 256, s40, s41, s42, s43);
            }
            if (sizeof(TRows) > 5)
            {
                Store(partials + part + 320, s50, s51, s52, s53);
            }
        }
        for (int r = 0; r < sizeof(TRows); r++)
        {
            Join(partials + (r * 4 * Partials), sums + (r * pitch));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(T* target, TVector s0, TVector s1, TVector s2, TVector s3)
    {
        TLanes.Store(target, s0);
        TLanes.Store(target + Partials, s1);
        TLanes.Store(target + (2 * Partials), s2);
        TLanes.Store(target + (3 * Partials), s3);
    }

    private static void Copy(T* from, long count, T* to)
    {
        for (int i = 0; i < Partials; i += TLanes.Width)
        {
            TLanes.Store(to + i, i < count ? TLanes.Load(from + i, count - i) : TLanes.Create(T.Zero));
        }
    }

    /// <summary>Adds four sums of sixteen partial ones each, joined by halves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Join(T* p, T* sums)
    {
        if (typeof(T) == typeof(float))
        {
            Vector128<float> a = Quarter((float*)p), b = Quarter((float*)p + Partials), c = Quarter((float*)p + (2 * Partials)), d = Quarter((float*)p + (3 * Partials));
            // Of each of the four, its first and third and its second and fourth element are added, then these.
            Vector128<float> ab = Lower(a, b) + Upper(a, b), cd = Lower(c, d) + Upper(c, d);
            (Vector128.Load((float*)sums) + (Even(ab, cd) + Odd(ab, cd))).Store((float*)sums);
            return;
        }
        for (int i = 0; i < 4; i++, p += Partials)
        {
            T a = p[0] + p[8], b = p[1] + p[9], c = p[2] + p[10], d = p[3] + p[11], e = p[4] + p[12], f = p[5] + p[13], g = p[6] + p[14], h = p[7] + p[15];
            sums[i] += ((a + e) + (c + g)) + ((b + f) + (d + h));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Lower(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Shuffle(a, b, 0b01_00_01_00) : Vector128.Create(a[0], a[1], b[0], b[1]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Upper(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Shuffle(a, b, 0b11_10_11_10) : Vector128.Create(a[2], a[3], b[2], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Even(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Shuffle(a, b, 0b10_00_10_00) : Vector128.Create(a[0], a[2], b[0], b[2]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Odd(Vector128<float> a, Vector128<float> b) =>
        Sse.IsSupported ? Sse.Shuffle(a, b, 0b11_01_11_01) : Vector128.Create(a[1], a[3], b[1], b[3]);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<float> Quarter(float* p) => (Vector128.Load(p) + Vector128.Load(p + 8)) + (Vector128.Load(p + 4) + Vector128.Load(p + 12));
}
