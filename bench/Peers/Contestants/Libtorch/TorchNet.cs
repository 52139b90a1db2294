using Symbolic.Caffe.Schema;
using Symbolic.Peers.Works.Nets;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>A net of Caffe's layers as libtorch's operations, in place where libtorch's own models are.</summary>
internal sealed class TorchNet
{
    private readonly NetPlan plan;
    private readonly bool drops;
    private readonly Dictionary<NetStep, Tensor[]> arrays = [];

    /// <summary>A net with the formula's weights.</summary>
    public TorchNet(NetWork work, Layout layout)
    {
        plan = work.Plan;
        drops = work.Drops;
        foreach (NetStep step in plan.Steps)
        {
            arrays[step] = [.. step.Arrays.Select(array => Made(step, array, work.Source, layout))];
        }
        Learned = [.. plan.Steps.Where(step => step.Type != "BatchNorm").SelectMany(step => arrays[step])];
        foreach (Tensor tensor in Learned)
        {
            tensor.requires_grad_();
        }
    }

    /// <summary>What is learned, in the order of the layers.</summary>
    public Tensor[] Learned { get; }

    /// <summary>Everything that it keeps.</summary>
    public IEnumerable<Tensor> Kept => arrays.Values.SelectMany(all => all);

    /// <summary>The loss of a batch.</summary>
    public Tensor Loss(Tensor images, Tensor labels)
    {
        var blobs = new Dictionary<string, Tensor>(StringComparer.Ordinal) { ["data"] = images };
        for (int i = 0; i < plan.Steps.Length; i++)
        {
            NetStep step = plan.Steps[i];
            Tensor x = blobs[step.Layer.Bottom[0]];
            if (step.Type == "SoftmaxWithLoss")
            {
                return F.cross_entropy(x, labels);
            }
            if (step.Type == "BatchNorm")
            {
                // Caffe's scale is a layer of its own, libtorch's a part of the normalisation.
                NetStep scale = plan.Steps[++i];
                blobs[scale.Layer.Top[0]] = Normalized(step, scale, x);
                continue;
            }
            blobs[step.Layer.Top[0]] = step.Type == "Eltwise" ? Added(i, blobs) : step.Type == "Concat" ? cat(step.Layer.Bottom.Select(name => blobs[name]).ToList(), 1) : Applied(step, x);
        }
        throw new InvalidOperationException("the net ends without a loss");
    }

    private Tensor Applied(NetStep step, Tensor x)
    {
        Tensor[] own = arrays[step];
        switch (step.Type)
        {
            case "Convolution":
                ConvGeometry conv = ConvGeometry.Of(step);
                return F.conv2d(x, own[0], own.Length > 1 ? own[1] : null, [conv.StrideY, conv.StrideX], [conv.PadY, conv.PadX], [conv.Dilation, conv.Dilation], conv.Groups);
            case "InnerProduct":
                return F.linear(x.dim() == 2 ? x : x.flatten(1), own[0], own[1]);
            case "Pooling":
                PoolGeometry pool = PoolGeometry.Of(step.Layer, step.Bottoms[0][2]);
                return pool.Max ? F.max_pool2d(x, pool.Kernel, pool.Stride, pool.Pad, 1, pool.Ceiling) : F.avg_pool2d(x, pool.Kernel, pool.Stride, pool.Pad, pool.Ceiling);
            case "ReLU":
                return step.Layer.Top[0] == step.Layer.Bottom[0] ? x.relu_() : x.relu();
            case "TanH":
                return x.tanh();
            case "Dropout":
                return F.dropout(x, step.Layer.DropoutParam.DropoutRatio, training: drops);
            case "LRN":
                LRNParameter norm = step.Layer.LrnParam;
                return norm.NormRegion == LRNParameter.Types.NormRegion.AcrossChannels
                    ? F.local_response_norm(x, norm.LocalSize, norm.Alpha, norm.Beta, norm.K)
                    : WithinChannel(x, norm);
            default:
                throw new NotSupportedException($"libtorch is not taught layers of type {step.Type} here");
        }
    }

    private static Tensor WithinChannel(Tensor x, LRNParameter norm)
    {
        long size = norm.LocalSize;
        return x / F.avg_pool2d(x * x, size, 1, (size - 1) / 2).mul_(norm.Alpha).add_(1).pow(norm.Beta);
    }

    private Tensor Normalized(NetStep step, NetStep scale, Tensor x) => F.batch_norm(x, arrays[step][0], arrays[step][1], arrays[scale][0], arrays[scale][1],
        training: true, momentum: 1 - step.Layer.BatchNormParam.MovingAverageFraction, eps: step.Layer.BatchNormParam.Eps);

    /// <summary>The sum, into the operand that nobody else reads and whose maker does not need it for its gradient.</summary>
    private Tensor Added(int at, Dictionary<string, Tensor> blobs)
    {
        NetStep step = plan.Steps[at];
        string? free = step.Layer.Bottom.FirstOrDefault(name => plan.Steps.Count(other => other.Type is not ("BatchNorm" or "Scale") && other.Layer.Bottom.Contains(name)) == 1
            && plan.Steps.Take(at).Last(other => other.Layer.Top.Contains(name)).Type == "Scale");
        Tensor[] operands = [.. step.Layer.Bottom.OrderBy(name => name == free ? 0 : 1).Select(name => blobs[name])];
        return free is null ? operands[0] + operands[1] : operands[0].add_(operands[1]);
    }

    private static Tensor Made(NetStep step, NetArray array, NetSource source, Layout layout)
    {
        Tensor tensor = empty(array.Sizes, ScalarType.Float32);
        NetNumbers.Fill(TorchPrepared.Floats(tensor), step, array, source);
        return tensor.In(layout);
    }
}
