using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Nets;

public class GoldenNetTests
{
    [DataFact]
    public void LayersForwardAndBackwardAsCaffe()
    {
        GoldenCase[] cases = [.. Cases("layer")];
        Assert.True(cases.Length >= 120, $"{cases.Length} cases");
        Assert.Empty(cases.SelectMany(c => c.Differences()));
    }

    [DataFact]
    public void NetsForwardAndBackwardAsCaffe()
    {
        GoldenCase[] cases = [.. Cases("net").Where(c => !c.Name.StartsWith("Net_rules", StringComparison.Ordinal))];
        Assert.Contains(cases, c => c.Name == "Net_lenet_like");
        Assert.Contains(cases, c => c.Name == "Net_shared_permissive");
        Assert.Contains(cases, c => c.Name == "Net_auto_top");
        Assert.Empty(cases.SelectMany(c => c.Differences()));
    }

    [DataTheory]
    [InlineData("train0", Phase.Train, 0, "")]
    [InlineData("train_a", Phase.Train, 0, "a")]
    [InlineData("train_b2", Phase.Train, 2, "b")]
    [InlineData("test0", Phase.Test, 0, "")]
    [InlineData("test_ab1", Phase.Test, 1, "a,b")]
    public void RulesKeepTheLayersThatCaffeKeeps(string name, Phase phase, int level, string stages)
    {
        GoldenCase golden = GoldenCase.Group("net").Single(c => c.Name == $"Net_rules_{name}");
        NetParameter parameter = Prototxt.ReadNet(Path.Combine(golden.Folder, golden.Prototxt)).Message;
        using Net net = Net.Build(parameter, new NetOptions { Phase = phase, Level = level, Stages = stages.Split(',', StringSplitOptions.RemoveEmptyEntries).ToSeq() });
        IEnumerable<string> kept = Near.Literals(Path.Combine(golden.Folder, golden.Npz)).Keys.Where(key => key.StartsWith("out.y", StringComparison.Ordinal)).Select(key => key["out.".Length..]);
        Assert.Equal(kept.Order(StringComparer.Ordinal), net.Outputs.Select(output => output.Name));
    }

    private static IEnumerable<GoldenCase> Cases(string group) => GoldenCase.Group(group)
        .Where(c => !c.Random);
}
