namespace Symbolic;

public static partial class Functions
{
    /// <inheritdoc cref="Ops.Elu"/>
    /// <exception cref="TypeMismatch">α is not finite.</exception>
    public static T Elu<T>(Term<T> x, double alpha = 1) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Elu(alpha), x);

    /// <summary>The self-normalising exponential linear unit (Klambauer, Unterthiner, Mayr, Hochreiter: "Self-normalizing neural networks", 2017).</summary>
    public static T Selu<T>(Term<T> x) where T : Term<T>, ITerm<T> => Elu(x, 1.6732632423543772848170429916717) * 1.0507009873554804934193349852946;

    /// <inheritdoc cref="Ops.Softsign"/>
    public static T Softsign<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Softsign(), x);

    /// <summary>0.2·x + 0.5, clipped to [0, 1]: Theano's straight line in the sigmoid's place.</summary>
    public static T HardSigmoid<T>(Term<T> x) where T : Term<T>, ITerm<T> => Clip((x * 0.2) + 0.5, 0, 1);

    /// <summary>
    /// Theano's piecewise approximation of the sigmoid, within 0.04 of it. Its gradient is its own, which Theano leaves out; NaN gives what
    /// −∞ does, as there.
    /// </summary>
    public static T UltraFastSigmoid<T>(Term<T> x) where T : Term<T>, ITerm<T>
    {
        T half = x * 0.5, size = Abs<T>(half);
        T near = 1.5 * size / (1 + size), middle = 0.935409070603099 + (0.0458812946797165 * (size - 1.7));
        T z = Switch(size < 1.7, near, Switch(size < 3, middle, 0.99505475368673));
        return 0.5 * (Switch(half >= 0, z, -z) + 1);
    }

    /// <summary>The value repeated over the shape of another, with its own dtype: Theano's fill, or second.</summary>
    public static Expr Fill(Expr like, Expr value) => value.BroadcastTo(like.Shape);
}
