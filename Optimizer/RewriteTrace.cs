namespace Symbolic.Optimizer;

/// <summary>What the optimizer did: how often each rule fired in which pass, and why it stopped.</summary>
public sealed class RewriteTrace
{
    private readonly Dictionary<(string Pass, string Rule), int> fired = [];
    private readonly List<(string Pass, string Rule)> order = [];

    /// <summary>Rules that fired, by pass and in the order of their first firing, with the number of firings. Nested graphs count too.</summary>
    public IReadOnlyList<(string Pass, string Rule, int Count)> Fired => [.. order.Select(key => (key.Pass, key.Rule, fired[key]))];

    /// <summary>How often the whole list of passes ran.</summary>
    public int Rounds { get; private set; }

    /// <summary>Why rewriting stopped before its end, naming the rule at work; null where it came to its end.</summary>
    public string? Capped { get; private set; }

    /// <summary>Called after each pass that changed the program, with the name of the pass; for dumps. Nested graphs are seen as programs of their own.</summary>
    public Action<string, Lambda>? Changed { get; init; }

    /// <summary>How often a rule fired in all passes together.</summary>
    public int CountOf(string rule) => fired.Where(entry => entry.Key.Rule == rule).Sum(entry => entry.Value);

    /// <summary>One line per pass and rule, and the reason for stopping.</summary>
    public override string ToString() =>
        string.Concat(Fired.Select(f => $"{f.Pass}: {f.Rule} x{f.Count}\n")) + (Capped is null ? $"at rest after {Rounds} rounds" : $"stopped: {Capped}");

    internal void Count(string pass, string rule)
    {
        if (!fired.TryAdd((pass, rule), 1))
        {
            fired[(pass, rule)]++;
            return;
        }
        order.Add((pass, rule));
    }

    internal void Round() => Rounds++;

    /// <summary>How often rewriting was stopped, so that one trace may follow several programs.</summary>
    internal int Stops { get; private set; }

    internal void Stop(string reason)
    {
        Capped ??= reason;
        Stops++;
    }
}
