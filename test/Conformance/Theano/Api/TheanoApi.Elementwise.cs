using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Scalar functions and operators (theano.tensor.basic and theano.scalar.basic).
internal sealed partial class TheanoApi
{
    private void AddElementwise()
    {
        Binary("T.add", (a, b) => a + b);
        Binary("T.sub", (a, b) => a.DType == DType.Bool && b.DType == DType.Bool ? throw PythonError.TypeError("bool output not supported") : a - b);
        Binary("T.mul", (a, b) => a * b);
        Binary("T.true_div", TrueDivide);
        Binary("T.int_div", (a, b) => Functions.FloorDiv<Expr>(a, b));
        Alias("T.floor_div", "T.int_div");
        Binary("T.mod", (a, b) => a % b);
        Binary("T.pow", (a, b) => Functions.Pow<Expr>(a, b));
        Binary("T.maximum", (a, b) => Functions.Maximum<Expr>(a, b));
        Binary("T.minimum", (a, b) => Functions.Minimum<Expr>(a, b));
        Binary("T.lt", (a, b) => a < b);
        Binary("T.gt", (a, b) => a > b);
        Binary("T.le", (a, b) => a <= b);
        Binary("T.ge", (a, b) => a >= b);
        Binary("T.eq", (a, b) => Functions.EqualTo<Expr>(a, b));
        Binary("T.neq", (a, b) => Functions.NotEqualTo<Expr>(a, b));
        Binary("T.and_", (a, b) => Functions.BitAnd<Expr>(a, b));
        Binary("T.or_", (a, b) => Functions.BitOr<Expr>(a, b));
        Binary("T.xor", (a, b) => Functions.BitXor<Expr>(a, b));
        Binary("T.second", Functions.Fill);
        Alias("T.fill", "T.second");
        Binary("T.ceil_intdiv", Functions.CeilDiv);
        Add("T.divmod(x, y)", a => Sequence.Tuple(functions["T.int_div"].Call(a["x"], a["y"]), functions["T.mod"].Call(a["x"], a["y"])));
        Add("T.switch(condition, then, otherwise)", a =>
        {
            (Expr then, Expr otherwise) = Kept(a.Tensor("then"), a.Tensor("otherwise"));
            return Functions.Switch<Expr>(a.Tensor("condition"), then, otherwise);
        });
        Alias("T.where", "T.switch");
        Add("T.clip(x, min, max)", a => Functions.Clip<Expr>(a.Tensor("x"), a.Tensor("min"), a.Tensor("max")));
        Add("T.isclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)", a => Functions.IsClose(a.Tensor("a"), a.Tensor("b"), a.Real("rtol"), a.Real("atol"), a.Flag("equal_nan")));
        Add("T.allclose(a, b, rtol=1e-05, atol=1e-08, equal_nan=False)", a => Functions.AllClose(a.Tensor("a"), a.Tensor("b"), a.Real("rtol"), a.Real("atol"), a.Flag("equal_nan")));
        Add("T.cast(x, dtype)", a => Cast(a.Tensor("x"), a["dtype"]));
        Alias("Variable.astype", "T.cast");

        Unary("T.neg", x => x.DType == DType.Bool ? throw PythonError.TypeError("bool input not supported") : -x);
        Unary("T.abs_", x => Functions.Abs<Expr>(x));
        Unary("T.sqr", x => Functions.Square<Expr>(x));
        Unary("T.sgn", x => x.DType == DType.Bool ? throw PythonError.TypeError("bool input not supported") : Functions.Sign<Expr>(x));
        Unary("T.ceil", x => Functions.Ceil<Expr>(x));
        Unary("T.floor", x => Functions.Floor<Expr>(x));
        Unary("T.trunc", x => Functions.Trunc<Expr>(x));
        Unary("T.round_half_to_even", x => Functions.Round<Expr>(Fractional(x)));
        Unary("T.round_half_away_from_zero", x => Functions.RoundAwayFromZero<Expr>(Fractional(x)));
        Add("T.round(x, mode=\"half_to_even\")", a => functions[$"T.round_{a.Text("mode")}"].Call(a["x"]));
        Unary("T.invert", x => Functions.BitNot<Expr>(x));
        Unary("T.isnan", Functions.IsNaN);
        Unary("T.isinf", Functions.IsInfinity);
        Unary("T.inv", Functions.Reciprocal);
        Unary("T.deg2rad", Functions.DegreesToRadians);
        Unary("T.rad2deg", Functions.RadiansToDegrees);
        Unary("T.exp", x => Functions.Exp<Expr>(x));
        Unary("T.exp2", x => Functions.Exp2<Expr>(x));
        Unary("T.expm1", x => Functions.Expm1<Expr>(x));
        Unary("T.log", x => Functions.Log<Expr>(x));
        Unary("T.log2", x => Functions.Log2<Expr>(x));
        Unary("T.log10", x => Functions.Log10<Expr>(x));
        Unary("T.log1p", x => Functions.Log1p<Expr>(x));
        Unary("T.sqrt", x => Functions.Sqrt<Expr>(x));
        Unary("T.sin", x => Functions.Sin<Expr>(x));
        Unary("T.cos", x => Functions.Cos<Expr>(x));
        Unary("T.tan", x => Functions.Tan<Expr>(x));
        Unary("T.arcsin", x => Functions.Asin<Expr>(x));
        Unary("T.arccos", x => Functions.Acos<Expr>(x));
        Unary("T.arctan", x => Functions.Atan<Expr>(x));
        Add("T.arctan2(y, x)", a => Functions.Atan2<Expr>(Operand(a["y"]), Operand(a["x"])));
        Unary("T.sinh", x => Functions.Sinh<Expr>(x));
        Unary("T.cosh", x => Functions.Cosh<Expr>(x));
        Unary("T.tanh", x => Functions.Tanh<Expr>(x));
        Unary("T.arcsinh", x => Functions.Asinh<Expr>(x));
        Unary("T.arccosh", x => Functions.Acosh<Expr>(x));
        Unary("T.arctanh", x => Functions.Atanh<Expr>(x));
        AddSpecial();
        AddActivations();
    }

    private void AddSpecial()
    {
        Unary("T.erf", x => Functions.Erf<Expr>(x));
        Unary("T.erfc", x => Functions.Erfc<Expr>(x));
        Unary("T.erfcx", x => Functions.Erfcx<Expr>(x));
        Unary("T.erfinv", x => Functions.ErfInv<Expr>(x));
        Unary("T.erfcinv", x => Functions.ErfcInv<Expr>(x));
        Unary("T.gamma", x => Functions.Gamma<Expr>(x));
        Unary("T.gammaln", x => Functions.GammaLn<Expr>(x));
        Unary("T.psi", Functions.Digamma);
        Unary("T.tri_gamma", Functions.Trigamma);
        Binary("T.gammainc", (a, x) => Functions.GammaP<Expr>(a, x));
        Binary("T.gammaincc", (a, x) => Functions.GammaQ<Expr>(a, x));
        Binary("T.gammal", Functions.LowerGamma);
        Binary("T.gammau", Functions.UpperGamma);
        Binary("T.chi2sf", Functions.ChiSquaredTail);
        Unary("T.j0", Functions.J0);
        Unary("T.j1", Functions.J1);
        Binary("T.jv", (order, x) => Functions.BesselJ<Expr>(order, x));
        Unary("T.i0", Functions.I0);
        Unary("T.i1", Functions.I1);
        Binary("T.iv", (order, x) => Functions.BesselI<Expr>(order, x));
        Unary("xlogx.xlogx", x => Functions.XLogX<Expr>(x));
        Binary("xlogx.xlogy0", (x, y) => Functions.XLogY<Expr>(x, y));

        Unary("T.real", Functions.Real);
        Unary("T.conj", Functions.Conj);
        Unary("T.imag", Functions.Imag);
        // Theano declares a float64 whatever it is given.
        Unary("T.angle", x => Functions.Angle(x).Cast(DType.Float64));
        Binary("T.complex", Functions.ComplexFromParts);
        Add("T.complex_from_polar(abs, angle)", a => Functions.ComplexFromPolar(Operand(a["abs"]), Operand(a["angle"])));
    }

    private void AddActivations()
    {
        Unary("nnet.sigmoid", x => Functions.Sigmoid<Expr>(x));
        Unary("nnet.softplus", x => Functions.Softplus<Expr>(x));
        Unary("nnet.softsign", x => Functions.Softsign<Expr>(x));
        Unary("nnet.hard_sigmoid", x => Functions.HardSigmoid<Expr>(x));
        Unary("nnet.ultra_fast_sigmoid", x => Functions.UltraFastSigmoid<Expr>(x));
        // Their constants are Python numbers, which autocast like any other.
        Add("nnet.relu(x, alpha=0)", a => Functions.Relu<Expr>(Widened(a.Tensor("x"), 0.5 * (1 + a.Real("alpha"))), a.Real("alpha")));
        Add("nnet.elu(x, alpha=1)", a => Functions.Elu<Expr>(Widened(a.Tensor("x"), a.Real("alpha")), a.Real("alpha")));
        Unary("nnet.selu", x => Functions.Selu<Expr>(Widened(x, 1.0507009873554805)));
    }

    /// <summary>With the dtype that it has beside a Python number.</summary>
    private Expr Widened(Expr x, double constant) => x.Cast(Promotion.Of(x.DType, OfReal(constant).DType));

    private static Expr Fractional(Expr x) => x.DType.IsFloat() ? x : throw PythonError.TypeError("only float type are supported");

    private void Unary(string name, Func<Expr, Expr> body) => Add($"{name}(x)", a => body(a.Tensor("x")));

    private void Binary(string name, Func<Expr, Expr, Expr> body) => Add($"{name}(x, y)", a =>
    {
        (Expr x, Expr y) = Kept(Operand(a["x"]), Operand(a["y"]));
        return body(x, y);
    });

    /// <summary>An operand of an operator; Python refuses what is no number before Theano sees it.</summary>
    private Expr Operand(object? value) => value is string or null or Dictionary or SliceValue or FunctionValue
        ? throw PythonError.TypeError($"unsupported operand type: '{Value.TypeName(value)}'")
        : AsTensor(value);

    /// <summary>Under numpy+floatX two operands that are no float64 give no float64 where floatX is float32 (theano.scalar.basic, upcast).</summary>
    private (Expr A, Expr B) Kept(Expr a, Expr b)
    {
        bool narrows = Settings is { KeepsFloatX: true, FloatX: DType.Float32 } && a.DType != DType.Float64 && b.DType != DType.Float64
            && Promotion.Of(a.DType, b.DType) == DType.Float64;
        return narrows ? (a.Cast(DType.Float32), b.Cast(DType.Float32)) : (a, b);
    }

    /// <summary>Integers and bools divide as floatX.</summary>
    private Expr TrueDivide(Expr a, Expr b) => !a.DType.IsContinuous() && !b.DType.IsContinuous() && Settings.FloatX != DType.Float64
        ? a.Cast(Settings.FloatX) / b.Cast(Settings.FloatX)
        : a / b;

    /// <summary>Of a complex number Theano makes no boolean either, which we do.</summary>
    private Expr Cast(Expr x, object? dtype) => DTypeOf(dtype) is var to && x.DType.IsComplex() && !to.IsComplex()
        ? throw PythonError.TypeError("Casting from complex to real is ambiguous: consider real(), imag(), angle() or abs()")
        : x.Cast(to);
}
