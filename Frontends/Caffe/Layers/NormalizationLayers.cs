using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// Each channel shifted and scaled to mean 0 and variance 1: of the batch, or of what many batches left in the layer's three
/// blobs. They hold sums of means and variances with old ones fading, and the sum of the weights of what is in them, by which
/// the first two are divided when used (batch_norm_layer.cpp). A Scale layer follows where a learned scale and shift are wanted.
/// </summary>
internal sealed class BatchNormLayer : LayerType
{
    public override string Name => "BatchNorm";

    public override Seq<Expr> Build(LayerScope layer)
    {
        BatchNormParameter parameter = layer.Parameter.BatchNormParam ?? new BatchNormParameter();
        Expr x = layer.Bottom;
        if (x.Rank < 2)
        {
            throw layer.Error($"wants at least 2 axes, the second of channels; got {x.Label}");
        }
        CheckNotLearned(layer);
        long channels = layer.Size(x, 1);
        Expr means = layer.Statistic([channels]), variances = layer.Statistic([channels]), weight = layer.Statistic([1]);
        bool stored = parameter.HasUseGlobalStats ? parameter.UseGlobalStats : layer.Phase == Phase.Test;
        if (stored)
        {
            Expr whole = weight.Reshape(Shape.Scalar);
            Expr factor = Switch<Expr>(EqualTo<Expr>(whole, 0), 0, 1 / whole);
            return [NormalizeWith(x, means * factor, variances * factor, epsilon: parameter.Eps)];
        }
        BatchNormalized batch = BatchNormalize(x, epsilon: parameter.Eps);
        Expr count = layer.Count(batch.Count);
        Expr unbiased = batch.Variance.Reshape([channels]) * (count / Maximum<Expr>(count - 1, 1));
        float fading = parameter.MovingAverageFraction;
        layer.Leave(0, batch.Mean.Reshape([channels]) + fading * means);
        layer.Leave(1, unbiased + fading * variances);
        layer.Leave(2, 1 + fading * weight);
        return [batch.Output];
    }

    private static void CheckNotLearned(LayerScope layer)
    {
        if (layer.Parameter.Param.FirstOrDefault(spec => spec.LrMult != 0) is { } learned)
        {
            throw layer.Error("Cannot configure batch normalization statistics as layer parameters.", learned);
        }
    }
}

/// <summary>
/// Each value divided by a power of the mean of squares around it: of neighbouring channels, or of a square in its own channel.
/// The second kind takes no notice of k (lrn_layer.cpp).
/// </summary>
internal sealed class LRNLayer : LayerType
{
    public override string Name => "LRN";

    public override Seq<Expr> Build(LayerScope layer)
    {
        LRNParameter parameter = layer.Parameter.LrnParam ?? new LRNParameter();
        Expr x = layer.Bottom;
        if (x.Rank != 4)
        {
            throw layer.Error($"Input must have 4 axes, corresponding to (num, channels, height, width); got {x.Label}");
        }
        int size = layer.Number(parameter.LocalSize, "local_size", least: 1);
        if (size % 2 == 0)
        {
            throw layer.Error($"LRN only supports odd values for local_size; got {size}", parameter, "local_size");
        }
        return [parameter.NormRegion == LRNParameter.Types.NormRegion.AcrossChannels
            ? ChannelResponseNorm(x, size, parameter.Alpha, parameter.Beta, parameter.K)
            : SpatialResponseNorm(x, size, parameter.Alpha, parameter.Beta)];
    }
}

/// <summary>Each image, or each channel of it, shifted to mean 0 and divided by its standard deviation; eps is added to that, not under the root.</summary>
internal sealed class MVNLayer : LayerType
{
    /// <summary>The least positive normal float32. It stands under the root so that an even image has a gradient; the value stays.</summary>
    private const double Least = 1.17549435e-38;

    public override string Name => "MVN";

    public override Seq<Expr> Build(LayerScope layer)
    {
        MVNParameter parameter = layer.Parameter.MvnParam ?? new MVNParameter();
        Expr x = layer.Bottom;
        if (x.Rank is 0 or > 4)
        {
            throw layer.Error($"wants 1 to 4 axes; got {x.Label}");
        }
        int kept = parameter.AcrossChannels ? 1 : Math.Min(2, x.Rank);
        Expr rows = x.Reshape([x.Shape[..kept].Elements, x.Shape[kept..].Elements]);
        Expr y = rows - rows.Mean([1]).BroadcastTo(rows.Shape, [0]);
        if (parameter.NormalizeVariance)
        {
            Expr deviation = Sqrt<Expr>(Maximum<Expr>((y * y).Mean([1]), Least));
            y /= (deviation + parameter.Eps).BroadcastTo(rows.Shape, [0]);
        }
        return [y.Reshape(x.Shape)];
    }
}
