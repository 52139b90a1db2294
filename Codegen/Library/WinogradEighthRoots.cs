using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The transforms of F(4, 5) at the eighth roots of unity, which are discrete Fourier transforms of eight elements (Mathieu, Henaff and LeCun, "Fast training of convolutional networks through FFTs", 2014): a tile
/// is the circular correlation of 8 image elements and 5 taps, of whose results 4 do not wrap around. What is real has conjugate values at conjugate roots, so of two axes 4 points are real and 30 complex, each of which
/// takes 3 products, as in <see cref="WinogradComplexPoints{TLanes, TVector, T}"/>: 94 in all. Roots have the absolute value 1 and their transforms preserve lengths, so that nothing is amplified: the error is less than that of a
/// direct convolution in float32. Along an axis the vectors are those at 1 and −1, and the real and imaginary parts at w, w² and w³, w = exp(−πi/4). Images are taken at these and kernels at their conjugates; kernels keep what the
/// inverse divides by, 64, and 32 where a conjugate counts too.
/// </summary>
internal static unsafe class WinogradEighthRoots<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>Points of a row at 1 or −1: two are real.</summary>
    private const long RealRow = 11;

    /// <summary>Points of a row at w, w² or w³: 8 complex ones, at 1, −1 and at each root and its conjugate.</summary>
    private const long ComplexRow = 24;

    /// <summary>Bᵀ along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Input(T* source, long step, T* target, long targetStep)
    {
        Images(source, step, out TVector one, out TVector less, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Store(one, less, r1, i1, r2, i2, r3, i3, target, targetStep);
    }

    /// <summary>Bᵀ along the other, and what the products take of it.</summary>
    [MethodImpl(Inline)]
    public static void InputTile(T* source, long down, T* target, long point)
    {
        int w = TLanes.Width;
        TVector one, less, r1, i1, r2, i2, r3, i3;
        for (long row = 0; row < 2; row++)
        {
            Images(source + (row * down), w, out one, out less, out r1, out i1, out r2, out i2, out r3, out i3);
            Real(true, one, less, r1, i1, r2, i2, r3, i3, target + (RealRow * row * point), point);
        }
        for (long row = 0; row < 3; row++)
        {
            T* at = source + ((2 + (2 * row)) * down);
            Images(at, w, out one, out less, out r1, out i1, out r2, out i2, out r3, out i3);
            Images(at + down, w, out TVector oneI, out TVector lessI, out TVector r1I, out TVector i1I, out TVector r2I, out TVector i2I, out TVector r3I, out TVector i3I);
            Complex(true, one, less, r1, i1, r2, i2, r3, i3, oneI, lessI, r1I, i1I, r2I, i2I, r3I, i3I, target + (((2 * RealRow) + (ComplexRow * row)) * point), point);
        }
    }

    /// <summary>Values at the conjugate roots along one axis, of 5 taps or of the gradients of 4 results; or, of 4 image elements, at the roots.</summary>
    [MethodImpl(Inline)]
    public static void Values(bool isImage, long count, T* source, long step, T* target, long targetStep)
    {
        Values(isImage, count, source, step, out TVector one, out TVector less, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Store(one, less, r1, i1, r2, i2, r3, i3, target, targetStep);
    }

    /// <summary>Likewise along the other, and what the products take of it.</summary>
    [MethodImpl(Inline)]
    public static void ValuesTile(bool isImage, long count, T* source, T* target, long point)
    {
        int w = TLanes.Width;
        long down = count * w;
        TVector one, less, r1, i1, r2, i2, r3, i3;
        for (long row = 0; row < 2; row++)
        {
            Values(isImage, count, source + (row * down), w, out one, out less, out r1, out i1, out r2, out i2, out r3, out i3);
            Real(isImage, one, less, r1, i1, r2, i2, r3, i3, target + (RealRow * row * point), point);
        }
        for (long row = 0; row < 3; row++)
        {
            T* at = source + ((2 + (2 * row)) * down);
            Values(isImage, count, at, w, out one, out less, out r1, out i1, out r2, out i2, out r3, out i3);
            Values(isImage, count, at + down, w, out TVector oneI, out TVector lessI, out TVector r1I, out TVector i1I, out TVector r2I, out TVector i2I, out TVector r3I, out TVector i3I);
            Complex(isImage, one, less, r1, i1, r2, i2, r3, i3, oneI, lessI, r1I, i1I, r2I, i2I, r3I, i3I, target + (((2 * RealRow) + (ComplexRow * row)) * point), point);
        }
    }

    /// <summary>What the inverse divides by, of all factors of a tile or all sums of their products.</summary>
    [MethodImpl(Inline)]
    public static void Divide(T* points, long point)
    {
        for (long i = 0; i < WinogradLayout.RootPoints; i++)
        {
            bool isReal = i is 0 or 1 or RealRow or RealRow + 1;
            TLanes.Store(points + (i * point), TLanes.Multiply(TLanes.Load(points + (i * point)), TLanes.Constant(isReal ? 1 / 64.0 : 1 / 32.0)));
        }
    }

    /// <summary>The inverse along one axis of the products, for some results or taps; along the other it is <see cref="Inverse"/>.</summary>
    [MethodImpl(Inline)]
    public static void InverseTile(long count, T* source, long point, T* target)
    {
        int w = TLanes.Width;
        long down = 8 * w, complexRow = ComplexRow * point;
        T* complex = source + (2 * RealRow * point);
        TVector r1, i1, r2, i2, r3, i3;
        for (long column = 0; column < 2; column++)
        {
            T* at = complex + (3 * column * point);
            ComplexProduct<TLanes, TVector, T>.Of(at, point, out r1, out i1);
            ComplexProduct<TLanes, TVector, T>.Of(at + complexRow, point, out r2, out i2);
            ComplexProduct<TLanes, TVector, T>.Of(at + (2 * complexRow), point, out r3, out i3);
            Sums(count, TLanes.Load(source + (column * point)), TLanes.Load(source + ((RealRow + column) * point)), r1, i1, r2, i2, r3, i3, target + (column * w), down);
        }
        for (long column = 0; column < 3; column++)
        {
            T* at = complex + ((6 + (6 * column)) * point), real = source + ((2 + (3 * column)) * point), to = target + ((2 + (2 * column)) * w);
            Pair(at, point, out r1, out i1, out TVector r1I, out TVector i1I);
            Pair(at + complexRow, point, out r2, out i2, out TVector r2I, out TVector i2I);
            Pair(at + (2 * complexRow), point, out r3, out i3, out TVector r3I, out TVector i3I);
            ComplexProduct<TLanes, TVector, T>.Of(real, point, out TVector one, out TVector oneI);
            ComplexProduct<TLanes, TVector, T>.Of(real + (RealRow * point), point, out TVector less, out TVector lessI);
            Sums(count, one, less, r1, i1, r2, i2, r3, i3, to, down);
            Sums(count, oneI, lessI, r1I, i1I, r2I, i2I, r3I, i3I, to + w, down);
        }
    }

    /// <summary>The inverse along one axis, but for what it divides by.</summary>
    [MethodImpl(Inline)]
    public static void Inverse(long count, T* source, long step, T* target, long targetStep) => Sums(
        count, TLanes.Load(source), TLanes.Load(source + step), TLanes.Load(source + (2 * step)), TLanes.Load(source + (3 * step)), TLanes.Load(source + (4 * step)), TLanes.Load(source + (5 * step)),
        TLanes.Load(source + (6 * step)), TLanes.Load(source + (7 * step)), target, targetStep);

    [MethodImpl(Inline)]
    internal static void Images(
        T* source, long step, out TVector one, out TVector less, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3)
    {
        TVector x = TLanes.Load(source), y = TLanes.Load(source + (4 * step)), sum0 = TLanes.Add(x, y), by0 = TLanes.Subtract(x, y);
        (x, y) = (TLanes.Load(source + (2 * step)), TLanes.Load(source + (6 * step)));
        TVector sum2 = TLanes.Add(x, y), by2 = TLanes.Subtract(x, y), less2 = TLanes.Subtract(y, x);
        (x, y) = (TLanes.Load(source + step), TLanes.Load(source + (5 * step)));
        TVector sum1 = TLanes.Add(x, y), by1 = TLanes.Subtract(x, y);
        (x, y) = (TLanes.Load(source + (3 * step)), TLanes.Load(source + (7 * step)));
        TVector sum3 = TLanes.Add(x, y), by3 = TLanes.Subtract(x, y), even = TLanes.Add(sum0, sum2), odd = TLanes.Add(sum1, sum3), between = TLanes.Subtract(by1, by3), both = TLanes.Add(by1, by3);
        one = TLanes.Add(even, odd);
        less = TLanes.Subtract(even, odd);
        (r2, i2) = (TLanes.Subtract(sum0, sum2), TLanes.Subtract(sum3, sum1));
        TVector half = TLanes.Constant(Half), minus = TLanes.Constant(-Half);
        (r1, r3) = (TLanes.MultiplyAdd(half, between, by0), TLanes.MultiplyAdd(minus, between, by0));
        (i1, i3) = (TLanes.MultiplyAdd(minus, both, less2), TLanes.MultiplyAdd(minus, both, by2));
    }

    [MethodImpl(Inline)]
    private static void Values(
        bool isImage, long count, T* source, long step, out TVector one, out TVector less, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3)
    {
        TVector x0 = TLanes.Load(source), x1 = TLanes.Load(source + step), x2 = TLanes.Load(source + (2 * step)), x3 = TLanes.Load(source + (3 * step)), sum0 = x0, by0 = x0;
        if (count > 4)
        {
            TVector x4 = TLanes.Load(source + (4 * step));
            (sum0, by0) = (TLanes.Add(x0, x4), TLanes.Subtract(x0, x4));
        }
        TVector even = TLanes.Add(sum0, x2), both = TLanes.Add(x1, x3);
        one = TLanes.Add(even, both);
        less = TLanes.Subtract(even, both);
        TVector between = TLanes.Subtract(x1, x3), half = TLanes.Constant(Half);
        (r2, i2) = (TLanes.Subtract(sum0, x2), isImage ? TLanes.Subtract(x3, x1) : between);
        (r1, r3) = (TLanes.MultiplyAdd(half, between, by0), TLanes.MultiplyAdd(TLanes.Constant(-Half), between, by0));
        both = TLanes.Multiply(TLanes.Constant(isImage ? -Half : Half), both);
        (i1, i3) = isImage ? (TLanes.Subtract(both, x2), TLanes.Add(both, x2)) : (TLanes.Add(both, x2), TLanes.Subtract(both, x2));
    }

    /// <summary>The sums over all roots and their conjugates, of the first 4, 5 or all 8 places.</summary>
    [MethodImpl(Inline)]
    private static void Sums(long count, TVector one, TVector less, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3, T* target, long step)
    {
        TVector even = TLanes.Add(one, less), odd = TLanes.Subtract(one, less), sum = TLanes.Add(r1, r3), first = TLanes.Add(even, r2);
        TLanes.Store(target, TLanes.Add(first, sum));
        TLanes.Store(target + (2 * step), TLanes.Subtract(TLanes.Subtract(even, r2), TLanes.Subtract(i1, i3)));
        if (count > 4)
        {
            TLanes.Store(target + (4 * step), TLanes.Subtract(first, sum));
        }
        TVector by = TLanes.Subtract(r1, r3), both = TLanes.Add(i1, i3), half = TLanes.Constant(Half), minus = TLanes.Constant(-Half);
        TVector less1 = TLanes.Subtract(by, both), sum1 = TLanes.Add(by, both), odd1 = TLanes.Subtract(odd, i2), odd3 = TLanes.Add(odd, i2);
        TLanes.Store(target + step, TLanes.MultiplyAdd(half, less1, odd1));
        TLanes.Store(target + (3 * step), TLanes.MultiplyAdd(minus, sum1, odd3));
        if (count > 5)
        {
            TLanes.Store(target + (5 * step), TLanes.MultiplyAdd(minus, less1, odd1));
            TLanes.Store(target + (6 * step), TLanes.Add(TLanes.Subtract(even, r2), TLanes.Subtract(i1, i3)));
            TLanes.Store(target + (7 * step), TLanes.MultiplyAdd(half, sum1, odd3));
        }
    }

    /// <summary>The products at a root and its conjugate along the other axis, as what sums to the real parts and what sums to the imaginary parts.</summary>
    [MethodImpl(Inline)]
    internal static void Pair(T* source, long point, out TVector real, out TVector imaginary, out TVector realI, out TVector imaginaryI)
    {
        ComplexProduct<TLanes, TVector, T>.Of(source, point, out TVector a, out TVector b);
        ComplexProduct<TLanes, TVector, T>.Of(source + (3 * point), point, out TVector c, out TVector d);
        (real, imaginary) = (TLanes.Add(a, c), TLanes.Add(b, d));
        (realI, imaginaryI) = (TLanes.Subtract(b, d), TLanes.Subtract(c, a));
    }

    /// <summary>A row at 1 or −1: 2 real factors and 3 complex.</summary>
    [MethodImpl(Inline)]
    private static void Real(bool isImage, TVector one, TVector less, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3, T* target, long point)
    {
        TLanes.Store(target, one);
        TLanes.Store(target + point, less);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, r1, i1, target + (2 * point), point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, r2, i2, target + (5 * point), point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, r3, i3, target + (8 * point), point);
    }

    /// <summary>A row at another root, whose real and imaginary parts are given.</summary>
    [MethodImpl(Inline)]
    private static void Complex(
        bool isImage, TVector one, TVector less, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3,
        TVector oneI, TVector lessI, TVector r1I, TVector i1I, TVector r2I, TVector i2I, TVector r3I, TVector i3I, T* target, long point)
    {
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, one, oneI, target, point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, less, lessI, target + (3 * point), point);
        ComplexProduct<TLanes, TVector, T>.Pair(isImage, r1, i1, r1I, i1I, target + (6 * point), point);
        ComplexProduct<TLanes, TVector, T>.Pair(isImage, r2, i2, r2I, i2I, target + (12 * point), point);
        ComplexProduct<TLanes, TVector, T>.Pair(isImage, r3, i3, r3I, i3I, target + (18 * point), point);
    }

    [MethodImpl(Inline)]
    private static void Store(TVector one, TVector less, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3, T* target, long step)
    {
        TLanes.Store(target, one);
        TLanes.Store(target + step, less);
        TLanes.Store(target + (2 * step), r1);
        TLanes.Store(target + (3 * step), i1);
        TLanes.Store(target + (4 * step), r2);
        TLanes.Store(target + (5 * step), i2);
        TLanes.Store(target + (6 * step), r3);
        TLanes.Store(target + (7 * step), i3);
    }

    /// <summary>The real part of exp(πi/4): the root of one half.</summary>
    private const double Half = 0.70710678118654752440;
}
