namespace Symbolic;

/// <summary>
/// An op whose meaning is an algorithm over whole arrays rather than a formula for one element: sorting, running sums, adding at
/// positions that are data. The algorithm is stated once, over memory and numbers; the interpreter and compiled programs both run it.
/// </summary>
public abstract record ProcedureOp : Op
{
    /// <summary>
    /// Computes the results from the inputs and nothing else. It writes every element of every result, allocates nothing, and keeps
    /// nothing between calls.
    /// </summary>
    /// <exception cref="BindingError">The values of the inputs make no sense, such as a position outside an array.</exception>
    public abstract void Compute(ProcedureCall call);

    /// <summary>Bytes of scratch memory that a call on inputs of these types needs.</summary>
    public virtual Dim Scratch(ReadOnlySpan<TensorType> inputs) => 0;

    /// <summary>An error in the values of a call, with the op's name ahead of the message.</summary>
    protected BindingError Refused(string message) => new($"{Name} {message}");

    /// <summary>The results for inputs of known values; <paramref name="results"/> have known sizes.</summary>
    internal Literal[] Evaluate(IReadOnlyList<Literal> inputs, Seq<TensorType> results)
    {
        long bytes = Scratch(inputs.Select(input => input.Type).ToArray()).Constant;
        var memory = new List<byte[]>();
        ProcedureArray Pinned(TensorType type)
        {
            // The garbage collector does not move it, and nobody frees it while the list holds it.
            var array = new ProcedureArray(type.DType, Seq.Create<long>(type.Shape.Sizes));
            byte[] block = GC.AllocateUninitializedArray<byte>(checked((int)array.Bytes), pinned: true);
            memory.Add(block);
            array.Place(block.Length == 0 ? 0 : System.Runtime.InteropServices.Marshal.UnsafeAddrOfPinnedArrayElement(block, 0));
            return array;
        }
        Seq<ProcedureArray> from = inputs.Select(input => Pinned(input.Type)).ToSeq();
        for (int i = 0; i < inputs.Count; i++)
        {
            inputs[i].Bytes.CopyTo(memory[i]);
        }
        Seq<ProcedureArray> to = results.Map(Pinned);
        Compute(new ProcedureCall(from, to, Pinned(new TensorType(DType.UInt8, [bytes]))));
        return [.. results.Select((type, i) => Literal.FromBytes(type.DType, to[i].Sizes, memory[inputs.Count + i]))];
    }
}
