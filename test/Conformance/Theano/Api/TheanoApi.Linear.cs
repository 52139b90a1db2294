using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Products of vectors, matrices and tensors (theano.tensor.basic).
internal sealed partial class TheanoApi
{
    private void AddLinear()
    {
        // Of booleans NumPy's product is whether any pair holds.
        Binary("T.dot", (a, b) => a.DType == DType.Bool && b.DType == DType.Bool ? Functions.Dot(a.Cast(DType.Int64), b.Cast(DType.Int64)).Cast(DType.Bool) : Functions.Dot(a, b));
        Binary("T.outer", Functions.Outer);
        Binary("T.batched_dot", Functions.BatchedDot);
        Add("T.tensordot(a, b, axes=2)", a => a["axes"] is Sequence { Items: [var left, var right] }
            ? Functions.Tensordot(a.Tensor("a"), a.Tensor("b"), Axes(left), Axes(right))
            : Functions.Tensordot(a.Tensor("a"), a.Tensor("b"), a.Int("axes")));
        Add("T.batched_tensordot(a, b, axes=2)", a => a["axes"] is Sequence { Items: [var left, var right] }
            ? Functions.BatchedTensordot(a.Tensor("a"), a.Tensor("b"), Axes(left), Axes(right))
            : Functions.BatchedTensordot(a.Tensor("a"), a.Tensor("b"), a.Int("axes")));
    }

    private static Seq<int> Axes(object? value) => value is Sequence { Items: var items } ? items.Select(Value.Int).ToSeq() : [Value.Int(value)];
}
