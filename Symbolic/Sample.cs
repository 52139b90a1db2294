namespace Symbolic;

/// <summary>One way to try an op: the op with its parameters, and values for its inputs.</summary>
/// <param name="Op">The op.</param>
/// <param name="Inputs">What its inputs are drawn from.</param>
/// <param name="Smooth">False where the point lies on a kink or outside the domain, so that finite differences mean nothing.</param>
public sealed record Sample(Op Op, Seq<SampleInput> Inputs, bool Smooth = true)
{
    /// <summary>A sample of this op over these inputs.</summary>
    public static Sample Of(Op op, params ReadOnlySpan<SampleInput> inputs) => new(op, Seq.Create(inputs));

    /// <summary>The same, at a point where the gradient is not compared with differences.</summary>
    public static Sample Kinked(Op op, params ReadOnlySpan<SampleInput> inputs) => new(op, Seq.Create(inputs), Smooth: false);

    /// <summary>Samples of an elementwise op with float inputs between the bounds, over shapes with 0, 1, a prime and vector widths ± 1, and the edge values.</summary>
    public static IEnumerable<Sample> Elementwise(Pointwise op, double low, double high)
    {
        foreach (long[] sizes in (long[][])[[], [0, 3], [1], [7], [3, 5], [31], [33]])
        {
            yield return new Sample(op, Enumerable.Range(0, op.Arity).Select(_ => SampleInput.Uniform(sizes, low, high)).ToSeq());
        }
        yield return new Sample(op, Enumerable.Range(0, op.Arity).Select(i => SampleInput.Edges(i)).ToSeq(), Smooth: false);
    }
}

/// <summary>The values of one sample input: drawn between bounds, or given.</summary>
/// <param name="Sizes">Sizes of the input.</param>
/// <param name="Low">Least value drawn.</param>
/// <param name="High">Greatest value drawn.</param>
/// <param name="Values">Given values instead, or null.</param>
/// <param name="DType">The dtype if the op asks for a certain one; null for the float dtype under test.</param>
public sealed record SampleInput(Seq<long> Sizes, double Low, double High, Seq<double>? Values, DType? DType)
{
    private static readonly double[] EdgeValues = [0.0, -0.0, 1, -1, 0.5, -2.5, 1e-30, -1e-30, 88, -88, 1e30, -1e30, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 3];

    /// <summary>Float values drawn evenly between the bounds.</summary>
    public static SampleInput Uniform(ReadOnlySpan<long> sizes, double low, double high) => new(Seq.Create(sizes), low, high, null, null);

    /// <summary>Whole numbers of this dtype drawn evenly from low to high, both included.</summary>
    public static SampleInput Whole(DType dtype, ReadOnlySpan<long> sizes, long low, long high) => new(Seq.Create(sizes), low, high, null, dtype);

    /// <summary>Given values of the float dtype under test.</summary>
    public static SampleInput Of(ReadOnlySpan<long> sizes, params ReadOnlySpan<double> values) => new(Seq.Create(sizes), 0, 0, Seq.Create(values), null);

    /// <summary>Given values of a certain dtype.</summary>
    public static SampleInput Of(DType dtype, ReadOnlySpan<long> sizes, params ReadOnlySpan<double> values) => new(Seq.Create(sizes), 0, 0, Seq.Create(values), dtype);

    /// <summary>±0, ±∞, NaN, tiny, huge and ordinary values, rotated by input so that a binary op meets many pairs.</summary>
    public static SampleInput Edges(int rotation)
    {
        double[] values = [.. Enumerable.Range(0, EdgeValues.Length * EdgeValues.Length)
            .Select(i => EdgeValues[rotation == 0 ? i % EdgeValues.Length : i / EdgeValues.Length])];
        return Of([values.Length], values);
    }
}
