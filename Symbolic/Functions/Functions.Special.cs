namespace Symbolic;

public static partial class Functions
{
    /// <inheritdoc cref="Ops.Exp2"/>
    public static T Exp2<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Exp2(), x);

    /// <inheritdoc cref="Ops.Log2"/>
    public static T Log2<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Log2(), x);

    /// <inheritdoc cref="Ops.Log10"/>
    public static T Log10<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Log10(), x);

    /// <inheritdoc cref="Ops.XLogX"/>
    public static T XLogX<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.XLogX(), x);

    /// <inheritdoc cref="Ops.XLogY"/>
    public static T XLogY<T>(Term<T> x, Term<T> y) where T : Term<T>, ITerm<T> => T.Apply(new Ops.XLogY(), x, y);

    /// <inheritdoc cref="Ops.LogAddExp"/>
    public static T LogAddExp<T>(Term<T> a, Term<T> b) where T : Term<T>, ITerm<T> => T.Apply(new Ops.LogAddExp(), a, b);

    /// <inheritdoc cref="Ops.Erf"/>
    public static T Erf<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Erf(), x);

    /// <inheritdoc cref="Ops.Erfc"/>
    public static T Erfc<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Erfc(), x);

    /// <inheritdoc cref="Ops.Erfcx"/>
    public static T Erfcx<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Erfcx(), x);

    /// <inheritdoc cref="Ops.LogErfc"/>
    public static T LogErfc<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.LogErfc(), x);

    /// <inheritdoc cref="Ops.ErfInv"/>
    public static T ErfInv<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.ErfInv(), x);

    /// <inheritdoc cref="Ops.ErfcInv"/>
    public static T ErfcInv<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.ErfcInv(), x);

    /// <inheritdoc cref="Ops.Gamma"/>
    public static T Gamma<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Gamma(), x);

    /// <inheritdoc cref="Ops.GammaLn"/>
    public static T GammaLn<T>(Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.GammaLn(), x);

    /// <inheritdoc cref="Ops.Polygamma"/>
    /// <exception cref="TypeMismatch">The order is not between 0 and 100.</exception>
    public static T Polygamma<T>(int order, Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.Polygamma(order), x);

    /// <summary>ψ(x) = Γ'(x)/Γ(x), the derivative of log Γ.</summary>
    public static Expr Digamma(Expr x) => Polygamma<Expr>(0, x);

    /// <summary>ψ'(x), the derivative of the digamma function.</summary>
    public static Expr Trigamma(Expr x) => Polygamma<Expr>(1, x);

    /// <inheritdoc cref="Ops.GammaP"/>
    public static T GammaP<T>(Term<T> a, Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.GammaP(), a, x);

    /// <inheritdoc cref="Ops.GammaQ"/>
    public static T GammaQ<T>(Term<T> a, Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.GammaQ(), a, x);

    /// <summary>The lower incomplete gamma function γ(a, x) = P(a, x)·Γ(a).</summary>
    public static Expr LowerGamma(Expr a, Expr x) => GammaP<Expr>(a, x) * Gamma<Expr>(a);

    /// <summary>The upper incomplete gamma function Γ(a, x) = Q(a, x)·Γ(a).</summary>
    public static Expr UpperGamma(Expr a, Expr x) => GammaQ<Expr>(a, x) * Gamma<Expr>(a);

    /// <summary>The probability that a chi-squared variable with k degrees of freedom exceeds x: Q(k/2, x/2).</summary>
    public static Expr ChiSquaredTail(Expr x, Expr k) => GammaQ<Expr>(k / 2, x / 2);

    /// <inheritdoc cref="Ops.BesselJ"/>
    public static T BesselJ<T>(Term<T> order, Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.BesselJ(), order, x);

    /// <inheritdoc cref="Ops.BesselI"/>
    public static T BesselI<T>(Term<T> order, Term<T> x) where T : Term<T>, ITerm<T> => T.Apply(new Ops.BesselI(), order, x);

    /// <summary>The Bessel function J of order 0.</summary>
    public static Expr J0(Expr x) => BesselJ<Expr>(0, x);

    /// <summary>The Bessel function J of order 1.</summary>
    public static Expr J1(Expr x) => BesselJ<Expr>(1, x);

    /// <summary>The modified Bessel function I of order 0.</summary>
    public static Expr I0(Expr x) => BesselI<Expr>(0, x);

    /// <summary>The modified Bessel function I of order 1.</summary>
    public static Expr I1(Expr x) => BesselI<Expr>(1, x);
}
