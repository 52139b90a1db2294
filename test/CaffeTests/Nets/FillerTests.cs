using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Nets;

public class FillerTests
{
    /// <summary>Means, deviations and ranges as those of Caffe's draws, within what 1200 draws allow.</summary>
    [DataFact]
    public void MomentsAreCaffes()
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(ReferenceData.File("caffe", "golden", "fillers", "fillers_seed1701.json")));
        foreach (JsonProperty entry in golden.RootElement.EnumerateObject())
        {
            float[] values = Filled(entry.Value.GetProperty("filler").GetString()!, [12, 4, 5, 5], seed: 1701);
            double Golden(string name) => entry.Value.GetProperty(name).GetDouble();
            double mean = values.Average(v => (double)v), deviation = Math.Sqrt(values.Average(v => (v - mean) * (v - mean)));
            // Four standard errors of a mean, twice: both sides are drawn.
            Assert.True(Math.Abs(mean - Golden("mean")) <= 1e-6 + 8 * Golden("std") / Math.Sqrt(values.Length), $"{entry.Name}: mean {mean} and {Golden("mean")}");
            Assert.True(Math.Abs(deviation - Golden("std")) <= 1e-6 + 0.12 * Golden("std"), $"{entry.Name}: deviation {deviation} and {Golden("std")}");
            if (!entry.Name.StartsWith("gaussian", StringComparison.Ordinal) && !entry.Name.StartsWith("msra", StringComparison.Ordinal))
            {
                double range = Golden("max") - Golden("min");
                Assert.True(Math.Abs(values.Max() - Golden("max")) <= 1e-6 + 0.03 * range, $"{entry.Name}: max {values.Max()} and {Golden("max")}");
                Assert.True(Math.Abs(values.Min() - Golden("min")) <= 1e-6 + 0.03 * range, $"{entry.Name}: min {values.Min()} and {Golden("min")}");
            }
            Assert.InRange(values.Count(v => v != 0) / (double)values.Length, Golden("nonzero") / values.Length - 0.08, Golden("nonzero") / values.Length + 0.08);
        }
    }

    [Fact]
    public void OutputsOfTheUnitBallSumToOne()
    {
        float[] values = Filled("type: 'positive_unitball'", [12, 4, 5, 5], seed: 3);
        foreach (float[] row in values.Chunk(100))
        {
            Assert.Equal(1, row.Sum(), 5);
        }
    }

    [Fact]
    public void BilinearWeightsAreThoseOfInterpolation()
    {
        float[] values = Filled("type: 'bilinear'", [1, 1, 4, 4], seed: 0);
        float[] along = [0.25f, 0.75f, 0.75f, 0.25f];
        Assert.Equal(along.SelectMany(y => along.Select(x => y * x)), values);
    }

    [Fact]
    public void ASeedGivesTheSameValuesAndParametersDiffer()
    {
        const string xavier = "type: 'xavier'";
        Assert.Equal(Filled(xavier, [3, 4, 5, 5], 1), Filled(xavier, [3, 4, 5, 5], 1));
        Assert.NotEqual(Filled(xavier, [3, 4, 5, 5], 1), Filled(xavier, [3, 4, 5, 5], 2));
        using Net net = Net.Build(Prototxt.Parse<NetParameter>("""
            input: 'x' input_shape { dim: 1 dim: 8 }
            layer { name: 'a' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 8 bias_term: false weight_filler { type: 'xavier' } } }
            layer { name: 'b' type: 'InnerProduct' bottom: 'y' top: 'z' inner_product_param { num_output: 8 bias_term: false weight_filler { type: 'xavier' } } }
            """, "n").Message);
        Assert.NotEqual(net.Parameters[0].Variable.Value.ToArray<float>(), net.Parameters[1].Variable.Value.ToArray<float>());
    }

    private static float[] Filled(string filler, long[] sizes, long seed)
    {
        NetParameter parameter = Prototxt.Parse<NetParameter>($$"""
            input: 'x' input_shape { dim: 1 dim: {{sizes[1]}} dim: 9 dim: 9 }
            layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'y' convolution_param { num_output: {{sizes[0]}} kernel_size: {{sizes[2]}} weight_filler { {{filler}} } } }
            """, "n").Message;
        using Net net = Net.Build(parameter, new NetOptions { Seed = seed });
        return net.Parameters[0].Variable.Value.ToArray<float>();
    }
}
