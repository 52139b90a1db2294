using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The transforms of F(4, 3) at the points 0, ±1, ±i, ∞ (Meng and Brothers, "Efficient Winograd convolution via integer arithmetic", 2019). What is real has conjugate values at ±i, so
/// those at i are enough: of two axes 16 are real and 10 complex, each of which takes 3 products, (a + bi)(c + di) from (a + b)c, a(d − c) and b(d + c): 46 in all. Transforms but add, and the error is
/// less than that of a direct convolution in float32. Along an axis the vectors are those at 0, 1, −1, the real and the imaginary part at i, and ∞; Π (x − y) is −1 for 0, whose sign Bᵀ has, and 4 else,
/// of which G keeps 2 at i, since its conjugate counts too.
/// </summary>
internal static unsafe class WinogradComplexPoints<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Bᵀ along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Input(T* source, long step, T* target, long targetStep)
    {
        Images(source, step, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last);
        Store(zero, one, less, real, imaginary, last, target, targetStep);
    }

    /// <summary>Bᵀ along the other, and what the products take of it.</summary>
    [MethodImpl(Inline)]
    public static void InputTile(T* source, long down, T* target, long point)
    {
        int w = TLanes.Width;
        TVector zero, one, less, real, imaginary, last;
        Images(source, w, out zero, out one, out less, out real, out imaginary, out last);
        Real(true, zero, one, less, real, imaginary, last, target, point);
        Images(source + down, w, out zero, out one, out less, out real, out imaginary, out last);
        Real(true, zero, one, less, real, imaginary, last, target + (7 * point), point);
        Images(source + (2 * down), w, out zero, out one, out less, out real, out imaginary, out last);
        Real(true, zero, one, less, real, imaginary, last, target + (14 * point), point);
        Images(source + (5 * down), w, out zero, out one, out less, out real, out imaginary, out last);
        Real(true, zero, one, less, real, imaginary, last, target + (21 * point), point);
        Images(source + (3 * down), w, out zero, out one, out less, out real, out imaginary, out last);
        Images(source + (4 * down), w, out TVector zeroI, out TVector oneI, out TVector lessI, out TVector realI, out TVector imaginaryI, out TVector lastI);
        Complex(true, zero, one, less, real, imaginary, last, zeroI, oneI, lessI, realI, imaginaryI, lastI, target + (28 * point), point);
    }

    /// <summary>G along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Kernel(long taps, T* source, long step, T* target, long targetStep) => Along(true, taps, source, step, target, targetStep);

    /// <summary>G along the other, and what the products take of it.</summary>
    [MethodImpl(Inline)]
    public static void KernelTile(long taps, T* source, T* target, long point) => Tile(true, taps, source, target, point);

    /// <summary>Both for 3 taps in registers, which 18 vectors between them still fit.</summary>
    [MethodImpl(Inline)]
    public static void Kernel(T* source, long down, long next, T* target, long point)
    {
        Three(source, down, out TVector z0, out TVector o0, out TVector l0, out TVector r0, out TVector i0, out TVector e0);
        Three(source + next, down, out TVector z1, out TVector o1, out TVector l1, out TVector r1, out TVector i1, out TVector e1);
        Three(source + (2 * next), down, out TVector z2, out TVector o2, out TVector l2, out TVector r2, out TVector i2, out TVector e2);
        Row(z0, z1, z2, target, point);
        Row(o0, o1, o2, target + (7 * point), point);
        Row(l0, l1, l2, target + (14 * point), point);
        Row(e0, e1, e2, target + (21 * point), point);
        Three(r0, r1, r2, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last);
        Three(i0, i1, i2, out TVector zeroI, out TVector oneI, out TVector lessI, out TVector realI, out TVector imaginaryI, out TVector lastI);
        Complex(false, zero, one, less, real, imaginary, last, zeroI, oneI, lessI, realI, imaginaryI, lastI, target + (28 * point), point);
    }

    /// <summary>A along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Result(long outputs, T* source, long step, T* target, long targetStep) => Along(false, outputs, source, step, target, targetStep);

    /// <summary>A along the other, and what the products take of it.</summary>
    [MethodImpl(Inline)]
    public static void ResultTile(long outputs, T* source, T* target, long point) => Tile(false, outputs, source, target, point);

    /// <summary>Aᵀ along one axis of the products; Aᵀ along the other is <see cref="Output"/>.</summary>
    [MethodImpl(Inline)]
    public static void OutputTile(long outputs, T* source, long point, T* target)
    {
        int w = TLanes.Width;
        long down = 6 * w;
        for (long column = 0; column < 4; column++)
        {
            T* at = source + (column * point);
            ComplexProduct<TLanes, TVector, T>.Of(source + ((28 + (3 * column)) * point), point, out TVector real, out TVector imaginary);
            Powers(outputs, TLanes.Load(at), TLanes.Load(at + (7 * point)), TLanes.Load(at + (14 * point)), real, imaginary, TLanes.Load(at + (21 * point)), target + ((column < 3 ? column : 5) * w), down);
        }
        Columns(source, point, out TVector r0, out TVector r1, out TVector r2, out TVector r5, out TVector rr, out TVector ir, out TVector i0, out TVector i1, out TVector i2, out TVector i5, out TVector ri, out TVector ii);
        Powers(outputs, r0, r1, r2, rr, ir, r5, target + (3 * w), down);
        Powers(outputs, i0, i1, i2, ri, ii, i5, target + (4 * w), down);
    }

    /// <summary>Aᵀ along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Output(long outputs, T* source, long step, T* target, long targetStep) =>
        Powers(outputs, TLanes.Load(source), TLanes.Load(source + step), TLanes.Load(source + (2 * step)), TLanes.Load(source + (3 * step)), TLanes.Load(source + (4 * step)), TLanes.Load(source + (5 * step)), target, targetStep);

    /// <summary>Gᵀ along one axis of the products; Gᵀ along the other is <see cref="Taps"/>.</summary>
    [MethodImpl(Inline)]
    public static void TapsTile(long taps, T* source, long point, T* target)
    {
        int w = TLanes.Width;
        long down = 6 * w;
        for (long column = 0; column < 4; column++)
        {
            T* at = source + (column * point);
            ComplexProduct<TLanes, TVector, T>.Of(source + ((28 + (3 * column)) * point), point, out TVector real, out TVector imaginary);
            Divided(taps, TLanes.Load(at), TLanes.Load(at + (7 * point)), TLanes.Load(at + (14 * point)), real, imaginary, TLanes.Load(at + (21 * point)), target + ((column < 3 ? column : 5) * w), down);
        }
        Columns(source, point, out TVector r0, out TVector r1, out TVector r2, out TVector r5, out TVector rr, out TVector ir, out TVector i0, out TVector i1, out TVector i2, out TVector i5, out TVector ri, out TVector ii);
        Divided(taps, r0, r1, r2, rr, ir, r5, target + (3 * w), down);
        Divided(taps, i0, i1, i2, ri, ii, i5, target + (4 * w), down);
    }

    /// <summary>Gᵀ along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Taps(long taps, T* source, long step, T* target, long targetStep) =>
        Divided(taps, TLanes.Load(source), TLanes.Load(source + step), TLanes.Load(source + (2 * step)), TLanes.Load(source + (3 * step)), TLanes.Load(source + (4 * step)), TLanes.Load(source + (5 * step)), target, targetStep);

    [MethodImpl(Inline)]
    private static void Images(T* source, long step, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last)
    {
        TVector d1 = TLanes.Load(source + step), d2 = TLanes.Load(source + (2 * step)), d3 = TLanes.Load(source + (3 * step)), d4 = TLanes.Load(source + (4 * step));
        TVector even = TLanes.Add(d2, d4), odd = TLanes.Add(d1, d3);
        zero = TLanes.Subtract(TLanes.Load(source), d4);
        one = TLanes.Add(even, odd);
        less = TLanes.Subtract(even, odd);
        real = TLanes.Subtract(d4, d2);
        imaginary = TLanes.Subtract(d3, d1);
        last = TLanes.Subtract(TLanes.Load(source + (5 * step)), d1);
    }

    /// <summary>G of the taps or A of the gradients along one axis.</summary>
    [MethodImpl(Inline)]
    private static void Along(bool isKernel, long count, T* source, long step, T* target, long targetStep)
    {
        Values(isKernel, count, source, step, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last);
        Store(zero, one, less, real, imaginary, last, target, targetStep);
    }

    [MethodImpl(Inline)]
    private static void Tile(bool isKernel, long count, T* source, T* target, long point)
    {
        int w = TLanes.Width;
        long down = count * w;
        TVector zero, one, less, real, imaginary, last;
        for (long row = 0; row < 4; row++)
        {
            Values(isKernel, count, source + ((row < 3 ? row : 5) * down), w, out zero, out one, out less, out real, out imaginary, out last);
            Real(false, zero, one, less, real, imaginary, last, target + (7 * row * point), point);
        }
        Values(isKernel, count, source + (3 * down), w, out zero, out one, out less, out real, out imaginary, out last);
        Values(isKernel, count, source + (4 * down), w, out TVector zeroI, out TVector oneI, out TVector lessI, out TVector realI, out TVector imaginaryI, out TVector lastI);
        Complex(false, zero, one, less, real, imaginary, last, zeroI, oneI, lessI, realI, imaginaryI, lastI, target + (28 * point), point);
    }

    [MethodImpl(Inline)]
    private static void Row(TVector g0, TVector g1, TVector g2, T* target, long point)
    {
        Three(g0, g1, g2, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last);
        Real(false, zero, one, less, real, imaginary, last, target, point);
    }

    [MethodImpl(Inline)]
    private static void Three(T* source, long step, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last) =>
        Three(TLanes.Load(source), TLanes.Load(source + step), TLanes.Load(source + (2 * step)), out zero, out one, out less, out real, out imaginary, out last);

    /// <summary>G of 3 taps.</summary>
    [MethodImpl(Inline)]
    private static void Three(TVector g0, TVector g1, TVector g2, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last)
    {
        TVector half = TLanes.Constant(0.5), quarter = TLanes.Constant(0.25), even = TLanes.Add(g0, g2);
        (zero, last) = (g0, g2);
        one = TLanes.Multiply(quarter, TLanes.Add(even, g1));
        less = TLanes.Multiply(quarter, TLanes.Subtract(even, g1));
        real = TLanes.Multiply(half, TLanes.Subtract(g0, g2));
        imaginary = TLanes.Multiply(half, g1);
    }

    /// <summary>The polynomial of some coefficients at the points, for kernels by what their points are divided by.</summary>
    [MethodImpl(Inline)]
    private static void Values(bool isKernel, long count, T* source, long step, out TVector zero, out TVector one, out TVector less, out TVector real, out TVector imaginary, out TVector last)
    {
        zero = TLanes.Load(source);
        TVector odd = TLanes.Load(source + step);
        last = TLanes.Load(source + (2 * step));
        TVector even = TLanes.Add(zero, last);
        (real, imaginary) = (TLanes.Subtract(zero, last), odd);
        if (count > 3)
        {
            last = TLanes.Load(source + (3 * step));
            (odd, imaginary) = (TLanes.Add(odd, last), TLanes.Subtract(imaginary, last));
        }
        one = TLanes.Add(even, odd);
        less = TLanes.Subtract(even, odd);
        if (isKernel)
        {
            TVector half = TLanes.Constant(0.5), quarter = TLanes.Constant(0.25);
            (one, less, real, imaginary) = (TLanes.Multiply(quarter, one), TLanes.Multiply(quarter, less), TLanes.Multiply(half, real), TLanes.Multiply(half, imaginary));
        }
    }

    /// <summary>Sums over the points by the powers 0, 1, ..., of which ∞ has the last; those of i are 1, i, −1, −i.</summary>
    [MethodImpl(Inline)]
    private static void Powers(long count, TVector zero, TVector one, TVector less, TVector real, TVector imaginary, TVector last, T* target, long step)
    {
        TVector even = TLanes.Add(one, less), odd = TLanes.Subtract(one, less);
        TLanes.Store(target, TLanes.Add(zero, TLanes.Add(even, real)));
        TVector first = TLanes.Subtract(odd, imaginary);
        TLanes.Store(target + step, first);
        TVector second = TLanes.Subtract(even, real);
        TLanes.Store(target + (2 * step), count == 3 ? TLanes.Add(second, last) : second);
        if (count > 3)
        {
            TVector third = TLanes.Add(odd, imaginary);
            TLanes.Store(target + (3 * step), TLanes.Add(third, last));
        }
    }

    /// <summary>The same by what kernels' points are divided by.</summary>
    [MethodImpl(Inline)]
    private static void Divided(long count, TVector zero, TVector one, TVector less, TVector real, TVector imaginary, TVector last, T* target, long step)
    {
        TVector half = TLanes.Constant(0.5), quarter = TLanes.Constant(0.25);
        Powers(count, zero, TLanes.Multiply(quarter, one), TLanes.Multiply(quarter, less), TLanes.Multiply(half, real), TLanes.Multiply(half, imaginary), last, target, step);
    }

    /// <summary>The products of the columns at i: their real and imaginary parts in the rows 0, 1, −1, ∞ and, real and imaginary, i.</summary>
    [MethodImpl(Inline)]
    private static void Columns(
        T* source, long point, out TVector r0, out TVector r1, out TVector r2, out TVector r5, out TVector rr, out TVector ir, out TVector i0, out TVector i1, out TVector i2, out TVector i5, out TVector ri, out TVector ii)
    {
        ComplexProduct<TLanes, TVector, T>.Of(source + (4 * point), point, out r0, out i0);
        ComplexProduct<TLanes, TVector, T>.Of(source + (11 * point), point, out r1, out i1);
        ComplexProduct<TLanes, TVector, T>.Of(source + (18 * point), point, out r2, out i2);
        ComplexProduct<TLanes, TVector, T>.Of(source + (25 * point), point, out r5, out i5);
        ComplexProduct<TLanes, TVector, T>.Of(source + (40 * point), point, out TVector same, out TVector sameI);
        ComplexProduct<TLanes, TVector, T>.Of(source + (43 * point), point, out TVector turned, out TVector turnedI);
        TVector half = TLanes.Constant(0.5);
        rr = TLanes.Multiply(half, TLanes.Add(turned, same));
        ii = TLanes.Multiply(half, TLanes.Subtract(turned, same));
        ri = TLanes.Multiply(half, TLanes.Subtract(sameI, turnedI));
        ir = TLanes.Multiply(half, TLanes.Add(sameI, turnedI));
    }

    /// <summary>A row at a real point: 4 real factors and one complex.</summary>
    [MethodImpl(Inline)]
    private static void Real(bool isImage, TVector zero, TVector one, TVector less, TVector real, TVector imaginary, TVector last, T* target, long point)
    {
        TLanes.Store(target, zero);
        TLanes.Store(target + point, one);
        TLanes.Store(target + (2 * point), less);
        TLanes.Store(target + (3 * point), last);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, real, imaginary, target + (4 * point), point);
    }

    /// <summary>The row at i, whose real and imaginary parts are given: complex factors at the 4 real points, at i and at −i.</summary>
    [MethodImpl(Inline)]
    private static void Complex(
        bool isImage, TVector zero, TVector one, TVector less, TVector real, TVector imaginary, TVector last,
        TVector zeroI, TVector oneI, TVector lessI, TVector realI, TVector imaginaryI, TVector lastI, T* target, long point)
    {
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, zero, zeroI, target, point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, one, oneI, target + (3 * point), point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, less, lessI, target + (6 * point), point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, last, lastI, target + (9 * point), point);
        ComplexProduct<TLanes, TVector, T>.Pair(isImage, real, imaginary, realI, imaginaryI, target + (12 * point), point);
    }

    [MethodImpl(Inline)]
    private static void Store(TVector zero, TVector one, TVector less, TVector real, TVector imaginary, TVector last, T* target, long step)
    {
        TLanes.Store(target, zero);
        TLanes.Store(target + step, one);
        TLanes.Store(target + (2 * step), less);
        TLanes.Store(target + (3 * step), real);
        TLanes.Store(target + (4 * step), imaginary);
        TLanes.Store(target + (5 * step), last);
    }
}
