using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Nets;

/// <summary>Which layers a net keeps: those that a state of phase, level and stages lets in (net.cpp, FilterNet, StateMeetsRule).</summary>
internal static class NetRules
{
    public static bool Keeps(LayerParameter layer, NetOptions state)
    {
        if (layer.Include.Count > 0 && layer.Exclude.Count > 0)
        {
            throw state.Error(layer, "specify either include rules or exclude rules; not both");
        }
        return layer.Include.Count > 0 ? layer.Include.Any(rule => Meets(rule, state)) : !layer.Exclude.Any(rule => Meets(rule, state));
    }

    private static bool Meets(NetStateRule rule, NetOptions state) =>
        (!rule.HasPhase || rule.Phase == state.Phase)
        && (!rule.HasMinLevel || state.Level >= rule.MinLevel)
        && (!rule.HasMaxLevel || state.Level <= rule.MaxLevel)
        && rule.Stage.All(state.Stages.Contains)
        && !rule.NotStage.Any(state.Stages.Contains);
}
