namespace Symbolic.Optimizer;

/// <summary>The tables of rules, by what they are for. docs/rules.md is printed from them.</summary>
public static partial class Rules
{
    /// <summary>Every rule of the pipeline, table by table.</summary>
    public static IReadOnlyList<(string Table, RuleSet Rules)> Tables { get; } =
    [
        ("Canonical", Canonical), ("Constants", Constants(OptimizerOptions.Default.FoldElements)), ("Movement", Movement), ("Indexing", Indexing), ("Convolutions", Convolutions),
        ("Stable", Stable), ("Algebra", Algebra), ("Reductions", Reductions), ("Windows", Windows), ("Freeze", Freeze),
    ];

    private static Trust Exact => Trust.Exact;

    private static Trust Rounds => Trust.Rounds;

    private static Pattern Positive(Pattern variable) => Kind.Positive.Of(variable);

    private static Pattern Moderate(Pattern variable) => Kind.Moderate.Of(variable);

    /// <summary>The two inputs of a commutative node in both orders.</summary>
    private static IEnumerable<(Expr First, Expr Second)> EitherWay(Expr node) => [(node.Inputs[0], node.Inputs[1]), (node.Inputs[1], node.Inputs[0])];

    /// <summary>A float matrix input for the examples of computed rules.</summary>
    private static Expr Matrix(string name, DType dtype, params ReadOnlySpan<Size> sizes) => Functions.Input(name, dtype, sizes);
}
