using System.Diagnostics;

namespace Symbolic;

/// <summary>A number written in the user's program, whose dtype follows what stands beside it.</summary>
public enum LiteralKind
{
    /// <summary>Written without a fraction.</summary>
    Integer,
    /// <summary>Written with a fraction or an exponent.</summary>
    Float,
}

/// <summary>
/// The dtype of a result from those of the operands. The rules are Theano's with <c>cast_policy=custom</c>, which for tensors are
/// NumPy's: the least dtype that holds both; beside a complex dtype, the complex one whose parts hold both. bf16 is in neither: beside f16 it gives f32, since neither holds the other, and beside
/// other dtypes it does what f16 does.
/// </summary>
public static class Promotion
{
    /// <summary>For sums, products, maxima, floor division, remainder, power, choice: the least dtype that holds both.</summary>
    public static DType Of(DType a, DType b)
    {
        if (a == b || b == DType.Bool)
        {
            return a;
        }
        if (a == DType.Bool)
        {
            return b;
        }
        if (a.IsComplex() || b.IsComplex())
        {
            return Of(a.Real(), b.Real()) == DType.Float64 ? DType.Complex128 : DType.Complex64;
        }
        if (a.IsFloat() || b.IsFloat())
        {
            return (a.IsFloat(), b.IsFloat()) switch
            {
                (true, true) when a.Size() == b.Size() => DType.Float32, // f16 and bf16
                (true, true) => a.Size() > b.Size() ? a : b,
                (true, false) => FloatBesideInteger(a, b),
                _ => FloatBesideInteger(b, a),
            };
        }
        if (a.IsSigned() == b.IsSigned())
        {
            return a.Size() > b.Size() ? a : b;
        }
        (DType signed, DType unsigned) = a.IsSigned() ? (a, b) : (b, a);
        return signed.Size() > unsigned.Size() ? signed : unsigned switch
        {
            DType.UInt8 => DType.Int16,
            DType.UInt16 => DType.Int32,
            DType.UInt32 => DType.Int64,
            DType.UInt64 => DType.Float64,
            _ => throw new UnreachableException($"{unsigned} is not unsigned"),
        };
    }

    /// <summary>
    /// For true division: as <see cref="Of"/>, but of two integers (or bools) a float, which Theano calls <c>floatX</c> and sets to
    /// f64 unless told otherwise.
    /// </summary>
    public static DType TrueDivide(DType a, DType b, DType floatX = DType.Float64) => a.IsContinuous() || b.IsContinuous() ? Of(a, b) : floatX;

    /// <summary>For functions of one number, such as exp: floats and complex numbers stay; integers of up to 16 bits and bool give f32, others f64.</summary>
    public static DType ToFloat(DType a) => a.IsContinuous() ? a : a.Size() <= 2 ? DType.Float32 : DType.Float64;

    /// <summary>For functions of two numbers, such as arctan2: each is made a float first, unless it is complex.</summary>
    public static DType ToFloat(DType a, DType b) => Of(ToFloat(a), ToFloat(b));

    /// <summary>For the sum or product of many elements: integers (and bools) give 64 bits of their sign, floats and complex numbers stay.</summary>
    public static DType Reduce(DType a) => a.IsContinuous() ? a : a.IsUnsigned() ? DType.UInt64 : DType.Int64;

    /// <summary>For means and variances: integers and bools give f64, floats and complex numbers stay.</summary>
    public static DType Mean(DType a) => a.IsContinuous() ? a : DType.Float64;

    /// <summary>
    /// The dtype that a literal takes beside a tensor: the tensor's own if that holds such numbers, so that <c>x + 1</c> and
    /// <c>x * 0.5</c> keep the dtype of <c>x</c>. A fraction beside integers counts as f32 (so i8 gives f32, i32 gives f64), and an
    /// integer beside bool is i32, C#'s own. Unlike Theano it never depends on the number's value.
    /// </summary>
    public static DType Literal(DType other, LiteralKind kind) => kind switch
    {
        LiteralKind.Integer => other == DType.Bool ? DType.Int32 : other,
        LiteralKind.Float => other.IsFloat() ? other : Of(other, DType.Float32),
        _ => throw new UnreachableException($"no such kind of literal: {kind}"),
    };

    private static DType FloatBesideInteger(DType real, DType integer) => integer.Size() switch
    {
        1 => real,
        2 => real.Size() == 2 ? DType.Float32 : real,
        _ => DType.Float64,
    };
}
