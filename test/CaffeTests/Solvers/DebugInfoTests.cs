using System.Globalization;
using System.Text.RegularExpressions;
using Symbolic.Caffe;

namespace Symbolic.Test.Solvers;

public partial class DebugInfoTests
{
    /// <summary>
    /// Real Caffe with debug_info printed the mean of |x| of every blob, parameter and gradient in the first iterations of LeNet, and
    /// the norms of all. The same lines in the same order, with numbers as near as Caffe's sums in float32 of up to 737,280 terms are exact.
    /// </summary>
    [DataFact]
    public void EveryLineOfLenetIsCaffes()
    {
        string[] expected = Lines(File.ReadAllText(ReferenceData.File("caffe", "lenet_run", "train_debug_info.log")));
        var log = new KeptLog();
        using var folder = new TemporaryFolder();
        using Solver solver = LenetRun.Solver(folder, "lenet_init.caffemodel", parameter =>
        {
            parameter.TestInitialization = false;
            (parameter.DebugInfo, parameter.MaxIter, parameter.Display, parameter.SnapshotAfterTrain) = (true, 2, 1, false);
        }, new SolverOptions { Log = log });
        Assert.True(solver.Solve());
        string[] got = Lines(string.Join("\n", log.Messages));
        Assert.Equal(expected.Select(line => Number().Replace(line, "#")), got.Select(line => Number().Replace(line, "#")));
        string[] wrong = [.. expected.Zip(got).Where(pair => Near.Difference(Numbers(pair.First), Numbers(pair.Second), relative: 1e-4, absolute: 0) is not null).Select(pair => $"{pair.First} / {pair.Second}")];
        Assert.True(wrong.Length == 0, string.Join("\n", wrong));
    }

    private static string[] Lines(string log) => [.. Line().Matches(log).Select(match => match.Value)];

    private static float[] Numbers(string line) => [.. Number().Matches(line).Select(match => float.Parse(match.Value, CultureInfo.InvariantCulture))];

    [GeneratedRegex(@"\[(Forward|Backward)\] (Layer .*(data|diff): |All net params .*)\S+")]
    private static partial Regex Line();

    [GeneratedRegex(@"(?<=[ (])[\d.]+(e[-+]\d+)?(?=[,) ]|$)", RegexOptions.Multiline)]
    private static partial Regex Number();
}
