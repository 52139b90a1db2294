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
        { "mul-minus-one", x      => (x * -1,         -x) },
        { "zero-sub",      x      => (0 - x,          -x),       Rounds },   // 0 - 0 is +0
        // One rounding less, and no overflow of 1 / y where y is tiny.
        { "reciprocal",    (x, y) => (x * (1 / y),    x / y),    Rounds },
    };
}
