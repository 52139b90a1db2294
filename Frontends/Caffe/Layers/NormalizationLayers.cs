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
            return [Normalized(x - Spread(means * factor, x), variances * factor, parameter.Eps, x)];
        }
        Seq<int> others = Enumerable.Range(0, x.Rank).Where(axis => axis != 1).ToSeq();
        Expr mean = x.Mean(others);
        Expr centred = x - Spread(mean, x);
        Expr variance = (centred * centred).Mean(others);
        Expr count = layer.Count(x.Shape.Only(others).Elements);
        Expr unbiased = variance * (count / Maximum<Expr>(count - 1, 1));
        float fading = parameter.MovingAverageFraction;
        layer.Leave(0, mean + fading * means);
        layer.Leave(1, unbiased + fading * variances);
        layer.Leave(2, 1 + fading * weight);
        return [Normalized(centred, variance, parameter.Eps, x)];
    }

    /// <summary>Files from before 2016 give all three lr_mult 0 themselves, or say something else that was never meant (upgrade_proto.cpp, UpgradeNetBatchNorm).</summary>
    private static void CheckNotLearned(LayerScope layer)
    {
        if (layer.Parameter.Param.Count != 3 && layer.Parameter.Param.FirstOrDefault(spec => spec.LrMult != 0) is { } learned)
        {
            throw layer.Error("Cannot configure batch normalization statistics as layer parameters.", learned);
        }
    }

    private static Expr Normalized(Expr centred, Expr variance, float eps, Expr x) => centred / Spread(Sqrt<Expr>(variance + eps), x);

    private static Expr Spread(Expr perChannel, Expr x) => perChannel.BroadcastTo(x.Shape, [1]);
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
