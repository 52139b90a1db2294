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
    public Verdict Run() => Judge(Kept(0), change =>
    {
        using Solver solver = Load();
        Start(solver, change);
        return NumbersFrom(solver);
    });

    /// <summary>Our snapshot beside Caffe's.</summary>
    public Verdict Snapshot()
    {
        SolverState caffes = Read<SolverState>(".solverstate");
        LayerParameter[] layers = Learned(Read<NetParameter>(".caffemodel"));
        IEnumerable<(string, double[])> expected = [.. Values("history", caffes.History), .. layers.SelectMany(layer => Values(layer.Name, layer.Blobs))];
        return Judge(expected, change =>
        {
            using Solver solver = Load();
            Start(solver, change);
            var losses = new List<double>();
            solver.IterationDone += report => losses.Add(report.Loss);
            solver.Step(SnapshotAt);
            solver.Snapshot();
            string ours = $"{solver.Parameter.SnapshotPrefix}_iter_{SnapshotAt}";
            SolverState state = BinaryProto.Read<SolverState>($"{ours}.solverstate");
            findings.Equal("iter", caffes.Iter, state.Iter);
            findings.Equal("current_step", caffes.CurrentStep, state.CurrentStep);
            findings.Equal("learned_net", $"{ours}.caffemodel", state.LearnedNet);
            LayerParameter[] mine = Learned(BinaryProto.Read<NetParameter>($"{ours}.caffemodel"));
            findings.Equal("layers", string.Join(" ", layers.Select(layer => layer.Name)), string.Join(" ", mine.Select(layer => layer.Name)));
            return new([.. Pairs([("loss", losses.ToArray())]), .. Pairs(Values("history", state.History)), .. mine.SelectMany(layer => Pairs(Values(layer.Name, layer.Blobs)))], StringComparer.Ordinal);
        });
    }

    /// <summary>Going on from Caffe's own snapshot.</summary>
    public Verdict Resume() => Judge(Kept(SnapshotAt), change =>
    {
        using Solver solver = Load();
        Feed(solver);
        SolverState state = Read<SolverState>(".solverstate");
        state.LearnedNet = SnapshotFile(".caffemodel");
        string file = folder.Work.Scratch(".solverstate");
        BinaryProto.Write(file, state);
        solver.Restore(file);
        change(solver.Net);
        findings.Equal("iteration", SnapshotAt, solver.Iteration);
        return NumbersFrom(solver);
    });

    private Verdict Judge(IEnumerable<(string Name, double[] Values)> expected, Func<Action<Net>, Dictionary<string, double[]>> run)
    {
        SolverParameter solver = folder.ReadSolver(Path.Combine(place, entry.GetProperty("solver_prototxt").GetString()!));
        double reach = solver.Type is "Adam" or "AdaDelta" or "AdaGrad" or "RMSProp" ? 2 * solver.BaseLr * arrays["loss"].Values.Length : 0;
        new Courses(folder, findings, run).Judge(expected.Select(e => new Expected(e.Name, e.Values, Tolerances.Values, true)), Tolerances.OtherCoursesOfSolvers, reach);
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
            solver.Input(input.Name).CopyFrom(Tensor.From(arrays[$"in.{input.Name}"].ToLiteral()));
        }
    }

    private void Start(Solver solver, Action<Net> change)
    {
        Feed(solver);
        foreach ((string key, NpyArray value) in arrays.Under("iter0."))
        {
            solver.Net.Parameter(key).SetValues(value.Values);
        }
        change(solver.Net);
    }

    /// <summary>What the file keeps of the iterations behind one: the losses, and weights after some updates.</summary>
    private IEnumerable<(string Name, double[] Values)> Kept(int from) =>
    [
        .. Updates().Where(update => update > from).Distinct().Order()
            .SelectMany(update => arrays.Under(Key(update)).Select(weight => (Key(update) + weight.Name, weight.Array.Numbers()))),
        ("loss", arrays["loss"].Numbers()[from..]),
    ];

    /// <summary>The same of ours, from where the solver stands.</summary>
    private Dictionary<string, double[]> NumbersFrom(Solver solver)
    {
        int from = solver.Iteration;
        var losses = new List<double>();
        solver.IterationDone += report => losses.Add(report.Loss);
        var numbers = new Dictionary<string, double[]>(StringComparer.Ordinal);
        int end = arrays["loss"].Values.Length;
        foreach (int update in Updates().Append(end).Where(update => update > from).Distinct().Order())
        {
            solver.Step(update - solver.Iteration);
            foreach ((string key, _) in arrays.Under(Key(update)))
            {
                numbers[Key(update) + key] = solver.Net.Parameter(key).Variable.Value.Numbers();
            }
        }
        numbers["loss"] = [.. losses];
        return numbers;
    }

    private IEnumerable<int> Updates() => arrays.Under("iter").Select(entry => int.Parse(entry.Name[..entry.Name.IndexOf('.', StringComparison.Ordinal)], CultureInfo.InvariantCulture));

    private static string Key(int update) => string.Create(CultureInfo.InvariantCulture, $"iter{update}.");

    /// <summary>The values of blobs by a name that has their number and shape in it.</summary>
    private static IEnumerable<(string Name, double[] Values)> Values(string name, IReadOnlyList<BlobProto> blobs) => blobs.Select((blob, i) =>
        ($"{name} {i} of shape {string.Join("x", Blobs.Shape(blob, name))}", Array.ConvertAll(Blobs.Values(blob, name), v => (double)v)));

    private static IEnumerable<KeyValuePair<string, double[]>> Pairs(IEnumerable<(string Name, double[] Values)> values) => values.Select(v => KeyValuePair.Create(v.Name, v.Values));
}
