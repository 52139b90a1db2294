using Google.Protobuf;
using Google.Protobuf.Reflection;
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
        && parameter.Accessor.GetValue(layer) is IMessage message && Fields.Any(field => message.Descriptor.FindFieldByName(field).Accessor.HasValue(message)));

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
    private static V1LayerParameter Layer(V1LayerParameter old, FieldDescriptor parameter, PrototxtPlaces places)
    {
        V1LayerParameter layer = SharedCopy.Of(old, places);
        IMessage data = (parameter.Accessor.GetValue(old) as IMessage) switch
        {
            DataParameter given => SharedCopy.Of(given, places),
            ImageDataParameter given => SharedCopy.Of(given, places),
            WindowDataParameter given => SharedCopy.Of(given, places),
            _ => (IMessage)Activator.CreateInstance(parameter.MessageType.ClrType)!,
        };
        parameter.Accessor.SetValue(layer, data);
        layer.TransformParam = old.TransformParam is null ? new TransformationParameter() : SharedCopy.Of(old.TransformParam, places);
        if (old.TransformParam is null)
        {
            places.Carry(data, layer.TransformParam);
        }
        foreach (string name in Fields)
        {
            FieldDescriptor field = data.Descriptor.FindFieldByName(name);
            SharedCopy.Field(field, data, TransformationParameter.Descriptor.FindFieldByName(name), layer.TransformParam);
            field.Accessor.Clear(data);
        }
        return layer;
    }

    private static FieldDescriptor? Parameter(V1LayerParameter layer) => layer.Type switch
    {
        V1LayerParameter.Types.LayerType.Data => V1LayerParameter.Descriptor.FindFieldByName("data_param"),
        V1LayerParameter.Types.LayerType.ImageData => V1LayerParameter.Descriptor.FindFieldByName("image_data_param"),
        V1LayerParameter.Types.LayerType.WindowData => V1LayerParameter.Descriptor.FindFieldByName("window_data_param"),
        _ => null,
    };
}
