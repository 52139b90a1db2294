namespace Symbolic.Optimizer;

public static partial class Rules
{
    /// <summary>What weights that became constants allow: scales of a contraction, such as those of a batch normalisation, go into the weights.</summary>
    public static RuleSet Freeze => new(Rounds)
    {
    };
}
