using System.Collections;
using System.Runtime.CompilerServices;

namespace Symbolic;

/// <summary>The sizes of a tensor, one <see cref="Dim"/> per axis. Equal by value; an empty shape is a scalar's.</summary>
[CollectionBuilder(typeof(Shape), nameof(Create))]
public sealed record Shape : IReadOnlyList<Dim>
{
    private readonly Seq<Dim> dims;

    /// <summary>A shape of these sizes.</summary>
    public Shape(Seq<Dim> dims) => this.dims = dims;

    /// <summary>The shape of a scalar.</summary>
    public static Shape Scalar { get; } = new(Seq<Dim>.Empty);

    /// <summary>Builds a shape from a collection expression.</summary>
    public static Shape Create(ReadOnlySpan<Dim> dims) => new(Seq.Create(dims));

    /// <summary>A shape of known sizes.</summary>
    public static Shape Of(IEnumerable<long> sizes) => new(sizes.Select(s => (Dim)s).ToSeq());

    /// <summary>The sizes as a list.</summary>
    public Seq<Dim> Dims => dims;

    /// <summary>Number of axes.</summary>
    public int Rank => dims.Count;

    /// <inheritdoc/>
    public int Count => dims.Count;

    /// <inheritdoc/>
    public Dim this[int axis] => dims[axis];

    /// <summary>The sizes of a range of axes.</summary>
    public Shape this[Range range] => new(dims[range]);

    /// <summary>Number of elements: the product of all sizes, 1 for a scalar.</summary>
    public Dim Elements => dims.Aggregate((Dim)1, (a, b) => a * b);

    /// <summary>True if every size is a known number.</summary>
    public bool IsKnown => dims.All(d => d.IsConstant);

    /// <summary>The sizes as numbers; only for a known shape.</summary>
    public long[] Sizes => [.. dims.Select(d => d.Constant)];

    /// <summary>This shape without the given axes.</summary>
    public Shape Without(Seq<int> axes) => new(dims.Where((_, i) => !axes.Contains(i)).ToSeq());

    /// <summary>Only the sizes of the given axes, in their order.</summary>
    public Shape Only(Seq<int> axes) => new(axes.Map(a => dims[a]));

    /// <summary>This shape with the given axes set to size 1.</summary>
    public Shape WithOnes(Seq<int> axes) => new(dims.Select((d, i) => axes.Contains(i) ? (Dim)1 : d).ToSeq());

    /// <summary>This shape with every size mapped.</summary>
    public Shape Map(Func<Dim, Dim> map) => new(dims.Map(map));

    /// <summary>Row-major strides, in elements.</summary>
    public Seq<Dim> Strides()
    {
        var strides = new Dim[Rank];
        Dim step = 1;
        for (int i = Rank - 1; i >= 0; i--)
        {
            strides[i] = step;
            step *= dims[i];
        }
        return Seq.Create<Dim>(strides);
    }

    /// <inheritdoc/>
    public bool Equals(Shape? other) => other is not null && dims.Equals(other.dims);

    /// <inheritdoc/>
    public override int GetHashCode() => dims.GetHashCode();

    /// <inheritdoc/>
    public IEnumerator<Dim> GetEnumerator() => dims.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>As in IR text: <c>[2,n]</c>.</summary>
    public override string ToString() => $"[{string.Join(",", dims)}]";
}
