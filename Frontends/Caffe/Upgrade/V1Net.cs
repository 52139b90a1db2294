using Symbolic.Caffe.Schema;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;
using OldType = Symbolic.Caffe.Schema.V1LayerParameter.Types.LayerType;

namespace Symbolic.Caffe.Upgrade;

/// <summary>
/// Layers of before 2014-12 (<c>layers { type: CONVOLUTION }</c>) as layers of today: types are names, and what is said of a
/// learned blob stands in one <c>param</c> (upgrade_proto.cpp, UpgradeV1Net).
/// </summary>
internal static class V1Net
{
    private static readonly Dictionary<OldType, string> Types = new()
    {
        [OldType.None] = "",
        [OldType.Absval] = "AbsVal",
        [OldType.Accuracy] = "Accuracy",
        [OldType.Argmax] = "ArgMax",
        [OldType.Bnll] = "BNLL",
        [OldType.Concat] = "Concat",
        [OldType.ContrastiveLoss] = "ContrastiveLoss",
        [OldType.Convolution] = "Convolution",
        [OldType.Data] = "Data",
        [OldType.Deconvolution] = "Deconvolution",
        [OldType.Dropout] = "Dropout",
        [OldType.DummyData] = "DummyData",
        [OldType.EuclideanLoss] = "EuclideanLoss",
        [OldType.Eltwise] = "Eltwise",
        [OldType.Exp] = "Exp",
        [OldType.Flatten] = "Flatten",
        [OldType.Hdf5Data] = "HDF5Data",
        [OldType.Hdf5Output] = "HDF5Output",
        [OldType.HingeLoss] = "HingeLoss",
        [OldType.Im2Col] = "Im2col",
        [OldType.ImageData] = "ImageData",
        [OldType.InfogainLoss] = "InfogainLoss",
        [OldType.InnerProduct] = "InnerProduct",
        [OldType.Lrn] = "LRN",
        [OldType.MemoryData] = "MemoryData",
        [OldType.MultinomialLogisticLoss] = "MultinomialLogisticLoss",
        [OldType.Mvn] = "MVN",
        [OldType.Pooling] = "Pooling",
        [OldType.Power] = "Power",
        [OldType.Relu] = "ReLU",
        [OldType.Sigmoid] = "Sigmoid",
        [OldType.SigmoidCrossEntropyLoss] = "SigmoidCrossEntropyLoss",
        [OldType.Silence] = "Silence",
        [OldType.Softmax] = "Softmax",
        [OldType.SoftmaxLoss] = "SoftmaxWithLoss",
        [OldType.Split] = "Split",
        [OldType.Slice] = "Slice",
        [OldType.Tanh] = "TanH",
        [OldType.WindowData] = "WindowData",
        [OldType.Threshold] = "Threshold",
    };

    // The parameters of types, which have the same names in both formats.
    private static readonly (FieldSchema Old, FieldSchema New)[] Parameters =
    [
        .. MessageSchema.Of(typeof(V1LayerParameter)).Fields
            .Where(field => field.Type == FieldType.Message && !field.IsRepeated && field.Name != "layer")
            .Select(field => (field, MessageSchema.Of(typeof(LayerParameter)).Find(field.Name)!)),
    ];

    public static bool IsOld(NetParameter net) => net.Layers.Count > 0;

    public static NetParameter Upgrade(NetParameter net, PrototxtPlaces places, List<PrototxtError> problems)
    {
        if (net.Layer.Count > 0)
        {
            throw places.Error(net, "layers", "Refusing to upgrade inconsistent NetParameter input; the definition includes both 'layer' and 'layers' fields. "
                + "The current format defines 'layer' fields with string type like layer { type: 'Layer' ... } and not layers { type: LAYER ... }. "
                + "Manually switch the definition to 'layer' format to continue.");
        }
        NetParameter upgraded = SharedCopy.Of(net, places);
        upgraded.Layers.Clear();
        upgraded.Layer.AddRange(net.Layers.Select(layer => Layer(layer, places, problems)));
        return upgraded;
    }

    private static LayerParameter Layer(V1LayerParameter old, PrototxtPlaces places, List<PrototxtError> problems)
    {
        var layer = new LayerParameter();
        places.Carry(old, layer);
        layer.Bottom.AddRange(old.Bottom);
        layer.Top.AddRange(old.Top);
        if (old.HasName)
        {
            layer.Name = old.Name;
        }
        layer.Include.AddRange(old.Include);
        layer.Exclude.AddRange(old.Exclude);
        if (old.HasType)
        {
            layer.Type = Types.TryGetValue(old.Type, out string? type) ? type
                : throw places.Error(old, "type", $"Unknown V1LayerParameter layer type: {(int)old.Type}");
        }
        layer.Blobs.AddRange(old.Blobs);
        Specs(layer, old, places);
        layer.LossWeight.AddRange(old.LossWeight);
        foreach ((FieldSchema from, FieldSchema to) in Parameters)
        {
            SharedCopy.Field(from, old, to, layer);
        }
        if (old.Layer is not null)
        {
            problems.Add(places.Error(old, "layer", "Input NetParameter has V0 layer -- ignoring."));
        }
        return layer;
    }

    private static void Specs(LayerParameter layer, V1LayerParameter old, PrototxtPlaces places)
    {
        int count = new[] { old.Param.Count, old.BlobShareMode.Count, old.BlobsLr.Count, old.WeightDecay.Count }.Max();
        for (int i = 0; i < count; i++)
        {
            var spec = new ParamSpec();
            places.Carry(old, spec);
            if (i < old.Param.Count)
            {
                spec.Name = old.Param[i];
            }
            if (i < old.BlobShareMode.Count)
            {
                spec.ShareMode = old.BlobShareMode[i] switch
                {
                    V1LayerParameter.Types.DimCheckMode.Strict => ParamSpec.Types.DimCheckMode.Strict,
                    V1LayerParameter.Types.DimCheckMode.Permissive => ParamSpec.Types.DimCheckMode.Permissive,
                    var unknown => throw places.Error(old, "blob_share_mode", $"Unknown blob_share_mode: {(int)unknown}"),
                };
            }
            if (i < old.BlobsLr.Count)
            {
                spec.LrMult = old.BlobsLr[i];
            }
            if (i < old.WeightDecay.Count)
            {
                spec.DecayMult = old.WeightDecay[i];
            }
            layer.Param.Add(spec);
        }
    }
}
