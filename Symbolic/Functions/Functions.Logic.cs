namespace Symbolic;

public static partial class Functions
{
    /// <inheritdoc cref="Ops.Less"/>
    public static T Less<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Less(), a, b);

    /// <inheritdoc cref="Ops.LessOrEqual"/>
    public static T LessOrEqual<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.LessOrEqual(), a, b);

    /// <summary>a &gt; b.</summary>
    public static T Greater<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => a > b;

    /// <summary>a ≥ b.</summary>
    public static T GreaterOrEqual<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => a >= b;

    /// <summary>Where x is NaN, or one of its parts is; nowhere among integers.</summary>
    public static Expr IsNaN(Expr x) => NotEqualTo<Expr>(x, x);

    /// <summary>Where x is ∞ or −∞, or one of its parts is; nowhere among integers.</summary>
    public static Expr IsInfinity(Expr x) => x.DType.IsContinuous() ? EqualTo<Expr>(Abs<Expr>(x), double.PositiveInfinity) : NotEqualTo<Expr>(x, x);

    /// <summary>
    /// Where |a − b| ≤ absolute + relative·|b|, as numpy's isclose: equal infinities are close, a NaN to none unless <paramref name="equalNaN"/>.
    /// </summary>
    public static Expr IsClose(Expr a, Expr b, double relative = 1e-5, double absolute = 1e-8, bool equalNaN = false)
    {
        DType dtype = Promotion.ToFloat(a.DType, b.DType);
        (Expr x, Expr y) = (a.Cast(dtype), b.Cast(dtype));
        Expr near = And<Expr>(Abs<Expr>(x - y) <= absolute + (relative * Abs<Expr>(y)), Not<Expr>(IsInfinity(y)));
        Expr close = Or<Expr>(near, EqualTo<Expr>(x, y));
        return equalNaN ? Or<Expr>(close, And<Expr>(IsNaN(x), IsNaN(y))) : close;
    }

    /// <summary>Whether all of a and b are close, in the sense of <see cref="IsClose"/>; true of none.</summary>
    public static Expr AllClose(Expr a, Expr b, double relative = 1e-5, double absolute = 1e-8, bool equalNaN = false) =>
        EqualTo<Expr>(Not<Expr>(IsClose(a, b, relative, absolute, equalNaN)).Sum(), 0);

    /// <inheritdoc cref="Ops.BitAnd"/>
    public static T BitAnd<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.BitAnd(), a, b);

    /// <inheritdoc cref="Ops.BitOr"/>
    public static T BitOr<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.BitOr(), a, b);

    /// <inheritdoc cref="Ops.BitXor"/>
    public static T BitXor<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.BitXor(), a, b);

    /// <inheritdoc cref="Ops.BitNot"/>
    public static T BitNot<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.BitNot(), x);

    /// <inheritdoc cref="Ops.ShiftLeft"/>
    public static T ShiftLeft<T>(Term<T> a, Term<T> count) where T : Term<T>, ITerm<T> => T.Apply(new Ops.ShiftLeft(), a, count);

    /// <inheritdoc cref="Ops.ShiftRight"/>
    public static T ShiftRight<T>(Term<T> a, Term<T> count) where T : Term<T>, ITerm<T> => T.Apply(new Ops.ShiftRight(), a, count);
}
