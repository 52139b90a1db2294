using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Conformance.Caffe;

/// <summary>The judged folder and the root, with what all parts need of them.</summary>
internal sealed class CaffeFolder(string folder, string root) : IDisposable
{
    private readonly Dictionary<string, int> rules = new(StringComparer.Ordinal);
    private Workplace? work;

    /// <summary>How many numbers beyond their tolerance each rule let through.</summary>
    public IEnumerable<string> Rules => rules.Where(rule => rule.Value > 0).Select(rule => $"{rule.Key}: {rule.Value} numbers let through");

    /// <summary>The folder of the paths inside prototxts; real nets are under its models.</summary>
    public string Root { get; } = root;

    /// <summary>Where cases run; made by the first that does.</summary>
    public Workplace Work => work ??= new Workplace(Root, folder);

    /// <summary>A path below the judged folder.</summary>
    public string Path(params string[] parts) => System.IO.Path.Combine([folder, .. parts]);

    /// <summary>The files of a part, sorted; none if the folder lacks it.</summary>
    public string[] Files(string pattern, params string[] parts) => Directory.Exists(Path(parts))
        ? [.. Directory.EnumerateFiles(Path(parts), pattern).Order(StringComparer.Ordinal)] : [];

    /// <summary>All files below a folder of the root, sorted.</summary>
    public string[] RootFiles(string pattern, params string[] parts)
    {
        string path = System.IO.Path.Combine([Root, .. parts]);
        return Directory.Exists(path) ? [.. Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories).Order(StringComparer.Ordinal)] : [];
    }

    /// <summary>A solver whose net is sought beside its file first, and which writes no snapshots of its own accord.</summary>
    public SolverParameter ReadSolver(string file)
    {
        SolverParameter solver = Prototxt.Read<SolverParameter>(file).Message;
        string Beside(string net) => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(file)!, net) is var beside && File.Exists(beside) ? beside : net;
        if (solver.HasNet)
        {
            solver.Net = Beside(solver.Net);
        }
        if (solver.HasTrainNet)
        {
            solver.TrainNet = Beside(solver.TrainNet);
        }
        for (int i = 0; i < solver.TestNet.Count; i++)
        {
            solver.TestNet[i] = Beside(solver.TestNet[i]);
        }
        return WithoutSnapshots(solver);
    }

    /// <summary>Keeps a solver from writing where its file says.</summary>
    public SolverParameter WithoutSnapshots(SolverParameter solver)
    {
        solver.Snapshot = 0;
        solver.SnapshotAfterTrain = false;
        solver.SnapshotPrefix = Work.Scratch("");
        return solver;
    }

    /// <summary>Counts numbers that a rule let through.</summary>
    public void LetThrough(string rule, int numbers) => rules[rule] = rules.GetValueOrDefault(rule) + numbers;

    /// <inheritdoc/>
    public void Dispose() => work?.Dispose();
}
