using System.Globalization;
using System.Text.RegularExpressions;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Test.Solvers;

public partial class LenetTests
{
    // Iterations 0 to 13 decide no maximum differently from Caffe; see docs/decisions/lenet-first-losses.md.
    private const int Undisturbed = 14;

    // Caffe's BLAS calls one by one, by OpenBLAS 0.3.21 with one thread; the kernels of Haswell, SkylakeX and Sandybridge agree in every
    // digit. The log was made with two threads, and parts from these at the third iteration: same document.
    private static readonly float[] OfOneThread =
    [
        2.377783f, 2.289269f, 2.348364f, 2.217721f, 2.193344f, 2.1567f, 2.037015f, 2.117892f, 1.982651f, 1.93411f,
        1.815843f, 1.636644f, 1.489655f, 1.446679f, 1.371404f, 1.259877f, 1.18391f, 1.281651f, 1.166286f, 1.198955f,
    ];

    /// <summary>From the same weights, the losses of the first iterations are real Caffe's.</summary>
    [DataFact]
    public void TheFirstLossesAreCaffes()
    {
        float[] expected = [.. Loss().Matches(File.ReadAllText(ReferenceData.File("caffe", "lenet_run", "train_first20_display1.log")))
            .Select(match => float.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)).Take(20)];
        Assert.Equal(2.37778f, expected[0]);
        using var folder = new TemporaryFolder();
        using Solver solver = LenetRun.Solver(folder, "lenet_init.caffemodel", parameter => parameter.TestInitialization = false);
        var losses = new List<float>();
        solver.IterationDone += report => losses.Add(report.Loss);
        solver.Step(20);
        Assert.Null(Near.Difference(expected.AsSpan(0, Undisturbed), losses.ToArray().AsSpan(0, Undisturbed), relative: 1e-4, absolute: 0));
        Assert.Null(Near.Difference(expected, losses.ToArray(), relative: 1e-3, absolute: 0));
        Assert.Null(Near.Difference(OfOneThread, losses.ToArray(), relative: 1e-5, absolute: 0));
    }

    /// <summary>
    /// The same twenty iterations with every parameter, blob, gradient and history in float64: the course of exact arithmetic, which ours must be and the
    /// log's, in its last iterations, is not.
    /// </summary>
    [DataFact]
    public void TheFirstLossesAreThoseOfFloat64()
    {
        NetParameter message = LenetRun.Net();
        using Net net = Net.Build(message, new NetOptions { Phase = Phase.Train, DType = DType.Float64 });
        string weights = ReferenceData.File("caffe", "lenet_run", "lenet_init.caffemodel");
        net.CopyFrom(BinaryProto.Read<NetParameter>(weights), weights);
        // lenet_solver.prototxt: SGD, momentum 0.9, weight decay 0.0005, base_lr 0.01 by policy inv with gamma 0.0001 and power 0.75.
        Expr rate = Scalar("rate", DType.Float64);
        Expr[] gradients = Grad(net.Objective, [.. net.Parameters.Select(parameter => (Expr)parameter.Variable)]);
        var updates = new List<Update>(net.Updates);
        foreach ((Parameter parameter, Expr gradient) in net.Parameters.Zip(gradients))
        {
            Expr w = parameter.Variable;
            var history = new SharedVariable(Tensor.Zeros(DType.Float64, parameter.Variable.Type.Shape.Sizes), "history");
            Expr step = 0.9 * (Expr)history + rate * parameter.LrMult * (gradient + 0.0005 * parameter.DecayMult * w);
            updates.Add((history, step));
            updates.Add((parameter.Variable, w - step));
        }
        using Function train = Function.Compile([.. net.Inputs.Select(input => input.Variable.Expr), rate], [net.Objective], updates.ToSeq());
        var feed = new NetFeed(net);
        var losses = new float[20];
        for (int iteration = 0; iteration < losses.Length; iteration++)
        {
            feed.Next();
            Tensor now = Tensor.Scalar(0.01 * Math.Pow(1 + (0.0001 * iteration), -0.75));
            losses[iteration] = (float)train.Call([.. feed.Tensors, now])[0].Item<double>();
        }
        Assert.Null(Near.Difference(OfOneThread, losses, relative: 1e-5, absolute: 0));
    }

    /// <summary>The trained LeNet of 10,000 iterations over all ten thousand digits, as caffe test says.</summary>
    [DataFact]
    public void TheTrainedNetScoresAsInCaffe()
    {
        string weights = ReferenceData.File("caffe", "weights", "ethereon_caffe-tensorflow", "examples", "mnist", "lenet_iter_10000.caffemodel");
        NetParameter message = LenetRun.Net();
        (float accuracy, float loss) Score(int iterations)
        {
            var log = new KeptLog();
            using Net net = Net.Build(message);
            net.CopyFrom(BinaryProto.Read<NetParameter>(weights), weights);
            using var tester = new Tester(net, log: log);
            Seq<Score> scores = tester.Run(iterations);
            Assert.Equal(["accuracy", "loss"], scores.Select(score => score.Name));
            Assert.Equal($"Running for {iterations} iterations.", log.Lines[0].Message);
            Assert.Equal(2 * iterations + 4, log.Lines.Count);
            return (scores[0].Value, scores[1].Value);
        }
        (float testAccuracy, float testLoss) = Score(20);
        Assert.Equal(0.9955, testAccuracy, 1e-6);
        Assert.Equal(0.0146088, testLoss, 1e-6);
        // The other 8000 digits, in the training database.
        message.Layer.First(layer => layer.Name == "mnist" && layer.Include[0].Phase == Phase.Test).DataParam.Source = ReferenceData.File("caffe", "mnist", "mnist_train_lmdb");
        (float trainAccuracy, float trainLoss) = Score(80);
        Assert.Equal(0.9914, (80 * trainAccuracy + 20 * testAccuracy) / 100, 1e-6);
        Assert.Equal(0.0272693, (80 * trainLoss + 20 * testLoss) / 100, 1e-6);
    }

    /// <summary>A run that stops at 3 and goes on from its snapshot, with one and with two threads, beside one that never stopped.</summary>
    [DataTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void ResumingGivesTheBitsOfAStraightRun(int threads)
    {
        using var folder = new TemporaryFolder();
        Solver Make() => LenetRun.Solver(folder, "lenet_init.caffemodel", parameter => parameter.TestInitialization = false,
            new SolverOptions { Compile = new CompileOptions { Threads = threads } });
        using Solver straight = Make();
        straight.Step(3);
        straight.Snapshot();
        straight.Step(3);
        using Solver resumed = Make();
        resumed.Restore(folder.Path("lenet_iter_3.solverstate"));
        resumed.Step(3);
        Assert.Equal(straight.Net.ToMessage(), resumed.Net.ToMessage());
    }

    [GeneratedRegex(@"Iteration \d+ \([^)]*\), loss = (\S+)")]
    private static partial Regex Loss();
}
