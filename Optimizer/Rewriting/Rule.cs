namespace Symbolic.Optimizer;

/// <summary>One way to replace an expression by an equal one, with a name and a level of trust.</summary>
public abstract class Rule
{
    private protected Rule(string name, Trust trust, Type root, string? grows, bool ofComplex)
    {
        Name = name;
        OfComplex = ofComplex;
        Trust = trust;
        Root = root;
        Grows = grows;
    }

    /// <summary>Its name in traces, tests and the table of rules.</summary>
    public string Name { get; }

    /// <summary>How far it may be trusted.</summary>
    public Trust Trust { get; }

    /// <summary>Whether it holds of complex numbers too, which only rules about structure do: an identity of real functions need not.</summary>
    internal bool OfComplex { get; }

    internal static bool IsComplex(Expr node) => node.Type is TensorType type && type.DType.IsComplex();

    /// <summary>Why rewriting ends although the right side is not lighter than the left one; null where it is.</summary>
    public string? Grows { get; }

    /// <summary>The type of op at the root of the expressions that it replaces.</summary>
    internal Type Root { get; }

    /// <summary>Left and right side as printed in the table of rules.</summary>
    public abstract (string Left, string Right) Text { get; }

    /// <summary>
    /// The parts of a node that nobody else may read, since they are computed anew: another reader would make them computed twice.
    /// Null where the rule has no such parts.
    /// </summary>
    internal virtual Func<Expr, IEnumerable<Expr>>? Sole => null;

    /// <summary>What it replaces the node by, or null where it does not apply.</summary>
    internal abstract Expr? Apply(Expr node);

    /// <summary>Expressions over float vectors of a dtype and a size to which it applies, with which it is tested.</summary>
    internal abstract IEnumerable<Expr> Examples(DType dtype, long size);

    /// <summary>Its name and its two sides.</summary>
    public override string ToString() => $"{Name}: {Text.Left} -> {Text.Right}";
}

/// <summary>A rule given by two patterns.</summary>
internal sealed class PatternRule(string name, Trust trust, Pattern.Node left, Term<Pattern> right, int variables, string? grows, bool ofComplex)
    : Rule(name, trust, left.Op.GetType(), grows, ofComplex)
{
    // Sums and products of booleans are logic: what holds of numbers need not hold of them.
    private readonly bool isLogic = left.Op is Ops.Switch or Ops.And or Ops.Or or Ops.Not;

    /// <summary>What is replaced.</summary>
    public Pattern.Node Left => left;

    /// <summary>By what.</summary>
    public Term<Pattern> Right => right;

    /// <inheritdoc/>
    public override (string Left, string Right) Text
    {
        get
        {
            string kinds = string.Join("; ", Restrictions(left).Select(r => $"{r.Variable} is {r.Kind.Name}").Distinct());
            return (left.Bare() + (kinds.Length > 0 ? $", where {kinds}" : ""), right.Bare());
        }
    }

    /// <inheritdoc/>
    internal override Expr? Apply(Expr node)
    {
        if (!isLogic && node.DType == DType.Bool)
        {
            return null;
        }
        var bound = new Expr?[variables];
        if (!Matcher.Match(left, node, bound) || (!OfComplex && Array.Exists(bound, x => x is not null && IsComplex(x))))
        {
            return null;
        }
        return Matcher.Build(right, bound) switch
        {
            Expr made => made,
            WeakLiteral<Expr> literal => Functions.FullLike(node, literal.Value),
            var other => throw new System.Diagnostics.UnreachableException($"{other}"),
        };
    }

    /// <inheritdoc/>
    internal override IEnumerable<Expr> Examples(DType dtype, long size)
    {
        Pattern.Restricted[] restrictions = [.. Restrictions(left).DistinctBy(r => r.Variable.Index)];
        var flags = new HashSet<int>();
        CollectFlags(left, flags);
        int alternatives = restrictions.Length == 0 ? 1 : restrictions.Max(r => r.Kind.Examples(Functions.Vector("x", size, DType.Float32)).Count);
        for (int alternative = 0; alternative < alternatives; alternative++)
        {
            var bound = new Expr?[variables];
            for (int i = 0; i < variables; i++)
            {
                Expr variable = Functions.Vector("xyzw"[i].ToString(), size, flags.Contains(i) ? DType.Bool : dtype);
                Seq<Expr>? examples = Array.Find(restrictions, r => r.Variable.Index == i)?.Kind.Examples(variable);
                bound[i] = examples is null ? variable : examples[alternative % examples.Count];
            }
            yield return (Expr)Matcher.Build(left, bound);
        }
    }

    private static IEnumerable<Pattern.Restricted> Restrictions(Term<Pattern> term) => term switch
    {
        Pattern.Restricted restricted => [restricted],
        Pattern.Node node => node.Inputs.SelectMany(Restrictions),
        _ => [],
    };

    /// <summary>The variables that stand where only a boolean may.</summary>
    private static void CollectFlags(Pattern.Node node, HashSet<int> flags)
    {
        for (int i = 0; i < node.Inputs.Count; i++)
        {
            switch (node.Inputs[i])
            {
                case Pattern.Variable variable when node.Op is Ops.And or Ops.Or or Ops.Not || (node.Op is Ops.Switch && i == 0):
                    flags.Add(variable.Index);
                    break;
                case Pattern.Node inner:
                    CollectFlags(inner, flags);
                    break;
            }
        }
    }
}

/// <summary>A rule whose right side is computed from the ops' parameters.</summary>
internal sealed class ComputedRule(string name, Trust trust, Type root, string left, string right, Func<Expr, Expr?> rewrite, Func<DType, long, IEnumerable<Expr>> examples, string? grows, Func<Expr, IEnumerable<Expr>>? sole, bool ofComplex)
    : Rule(name, trust, root, grows, ofComplex)
{
    /// <inheritdoc/>
    internal override Func<Expr, IEnumerable<Expr>>? Sole => sole;

    /// <inheritdoc/>
    public override (string Left, string Right) Text => (left, right);

    /// <inheritdoc/>
    internal override Expr? Apply(Expr node) => Root.IsInstanceOfType(node.Op) ? rewrite(node) : null;

    /// <inheritdoc/>
    internal override IEnumerable<Expr> Examples(DType dtype, long size) => examples(dtype, size);
}
