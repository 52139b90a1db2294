namespace Symbolic;

public static partial class Functions
{
    /// <inheritdoc cref="Ops.Exp"/>
    public static T Exp<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Exp(), x);

    /// <inheritdoc cref="Ops.Expm1"/>
    public static T Expm1<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Expm1(), x);

    /// <inheritdoc cref="Ops.Log"/>
    public static T Log<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Log(), x);

    /// <inheritdoc cref="Ops.Log1p"/>
    public static T Log1p<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Log1p(), x);

    /// <inheritdoc cref="Ops.Sqrt"/>
    public static T Sqrt<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Sqrt(), x);

    /// <inheritdoc cref="Ops.Tanh"/>
    public static T Tanh<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Tanh(), x);

    /// <inheritdoc cref="Ops.Sigmoid"/>
    public static T Sigmoid<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Sigmoid(), x);

    /// <inheritdoc cref="Ops.Softplus"/>
    public static T Softplus<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Softplus(), x);

    /// <inheritdoc cref="Ops.Sin"/>
    public static T Sin<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Sin(), x);

    /// <inheritdoc cref="Ops.Cos"/>
    public static T Cos<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Cos(), x);

    /// <inheritdoc cref="Ops.Pow"/>
    public static T Pow<T>(Term<T> x, Term<T> exponent) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Pow(), x, exponent);

    /// <inheritdoc cref="Ops.Abs"/>
    public static T Abs<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Abs(), x);

    /// <inheritdoc cref="Ops.Sign"/>
    public static T Sign<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Sign(), x);

    /// <inheritdoc cref="Ops.Maximum"/>
    public static T Maximum<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Maximum(), a, b);

    /// <inheritdoc cref="Ops.Minimum"/>
    public static T Minimum<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Minimum(), a, b);

    /// <inheritdoc cref="Ops.Relu"/>
    public static T Relu<T>(Term<T> x, double negativeSlope = 0) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Relu(negativeSlope), x);

    /// <inheritdoc cref="Ops.FloorDiv"/>
    public static T FloorDiv<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.FloorDiv(), a, b);

    /// <summary>Elementwise equality. (C#'s == stays identity of nodes.)</summary>
    public static T EqualTo<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Equal(), a, b);

    /// <summary>Elementwise inequality.</summary>
    public static T NotEqualTo<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.NotEqual(), a, b);

    /// <inheritdoc cref="Ops.And"/>
    public static T And<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.And(), a, b);

    /// <inheritdoc cref="Ops.Or"/>
    public static T Or<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Or(), a, b);

    /// <inheritdoc cref="Ops.Not"/>
    public static T Not<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Not(), x);

    /// <inheritdoc cref="Ops.Switch"/>
    public static T Switch<T>(Term<T> condition, Term<T> then, Term<T> otherwise) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Switch(), condition, then, otherwise);

    /// <inheritdoc cref="Ops.StraightThrough"/>
    public static T StraightThrough<T>(Term<T> value, Term<T> gradient) where T : Term<T>, ITerm<T> => T.Apply(new Ops.StraightThrough(), value, gradient);

    /// <summary>x, whose gradient is brought between two bounds, known elsewhere as grad_clip.</summary>
    /// <exception cref="TypeMismatch">x is no float, the lower bound is above the upper one, or one is NaN.</exception>
    public static Expr ClipGradient(Expr x, double low, double high) => Expr.Of(new Ops.ClipGradient(low, high), x);

    /// <summary>x as a value that gradients do not pass, known elsewhere as detach or disconnected_grad.</summary>
    public static Expr StopGradient(Expr x) => StraightThrough<Expr>(x, FullLike(x, 0));
}
