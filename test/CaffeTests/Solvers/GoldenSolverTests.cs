using System.Globalization;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Solvers;

public class GoldenSolverTests
{
    /// <summary>Twenty updates of real Caffe: losses and every weight after each that the file keeps.</summary>
    [DataTheory]
    [InlineData("SGD_plain")]
    [InlineData("SGD_momentum_L1")]
    [InlineData("SGD_momentum_L2")]
    [InlineData("SGD_clip")]
    [InlineData("SGD_iter_size3")]
    [InlineData("SGD_step")]
    [InlineData("SGD_exp")]
    [InlineData("SGD_inv")]
    [InlineData("SGD_multistep")]
    [InlineData("SGD_poly")]
    [InlineData("SGD_convnet_bn")]
    [InlineData("Nesterov_L2")]
    [InlineData("AdaGrad_L2")]
    [InlineData("RMSProp_default")]
    [InlineData("AdaDelta_default")]
    [InlineData("Adam_default")]
    [InlineData("Adam_convnet_bn_clip")]
    public void UpdatesAsCaffe(string name)
    {
        Dictionary<string, Literal> golden = Near.Literals(ReferenceData.File("caffe", "golden", "solvers", $"{name}.npz"));
        using var folder = new TemporaryFolder();
        using Solver solver = Load(name, folder);
        Start(solver, golden);
        float[] losses = golden["loss"].Values<float>().ToArray();
        var got = new List<float>();
        solver.IterationDone += report => got.Add(report.Loss);
        foreach (int update in Updates(golden))
        {
            solver.Step(update - solver.Iteration);
            Assert.Equal(update, solver.Iteration);
            foreach (Parameter parameter in solver.Net.Parameters.Where(p => !IsRounding(name, p)))
            {
                Literal expected = golden[$"iter{update}.{parameter.Layer}.{parameter.Index}"];
                Assert.Null(Near.Difference(expected.Values<float>(), parameter.Variable.Value.ToArray<float>()));
            }
        }
        Assert.Equal(losses.Length, got.Count);
        Assert.Null(Near.Difference(losses, got.ToArray()));
    }

    /// <summary>Our snapshot after ten updates beside Caffe's, message by message; and going on from Caffe's own state.</summary>
    [DataTheory]
    [InlineData("SGD_momentum_L2")]
    [InlineData("AdaDelta_default")]
    [InlineData("Adam_default")]
    public void SnapshotsAreCaffes(string name)
    {
        Dictionary<string, Literal> golden = Near.Literals(ReferenceData.File("caffe", "golden", "solvers", $"{name}.npz"));
        using var folder = new TemporaryFolder();
        using Solver solver = Load(name, folder);
        Start(solver, golden);
        solver.Step(10);
        solver.Snapshot();

        SolverState expected = SolverState.Parser.ParseFrom(File.ReadAllBytes(ReferenceData.File("caffe", "golden", "solvers", $"{name}_iter_10.solverstate")));
        SolverState state = SolverState.Parser.ParseFrom(File.ReadAllBytes(folder.Path("solver_iter_10.solverstate")));
        Assert.Equal((expected.Iter, expected.CurrentStep, expected.History.Count), (state.Iter, state.CurrentStep, state.History.Count));
        Assert.Equal(folder.Path("solver_iter_10.caffemodel"), state.LearnedNet);
        for (int i = 0; i < expected.History.Count; i++)
        {
            Assert.Equal(expected.History[i].Shape, state.History[i].Shape);
            Assert.Null(Near.Difference(expected.History[i].Data.ToArray(), state.History[i].Data.ToArray()));
        }
        NetParameter caffes = NetParameter.Parser.ParseFrom(File.ReadAllBytes(ReferenceData.File("caffe", "golden", "solvers", $"{name}_iter_10.caffemodel")));
        NetParameter ours = NetParameter.Parser.ParseFrom(File.ReadAllBytes(folder.Path("solver_iter_10.caffemodel")));
        Assert.Equal(caffes.Layer.Select(layer => layer.Name), ours.Layer.Select(layer => layer.Name));
        foreach ((LayerParameter one, LayerParameter other) in caffes.Layer.Zip(ours.Layer))
        {
            Assert.Equal(one.Blobs.Select(blob => blob.Shape), other.Blobs.Select(blob => blob.Shape));
            Assert.All(one.Blobs.Zip(other.Blobs), pair => Assert.Null(Near.Difference(pair.First.Data.ToArray(), pair.Second.Data.ToArray())));
            one.Blobs.Clear();
            other.Blobs.Clear();
            Assert.Equal(one, other);
        }
    }

    /// <summary>
    /// The gradient of a bias before a BatchNorm is 0: what Caffe has of it is rounding, which Adam divides by its own size. The
    /// mean that the BatchNorm keeps has the bias in it.
    /// </summary>
    private static bool IsRounding(string name, Parameter parameter) =>
        name == "Adam_convnet_bn_clip" && parameter is { Layer: "conv", Index: 1 } or { Layer: "bn", Index: 0 };

    internal static Solver Load(string name, TemporaryFolder folder, Action<SolverParameter>? change = null, SolverOptions? options = null)
    {
        string file = ReferenceData.File("caffe", "golden", "solvers", $"{name}_solver.prototxt");
        SolverParameter parameter = Prototxt.Read<SolverParameter>(file).Message;
        parameter.Net = ReferenceData.File("caffe", "golden", "solvers", parameter.Net);
        parameter.SnapshotPrefix = folder.Path("solver");
        change?.Invoke(parameter);
        return Solver.Create(parameter, options);
    }

    internal static void Start(Solver solver, Dictionary<string, Literal> golden)
    {
        foreach (NetInput input in solver.Net.Inputs)
        {
            golden[$"in.{input.Name}"].Values<float>().CopyTo(solver.Input(input.Name).AsSpan<float>());
        }
        foreach (Parameter parameter in solver.Net.Parameters)
        {
            parameter.Variable.SetValue(Runtime.Tensor.From(golden[$"iter0.{parameter.Layer}.{parameter.Index}"]));
        }
    }

    private static IEnumerable<int> Updates(Dictionary<string, Literal> golden) => golden.Keys
        .Where(key => key.StartsWith("iter", StringComparison.Ordinal)).Select(key => int.Parse(key["iter".Length..key.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture))
        .Where(update => update > 0).Distinct().Order();
}
