namespace Symbolic;

/// <summary>
/// What an op writes its meaning over: its operands, and reductions with indices of their own. Whoever reads the
/// meaning decides what a read is: the interpreter looks up a value, a kernel may put the producer's formula in its place.
/// </summary>
public sealed class Formula(Seq<TensorType> operands, TensorType result, Func<int, Seq<Dim>, Element> read, IndexNames names)
{
    /// <summary>Type of the result.</summary>
    public TensorType Result { get; } = result;

    /// <summary>Type of an operand.</summary>
    public TensorType Operand(int operand) => operands[operand];

    /// <summary>Number of operands.</summary>
    public int Count => operands.Count;

    /// <summary>An element of an operand.</summary>
    public Element Read(int operand, Seq<Dim> at) => read(operand, at);

    /// <summary>An element of an operand, or 0 where the index lies outside it.</summary>
    public Element ReadOrZero(int operand, Seq<Dim> at) => ReadOr(operand, at, 0);

    /// <summary>An element of an operand, or <paramref name="outside"/> where the index lies outside it.</summary>
    public Element ReadOr(int operand, Seq<Dim> at, double outside)
    {
        Shape shape = operands[operand].Shape;
        Element inside = new Element.Number(ScalarValue.Of(DType.Bool, 1));
        for (int axis = 0; axis < at.Count; axis++)
        {
            inside = Element.Both(inside, Element.Inside(at[axis], 0, shape[axis]));
        }
        return Element.Select(inside, read(operand, at), Element.Of(operands[operand].DType, outside));
    }

    /// <summary>A sum of the body over all indices below the extents. Half-precision bodies accumulate in float32.</summary>
    public Element Sum(Shape extents, Func<Seq<Dim>, Element> body) => Reduce(Reduction.Sum, extents, body);

    /// <summary>A sum of products over all indices below the extents. Half-precision factors are multiplied and accumulated in float32.</summary>
    public Element SumOfProducts(Shape extents, Func<Seq<Dim>, (Element Left, Element Right)> factors) => Sum(extents, r =>
    {
        (Element left, Element right) = factors(r);
        DType accumulator = Result.DType.Accumulator();
        return Element.Apply(Intrinsic.Mul, left.Cast(accumulator), right.Cast(accumulator));
    }).Cast(Result.DType);

    /// <summary>A reduction of the body over all indices below the extents.</summary>
    public Element Reduce(Reduction kind, Shape extents, Func<Seq<Dim>, Element> body)
    {
        Seq<LoopIndex> over = extents.Dims.Map(names.Fresh);
        Element value = body(over.Map(index => (Dim)index));
        if (kind == Reduction.ArgMax)
        {
            return new Element.Reduce(kind, over, value, DType.Int64);
        }
        DType accumulator = value.DType.Accumulator();
        return new Element.Reduce(kind, over, value.Cast(accumulator), accumulator).Cast(value.DType);
    }
}

/// <summary>Names for the indices of one formula, unique within it and the same in every process.</summary>
public sealed class IndexNames
{
    private int next;

    /// <summary>An index from 0 to below the extent with a name not given before.</summary>
    public LoopIndex Fresh(Dim extent) => new($"r{next++}", extent);
}
