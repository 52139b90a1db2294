namespace Symbolic.Conformance.Theano.Cases;

/// <summary>An input of a case: its declaration and its value.</summary>
/// <param name="Name">The Python name.</param>
/// <param name="Value">The value.</param>
/// <param name="Broadcastable">Which axes are declared to be of size 1; none where the case says nothing.</param>
internal sealed record CaseInput(string Name, Literal Value, Seq<bool>? Broadcastable);

/// <summary>A value beside the name or number of what it belongs to.</summary>
internal sealed record Tagged<T>(T Of, Literal Value);

/// <summary>The declared type of an output: its place among them, its dtype, and which of its axes are known to be of size 1.</summary>
internal sealed record OutType(int Of, DType DType, Seq<bool> Broadcastable);

/// <summary>One line of a file of cases, as the data's README describes it.</summary>
internal sealed record TheanoCase
{
    public required string Id { get; init; }

    public required string Family { get; init; }

    public required string Expression { get; init; }

    public required string? Code { get; init; }

    public required Seq<CaseInput> Inputs { get; init; }

    public required Seq<Literal> Outputs { get; init; }

    /// <summary>Other values that Theano gives for the outputs with less or no optimisation; lists like <see cref="Outputs"/>.</summary>
    public required Seq<Seq<Literal>> OtherOutputs { get; init; }

    /// <summary>The type of each output as the graph declares it.</summary>
    public required Seq<OutType> OutTypes { get; init; }

    public required Seq<Tagged<int>> Cotangents { get; init; }

    public required Seq<Tagged<string>> Gradients { get; init; }

    /// <summary>The gradients without optimisation, or an empty list.</summary>
    public required Seq<Literal> OtherGradients { get; init; }

    public required Seq<string> Disconnected { get; init; }

    public required Seq<Tagged<string>> Tangents { get; init; }

    public required Seq<Literal> Rop { get; init; }

    /// <summary>The same case with each complex number as its two parts, along a last axis: what compares real numbers then compares them all.</summary>
    public TheanoCase InParts() => this with
    {
        Inputs = Inputs.Map(input => input with { Value = InParts(input.Value) }),
        Outputs = Outputs.Map(InParts),
        OtherOutputs = OtherOutputs.Map(list => list.Map(InParts)),
    };

    /// <summary>A complex value as its two parts, along a last axis; any other as it is.</summary>
    public static Literal InParts(Literal value) => value.DType.IsComplex()
        ? Literal.FromBytes(value.DType.Real(), value.Sizes.Add(2), value.Bytes)
        : value;

    /// <summary>Class and message of what Theano raised, or null.</summary>
    public required (string Type, string Message)? Error { get; init; }
}
