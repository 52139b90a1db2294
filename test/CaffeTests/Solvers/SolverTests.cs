using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Solvers;

public class SolverTests
{
    private const string Net = """
        name: "line"
        layer { name: "in" type: "Data" top: "x" top: "t" transform_param { scale: 0.5 } data_param { batch_size: 3 } }
        layer { name: "drop" type: "Dropout" bottom: "x" top: "x" dropout_param { dropout_ratio: 0.25 } }
        layer { name: "ip" type: "InnerProduct" bottom: "x" top: "y" param { lr_mult: 1 } param { lr_mult: 2 decay_mult: 0 } inner_product_param { num_output: 2 weight_filler { type: "xavier" } } }
        layer { name: "loss" type: "SoftmaxWithLoss" bottom: "y" bottom: "t" top: "loss" }
        layer { name: "copy" type: "Flatten" bottom: "y" top: "seen" include { phase: TEST } }
        """;

    private const string Rule = "base_lr: 0.05 lr_policy: 'inv' gamma: 0.1 power: 0.5 momentum: 0.9 weight_decay: 0.01 max_iter: 12 random_seed: 7 average_loss: 3 test_iter: 2 test_interval: 5 display: 4 snapshot_after_train: false";

    [Fact]
    public void TheLogReadsAsCaffes()
    {
        using var folder = new TemporaryFolder();
        var log = new KeptLog();
        using Solver solver = Make(folder, log: log);
        Assert.True(solver.Solve());
        string[] told = [.. log.Lines.Where(line => line.Source is "solver.cpp" or "sgd_solver.cpp").Select(line => Shortened(line.Message))];
        int solving = Array.IndexOf(told, "Solving line");
        Assert.Equal(
        [
            "Solving line", "Learning Rate Policy: inv",
            "Iteration 0, Testing net (#0)",
            "    Test net output #0: loss = # (* 1 = # loss)", "    Test net output #1: seen = #", "    Test net output #2: seen = #", "    Test net output #3: seen = #", "    Test net output #4: seen = #", "    Test net output #5: seen = #", "    Test net output #6: seen = #",
            "Iteration 0 (# iter/s, #s/4 iters), loss = #", "    Train net output #0: loss = # (* 1 = # loss)", "Iteration 0, lr = 0.05",
            "Iteration 4 (# iter/s, #s/4 iters), loss = #", "    Train net output #0: loss = # (* 1 = # loss)", "Iteration 4, lr = 0.0422577",
        ], told[solving..(solving + 16)]);
        Assert.Equal(["Iteration 12, loss = #", "Optimization Done."], told[^2..]);
        Assert.Contains("Restarting data prefetching from start.", log.Messages);
    }

    [Fact]
    public void ResumingGivesTheBitsOfAStraightRun()
    {
        using var folder = new TemporaryFolder();
        using Solver straight = Make(folder);
        var losses = new List<(float, float)>();
        straight.IterationDone += report => losses.Add((report.Loss, report.SmoothedLoss));
        straight.Step(5);
        straight.Snapshot();
        straight.Step(0);
        using Solver whole = Make(folder);
        losses.Clear();
        whole.IterationDone += report => losses.Add((report.Loss, report.SmoothedLoss));
        whole.Solve();

        using Solver resumed = Make(folder);
        var again = new List<(float, float)>();
        resumed.IterationDone += report => again.Add((report.Loss, report.SmoothedLoss));
        resumed.Restore(folder.Path("s_iter_5.solverstate"));
        Assert.Equal(5, resumed.Iteration);
        resumed.Solve();
        Assert.Equal(losses[5..], again);
        Assert.Equal(Weights(whole), Weights(resumed));
    }

    [Fact]
    public void ResumingFromHdf5GivesTheSameBitsToo()
    {
        using var folder = new TemporaryFolder();
        using Solver straight = Make(folder, "snapshot_format: HDF5");
        straight.Step(5);
        straight.Snapshot();
        Assert.True(File.Exists(folder.Path("s_iter_5.caffemodel.h5")));
        using Solver resumed = Make(folder, "snapshot_format: HDF5");
        resumed.Restore(folder.Path("s_iter_5.solverstate.h5"));
        Assert.Equal((5, Weights(straight).Length), (resumed.Iteration, Weights(resumed).Length));
        straight.Step(4);
        resumed.Step(4);
        Assert.Equal(Weights(straight), Weights(resumed));
    }

    [Fact]
    public void WithoutItsResumeFileASnapshotRestartsTheData()
    {
        using var folder = new TemporaryFolder();
        using Solver first = Make(folder);
        first.Step(5);
        first.Snapshot();
        File.Delete(folder.Path("s_iter_5.resume"));
        using Solver second = Make(folder);
        second.Restore(folder.Path("s_iter_5.solverstate"));
        second.Step(1);
        using Solver third = Make(folder);
        third.LoadWeights(folder.Path("s_iter_5.caffemodel"));
        third.Step(1);
        // The first batch again, though the weights are those of iteration 5.
        Assert.Equal(second.Input("x").ToArray<float>(), third.Input("x").ToArray<float>());
    }

    [Fact]
    public void AStopTakesASnapshotAndEndsEarly()
    {
        using var folder = new TemporaryFolder();
        var log = new KeptLog();
        using Solver solver = Make(folder, "snapshot_after_train: true", log);
        using var stop = new CancellationTokenSource();
        solver.IterationDone += report =>
        {
            if (report.Iteration == 2)
            {
                stop.Cancel();
            }
        };
        Assert.False(solver.Solve(stop.Token));
        Assert.Equal(3, solver.Iteration);
        Assert.True(File.Exists(folder.Path("s_iter_3.solverstate")));
        Assert.Equal("Optimization stopped early.", log.Messages.Last());
        Assert.Empty(Directory.GetFiles(folder.Path(""), "*.partial"));
    }

    [Theory]
    [InlineData("lr_policy: 'cosine'", "Unknown learning rate policy: cosine")]
    [InlineData("type: 'AdamW'", "Unknown solver type: AdamW (known types:")]
    [InlineData("type: 'SGD' solver_type: SGD", "cannot be both specified")]
    [InlineData("type: 'AdaGrad'", "Momentum cannot be used with AdaGrad.")]
    [InlineData("type: 'RMSProp'", "Momentum cannot be used with RMSProp.")]
    [InlineData("type: 'RMSProp' momentum: 0 rms_decay: 1", "rms_decay should lie between 0 and 1; got 1")]
    [InlineData("type: 'Adam' momentum2: 1", "momentum2 lies in [0, 1); got 1")]
    [InlineData("regularization_type: 'L3'", "Unknown regularization type: L3")]
    [InlineData("lr_policy: 'step' stepsize: 0", "wants a stepsize above 0")]
    [InlineData("lr_policy: 'exp' gamma: -1", "wants a gamma of at least 0")]
    [InlineData("train_net: 'other.prototxt'", "must not contain more than one of these fields")]
    [InlineData("test_interval: 0", "test_interval must be above 0")]
    [InlineData("iter_size: 0", "iter_size must be at least 1")]
    [InlineData("snapshot: 3 snapshot_prefix: '/no/such/folder/x'", "Cannot write to snapshot prefix '/no/such/folder/x'.  Make sure that the directory exists and is writable.")]
    public void MistakesAreNamed(string change, string message)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<PrototxtError>(() => Make(folder, change).Dispose());
        Assert.Contains(message, error.Message);
    }

    private static string Shortened(string message) => System.Text.RegularExpressions.Regex.Replace(message, @"(?<!lr )(= |\()-?[0-9.]+(e-?[0-9]+)?(?= |$|\))|, [0-9.e-]+s/", match =>
        match.Value.EndsWith("s/", StringComparison.Ordinal) ? ", #s/" : match.Value == "(1" || match.Value == "= 1" ? match.Value : match.Value[..match.Value.IndexOfAny("-0123456789".ToCharArray())] + "#");

    private static float[] Weights(Solver solver) => [.. solver.Net.Parameters.SelectMany(p => p.Variable.Value.ToArray<float>())];

    private static Solver Make(TemporaryFolder folder, string change = "", ICaffeLog? log = null)
    {
        SolverParameter parameter = Prototxt.Parse<SolverParameter>(Rule, "solver.prototxt").Message;
        parameter.NetParam = Prototxt.Parse<NetParameter>(Net, "net.prototxt").Message;
        parameter.SnapshotPrefix = folder.Path("s");
        parameter.MergeFrom(Prototxt.Parse<SolverParameter>(change, "change.prototxt").Message);
        return Solver.Create(parameter, new SolverOptions { Log = log ?? NoLog.Instance, DataSource = (_, _) => new Points() });
    }

    /// <summary>Seven points, labelled by the side of a plane on which they lie, over and over.</summary>
    private sealed class Points : IDatumSource
    {
        public string Name => "points";

        public long Count => 7;

        public long Position { get; private set; }

        public Datum Next()
        {
            var datum = new Datum { Channels = 3, Height = 1, Width = 1 };
            datum.FloatData.AddRange(Enumerable.Range(0, 3).Select(i => MathF.Sin(Position * 3 + i)));
            datum.Label = datum.FloatData[0] > datum.FloatData[1] ? 1 : 0;
            Position = (Position + 1) % Count;
            return datum;
        }

        public void Seek(long items) => Position = items % Count;

        public void Dispose() { }
    }
}
