namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    private static Trust Finite => Trust.Assumes("all values are finite", double.IsFinite);

    private static Trust FiniteNotZero => Trust.Assumes("all values are finite and not 0", value => double.IsFinite(value) && value != 0);

    /// <summary>Less work for the same value.</summary>
    public static RuleSet Algebra => new(Exact)
    {
        { "add-zero",        x         => (x + 0,                      x),                  Rounds },   // -0 + 0 is +0
        { "add-minus-zero",  x         => (x + -0.0,                   x) },
        { "sub-zero",        x         => (x - 0,                      x) },
        { "mul-one",         x         => (x * 1,                      x) },
        { "div-one",         x         => (x / 1,                      x) },
        { "add-self",        x         => (x + x,                      x * 2),              Exact, "x is read once" },
        { "mul-mul",         (x, y, z) => (x * Moderate(y) * Moderate(z), x * (y * z)),     Rounds, "the product of the two constants is folded" },
        { "div-power-of-two", "x / y, where y is a power of two", "x * (1/y)",
            (Ops.Div _, Expr node) => node.Inputs is [var x, { Op: Ops.Full full } y] && x.Op is not Ops.Full && Kind.PowerOfTwo.Accepts(y)
                ? x * FullLike(y, 1 / full.Value.ToDouble()) : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, size); return [x / 4, x / 0.5, x / -1024]; } },

        // Only where the sigmoid itself is not needed: else 1 - y costs less, as in its gradient. After the stable spellings of its logarithm.
        { "one-minus-sigmoid", "1 - sigmoid(x), where nobody else reads the sigmoid", "sigmoid(-x)",
            (Ops.Sub _, Expr node) => node.Inputs is [{ Op: Ops.Full { Value: var one } }, { Op: Ops.Sigmoid, Inputs: [var x] }] && one.IsExactly(1) ? Sigmoid(-x) : null,
            (dtype, size) => [1 - Sigmoid(Matrix("x", dtype, size))], Rounds, null, node => node.Inputs[1].Op is Ops.Sigmoid ? [node.Inputs[1]] : [] },

        { "pow-zero",        x         => (Pow(x, 0),                  1) },
        { "pow-one",         x         => (Pow(x, 1),                  x) },
        { "pow-two",         x         => (Pow(x, 2),                  x * x),              Rounds, "x is shared, and a product is cheaper than a power" },
        { "pow-half",        x         => (Pow(x, 0.5),                Sqrt(x)),            Rounds },
        { "pow-minus-one", "pow(x, -1), of floats", "1 / x",
            (Ops.Pow _, Expr node) => node.DType.IsFloat() && node.Inputs[1].Op is Ops.Full { Value: var value } && value.IsExactly(-1) ? 1 / node.Inputs[0] : null,
            (dtype, size) => dtype.IsFloat() ? [Pow(Matrix("x", dtype, size), -1)] : [], Rounds },

        { "pow-minus-half",  x         => (Pow(x, -0.5),               1 / Sqrt(x)),        Rounds },
        { "pow-whole", "pow(x, n), where n is whole, from 3 to 16 or of floats from -16 to -2", "products by squaring",
            (Ops.Pow _, Expr node) => node.Inputs[1].Op is Ops.Full { Value: var value } && value.DType is not (DType.Float16 or DType.BFloat16) && value.ToDouble() is var n && Math.Floor(n) == n
                ? n is >= 3 and <= 16 ? Power(node.Inputs[0], (int)n) : n is >= -16 and <= -2 && node.DType.IsFloat() ? 1 / Power(node.Inputs[0], (int)-n) : null : null,
            (dtype, size) => { Expr x = Matrix("x", dtype, size); return dtype is DType.Float16 or DType.BFloat16 ? [] : dtype.IsFloat() ? [Pow(x, 3), Pow(x, 13), Pow(x, -2)] : [Pow(x, 3), Pow(x, 13)]; },
            Rounds, "a few products are cheaper than a power; x is read several times" },

        { "abs-abs",         x         => (Abs(Abs(x)),                Abs(x)) },
        { "abs-square",      x         => (Abs(x) * Abs(x),            x * x) },
        { "maximum-self",    x         => (Maximum(x, x),              x) },
        { "minimum-self",    x         => (Minimum(x, x),              x) },
        { "not-not",         x         => (Not(Not(x)),                x) },
        { "switch-true",     (x, y)    => (Switch(1, x, y),            x) },
        { "switch-false",    (x, y)    => (Switch(0, x, y),            y) },
        { "switch-equal",    (x, y)    => (Switch(x, y, y),            y) },
        { "switch-not",      (x, y, z) => (Switch(Not(x), y, z),       Switch(x, z, y)) },
        { "switch-switch-then", (x, y, z, w) => (Switch(x, Switch(x, y, z), w), Switch(x, y, w)) },
        { "switch-switch-else", (x, y, z, w) => (Switch(x, w, Switch(x, y, z)), Switch(x, w, z)) },
        { "cast-cast", "cast(cast(x)), where the inner cast loses nothing", "cast(x)",
            (Ops.Cast outer, Expr node) => node.Inputs[0] is { Op: Ops.Cast inner, Inputs: [var x] } && Widening.IsLossless(x.DType, inner.To) ? x.Cast(outer.To) : null,
            (dtype, size) => [Matrix("x", dtype, size).Cast(Widening.Of(dtype)).Cast(dtype), Matrix("x", dtype, size).Cast(Widening.Of(dtype)).Cast(DType.Int32)] },

        { "exp-log",         x         => (Exp(Log(x)),                x),                  Trust.Assumes("x >= 0", value => value >= 0) },
        { "exp2-log2",       x         => (Exp2(Log2(x)),              x),                  Trust.Assumes("x >= 0", value => value >= 0) },
        { "sqrt-square",     x         => (Sqrt(x) * Sqrt(x),          x),                  Trust.Assumes("x >= 0", value => value >= 0) },
        { "expm1-log1p",     x         => (Expm1(Log1p(x)),            x),                  Trust.Assumes("x >= -1", value => value >= -1) },
        { "tanh-atanh",      x         => (Tanh(Atanh(x)),             x),                  Trust.Assumes("|x| <= 1", value => Math.Abs(value) <= 1) },
        { "cosh-acosh",      x         => (Cosh(Acosh(x)),             x),                  Trust.Assumes("x >= 1", value => value >= 1) },
        { "erf-erf-inv",     x         => (Erf(ErfInv(x)),             x),                  Trust.Assumes("|x| <= 1", value => Math.Abs(value) <= 1) },
        { "sub-self",        x         => (x - x,                      0),                  Finite },
        { "mul-zero",        x         => (x * 0,                      0),                  Finite },
        { "div-self",        x         => (x / x,                      1),                  FiniteNotZero },
    };

    private static Expr Power(Expr x, int n) => n == 1 ? x : n % 2 == 1 ? Power(x, n - 1) * x : Power(x * x, n / 2);
}
