using Symbolic.Caffe.Schema;
using Symbolic.Peers.Works.Nets;

namespace Symbolic.Peers.Onnx;

/// <summary>Models of whole nets of Caffe's layers, to be run forward.</summary>
internal sealed class OnnxNets
{
    private readonly NetWork work;
    private readonly OnnxModel model;
    private readonly Dictionary<string, string> names = new(StringComparer.Ordinal) { ["data"] = OnnxModel.Input };
    private int count;

    private OnnxNets(NetWork work)
    {
        this.work = work;
        model = new OnnxModel(Input(work));
    }

    /// <summary>Writes a net; gives the sizes of its input and output.</summary>
    public static (long[] Input, long[] Output) Write(NetWork work, string path)
    {
        var net = new OnnxNets(work);
        NetStep[] steps = work.Plan.Steps;
        for (int i = 0; i < steps.Length; i++)
        {
            bool normalizes = steps[i].Type == "BatchNorm";
            net.names[steps[i].Layer.Top[0]] = normalizes ? net.Normalize(steps[i], steps[i + 1]) : net.Add(steps[i]);
            if (normalizes)
            {
                // The scale is a part of ONNX's normalisation.
                net.names[steps[++i].Layer.Top[0]] = net.names[steps[i - 1].Layer.Top[0]];
            }
        }
        net.model.Write(net.names[steps[^1].Layer.Top[0]], steps[^1].Top, path);
        return (Input(work), steps[^1].Top);
    }

    private static long[] Input(NetWork work) => [work.Batch, .. work.Source.Image];

    private string Add(NetStep step)
    {
        string x = names[step.Layer.Bottom[0]];
        switch (step.Type)
        {
            case "Convolution":
                ConvGeometry conv = ConvGeometry.Of(step);
                return Node("Conv", [x, .. Arrays(step)], ("kernel_shape", new long[] { conv.KernelY, conv.KernelX }), ("strides", new long[] { conv.StrideY, conv.StrideX }),
                    ("pads", new long[] { conv.PadY, conv.PadX, conv.PadY, conv.PadX }), ("dilations", new long[] { conv.Dilation, conv.Dilation }), ("group", conv.Groups));
            case "InnerProduct":
                string rows = step.Bottoms[0].Length == 2 ? x : Node("Flatten", [x], ("axis", 1));
                return Node("Gemm", [rows, .. Arrays(step)], ("transB", 1));
            case "Pooling":
                return Pool(step, x);
            case "ReLU":
                return Node("Relu", [x]);
            case "Dropout":
                return x;
            case "LRN":
                LRNParameter norm = step.Layer.LrnParam;
                return Node("LRN", [x], ("size", (int)norm.LocalSize), ("alpha", norm.Alpha), ("beta", norm.Beta), ("bias", norm.K));
            case "Eltwise":
                return Node("Add", [.. step.Layer.Bottom.Select(name => names[name])]);
            case "Concat":
                return Node("Concat", [.. step.Layer.Bottom.Select(name => names[name])], ("axis", 1));
            case "Softmax":
                return Node("Softmax", [x], ("axis", 1));
            default:
                throw new NotSupportedException($"ONNX is not taught layers of type {step.Type} here");
        }
    }

    private string Pool(NetStep step, string x)
    {
        PoolGeometry pool = PoolGeometry.Of(step.Layer, step.Bottoms[0][2]);
        if (pool.Pad == 0 && pool.Kernel == step.Bottoms[0][2] && pool.Kernel == step.Bottoms[0][3])
        {
            return Node(pool.Max ? "GlobalMaxPool" : "GlobalAveragePool", [x]);
        }
        (string, object)[] attributes =
        [
            ("kernel_shape", new long[] { pool.Kernel, pool.Kernel }), ("strides", new long[] { pool.Stride, pool.Stride }), ("pads", new long[] { pool.Pad, pool.Pad, pool.Pad, pool.Pad }),
            ("ceil_mode", pool.Ceiling ? 1 : 0),
        ];
        return pool.Max ? Node("MaxPool", [x], attributes) : Node("AveragePool", [x], [.. attributes, ("count_include_pad", 1)]);
    }

    private string Normalize(NetStep step, NetStep scale)
    {
        string[] statistics = Arrays(step), factors = Arrays(scale);
        return Node("BatchNormalization", [names[step.Layer.Bottom[0]], factors[0], factors[1], statistics[0], statistics[1]], ("epsilon", step.Layer.BatchNormParam?.Eps ?? new BatchNormParameter().Eps));
    }

    private string Node(string op, string[] inputs, params (string, object)[] attributes) => model.Node(op, inputs, $"blob{count++}", attributes);

    private string[] Arrays(NetStep step) => [.. step.Arrays.Select(array =>
    {
        var values = new float[array.Count];
        NetNumbers.Fill(values, step, array, work.Source);
        return model.Constant(values, array.Sizes);
    })];
}
