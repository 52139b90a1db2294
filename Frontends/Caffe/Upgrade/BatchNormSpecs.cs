using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Upgrade;

/// <summary>
/// BatchNorm layers that specify their three statistics as learned blobs: their rate and decay become 0 (upgrade_proto.cpp,
/// UpgradeNetBatchNorm).
/// </summary>
internal static class BatchNormSpecs
{
    public static bool AreOld(NetParameter net) => net.Layer.Any(IsOld);

    public static NetParameter Upgrade(NetParameter net, PrototxtPlaces places, List<PrototxtError> problems)
    {
        NetParameter upgraded = SharedCopy.Of(net, places);
        for (int i = 0; i < net.Layer.Count; i++)
        {
            if (IsOld(net.Layer[i]))
            {
                upgraded.Layer[i] = Layer(net.Layer[i], places);
            }
        }
        return upgraded;
    }

    // Caffe goes by the three params alone and does so again and again; a layer that is already right is left alone here.
    private static bool IsOld(LayerParameter layer) =>
        layer.Type == "BatchNorm" && layer.Param.Count == 3 && !layer.Param.All(spec => spec is { HasLrMult: true, LrMult: 0, HasDecayMult: true, DecayMult: 0 });

    private static LayerParameter Layer(LayerParameter old, PrototxtPlaces places)
    {
        LayerParameter layer = SharedCopy.Of(old, places);
        for (int i = 0; i < old.Param.Count; i++)
        {
            layer.Param[i] = SharedCopy.Of(old.Param[i], places);
            layer.Param[i].LrMult = 0;
            layer.Param[i].DecayMult = 0;
        }
        return layer;
    }
}
