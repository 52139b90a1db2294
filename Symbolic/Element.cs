namespace Symbolic;

/// <summary>
/// The language of meanings: one element of a result, as a tree over reads, index values, intrinsics and reductions.
/// The interpreter, the CPU writer and the GPU writer all read it. No order of evaluation is implied.
/// </summary>
public abstract record Element(DType DType)
{
    /// <summary>A constant.</summary>
    public sealed record Number(ScalarValue Value) : Element(Value.DType);

    /// <summary>An element of an operand (by its position among the inputs or buffers) at an index.</summary>
    public sealed record Read(int Operand, Seq<Dim> At, DType DType) : Element(DType);

    /// <summary>The value of an index expression.</summary>
    public sealed record IndexValue(Dim Index) : Element(DType.Int64);

    /// <summary>An intrinsic of the closed table applied to arguments. Select evaluates only the branch it takes.</summary>
    public sealed record Call(Intrinsic Function, DType DType, Seq<Element> Arguments) : Element(DType);

    /// <summary>A reduction of the body over all values of the indices. ArgMax yields the row-major position of the first maximum.</summary>
    public sealed record Reduce(Reduction Kind, Seq<LoopIndex> Over, Element Body, DType DType) : Element(DType);

    /// <summary>The index expressions in it.</summary>
    internal IEnumerable<Dim> Dims() => this switch
    {
        Read read => read.At,
        IndexValue index => [index.Index],
        Call call => call.Arguments.SelectMany(argument => argument.Dims()),
        Reduce reduce => reduce.Over.Select(index => index.Extent).Concat(reduce.Body.Dims()),
        _ => [],
    };

    /// <summary>The same element with every index expression mapped; itself where none changes. What is shared stays shared.</summary>
    internal Element MapDims(Func<Dim, Dim> map)
    {
        var memo = new Dictionary<Element, Element>(ReferenceEqualityComparer.Instance);
        return Mapped(this);

        Element Mapped(Element element)
        {
            if (memo.TryGetValue(element, out Element? known))
            {
                return known;
            }
            return memo[element] = element switch
            {
                Read read => read.At.Map(map) is var at && Same(at, read.At) ? read : read with { At = at },
                IndexValue index => map(index.Index) is var mapped && ReferenceEquals(mapped, index.Index) ? index : new IndexValue(mapped),
                Call call => call.Arguments.Map(Mapped) is var arguments && Same(arguments, call.Arguments) ? call : call with { Arguments = arguments },
                Number => element,
                _ => throw new System.Diagnostics.UnreachableException($"a loop within an index: {element}"),
            };
        }

        static bool Same<T>(Seq<T> one, Seq<T> other) where T : class
        {
            for (int i = 0; i < one.Count; i++)
            {
                if (!ReferenceEquals(one[i], other[i]))
                {
                    return false;
                }
            }
            return true;
        }
    }

    /// <summary>A constant of this dtype.</summary>
    public static Element Of(DType dtype, double value) => new Number(ScalarValue.Of(dtype, value));

    /// <summary>An intrinsic with a result of the arguments' dtype.</summary>
    public static Element Apply(Intrinsic function, params ReadOnlySpan<Element> arguments) =>
        new Call(function, function.IsPredicate() ? DType.Bool : arguments[^1].DType, Seq.Create(arguments));

    /// <summary>This value converted to another dtype.</summary>
    public Element Cast(DType to) => to == DType ? this : this is Number(var value) ? new Number(value.Cast(to)) : new Call(Intrinsic.Cast, to, [this]);

    /// <summary>The first value where the condition holds, else the second; constant conditions choose at once.</summary>
    public static Element Select(Element condition, Element then, Element otherwise) => condition switch
    {
        Number(var value) => value.AsBool ? then : otherwise,
        _ => new Call(Intrinsic.Select, then.DType, [condition, then, otherwise]),
    };

    /// <summary>Whether lower ≤ value &lt; upper, decided at once where the bounds of the loop indices suffice.</summary>
    public static Element Inside(Dim value, Dim lower, Dim upper)
    {
        bool above = value.IsAtLeast(lower);
        bool below = upper.IsAtLeast(value + 1);
        Element Above() => Apply(Intrinsic.LessOrEqual, new IndexValue(lower), new IndexValue(value));
        Element Below() => Apply(Intrinsic.Less, new IndexValue(value), new IndexValue(upper));
        return (above, below) switch
        {
            (true, true) => new Number(ScalarValue.Of(DType.Bool, 1)),
            (true, false) => Below(),
            (false, true) => Above(),
            _ => Apply(Intrinsic.And, Above(), Below()),
        };
    }

    /// <summary>Both conditions; constants vanish.</summary>
    public static Element Both(Element a, Element b) => (a, b) switch
    {
        (Number(var value), _) => value.AsBool ? b : a,
        (_, Number(var value)) => value.AsBool ? a : b,
        _ => Apply(Intrinsic.And, a, b),
    };
}

/// <summary>How a reduction combines values.</summary>
public enum Reduction
{
    /// <summary>Sum; empty is 0.</summary>
    Sum,
    /// <summary>Product; empty is 1.</summary>
    Product,
    /// <summary>Maximum, NaN if any is NaN; empty is -∞ or the smallest integer.</summary>
    Max,
    /// <summary>Minimum, NaN if any is NaN; empty is +∞ or the largest integer.</summary>
    Min,
    /// <summary>Row-major position of the first maximum (NaN counts as the greatest), as an int64; empty is 0.</summary>
    ArgMax,
    /// <summary>True if all are.</summary>
    All,
    /// <summary>True if any is.</summary>
    Any,
}
