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

        { "pow-one",         x         => (Pow(x, 1),                  x) },
        { "pow-two",         x         => (Pow(x, 2),                  x * x),              Rounds, "x is shared, and a product is cheaper than a power" },
        { "pow-half",        x         => (Pow(x, 0.5),                Sqrt(x)),            Rounds },
        { "pow-minus-one",   x         => (Pow(x, -1),                 1 / x),              Rounds },

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
        { "sub-self",        x         => (x - x,                      0),                  Finite },
        { "mul-zero",        x         => (x * 0,                      0),                  Finite },
        { "div-self",        x         => (x / x,                      1),                  FiniteNotZero },
    };
}
