namespace Symbolic.Optimizer;

/// <summary>What the optimizer may do. Equal options and equal programs give equal results.</summary>
public sealed record OptimizerOptions
{
    /// <summary>The default: what is exact, and what keeps the real function.</summary>
    public static OptimizerOptions Default { get; } = new();

    /// <summary>Whether rules may round differently, or reach further before they overflow. On unless turned off.</summary>
    public bool AllowRounding { get; init; } = true;

    /// <summary>Whether rules may assume a domain, such as x ≥ 0 or x finite. Off unless asked for.</summary>
    public bool AllowAssumptions { get; init; }

    /// <summary>The greatest number of elements, read or made, for which an expression of constants is computed at once.</summary>
    public int FoldElements { get; init; } = 16384;

    /// <summary>Names of rules that stay out.</summary>
    public Seq<string> Without { get; init; } = [];

    /// <summary>For tests: rewriting that does not come to an end throws instead of stopping where it is, and every pass is verified.</summary>
    public bool Strict { get; init; }

    internal bool Allows(Rule rule) => !Without.Contains(rule.Name) && rule.Trust.Level switch
    {
        TrustLevel.Exact => true,
        TrustLevel.Rounds => AllowRounding,
        TrustLevel.Assumes => AllowAssumptions,
        _ => throw new System.Diagnostics.UnreachableException($"{rule.Trust}"),
    };
}
