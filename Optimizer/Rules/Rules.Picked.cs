namespace Symbolic.Optimizer;

using static Functions;

public static partial class Rules
{
    /// <summary>
    /// log of some elements of a softmax, as the logarithm of the whole and then the same elements: the picks themselves do not change. Null
    /// where no softmax is at their end.
    /// </summary>
    private static Expr? LogOfMoved(Expr picked)
    {
        var path = new Stack<Expr>();
        Expr x = picked;
        while (x.Op is Ops.Reshape or Ops.Transpose or Ops.Gather)
        {
            path.Push(x);
            x = x.Inputs[0];
        }
        if (path.Count == 0 || x.Op is not Ops.Softmax softmax)
        {
            return null;
        }
        Expr moved = Expr.Of(new Ops.LogSoftmax(softmax.Axis), x.Inputs[0]);
        foreach (Expr step in path)
        {
            moved = Expr.Of(step.Op, [moved, .. step.Inputs[1..]]);
        }
        return moved;
    }

    /// <summary>
    /// What the gradient of the logarithm of picked elements leaves: z / gather(y, p), put back where it was picked, times y. Each quotient
    /// meets the element that it was divided by, so both go before 0 / 0 does. Null where it is not so.
    /// </summary>
    private static Expr? Unscattered(Expr put, Expr y)
    {
        Expr scattered = WithoutReshapes(put);
        if (y.Op is not Ops.Softmax || scattered is not { Op: Ops.ScatterAdd to, Inputs: [{ Op: Ops.Full zero } start, var positions, var added] } || zero.Value.ToDouble() != 0)
        {
            return null;
        }
        bool negative = added.Op is Ops.Neg;
        if ((negative ? added.Inputs[0] : added) is not { Op: Ops.Div, Inputs: [var z, { Op: Ops.Gather from, Inputs: [var whole, var same] }] }
            || from.Axis != to.Axis || !ReferenceEquals(positions, same) || !ReferenceEquals(WithoutReshapes(whole), y) || !whole.Shape.Equals(start.Shape))
        {
            return null;
        }
        return Expr.Of(to, start, positions, negative ? -z : z).Reshape(put.Shape);
    }

    private static Expr WithoutReshapes(Expr x)
    {
        while (x.Op is Ops.Reshape)
        {
            x = x.Inputs[0];
        }
        return x;
    }

    /// <summary>An example of what <see cref="Unscattered"/> is about.</summary>
    private static Expr ScatteredOver(Expr y)
    {
        Expr positions = Iota([y.Shape[0]], 0), picked = Expr.Of(new Ops.Gather(0), y, positions);
        return Expr.Of(new Ops.ScatterAdd(0), FullLike(y, 0), positions, FullLike(picked, 3) / picked);
    }
}
