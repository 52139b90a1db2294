using System.Globalization;
using System.Text.Json;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Caffe;

/// <summary>A solver whose losses and weights Caffe kept, with a snapshot of Caffe's after ten updates.</summary>
internal sealed class GoldenSolver(CaffeFolder folder, string place, JsonElement entry)
{
    private const int SnapshotAt = 10;

    private readonly Dictionary<string, NpyArray> arrays = Npz.Read(Path.Combine(place, entry.GetProperty("npz").GetString()!));
    private readonly Findings findings = new();

    /// <summary>From the first weights to the last, losses and all weights that were kept.</summary>
    public Verdict Run()
    {
        using Solver solver = Load();
        Start(solver);
        CompareFrom(solver);
        return findings.Verdict();
    }

    /// <summary>Our snapshot beside Caffe's.</summary>
    public Verdict Snapshot()
    {
        using Solver solver = Load();
        Start(solver);
        solver.Step(SnapshotAt);
        solver.Snapshot();
        string ours = $"{solver.Parameter.SnapshotPrefix}_iter_{SnapshotAt}";
        SolverState caffes = Read<SolverState>(".solverstate"), state = BinaryProto.Read<SolverState>($"{ours}.solverstate");
        findings.Equal("iter", caffes.Iter, state.Iter);
        findings.Equal("current_step", caffes.CurrentStep, state.CurrentStep);
        findings.Equal("learned_net", $"{ours}.caffemodel", state.LearnedNet);
        Compare("history", caffes.History, state.History);
        LayerParameter[] layers = Learned(Read<NetParameter>(".caffemodel")), mine = Learned(BinaryProto.Read<NetParameter>($"{ours}.caffemodel"));
        findings.Equal("layers", string.Join(" ", layers.Select(layer => layer.Name)), string.Join(" ", mine.Select(layer => layer.Name)));
        foreach ((LayerParameter one, LayerParameter other) in layers.Zip(mine))
        {
            Compare(one.Name, one.Blobs, other.Blobs);
        }
        return findings.Verdict();
    }

    /// <summary>Going on from Caffe's own snapshot.</summary>
    public Verdict Resume()
    {
        using Solver solver = Load();
        Feed(solver);
        SolverState state = Read<SolverState>(".solverstate");
        state.LearnedNet = SnapshotFile(".caffemodel");
        string file = folder.Work.Scratch(".solverstate");
        BinaryProto.Write(file, state);
        solver.Restore(file);
        findings.Equal("iteration", SnapshotAt, solver.Iteration);
        CompareFrom(solver);
        return findings.Verdict();
    }

    private static LayerParameter[] Learned(NetParameter net) => [.. net.Layer.Where(layer => layer.Blobs.Count > 0)];

    private Solver Load() => Solver.Create(folder.ReadSolver(Path.Combine(place, entry.GetProperty("solver_prototxt").GetString()!)));

    private string SnapshotFile(string ending) => Path.Combine(place,
        entry.GetProperty("snapshot_at_10").EnumerateArray().Select(name => name.GetString()!).First(name => name.EndsWith(ending, StringComparison.Ordinal)));

    private T Read<T>(string ending) where T : Google.Protobuf.IMessage<T>, new() => BinaryProto.Read<T>(SnapshotFile(ending));

    private void Feed(Solver solver)
    {
        foreach (NetInput input in solver.Net.Inputs)
        {
            solver.Input(input.Name).CopyFrom(arrays[$"in.{input.Name}"].Tensor());
        }
    }

    private void Start(Solver solver)
    {
        Feed(solver);
        foreach ((string key, NpyArray value) in arrays.Under("iter0."))
        {
            solver.Net.Parameter(key).SetValues(value.Values);
        }
    }

    /// <summary>Steps to each update that the file keeps, from where the solver stands, and to the last loss.</summary>
    private void CompareFrom(Solver solver)
    {
        int first = solver.Iteration;
        var losses = new List<double>();
        solver.IterationDone += report => losses.Add(report.Loss);
        double[] expected = arrays["loss"].Numbers();
        foreach (int update in Updates().Where(update => update > first).Append(expected.Length).Distinct().Order())
        {
            solver.Step(update - solver.Iteration);
            foreach ((string key, NpyArray value) in arrays.Under(string.Create(CultureInfo.InvariantCulture, $"iter{update}.")))
            {
                findings.Compare($"iter{update}.{key}", value.Numbers(), solver.Net.Parameter(key).Variable.Value.Numbers(), Tolerances.Values);
            }
        }
        findings.Compare("loss", expected.AsSpan(first), losses.ToArray(), Tolerances.Values);
    }

    private IEnumerable<int> Updates() => arrays.Under("iter").Select(entry => int.Parse(entry.Name[..entry.Name.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture));

    private void Compare(string name, IReadOnlyList<BlobProto> expected, IReadOnlyList<BlobProto> actual)
    {
        findings.Equal($"{name}: number of blobs", expected.Count, actual.Count);
        foreach ((BlobProto one, BlobProto other) in expected.Zip(actual))
        {
            findings.Equal($"{name}: shape", string.Join(",", Blobs.Shape(one, name)), string.Join(",", Blobs.Shape(other, name)));
            findings.Compare(name, [.. Blobs.Values(one, name).Select(v => (double)v)], [.. Blobs.Values(other, name).Select(v => (double)v)], Tolerances.Values);
        }
    }
}
