namespace Symbolic;

public static partial class Functions
{
    /// <inheritdoc cref="Ops.Tan"/>
    public static T Tan<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Tan(), x);

    /// <inheritdoc cref="Ops.Asin"/>
    public static T Asin<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Asin(), x);

    /// <inheritdoc cref="Ops.Acos"/>
    public static T Acos<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Acos(), x);

    /// <inheritdoc cref="Ops.Atan"/>
    public static T Atan<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Atan(), x);

    /// <inheritdoc cref="Ops.Atan2"/>
    public static T Atan2<T>(Term<T> y, Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Atan2(), y, x);

    /// <inheritdoc cref="Ops.Sinh"/>
    public static T Sinh<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Sinh(), x);

    /// <inheritdoc cref="Ops.Cosh"/>
    public static T Cosh<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Cosh(), x);

    /// <inheritdoc cref="Ops.Asinh"/>
    public static T Asinh<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Asinh(), x);

    /// <inheritdoc cref="Ops.Acosh"/>
    public static T Acosh<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Acosh(), x);

    /// <inheritdoc cref="Ops.Atanh"/>
    public static T Atanh<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Atanh(), x);

    /// <summary>Degrees as radians: x·π/180.</summary>
    public static Expr DegreesToRadians(Expr x) => x.Cast(Promotion.ToFloat(x.DType)) * (Math.PI / 180);

    /// <summary>Radians as degrees: x·180/π.</summary>
    public static Expr RadiansToDegrees(Expr x) => x.Cast(Promotion.ToFloat(x.DType)) * (180 / Math.PI);
}
