namespace Symbolic.Codegen;

/// <summary>What becomes one step of the plan: a kernel with its roots, or an op that is a step of its own.</summary>
internal sealed class Unit
{
    /// <summary>A unit computing these expressions.</summary>
    public Unit(params IEnumerable<Expr> roots) => Roots = [.. roots];

    /// <summary>The expressions it computes, each with a buffer.</summary>
    public List<Expr> Roots { get; }

    /// <summary>The expressions whose buffers it reads.</summary>
    public HashSet<Expr> Reads { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Those of the roots that only other roots of the unit read: they are computed, but stored nowhere.</summary>
    public HashSet<Expr> Inner { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>The contraction in whose store the root is computed, or null.</summary>
    public Expr? Contraction { get; init; }

    /// <summary>Whether it is a nest over one space that others of the same space may join.</summary>
    public bool IsPointwise { get; init; }

    /// <summary>Whether it is a nest of long reductions along memory, which others over the same axes of the same data may join.</summary>
    public bool IsReduction { get; init; }

    /// <summary>Maxima of few elements, or positions of such, that are computed in it.</summary>
    public List<Expr> Maxima { get; } = [];

    /// <summary>The units that it does row by row, in their order; none where it is no visit of rows.</summary>
    public Seq<Unit> Members { get; init; } = [];

    /// <summary>The rows that its members go over.</summary>
    public RowSpace? Rows { get; init; }

    /// <summary>Those of the roots of which only the rows at hand are kept, for members that follow.</summary>
    public HashSet<Expr> Passing { get; } = new(ReferenceEqualityComparer.Instance);

    /// <summary>Arithmetic per point.</summary>
    public int Cost { get; set; }
}
