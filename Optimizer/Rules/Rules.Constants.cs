namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    /// <summary>
    /// Constants computed by the reference interpreter, and brought into one form: uniform ones are <see cref="Ops.Full"/> of any
    /// shape, so that the numbers in patterns match them. Without this, rules silently stop matching.
    /// </summary>
    /// <param name="most">The greatest number of elements that is read or made.</param>
    public static RuleSet Constants(int most) => new(Exact, ofComplex: true)
    {
        { "uniform", "a constant array of equal values", "full",
            (Ops.Constant constant, Expr node) => constant.Value.Uniform() is { } value ? Expr.Of(new Ops.Full(value, node.Shape)) : null,
            (dtype, size) => [Expr.Of(new Ops.Constant(Literal.Build(dtype, [size], _ => ScalarValue.Of(dtype, 3))))] },
        { "move-uniform", "a movement or cast of a uniform constant", "full",
            (FormulaOp op, Expr node) => (op is Ops.Broadcast or Ops.Reshape or Ops.Transpose or Ops.Equate or Ops.Slice || (op is Ops.Gather gather && node.Inputs[0].Shape[gather.Axis].Lower >= 1)) && node.Inputs[0].Op is Ops.Full full ? Expr.Of(full with { Shape = node.Shape }) : null,
            (dtype, size) => [Expr.Of(new Ops.Broadcast([2, size], [1]), FullLike(Matrix("x", dtype, size), 2)), Expr.Of(new Ops.Reshape([1, size]), FullLike(Matrix("x", dtype, size), 2))] },
        { "join-uniform", "uniform constants of one value, concatenated or set into one another", "full",
            (FormulaOp op, Expr node) => op is Ops.Concatenate or Ops.SetSlice && node.Inputs[0].Op is Ops.Full full && node.Inputs.All(input => input.Op is Ops.Full other && other.Value == full.Value)
                ? Expr.Of(full with { Shape = node.Shape }) : null,
            (dtype, size) => [Concatenate([Full(dtype, [2, size], 2), Full(dtype, [1, size], 2)]), Expr.Of(new Ops.SetSlice([0], [2], [1]), Full(dtype, [size], 0), Full(dtype, [2], 0))] },
        { "fold-uniform", "an elementwise op of uniform constants", "full",
            (Pointwise op, Expr node) => node.Inputs.All(input => input.Op is Ops.Full)
                ? Expr.Of(new Ops.Full(Value(Expr.Of(op, node.Inputs.Map(input => Constant(((Ops.Full)input.Op).Value)).AsSpan()))[0], node.Shape)) : null,
            (dtype, size) => [FullLike(Matrix("x", dtype, size), 2) + FullLike(Matrix("x", dtype, size), 3), Exp(FullLike(Matrix("x", dtype, size), 1))] },
        { "sum-zeros", "sum(0)", "0",
            (Ops.Sum _, Expr node) => node.Inputs[0].Op is Ops.Full { Value: var value } && value.IsExactly(0) ? Expr.Of(new Ops.Full(value, node.Shape)) : null,
            (dtype, size) => [FullLike(Matrix("x", dtype, 2, size), 0).Sum([1])] },
        { "fold", "an op of small constants", "its value",
            (Op op, Expr node) => IsFoldable(op, node, most) ? Constant(Value(node)) : null,
            (dtype, size) => { Expr c = Constant(Literal.Build(dtype, [2, size], i => ScalarValue.Of(dtype, i % 7))); return [Exp(c), c.Sum([0]), c.Transpose(), Softmax(c), c[1..], Concatenate([c, c]), c.Take(Constant(Literal.Of<long>([1, 0, 1], 3)), 0)]; } },
    };

    private static Literal Value(Expr node) => Reference.Evaluate(new Lambda([], [node]), [])[0];

    /// <summary>
    /// Contractions and windows are left alone, since they read each element many times; and so are broadcasts, which cost nothing when
    /// run but memory when folded.
    /// </summary>
    private static bool IsFoldable(Op op, Expr node, int most) =>
        op is Pointwise or Ops.ReductionOp or Ops.Transpose or Ops.Reshape or Ops.Slice or Ops.SetSlice or Ops.Concatenate or Ops.Gather or Ops.Softmax or Ops.LogSoftmax
        && node.Inputs.All(input => input.Op is Ops.Full or Ops.Constant && IsSmall(input.Shape, most)) && IsSmall(node.Shape, most);

    private static bool IsSmall(Shape shape, int most) => shape.IsKnown && shape.Sizes.Aggregate(1.0, (count, size) => count * size) <= most;
}
