using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Conformance.Caffe;

/// <summary>
/// lenet_run: logs of Caffe, compared number by number with ours. A log of training begins with the solver's parameters and weights; a
/// solver file beside a log of its name begins from lenet_init.caffemodel; a log of testing names its weights in its own name.
/// </summary>
internal static class TrainingLogs
{
    public static IEnumerable<Case> Cases(CaffeFolder folder)
    {
        foreach (string file in folder.Files("*.log", "lenet_run"))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            yield return name.StartsWith("caffe_test", StringComparison.Ordinal)
                ? new Case($"lenet_run/{name}", "Test", () => Test(folder, file))
                : new Case($"lenet_run/{name}", "Solver", () => TrainAsLogged(folder, file));
        }
        foreach (string solver in folder.Files("*.prototxt", "lenet_run", "other_solvers"))
        {
            string log = Path.ChangeExtension(solver, ".log");
            if (File.Exists(log))
            {
                yield return new Case($"lenet_run/{Path.GetFileNameWithoutExtension(solver)}", "Solver",
                    () => Train(folder, folder.ReadSolver(solver), [Path.Combine("lenet_run", "lenet_init.caffemodel")], log));
            }
        }
    }

    private static Verdict TrainAsLogged(CaffeFolder folder, string log)
    {
        if (LogLines.Parameters(File.ReadLines(log), "Initializing solver from parameters") is not { } text)
        {
            return Verdict.Fail("the log does not begin with the parameters of its solver");
        }
        SolverParameter parameter = Prototxt.Parse<SolverParameter>(text, log).Message;
        return Train(folder, folder.WithoutSnapshots(parameter), [], log);
    }

    private static Verdict Train(CaffeFolder folder, SolverParameter parameter, Seq<string> weights, string file)
    {
        var findings = new Findings();
        new Courses(folder, findings, change => Solve(parameter, weights, change)).Judge(
            LogLines.Numbers(File.ReadLines(file)).Select(n => new Expected(n.Key, [n.Value], IsLater(n) ? Tolerances.LaterLogLines : Tolerances.FirstLogLines, IsLater(n))),
            Tolerances.OtherCoursesOfLogs);
        return findings.Verdict();
    }

    private static bool IsLater((string Key, int Iteration, double) number) =>
        number.Iteration >= Tolerances.FirstIterations && !number.Key.StartsWith("lr ", StringComparison.Ordinal);

    private static Dictionary<string, double[]> Solve(SolverParameter parameter, Seq<string> weights, Action<Net> change)
    {
        var log = new Lines();
        using Solver solver = Solver.Create(parameter.Clone(), new SolverOptions { Weights = weights, Log = log, Compile = Compiling.Options });
        change(solver.Net);
        solver.Solve();
        return LogLines.Numbers(log.Written).ToDictionary(n => n.Key, n => new[] { n.Value }, StringComparer.Ordinal);
    }

    private static Verdict Test(CaffeFolder folder, string file)
    {
        string[] models = [.. folder.RootFiles("*.caffemodel", "weights").Concat(folder.RootFiles("*.caffemodel", "lenet_run"))];
        string? model = models.Where(m => Path.GetFileName(file).Contains(Path.GetFileNameWithoutExtension(m), StringComparison.Ordinal)).MaxBy(m => Path.GetFileName(m).Length);
        if (model is null)
        {
            return Verdict.Fail($"no weights under {folder.Root} whose name stands in the log's");
        }
        NetParameter message = Prototxt.ReadNet(Path.Combine("lenet_run", "lenet_train_test.prototxt")).Message;
        // All of the test set, which the databases hold only a part of.
        using Net net = Net.Build(message, new NetOptions { DataSource = (_, _) => MnistSource.Open("mnist", "t10k") });
        WeightFiles.Load(net, model);
        var log = new Lines();
        using (var tester = new Tester(net, log: log))
        {
            tester.Run(LogLines.Numbers(File.ReadLines(file)).Where(n => n.Key.StartsWith("batch", StringComparison.Ordinal)).Max(n => n.Iteration) + 1);
        }
        var findings = new Findings();
        Dictionary<string, double> ours = LogLines.Numbers(log.Written).ToDictionary(n => n.Key, n => n.Value, StringComparer.Ordinal);
        foreach ((string key, _, double value) in LogLines.Numbers(File.ReadLines(file)))
        {
            findings.Compare(key, value, ours.GetValueOrDefault(key, double.NaN), Tolerances.Values.At(value));
        }
        return findings.Verdict();
    }

    /// <summary>Keeps a log's lines.</summary>
    private sealed class Lines : ICaffeLog
    {
        public List<string> Written { get; } = [];

        public void Write(LogLine line) => Written.AddRange(line.Message.Split('\n'));
    }
}
