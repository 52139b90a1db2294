namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    private const string SignMoves = "the sign moves toward the root, and no rule moves one away from it";

    /// <summary>One spelling for each meaning, so that the rules after it need to know only one. Signs go to the root, reciprocals into quotients.</summary>
    public static RuleSet Canonical => new(Exact)
    {
        { "neg-neg",       x      => (-(-x),          x) },
        { "add-neg",       (x, y) => (x + -y,         x - y) },
        { "sub-neg",       (x, y) => (x - -y,         x + y) },
        { "neg-sub",       (x, y) => (-x - y,         -(x + y)), Rounds },   // -0 - -0 is +0
        { "mul-neg",       (x, y) => (-x * y,         -(x * y)), Exact, SignMoves },
        { "neg-div",       (x, y) => (-x / y,         -(x / y)), Exact, SignMoves },
        { "div-neg",       (x, y) => (x / -y,         -(x / y)), Exact, SignMoves },
        { "odd-erf",        x      => (Erf(-x),       -Erf(x)), Exact, SignMoves },
        { "odd-erfinv",     x      => (ErfInv(-x),    -ErfInv(x)), Exact, SignMoves },
        { "odd-tanh",       x      => (Tanh(-x),      -Tanh(x)), Exact, SignMoves },
        { "odd-sinh",       x      => (Sinh(-x),      -Sinh(x)), Exact, SignMoves },
        { "odd-sin",        x      => (Sin(-x),       -Sin(x)), Exact, SignMoves },
        { "odd-tan",        x      => (Tan(-x),       -Tan(x)), Exact, SignMoves },
        { "odd-asin",       x      => (Asin(-x),      -Asin(x)), Exact, SignMoves },
        { "odd-atan",       x      => (Atan(-x),      -Atan(x)), Exact, SignMoves },
        { "odd-asinh",      x      => (Asinh(-x),     -Asinh(x)), Exact, SignMoves },
        { "odd-atanh",      x      => (Atanh(-x),     -Atanh(x)), Exact, SignMoves },
        { "even-cos",      x      => (Cos(-x),        Cos(x)) },
        { "even-cosh",     x      => (Cosh(-x),       Cosh(x)) },
        { "even-abs", "abs(-x), not of unsigned integers", "abs(x)",
            (Ops.Abs _, Expr node) => node.Inputs[0] is { Op: Ops.Neg, Inputs: [var x] } && !x.DType.IsUnsigned() ? Abs(x) : null,
            (dtype, size) => dtype.IsUnsigned() ? [] : [Abs(-Matrix("x", dtype, size))] },
        { "mul-minus-one", x      => (x * -1,         -x) },
        { "zero-sub",      x      => (0 - x,          -x),       Rounds },   // 0 - 0 is +0
        // One rounding less, and no overflow of 1 / y where y is tiny.
        { "reciprocal",    (x, y) => (x * (1 / y),    x / y),    Rounds },
    };
}
