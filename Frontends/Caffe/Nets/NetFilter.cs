using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>Which layers of a net a phase, a level and stages keep.</summary>
public static class NetFilter
{
    /// <summary>The layers in order, of today's format; nothing is built.</summary>
    /// <exception cref="PrototxtError">A layer has both include and exclude rules, or the net cannot be upgraded.</exception>
    public static Seq<LayerParameter> Layers(NetParameter net, NetOptions state) =>
        NetUpgrade.Apply(net, state.Places).Whole.Layer.Where(layer => NetRules.Keeps(layer, state)).ToSeq();
}
