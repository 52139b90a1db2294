using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The transforms of F(7, 3) at the eighth roots of unity and ∞. A tile is the circular correlation of 8 image elements and 3 taps, as in <see cref="WinogradEighthRoots{TLanes, TVector, T}"/>, of whose results 6 do not wrap around; in the
/// seventh the last tap meets the first image element instead of the ninth, which ∞ makes good: Π (z − y) over the roots is z⁸ − 1, so its product is that of the last tap and the difference of the two. Of two axes 9 points are real and 36
/// complex, each of which takes 3 products: 117, for 441 of 3x3 taps. No point amplifies anything, and transforms hardly multiply. Along an axis the vectors are those at 1, −1 and ∞, and the real and imaginary parts at w, w² and w³,
/// w = exp(−πi/4). Images are taken at these, taps and the gradients of results at their conjugates, divided by 8 for each axis; in the inverse what is complex counts twice, since its conjugate counts too.
/// </summary>
internal static unsafe class WinogradNinePoints<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private const MethodImplOptions OfItsOwn = MethodImplOptions.AggressiveOptimization | MethodImplOptions.NoInlining;

    /// <summary>Vectors along an axis.</summary>
    private const long Side = 9;

    /// <summary>Points of a row at 1, −1 or ∞: three are real.</summary>
    private const long RealRow = 12;

    /// <summary>Points of a row at w, w² or w³: 9 complex ones, at 1, −1, ∞ and at each root and its conjugate.</summary>
    private const long ComplexRow = 27;

    /// <summary>The real part of exp(πi/4): the root of one half.</summary>
    private const double Half = 0.70710678118654752440;

    /// <summary>Bᵀ along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Input(T* source, long step, T* target, long targetStep)
    {
        Images(source, step, out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Store(one, less, last, r1, i1, r2, i2, r3, i3, target, targetStep);
    }

    /// <summary>Bᵀ along the other, and what the products take of it.</summary>
    [MethodImpl(Inline)]
    public static void InputTile(T* source, long down, T* target, long point)
    {
        for (long row = 0; row < 3; row++)
        {
            RealImages(source + (row * down), target + (RealRow * row * point), point);
        }
        for (long row = 0; row < 3; row++)
        {
            ComplexImages(source + ((3 + (2 * row)) * down), down, target + (((3 * RealRow) + (ComplexRow * row)) * point), point);
        }
    }

    /// <summary>Values along one axis of 3 taps or of the gradients of 7 results, divided by what the inverse of both axes divides by.</summary>
    [MethodImpl(Inline)]
    public static void Values(long count, T* source, long step, T* target, long targetStep)
    {
        Values(count, 1 / 64.0, 1 / 8.0, source, step, out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Store(one, less, last, r1, i1, r2, i2, r3, i3, target, targetStep);
    }

    /// <summary>Values along the other, and what the products take of them.</summary>
    [MethodImpl(Inline)]
    public static void ValuesTile<TCount>(T* source, T* target, long point)
        where TCount : unmanaged, ICount
    {
        long down = sizeof(TCount) * TLanes.Width;
        for (long row = 0; row < 3; row++)
        {
            RealValues<TCount>(source + (row * down), target + (RealRow * row * point), point);
        }
        for (long row = 0; row < 3; row++)
        {
            ComplexValues<TCount>(source + ((3 + (2 * row)) * down), target + (((3 * RealRow) + (ComplexRow * row)) * point), point);
        }
    }

    /// <summary>The inverse along one axis of the products, for 7 results or 3 taps; along the other it is <see cref="Inverse"/>.</summary>
    [MethodImpl(Inline)]
    public static void InverseTile<TCount>(T* source, long point, T* target)
        where TCount : unmanaged, ICount
    {
        int w = TLanes.Width;
        for (long column = 0; column < 3; column++)
        {
            RealColumn<TCount>(source + (column * point), source + (((3 * RealRow) + (3 * column)) * point), point, target + (column * w));
        }
        for (long column = 0; column < 3; column++)
        {
            ComplexColumn<TCount>(source + ((3 + (3 * column)) * point), source + (((3 * RealRow) + 9 + (6 * column)) * point), point, target + ((3 + (2 * column)) * w));
        }
    }

    /// <summary>The inverse along one axis.</summary>
    [MethodImpl(Inline)]
    public static void Inverse(long count, T* source, long step, T* target, long targetStep) => Sums(
        count, true, TLanes.Load(source), TLanes.Load(source + step), TLanes.Load(source + (2 * step)), TLanes.Load(source + (3 * step)), TLanes.Load(source + (4 * step)), TLanes.Load(source + (5 * step)),
        TLanes.Load(source + (6 * step)), TLanes.Load(source + (7 * step)), TLanes.Load(source + (8 * step)), target, targetStep);

    // What follows are methods of their own so that the compiler inlines all of each: of a whole tile it would not.

    [MethodImpl(OfItsOwn)]
    private static void RealImages(T* source, T* target, long point)
    {
        Images(source, TLanes.Width, out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Real(true, one, less, last, r1, i1, r2, i2, r3, i3, target, point);
    }

    [MethodImpl(OfItsOwn)]
    private static void ComplexImages(T* source, long down, T* target, long point)
    {
        int w = TLanes.Width;
        Images(source, w, out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Images(source + down, w, out TVector oneI, out TVector lessI, out TVector lastI, out TVector r1I, out TVector i1I, out TVector r2I, out TVector i2I, out TVector r3I, out TVector i3I);
        Complex(true, one, less, last, r1, i1, r2, i2, r3, i3, oneI, lessI, lastI, r1I, i1I, r2I, i2I, r3I, i3I, target, point);
    }

    [MethodImpl(OfItsOwn)]
    private static void RealValues<TCount>(T* source, T* target, long point)
        where TCount : unmanaged, ICount
    {
        Values(sizeof(TCount), 1, 8, source, TLanes.Width, out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Real(false, one, less, last, r1, i1, r2, i2, r3, i3, target, point);
    }

    [MethodImpl(OfItsOwn)]
    private static void ComplexValues<TCount>(T* source, T* target, long point)
        where TCount : unmanaged, ICount
    {
        int w = TLanes.Width;
        Values(sizeof(TCount), 1, 8, source, w, out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3);
        Values(sizeof(TCount), 1, 8, source + (sizeof(TCount) * w), w, out TVector oneI, out TVector lessI, out TVector lastI, out TVector r1I, out TVector i1I, out TVector r2I, out TVector i2I, out TVector r3I, out TVector i3I);
        Complex(false, one, less, last, r1, i1, r2, i2, r3, i3, oneI, lessI, lastI, r1I, i1I, r2I, i2I, r3I, i3I, target, point);
    }

    [MethodImpl(OfItsOwn)]
    private static void RealColumn<TCount>(T* real, T* complex, long point, T* target)
        where TCount : unmanaged, ICount
    {
        ComplexProduct<TLanes, TVector, T>.Of(complex, point, out TVector r1, out TVector i1);
        ComplexProduct<TLanes, TVector, T>.Of(complex + (ComplexRow * point), point, out TVector r2, out TVector i2);
        ComplexProduct<TLanes, TVector, T>.Of(complex + (2 * ComplexRow * point), point, out TVector r3, out TVector i3);
        Sums(sizeof(TCount), true, TLanes.Load(real), TLanes.Load(real + (RealRow * point)), TLanes.Load(real + (2 * RealRow * point)), r1, i1, r2, i2, r3, i3, target, Side * TLanes.Width);
    }

    [MethodImpl(OfItsOwn)]
    private static void ComplexColumn<TCount>(T* real, T* complex, long point, T* target)
        where TCount : unmanaged, ICount
    {
        long down = Side * TLanes.Width;
        WinogradEighthRoots<TLanes, TVector, T>.Pair(complex, point, out TVector r1, out TVector i1, out TVector r1I, out TVector i1I);
        WinogradEighthRoots<TLanes, TVector, T>.Pair(complex + (ComplexRow * point), point, out TVector r2, out TVector i2, out TVector r2I, out TVector i2I);
        WinogradEighthRoots<TLanes, TVector, T>.Pair(complex + (2 * ComplexRow * point), point, out TVector r3, out TVector i3, out TVector r3I, out TVector i3I);
        ComplexProduct<TLanes, TVector, T>.Of(real, point, out TVector one, out TVector oneI);
        ComplexProduct<TLanes, TVector, T>.Of(real + (RealRow * point), point, out TVector less, out TVector lessI);
        ComplexProduct<TLanes, TVector, T>.Of(real + (2 * RealRow * point), point, out TVector last, out TVector lastI);
        Sums(sizeof(TCount), false, one, less, last, r1, i1, r2, i2, r3, i3, target, down);
        Sums(sizeof(TCount), false, oneI, lessI, lastI, r1I, i1I, r2I, i2I, r3I, i3I, target + TLanes.Width, down);
    }

    [MethodImpl(Inline)]
    private static void Images(
        T* source, long step, out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3)
    {
        WinogradEighthRoots<TLanes, TVector, T>.Images(source, step, out one, out less, out r1, out i1, out r2, out i2, out r3, out i3);
        last = TLanes.Subtract(TLanes.Load(source + (8 * step)), TLanes.Load(source));
    }

    /// <summary>Values at the conjugate roots, times a scale, and the last element, times one of its own.</summary>
    [MethodImpl(Inline)]
    private static void Values(
        long count, double scale, double scaleOfLast, T* source, long step,
        out TVector one, out TVector less, out TVector last, out TVector r1, out TVector i1, out TVector r2, out TVector i2, out TVector r3, out TVector i3)
    {
        last = TLanes.Multiply(TLanes.Constant(scaleOfLast), TLanes.Load(source + ((count - 1) * step)));
        TVector sum0 = Scaled(scale, source), sum1 = Scaled(scale, source + step), sum2 = Scaled(scale, source + (2 * step)), by0 = sum0, by1 = sum1, by2 = sum2, odd = sum1, between = sum1, both = sum1, i2Of = sum1;
        if (count > 3)
        {
            TVector x3 = Scaled(scale, source + (3 * step)), x4 = Scaled(scale, source + (4 * step)), x5 = Scaled(scale, source + (5 * step)), x6 = Scaled(scale, source + (6 * step));
            (by0, by1, by2) = (TLanes.Subtract(sum0, x4), TLanes.Subtract(sum1, x5), TLanes.Subtract(sum2, x6));
            (sum0, sum1, sum2) = (TLanes.Add(sum0, x4), TLanes.Add(sum1, x5), TLanes.Add(sum2, x6));
            (odd, i2Of, between, both) = (TLanes.Add(sum1, x3), TLanes.Subtract(sum1, x3), TLanes.Subtract(by1, x3), TLanes.Add(by1, x3));
        }
        TVector even = TLanes.Add(sum0, sum2), half = TLanes.Constant(Half), minus = TLanes.Constant(-Half);
        (one, less) = (TLanes.Add(even, odd), TLanes.Subtract(even, odd));
        (r2, i2) = (TLanes.Subtract(sum0, sum2), i2Of);
        (r1, r3) = (TLanes.MultiplyAdd(half, between, by0), TLanes.MultiplyAdd(minus, between, by0));
        both = TLanes.Multiply(half, both);
        (i1, i3) = (TLanes.Add(both, by2), TLanes.Subtract(both, by2));
    }

    [MethodImpl(Inline)]
    private static TVector Scaled(double scale, T* source) => scale == 1 ? TLanes.Load(source) : TLanes.Multiply(TLanes.Constant(scale), TLanes.Load(source));

    /// <summary>The sums over all roots, of the first 3 or 7 places, with the product at ∞ in the last; over their conjugates too where what was transformed is real.</summary>
    [MethodImpl(Inline)]
    private static void Sums(long count, bool isReal, TVector one, TVector less, TVector last, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3, T* target, long step)
    {
        TVector even = TLanes.Add(one, less), odd = TLanes.Subtract(one, less), sum = TLanes.Add(r1, r3), between = TLanes.Subtract(i1, i3), first = Plus(isReal, even, r2), second = Less(isReal, even, r2);
        TVector by = TLanes.Subtract(r1, r3), both = TLanes.Add(i1, i3), less1 = TLanes.Subtract(by, both), odd1 = Less(isReal, odd, i2), half = TLanes.Constant(isReal ? 2 * Half : Half);
        TLanes.Store(target, Plus(isReal, first, sum));
        TLanes.Store(target + step, TLanes.MultiplyAdd(half, less1, odd1));
        TVector third = Less(isReal, second, between);
        if (count == 3)
        {
            TLanes.Store(target + (2 * step), TLanes.Add(third, last));
            return;
        }
        TVector minus = TLanes.Constant(isReal ? -2 * Half : -Half);
        TLanes.Store(target + (2 * step), third);
        TLanes.Store(target + (3 * step), TLanes.MultiplyAdd(minus, TLanes.Add(by, both), Plus(isReal, odd, i2)));
        TLanes.Store(target + (4 * step), Less(isReal, first, sum));
        TLanes.Store(target + (5 * step), TLanes.MultiplyAdd(minus, less1, odd1));
        TLanes.Store(target + (6 * step), TLanes.Add(Plus(isReal, second, between), last));
    }

    /// <summary>x + y, or x + 2y.</summary>
    [MethodImpl(Inline)]
    private static TVector Plus(bool isTwice, TVector x, TVector y) => isTwice ? TLanes.MultiplyAdd(TLanes.Constant(2), y, x) : TLanes.Add(x, y);

    /// <summary>x − y, or x − 2y.</summary>
    [MethodImpl(Inline)]
    private static TVector Less(bool isTwice, TVector x, TVector y) => isTwice ? TLanes.MultiplyAdd(TLanes.Constant(-2), y, x) : TLanes.Subtract(x, y);

    /// <summary>A row at 1, −1 or ∞: 3 real factors and 3 complex.</summary>
    [MethodImpl(Inline)]
    private static void Real(bool isImage, TVector one, TVector less, TVector last, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3, T* target, long point)
    {
        TLanes.Store(target, one);
        TLanes.Store(target + point, less);
        TLanes.Store(target + (2 * point), last);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, r1, i1, target + (3 * point), point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, r2, i2, target + (6 * point), point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, r3, i3, target + (9 * point), point);
    }

    /// <summary>A row at another root, whose real and imaginary parts are given.</summary>
    [MethodImpl(Inline)]
    private static void Complex(
        bool isImage, TVector one, TVector less, TVector last, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3,
        TVector oneI, TVector lessI, TVector lastI, TVector r1I, TVector i1I, TVector r2I, TVector i2I, TVector r3I, TVector i3I, T* target, long point)
    {
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, one, oneI, target, point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, less, lessI, target + (3 * point), point);
        ComplexProduct<TLanes, TVector, T>.Factors(isImage, last, lastI, target + (6 * point), point);
        ComplexProduct<TLanes, TVector, T>.Pair(isImage, r1, i1, r1I, i1I, target + (9 * point), point);
        ComplexProduct<TLanes, TVector, T>.Pair(isImage, r2, i2, r2I, i2I, target + (15 * point), point);
        ComplexProduct<TLanes, TVector, T>.Pair(isImage, r3, i3, r3I, i3I, target + (21 * point), point);
    }

    [MethodImpl(Inline)]
    private static void Store(TVector one, TVector less, TVector last, TVector r1, TVector i1, TVector r2, TVector i2, TVector r3, TVector i3, T* target, long step)
    {
        TLanes.Store(target, one);
        TLanes.Store(target + step, less);
        TLanes.Store(target + (2 * step), last);
        TLanes.Store(target + (3 * step), r1);
        TLanes.Store(target + (4 * step), i1);
        TLanes.Store(target + (5 * step), r2);
        TLanes.Store(target + (6 * step), i2);
        TLanes.Store(target + (7 * step), r3);
        TLanes.Store(target + (8 * step), i3);
    }
}
