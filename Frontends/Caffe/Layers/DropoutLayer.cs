namespace Symbolic.Caffe.Layers;

/// <summary>
/// In training each value is 0 with probability dropout_ratio, and what stays is divided by the share that stays; in testing
/// nothing happens.
/// </summary>
internal sealed class DropoutLayer : LayerType
{
    public override string Name => "Dropout";

    public override Seq<Expr> Build(LayerScope layer)
    {
        float ratio = layer.Parameter.DropoutParam?.DropoutRatio ?? 0.5f;
        if (ratio is not (>= 0 and < 1))
        {
            throw layer.Error($"dropout_ratio must lie in [0, 1); got {ratio}");
        }
        Expr x = layer.Bottom;
        return layer.Phase == Schema.Phase.Test || ratio == 0 ? [x] : [x * (layer.Random.Bernoulli(x.Shape, 1 - (double)ratio, layer.DType) * (1 / (1 - ratio)))];
    }
}
