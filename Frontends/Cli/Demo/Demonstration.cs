using System.Diagnostics;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.Demo.Digits;
using Symbolic.Cli.Page;
using Symbolic.Runtime;

namespace Symbolic.Cli.Demo;

/// <summary>The digits that a demonstration trains and tests on, and where they come from.</summary>
internal sealed record DemoData(DigitSet Train, DigitSet Test, string Name, string Origin);

/// <summary>
/// Trains Caffe's LeNet, from prototxt and by the same classes as `symbolic train`, and gathers what the page about it tells.
/// </summary>
internal sealed class Demonstration : IDisposable
{
    private const int Batch = 64, KernelsShown = 16;
    private readonly DemoData data;
    private readonly List<CurvePoint> trainLoss = [], testLoss = [], accuracy = [];
    private readonly TimeSpan compiled;
    private TimeSpan trained;

    /// <summary>Builds and compiles the net.</summary>
    public Demonstration(DemoData data, int iterations, int seed, CompileOptions compile)
    {
        this.data = data;
        long start = Stopwatch.GetTimestamp();
        SolverParameter parameter = Prototxt.Parse<SolverParameter>(Text("lenet_solver.prototxt"), "lenet_solver.prototxt").Message;
        parameter.NetParam = Prototxt.Parse<NetParameter>(Text("lenet.prototxt"), "lenet.prototxt").Message;
        parameter.MaxIter = iterations;
        // Each test scores every test digit once, so that the curve ends where the page's sum of all digits does.
        long batch = parameter.NetParam.Layer.Single(layer => layer.Type == "Data" && layer.Include[0].Phase == Phase.Test).DataParam.BatchSize;
        parameter.TestIter[0] = checked((int)Math.Max(1, data.Test.Count / batch));
        parameter.RandomSeed = seed;
        Solver = Solver.Create(parameter, new SolverOptions
        {
            DataSource = (_, phase) => new DigitSource(data.Name, phase == Phase.Train ? data.Train : data.Test),
            Compile = compile with { Profile = true },
        });
        compiled = Stopwatch.GetElapsedTime(start);
        Solver.IterationDone += done => trainLoss.Add(new(done.Iteration, done.Loss));
        Solver.TestDone += done =>
        {
            testLoss.Add(new(done.Iteration, Score(done, "loss")));
            accuracy.Add(new(done.Iteration, Score(done, "accuracy")));
        };
    }

    /// <summary>The solver.</summary>
    public Solver Solver { get; }

    /// <summary>How long it took from the prototxt's text to machine code.</summary>
    public TimeSpan CompileTime => compiled;

    /// <summary>Milliseconds of a step: the mean over all of them.</summary>
    public double StepMilliseconds => 1000 * Solver.TrainingProfile.Seconds / Math.Max(1, Solver.TrainingProfile.Calls);

    /// <summary>The share of the test digits that were read rightly at the last test; NaN before the first.</summary>
    public double Accuracy => accuracy.Count == 0 ? double.NaN : accuracy[^1].Value;

    /// <summary>Trains; ends early if the solver is asked to.</summary>
    public void Train()
    {
        long start = Stopwatch.GetTimestamp();
        Solver.Solve();
        trained = Stopwatch.GetElapsedTime(start);
    }

    /// <summary>What the page tells.</summary>
    public DemoReport Report()
    {
        Prediction[] read = new Reader(Solver.TestNets[0]).Read(data.Test);
        int[][] confusion = [.. Enumerable.Range(0, 10).Select(_ => new int[10])];
        foreach (Prediction p in read)
        {
            confusion[p.Label][p.Predicted]++;
        }
        double share = read.Count(p => p.Label == p.Predicted) / (double)read.Length;
        FunctionProfile profile = Solver.TrainingProfile;
        return new()
        {
            Title = $"LeNet on {data.Name}",
            Lead = FormattableString.Invariant($"After {Solver.Iteration} steps the net reads {100 * share:0.0} % of {read.Length} digits that it had not seen. All of this was computed by C# that was made from Caffe's prototxt below: the graph, its gradient, the kernels."),
            TrainLoss = trainLoss,
            TestLoss = testLoss,
            Accuracy = accuracy,
            Layers = [.. Solver.Net.Layers.Select(Box)],
            Wrong = [.. read.Where(p => p.Label != p.Predicted).OrderByDescending(p => p.Confidence).Take(24)],
            Right = [.. read.Where(p => p.Label == p.Predicted).Take(36)],
            Confusion = confusion,
            Headline =
            [
                ("test accuracy", FormattableString.Invariant($"{100 * share:0.0} %")),
                ("training time", FormattableString.Invariant($"{trained.TotalSeconds:0.0} s")),
                ("time per step", FormattableString.Invariant($"{StepMilliseconds:0.0} ms")),
                ("from prototxt to machine code", FormattableString.Invariant($"{compiled.TotalSeconds:0.0} s")),
            ],
            Facts =
            [
                ("digits", $"{data.Train.Count} to train on, {data.Test.Count} to test on, {data.Origin}"),
                ("steps", $"{Solver.Iteration} of {Batch} digits each"),
                ("solver", FormattableString.Invariant($"SGD, base_lr {Solver.Parameter.BaseLr:G6}, momentum {Solver.Parameter.Momentum:G6}, weight_decay {Solver.Parameter.WeightDecay:G6}, lr_policy {Solver.Parameter.LrPolicy}")),
                ("learned numbers", FormattableString.Invariant($"{Solver.Net.Parameters.Sum(p => p.Sizes.Aggregate(1L, (a, b) => a * b)):N0}")),
                ("kernels per step", $"{profile.Kernels.Count}"),
                ("processors", $"{Environment.ProcessorCount}"),
                (".NET", $"{Environment.Version} on {System.Runtime.InteropServices.RuntimeInformation.OSDescription}"),
            ],
            Kernels = Rows(profile),
            Prototxt = Text("lenet.prototxt"),
        };
    }

    /// <inheritdoc/>
    public void Dispose() => Solver.Dispose();

    private static LayerBox Box(NetLayer layer) => new(layer.Name, layer.Type, Seq.Create<long>(layer.Tops[0].Shape.Sizes)[Math.Min(1, layer.Tops[0].Rank)..],
        layer.Blobs.Sum(b => b.Sizes.Aggregate(1L, (a, n) => a * n)));

    // The slowest one by one, the others as one row.
    private static KernelRow[] Rows(FunctionProfile profile)
    {
        KernelProfile[] sorted = [.. profile.Kernels.OrderByDescending(k => k.Seconds)];
        KernelProfile[] others = sorted[Math.Min(KernelsShown, sorted.Length)..];
        double seconds = Math.Max(others.Sum(k => k.Seconds), 1e-9);
        IEnumerable<KernelRow> shown = sorted.Take(KernelsShown).Select(k => new KernelRow($"{k.Kernel} {k.Label}", k.Calls, 1000 * k.Seconds, k.WorkRate, k.TrafficRate));
        return others.Length == 0 ? [.. shown]
            : [.. shown, new($"{others.Length} others", others.Sum(k => k.Calls), 1000 * seconds, 1e-9 * others.Sum(k => k.Work) / seconds, 1e-9 * others.Sum(k => k.Traffic) / seconds)];
    }

    private static double Score(TestReport report, string name) => report.Scores.First(s => s.Name == name).Value;

    private static string Text(string name)
    {
        using Stream stream = typeof(Demonstration).Assembly.GetManifestResourceStream(name) ?? throw new UnreachableException(name);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
