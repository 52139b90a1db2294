using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Demo;
using Symbolic.Cli.Demo.Digits;
using Symbolic.Cli.Log;
using Symbolic.Cli.Page;

namespace Symbolic.Cli.Commands;

/// <summary>`symbolic demo`: trains LeNet before the user's eyes and leaves a page about it.</summary>
internal static class DemoCommand
{
    private const int TrainCount = 16000, TestCount = 2000;

    /// <summary>Runs it.</summary>
    public static void Run(Arguments arguments, CaffeLog log, TextWriter output)
    {
        int iterations = arguments.Number("iterations", 1000, least: 1), seed = arguments.Number("seed", 1, least: 0);
        string page = Path.GetFullPath(arguments.Text("output") ?? "symbolic-demo.html");
        DemoData data = Data(arguments.Text("data") ?? "drawn", seed);
        Say(output, $"{data.Train.Count} digits to train on and {data.Test.Count} to test on, {data.Origin}");
        using var demonstration = new Demonstration(data, iterations, seed, Compilation.Options(arguments));
        Say(output, $"LeNet, from prototxt to machine code: {demonstration.CompileTime.TotalSeconds:0.0} s");
        using (var progress = new Progress(Progress.Terminal(), log, TimeProvider.System))
        using (new Signals(demonstration.Solver, SignalEffect.Stop, SignalEffect.Stop))
        {
            float loss = float.NaN;
            demonstration.Solver.IterationDone += done =>
            {
                loss = done.Loss;
                progress.Report("step", done.Iteration + 1, iterations, $"loss {loss:0.000}");
            };
            demonstration.Solver.TestDone += done => progress.Above(() =>
            {
                string training = float.IsNaN(loss) ? "" : FormattableString.Invariant($"   training loss {loss:0.0000}");
                Say(output, $"step {done.Iteration,5}   test accuracy {demonstration.Accuracy:0.0000}{training}");
            });
            demonstration.Train();
        }
        DemoReport report = demonstration.Report();
        File.WriteAllText(page, DemoPage.Write(report));
        Say(output, $"Test accuracy {report.Share:0.0000} after {demonstration.Solver.Iteration} steps of {demonstration.StepMilliseconds:0.0} ms");
        Say(output, $"Page: {page}");
    }

    private static DemoData Data(string source, int seed)
    {
        if (source == "drawn")
        {
            // One endless series: the test digits are those after the training digits.
            return new(DrawnDigits.Draw((ulong)seed, 0, TrainCount), DrawnDigits.Draw((ulong)seed, TrainCount, TestCount), "digits that the program drew", $"drawn from seed {seed}");
        }
        const string prefix = "mnist:";
        return source.StartsWith(prefix, StringComparison.Ordinal)
            ? MnistFolder.Read(source[prefix.Length..])
            : throw new UsageError($"-data {source}: neither 'drawn' nor 'mnist:FOLDER'");
    }

    private static void Say(TextWriter output, FormattableString text) => output.WriteLine(FormattableString.Invariant(text));
}
