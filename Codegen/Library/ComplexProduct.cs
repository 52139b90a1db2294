using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Complex products of transformed tiles as three real ones each: (a + bi)(c + di) has the parts c(a + b) − b(c + d) and c(a + b) + a(d − c). One side is given its factors as an image, the other as a kernel or a gradient.
/// </summary>
internal static unsafe class ComplexProduct<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>The three factors of one side.</summary>
    [MethodImpl(Inline)]
    public static void Factors(bool isImage, TVector real, TVector imaginary, T* target, long point)
    {
        TLanes.Store(target, isImage ? TLanes.Add(real, imaginary) : real);
        TLanes.Store(target + point, isImage ? real : TLanes.Subtract(imaginary, real));
        TLanes.Store(target + (2 * point), isImage ? imaginary : TLanes.Add(imaginary, real));
    }

    /// <summary>The factors at a root and at its conjugate along the other axis, given the value of the real and that of the imaginary part there.</summary>
    [MethodImpl(Inline)]
    public static void Pair(bool isImage, TVector real, TVector imaginary, TVector realI, TVector imaginaryI, T* target, long point)
    {
        Factors(isImage, TLanes.Subtract(real, imaginaryI), TLanes.Add(imaginary, realI), target, point);
        Factors(isImage, TLanes.Add(real, imaginaryI), TLanes.Subtract(realI, imaginary), target + (3 * point), point);
    }

    /// <summary>The product, of the three real ones.</summary>
    [MethodImpl(Inline)]
    public static void Of(T* source, long point, out TVector real, out TVector imaginary)
    {
        TVector first = TLanes.Load(source);
        real = TLanes.Subtract(first, TLanes.Load(source + (2 * point)));
        imaginary = TLanes.Add(first, TLanes.Load(source + point));
    }
}
