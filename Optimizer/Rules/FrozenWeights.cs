namespace Symbolic.Optimizer;

/// <summary>Contractions whose weights are constants, and scales of their channels.</summary>
internal static class FrozenWeights
{
    /// <summary>A convolution or matrix product by constant weights, perhaps transposed ones.</summary>
    public static bool IsFrozen(Expr node) => node.Op is Ops.Convolution or Ops.Dot && Weights(node).Weights.Op is Ops.Constant;

    /// <summary>A uniform constant, or constants repeated along all axes but the second. Axes of size 1 may stand beside it.</summary>
    public static bool IsPerChannel(Expr node) => node.Op is Ops.Full
        || (node.Op is Ops.Broadcast repeat && node.Inputs[0].Op is Ops.Constant && repeat.Axes.All(axis => axis == 1 || repeat.To[axis].Is(1)) && repeat.Axes.Contains(1));

    /// <summary>The contraction with each channel's weights multiplied or divided by its scale; null where a weight would overflow.</summary>
    public static Expr? Scale(Expr contraction, Expr scale, bool divide)
    {
        (Expr weights, int axis) = Weights(contraction);
        Literal values = ((Ops.Constant)weights.Op).Value;
        long channels = values.Sizes[axis], inner = values.Sizes[(axis + 1)..].Aggregate(1L, (a, b) => a * b);
        Func<long, double> of = scale.Op is Ops.Full full
            ? _ => full.Value.ToDouble()
            : channel => ((Ops.Constant)scale.Inputs[0].Op).Value[channel].ToDouble();
        bool isFinite = true;
        Literal products = Literal.Build(values.DType, values.Sizes, i =>
        {
            double weight = values[i].ToDouble(), by = of(i / inner % channels);
            var product = ScalarValue.Of(values.DType, divide ? weight / by : weight * by);
            isFinite &= double.IsFinite(product.ToDouble());
            return product;
        });
        if (!isFinite)
        {
            return null;
        }
        Expr scaled = Functions.Constant(products);
        Expr placed = contraction.Inputs[1].Op is Ops.Transpose transpose ? scaled.Transpose(transpose.Order) : scaled;
        return Expr.Of(contraction.Op, contraction.Inputs[0], placed);
    }

    /// <summary>The weights as they are stored, and the axis of theirs that runs over the result's channels.</summary>
    private static (Expr Weights, int Axis) Weights(Expr contraction)
    {
        int axis = contraction.Op is Ops.Dot ? 1 : 0;
        return contraction.Inputs[1] is { Op: Ops.Transpose transpose, Inputs: [var stored] } ? (stored, transpose.Order[axis]) : (contraction.Inputs[1], axis);
    }
}
