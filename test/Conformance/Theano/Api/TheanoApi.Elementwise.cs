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
        Add("T.switch(condition, then, otherwise)", a =>
        {
            (Expr then, Expr otherwise) = Kept(a.Tensor("then"), a.Tensor("otherwise"));
            return Functions.Switch<Expr>(a.Tensor("condition"), then, otherwise);
        });
        Alias("T.where", "T.switch");
        Binary("T.second", (a, b) => b.BroadcastTo(Functions.Switch<Expr>(Functions.EqualTo<Expr>(a, a), b, b).Shape));
        Alias("T.fill", "T.second");

        Unary("T.neg", x => x.DType == DType.Bool ? throw PythonError.TypeError("bool input not supported") : -x);
        Unary("T.abs_", x => Functions.Abs<Expr>(x));
        Unary("T.sqr", x => x * x);
        Unary("T.sgn", x => x.DType == DType.Bool ? throw PythonError.TypeError("bool input not supported") : Functions.Sign<Expr>(x));
        Floating("T.exp", x => Functions.Exp<Expr>(x));
        Floating("T.expm1", x => Functions.Expm1<Expr>(x));
        Floating("T.log", x => Functions.Log<Expr>(x));
        Floating("T.log1p", x => Functions.Log1p<Expr>(x));
        Floating("T.sqrt", x => Functions.Sqrt<Expr>(x));
        Floating("T.sin", x => Functions.Sin<Expr>(x));
        Floating("T.cos", x => Functions.Cos<Expr>(x));
        Floating("T.tanh", x => Functions.Tanh<Expr>(x));
        Floating("T.inv", x => Functions.Constant(ScalarValue.Of(x.DType, 1.0)) / x);
        Floating("nnet.sigmoid", x => Functions.Sigmoid<Expr>(x));
        Floating("nnet.softplus", x => Functions.Softplus<Expr>(x));
        Add("T.cast(x, dtype)", a => Cast(a.Tensor("x"), a["dtype"]));
        Alias("Variable.astype", "T.cast");
    }

    private void Unary(string name, Func<Expr, Expr> body) => Add($"{name}(x)", a => body(a.Tensor("x")));

    /// <summary>A function of a float, to which integers are cast first.</summary>
    private void Floating(string name, Func<Expr, Expr> body) => Add($"{name}(x)", a => body(ToFloat(a.Tensor("x"))));

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

    private static Expr ToFloat(Expr x) => x.Cast(Promotion.ToFloat(x.DType));

    /// <summary>Integers and bools divide as floatX.</summary>
    private Expr TrueDivide(Expr a, Expr b) => !a.DType.IsFloat() && !b.DType.IsFloat() && Settings.FloatX != DType.Float64
        ? a.Cast(Settings.FloatX) / b.Cast(Settings.FloatX)
        : a / b;

    private Expr Cast(Expr x, object? dtype) => x.Cast(DTypeOf(dtype));
}
