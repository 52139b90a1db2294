using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Upgrade;

/// <summary>
/// Layers of before 2014-03 (<c>layers { layer { type: "conv" } }</c>), where every layer had the same fields, as V1 layers
/// (upgrade_proto.cpp, UpgradeV0Net). Padding was a layer then; it becomes the pad of the layer behind it.
/// </summary>
internal static class V0Net
{
    private static readonly Dictionary<string, V1LayerParameter.Types.LayerType> Types = new(StringComparer.Ordinal)
    {
        ["accuracy"] = V1LayerParameter.Types.LayerType.Accuracy,
        ["bnll"] = V1LayerParameter.Types.LayerType.Bnll,
        ["concat"] = V1LayerParameter.Types.LayerType.Concat,
        ["conv"] = V1LayerParameter.Types.LayerType.Convolution,
        ["data"] = V1LayerParameter.Types.LayerType.Data,
        ["dropout"] = V1LayerParameter.Types.LayerType.Dropout,
        ["euclidean_loss"] = V1LayerParameter.Types.LayerType.EuclideanLoss,
        ["flatten"] = V1LayerParameter.Types.LayerType.Flatten,
        ["hdf5_data"] = V1LayerParameter.Types.LayerType.Hdf5Data,
        ["hdf5_output"] = V1LayerParameter.Types.LayerType.Hdf5Output,
        ["im2col"] = V1LayerParameter.Types.LayerType.Im2Col,
        ["images"] = V1LayerParameter.Types.LayerType.ImageData,
        ["infogain_loss"] = V1LayerParameter.Types.LayerType.InfogainLoss,
        ["innerproduct"] = V1LayerParameter.Types.LayerType.InnerProduct,
        ["lrn"] = V1LayerParameter.Types.LayerType.Lrn,
        ["multinomial_logistic_loss"] = V1LayerParameter.Types.LayerType.MultinomialLogisticLoss,
        ["pool"] = V1LayerParameter.Types.LayerType.Pooling,
        ["relu"] = V1LayerParameter.Types.LayerType.Relu,
        ["sigmoid"] = V1LayerParameter.Types.LayerType.Sigmoid,
        ["softmax"] = V1LayerParameter.Types.LayerType.Softmax,
        ["softmax_loss"] = V1LayerParameter.Types.LayerType.SoftmaxLoss,
        ["split"] = V1LayerParameter.Types.LayerType.Split,
        ["tanh"] = V1LayerParameter.Types.LayerType.Tanh,
        ["window_data"] = V1LayerParameter.Types.LayerType.WindowData,
    };

    // Where a field of V0LayerParameter goes, by the layer's type; "*" is any type.
    private static readonly (string Field, string Type, string Message, string Target)[] Moves =
    [
        ("num_output", "conv", "convolution_param", "num_output"),
        ("num_output", "innerproduct", "inner_product_param", "num_output"),
        ("biasterm", "conv", "convolution_param", "bias_term"),
        ("biasterm", "innerproduct", "inner_product_param", "bias_term"),
        ("weight_filler", "conv", "convolution_param", "weight_filler"),
        ("weight_filler", "innerproduct", "inner_product_param", "weight_filler"),
        ("bias_filler", "conv", "convolution_param", "bias_filler"),
        ("bias_filler", "innerproduct", "inner_product_param", "bias_filler"),
        ("pad", "conv", "convolution_param", "pad"),
        ("pad", "pool", "pooling_param", "pad"),
        ("kernelsize", "conv", "convolution_param", "kernel_size"),
        ("kernelsize", "pool", "pooling_param", "kernel_size"),
        ("group", "conv", "convolution_param", "group"),
        ("stride", "conv", "convolution_param", "stride"),
        ("stride", "pool", "pooling_param", "stride"),
        ("pool", "pool", "pooling_param", "pool"),
        ("dropout_ratio", "dropout", "dropout_param", "dropout_ratio"),
        ("local_size", "lrn", "lrn_param", "local_size"),
        ("alpha", "lrn", "lrn_param", "alpha"),
        ("beta", "lrn", "lrn_param", "beta"),
        ("k", "lrn", "lrn_param", "k"),
        ("source", "data", "data_param", "source"),
        ("source", "hdf5_data", "hdf5_data_param", "source"),
        ("source", "images", "image_data_param", "source"),
        ("source", "window_data", "window_data_param", "source"),
        ("source", "infogain_loss", "infogain_loss_param", "source"),
        ("scale", "*", "transform_param", "scale"),
        ("meanfile", "*", "transform_param", "mean_file"),
        ("cropsize", "*", "transform_param", "crop_size"),
        ("mirror", "*", "transform_param", "mirror"),
        ("batchsize", "data", "data_param", "batch_size"),
        ("batchsize", "hdf5_data", "hdf5_data_param", "batch_size"),
        ("batchsize", "images", "image_data_param", "batch_size"),
        ("batchsize", "window_data", "window_data_param", "batch_size"),
        ("rand_skip", "data", "data_param", "rand_skip"),
        ("rand_skip", "images", "image_data_param", "rand_skip"),
        ("shuffle_images", "images", "image_data_param", "shuffle"),
        ("new_height", "images", "image_data_param", "new_height"),
        ("new_width", "images", "image_data_param", "new_width"),
        ("concat_dim", "concat", "concat_param", "concat_dim"),
        ("det_fg_threshold", "window_data", "window_data_param", "fg_threshold"),
        ("det_bg_threshold", "window_data", "window_data_param", "bg_threshold"),
        ("det_fg_fraction", "window_data", "window_data_param", "fg_fraction"),
        ("det_context_pad", "window_data", "window_data_param", "context_pad"),
        ("det_crop_mode", "window_data", "window_data_param", "crop_mode"),
    ];

    private static readonly ILookup<string, (string Field, string Type, string Message, string Target)> MovesOf = Moves.ToLookup(move => move.Field, StringComparer.Ordinal);

    public static bool IsOld(NetParameter net) => net.Layers.Any(layer => layer.Layer is not null);

    public static NetParameter Upgrade(NetParameter net, PrototxtPlaces places, List<PrototxtError> problems)
    {
        var upgraded = new NetParameter();
        places.Carry(net, upgraded);
        if (net.HasName)
        {
            upgraded.Name = net.Name;
        }
        if (net.HasForceBackward)
        {
            upgraded.ForceBackward = net.ForceBackward;
        }
        upgraded.Input.AddRange(net.Input);
        upgraded.InputDim.AddRange(net.InputDim);
        upgraded.Layers.AddRange(V0Padding.Fold(net, places).Select(layer => Layer(layer, places, problems)));
        return upgraded;
    }

    private static V1LayerParameter Layer(V1LayerParameter connection, PrototxtPlaces places, List<PrototxtError> problems)
    {
        var layer = new V1LayerParameter();
        places.Carry(connection, layer);
        layer.Bottom.AddRange(connection.Bottom);
        layer.Top.AddRange(connection.Top);
        if (connection.Layer is not { } old)
        {
            return layer;
        }
        if (old.HasName)
        {
            layer.Name = old.Name;
        }
        if (old.HasType)
        {
            layer.Type = Types.TryGetValue(old.Type, out V1LayerParameter.Types.LayerType type) ? type
                : throw places.Error(old, "type", $"Unknown layer name: {old.Type}{Spelling.DidYouMean(old.Type, Types.Keys)}");
        }
        layer.Blobs.AddRange(old.Blobs);
        layer.BlobsLr.AddRange(old.BlobsLr);
        layer.WeightDecay.AddRange(old.WeightDecay);
        foreach (FieldSchema field in MessageSchema.Of(old).Fields.Where(field => MovesOf.Contains(field.Name) && field.IsSet(old)))
        {
            if (MovesOf[field.Name].FirstOrDefault(move => move.Type == "*" || move.Type == old.Type) is not { Message: { } message, Target: { } target })
            {
                problems.Add(places.Error(old, field.Name, $"Unknown parameter {field.Name} for layer type {old.Type}"));
                continue;
            }
            IMessage inner = SharedCopy.Inner(MessageSchema.Of(layer).Find(message)!, layer, old, places);
            SharedCopy.Set(MessageSchema.Of(inner).Find(target)!, inner, field.Get(old)!);
        }
        if (old.Hdf5OutputParam is { } output && old.Type == "hdf5_output")
        {
            layer.Hdf5OutputParam = output;
        }
        else if (old.Hdf5OutputParam is not null)
        {
            problems.Add(places.Error(old, "hdf5_output_param", $"Unknown parameter hdf5_output_param for layer type {old.Type}"));
        }
        return layer;
    }
}
