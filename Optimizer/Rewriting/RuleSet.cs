using System.Collections;

namespace Symbolic.Optimizer;

/// <summary>A table of rules, tried in the order in which they stand.</summary>
/// <param name="trust">The trust of those rules beside which none is written.</param>
/// <param name="ofComplex">Whether they hold of complex numbers too.</param>
public sealed class RuleSet(Trust trust, bool ofComplex = false) : IReadOnlyCollection<Rule>
{
    private readonly List<Rule> rules = [];

    /// <inheritdoc/>
    public int Count => rules.Count;

    /// <summary>Adds a rule without variables, or of one.</summary>
    internal void Add(string name, Func<Pattern, (Term<Pattern> Left, Term<Pattern> Right)> sides, Trust? trust = null, string? grows = null) =>
        Add(name, sides(V(0)), 1, trust, grows);

    /// <summary>Adds a rule of two variables.</summary>
    internal void Add(string name, Func<Pattern, Pattern, (Term<Pattern> Left, Term<Pattern> Right)> sides, Trust? trust = null, string? grows = null) =>
        Add(name, sides(V(0), V(1)), 2, trust, grows);

    /// <summary>Adds a rule of three variables.</summary>
    internal void Add(string name, Func<Pattern, Pattern, Pattern, (Term<Pattern> Left, Term<Pattern> Right)> sides, Trust? trust = null, string? grows = null) =>
        Add(name, sides(V(0), V(1), V(2)), 3, trust, grows);

    /// <summary>Adds a rule of four variables.</summary>
    internal void Add(string name, Func<Pattern, Pattern, Pattern, Pattern, (Term<Pattern> Left, Term<Pattern> Right)> sides, Trust? trust = null, string? grows = null) =>
        Add(name, sides(V(0), V(1), V(2), V(3)), 4, trust, grows);

    /// <summary>Adds a rule whose right side is computed: <paramref name="rewrite"/> sees the op and the node and returns null where it does not apply.</summary>
    internal void Add<TOp>(string name, string left, string right, Func<TOp, Expr, Expr?> rewrite, Func<DType, long, IEnumerable<Expr>> examples, Trust? trust = null, string? grows = null, Func<Expr, IEnumerable<Expr>>? sole = null)
        where TOp : Op =>
        rules.Add(new ComputedRule(name, trust ?? Default, typeof(TOp), left, right, node => rewrite((TOp)node.Op, node), examples, grows, sole, ofComplex));

    private Trust Default { get; } = trust;

    private static Pattern V(int index) => new Pattern.Variable(index);

    private void Add(string name, (Term<Pattern> Left, Term<Pattern> Right) sides, int variables, Trust? trust, string? grows) =>
        rules.Add(new PatternRule(name, trust ?? Default, (Pattern.Node)sides.Left, sides.Right, variables, grows, ofComplex));

    /// <inheritdoc/>
    public IEnumerator<Rule> GetEnumerator() => rules.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => rules.GetEnumerator();
}
