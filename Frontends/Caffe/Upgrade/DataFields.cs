using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Upgrade;

/// <summary>
/// Scale, mean file, crop and mirror where V1 data layers had them, in their own parameters, moved into the transform_param
/// (upgrade_proto.cpp, UpgradeNetDataTransformation). Caffe looks at V1 layers only.
/// </summary>
internal static class DataFields
{
    private static readonly string[] Fields = ["scale", "mean_file", "crop_size", "mirror"];

    public static bool AreUsed(NetParameter net) => net.Layers.Any(layer => Parameter(layer) is { } parameter
        && parameter.Get(layer) is IMessage message && Fields.Any(field => MessageSchema.Of(message).Find(field)!.IsSet(message)));

    public static NetParameter Upgrade(NetParameter net, PrototxtPlaces places, List<PrototxtError> problems)
    {
        NetParameter upgraded = SharedCopy.Of(net, places);
        for (int i = 0; i < net.Layers.Count; i++)
        {
            if (Parameter(net.Layers[i]) is { } parameter)
            {
                upgraded.Layers[i] = Layer(net.Layers[i], parameter, places);
            }
        }
        return upgraded;
    }

    // As in Caffe every data layer of such a net gets both messages, be they empty.
    private static V1LayerParameter Layer(V1LayerParameter old, FieldSchema parameter, PrototxtPlaces places)
    {
        V1LayerParameter layer = SharedCopy.Of(old, places);
        IMessage data = (parameter.Get(old) as IMessage) switch
        {
            DataParameter given => SharedCopy.Of(given, places),
            ImageDataParameter given => SharedCopy.Of(given, places),
            WindowDataParameter given => SharedCopy.Of(given, places),
            _ => (IMessage)Activator.CreateInstance(parameter.Class(old))!,
        };
        parameter.Set(layer, data);
        layer.TransformParam = old.TransformParam is null ? new TransformationParameter() : SharedCopy.Of(old.TransformParam, places);
        if (old.TransformParam is null)
        {
            places.Carry(data, layer.TransformParam);
        }
        foreach (string name in Fields)
        {
            FieldSchema field = MessageSchema.Of(data).Find(name)!;
            SharedCopy.Field(field, data, MessageSchema.Of(typeof(TransformationParameter)).Find(name)!, layer.TransformParam);
            field.Clear(data);
        }
        return layer;
    }

    private static FieldSchema? Parameter(V1LayerParameter layer) => layer.Type switch
    {
        V1LayerParameter.Types.LayerType.Data => MessageSchema.Of(layer).Find("data_param"),
        V1LayerParameter.Types.LayerType.ImageData => MessageSchema.Of(layer).Find("image_data_param"),
        V1LayerParameter.Types.LayerType.WindowData => MessageSchema.Of(layer).Find("window_data_param"),
        _ => null,
    };
}
