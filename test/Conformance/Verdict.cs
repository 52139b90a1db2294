namespace Symbolic.Conformance;

/// <summary>How a case ended.</summary>
internal enum Outcome
{
    Pass,
    Fail,
    /// <summary>Something that we do not have, refused by name; counts as failed.</summary>
    Unsupported,
}

/// <summary>What the judge says of one case: its line is the outcome, the name, the type, and what was found.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="Detail">The largest deviation, or the reason.</param>
internal sealed record Verdict(Outcome Outcome, string Detail)
{
    public static Verdict Pass { get; } = new(Outcome.Pass, "");

    public static Verdict Fail(string detail) => new(Outcome.Fail, detail);

    public static Verdict Unsupported(string detail) => new(Outcome.Unsupported, detail);
}

/// <summary>One comparison with a real system.</summary>
/// <param name="Name">Unique among the cases of a folder.</param>
/// <param name="Type">Layer type, or family.</param>
/// <param name="Run">Makes the comparison; what it throws is a failure of that case.</param>
internal sealed record Case(string Name, string Type, Func<Verdict> Run);
