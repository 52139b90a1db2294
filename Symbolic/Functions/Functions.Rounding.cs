namespace Symbolic;

public static partial class Functions
{
    /// <inheritdoc cref="Ops.Floor"/>
    public static T Floor<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Floor(), x);

    /// <inheritdoc cref="Ops.Ceil"/>
    public static T Ceil<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Ceil(), x);

    /// <inheritdoc cref="Ops.Trunc"/>
    public static T Trunc<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Trunc(), x);

    /// <inheritdoc cref="Ops.Round"/>
    public static T Round<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Round(), x);

    /// <inheritdoc cref="Ops.RoundAwayFromZero"/>
    public static T RoundAwayFromZero<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.RoundAwayFromZero(), x);

    /// <inheritdoc cref="Ops.Clip"/>
    public static T Clip<T>(Term<T> x, Term<T> low, Term<T> high) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Clip(), x, low, high);

    /// <summary>Smallest integer not below a/b, of integers.</summary>
    public static Expr CeilDiv(Expr a, Expr b) => FloorDiv<Expr>(a, b) + NotEqualTo<Expr>(a % b, 0);

    /// <summary>Quotient rounded down and remainder with the divisor's sign, as Python's divmod.</summary>
    public static (Expr Quotient, Expr Remainder) DivMod(Expr a, Expr b) => (FloorDiv<Expr>(a, b), a % b);

    /// <summary>x·x; of booleans x itself.</summary>
    public static T Square<T>(Term<T> x) where T : Term<T>, ITerm<T> => x * x;

    /// <summary>1/x; integers are cast to the float that functions of one number give.</summary>
    public static Expr Reciprocal(Expr x) => 1 / x.Cast(Promotion.ToFloat(x.DType));
}
