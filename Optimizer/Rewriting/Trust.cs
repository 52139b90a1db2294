namespace Symbolic.Optimizer;

/// <summary>How far a rule may be trusted.</summary>
public enum TrustLevel
{
    /// <summary>Both sides have the same bits for all inputs, ±0 and ±∞ included. (All NaNs count as one.)</summary>
    Exact,
    /// <summary>Both sides are the same function of real numbers; they may round differently, and one may reach further before it overflows or loses its digits.</summary>
    Rounds,
    /// <summary>Both sides agree, up to rounding, on a stated domain only.</summary>
    Assumes,
}

/// <summary>The trust of one rule: its level and, where it assumes something, what.</summary>
/// <param name="Level">The level.</param>
/// <param name="Domain">What is assumed, in words; empty unless the level is <see cref="TrustLevel.Assumes"/>.</param>
/// <param name="Holds">Whether the assumption holds of the value of a variable of the rule.</param>
public sealed record Trust(TrustLevel Level, string Domain, Predicate<double> Holds)
{
    /// <summary>Bit for bit.</summary>
    public static Trust Exact { get; } = new(TrustLevel.Exact, "", _ => true);

    /// <summary>The same real function.</summary>
    public static Trust Rounds { get; } = new(TrustLevel.Rounds, "", _ => true);

    /// <summary>Equal where every variable of the rule lies in a domain.</summary>
    public static Trust Assumes(string domain, Predicate<double> holds) => new(TrustLevel.Assumes, domain, holds);

    /// <summary>As in the table of rules: <c>exact</c>, <c>rounds</c>, <c>assumes x ≥ 0</c>.</summary>
    public override string ToString() => Level switch
    {
        TrustLevel.Exact => "exact",
        TrustLevel.Rounds => "rounds",
        TrustLevel.Assumes => $"assumes {Domain}",
        _ => throw new System.Diagnostics.UnreachableException($"{Level}"),
    };
}
