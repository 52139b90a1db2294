using System.Globalization;
using System.Text.RegularExpressions;
using Symbolic.Caffe;

namespace Symbolic.Test.Solvers;

public partial class LenetTests
{
    /// <summary>From the same weights, the loss of each of the first twenty iterations is real Caffe's.</summary>
    [DataFact]
    public void TheFirstTwentyLossesAreCaffes()
    {
        float[] expected = [.. Loss().Matches(File.ReadAllText(ReferenceData.File("caffe", "lenet_run", "train_first20_display1.log")))
            .Select(match => float.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Take(20)];
        Assert.Equal(2.37778f, expected[0]);
        using var folder = new TemporaryFolder();
        using Solver solver = LenetRun.Solver(folder, "lenet_init.caffemodel", parameter => parameter.TestInitialization = false);
        var losses = new List<float>();
        solver.IterationDone += report => losses.Add(report.Loss);
        solver.Step(20);
        Assert.Null(Near.Difference(expected, losses.ToArray(), relative: 1e-4, absolute: 0));
    }

    [GeneratedRegex(@"Iteration \d+ \([^)]*\), loss = (\S+)")]
    private static partial Regex Loss();
}
