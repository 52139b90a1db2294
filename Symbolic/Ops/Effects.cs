namespace Symbolic.Ops;

/// <summary>Passes its first input on if the second (bool, any shape) is true throughout; else the call fails with the message.</summary>
public sealed record Assert(string Message) : EffectOp
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(2, inputs);
        return inputs[1].DType == DType.Bool ? inputs[0] : throw Mismatch($"wants a boolean condition; got {inputs[1]}");
    }

    /// <inheritdoc/>
    public override void Perform(IReadOnlyList<Literal> inputs)
    {
        if (inputs[1].Bytes.Contains((byte)0))
        {
            throw new AssertionFailed(Message);
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(this, SampleInput.Uniform([3], -1, 1), SampleInput.Of(DType.Bool, [2], 1, 1))];
}

/// <summary>Passes its input on and prints it after a label.</summary>
public sealed record Print(string Label) : EffectOp
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0];
    }

    /// <inheritdoc/>
    public override void Perform(IReadOnlyList<Literal> inputs) => Console.WriteLine($"{Label}: {inputs[0]}");

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(this, SampleInput.Uniform([3], -1, 1))];
}

/// <summary>Passes its input on and hands it to a delegate. Two callbacks are the same if their delegates are.</summary>
public sealed record Callback(Action<Literal> Action) : EffectOp
{
    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(1, inputs);
        return inputs[0];
    }

    /// <inheritdoc/>
    public override void Perform(IReadOnlyList<Literal> inputs) => Action(inputs[0]);

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => [Sample.Of(new Callback(_ => { }), SampleInput.Uniform([3], -1, 1))];
}
