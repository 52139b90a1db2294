using System.Numerics;

namespace Symbolic;

/// <summary>
/// A complex number of two 32-bit floats, as NumPy's complex64; of two 64-bit floats there is <see cref="Complex"/>. It is a form in
/// memory: arithmetic is that of <see cref="ComplexFunctions"/>, in 64 bits, whose results are rounded to it once.
/// </summary>
/// <param name="real">The real part.</param>
/// <param name="imaginary">The imaginary part.</param>
public readonly struct Complex64(float real, float imaginary) : IEquatable<Complex64>
{
    /// <summary>The real part.</summary>
    public float Real { get; } = real;

    /// <summary>The imaginary part.</summary>
    public float Imaginary { get; } = imaginary;

    /// <summary>The same number, exactly.</summary>
    public static implicit operator Complex(Complex64 value) => new(value.Real, value.Imaginary);

    /// <summary>The number of the nearest parts.</summary>
    public static explicit operator Complex64(Complex value) => new((float)value.Real, (float)value.Imaginary);

    /// <summary>Whether two are equal as numbers: zeros of both signs are, NaNs are not.</summary>
    public static bool operator ==(Complex64 left, Complex64 right) => left.Real == right.Real && left.Imaginary == right.Imaginary;

    /// <summary>Whether two differ as numbers.</summary>
    public static bool operator !=(Complex64 left, Complex64 right) => !(left == right);

    /// <summary>Whether their parts are equal, a NaN being equal to a NaN, as for <see cref="float"/>.</summary>
    public bool Equals(Complex64 other) => Real.Equals(other.Real) && Imaginary.Equals(other.Imaginary);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Complex64 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Real, Imaginary);

    /// <summary>As <see cref="ScalarValue.Text"/> writes it: <c>1.5-2i</c>.</summary>
    public override string ToString() => ScalarValue.Of(DType.Complex64, this).Text();
}
