using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe.Solvers;

/// <summary>The files of a snapshot: weights and solver state as Caffe writes them, and beside them what Caffe forgets.</summary>
internal static class SnapshotFiles
{
    private const string Hdf5Ending = ".h5";

    public static string Model(string prefix, int iteration, bool isHdf5) => $"{prefix}_iter_{iteration}.caffemodel{(isHdf5 ? Hdf5Ending : "")}";

    public static string State(string prefix, int iteration, bool isHdf5) => $"{prefix}_iter_{iteration}.solverstate{(isHdf5 ? Hdf5Ending : "")}";

    /// <summary>The file beside a state that holds what Caffe forgets.</summary>
    public static string Resume(string state) => Path.ChangeExtension(state.EndsWith(Hdf5Ending, StringComparison.Ordinal) ? state[..^Hdf5Ending.Length] : state, ".resume");

    /// <summary>The state of a solver as a message.</summary>
    public static SolverState StateMessage(int iteration, string model, int step, IEnumerable<SharedVariable> histories)
    {
        var state = new SolverState { Iter = iteration, LearnedNet = model, CurrentStep = step };
        state.History.AddRange(histories.Select(history => Blobs.Of([.. history.Value.Sizes.Select(size => (int)size)], history.Value.AsSpan<float>())));
        return state;
    }

    /// <summary>Refuses a prefix that cannot be written to, before hours of training are lost on it.</summary>
    public static void Probe(string prefix, Func<string, Exception> error)
    {
        string probe = $"{prefix}_iter_0.{Environment.ProcessId}.partial";
        try
        {
            File.Create(probe).Dispose();
            File.Delete(probe);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw error($"Cannot write to snapshot prefix '{prefix}'.  Make sure that the directory exists and is writable.");
        }
    }
}
