using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;
using Symbolic.Caffe.Solvers;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

public sealed partial class Solver
{
    private bool resumed;

    /// <summary>
    /// Writes <c>PREFIX_iter_N.caffemodel</c> and <c>.solverstate</c> as Caffe does, and beside them <c>.resume</c> with what Caffe
    /// forgets, so that going on from here gives the bits of a run that never stopped.
    /// </summary>
    public void Snapshot()
    {
        string model = SnapshotFiles.Model(Parameter.SnapshotPrefix, Iteration), state = SnapshotFiles.State(Parameter.SnapshotPrefix, Iteration);
        Log("solver.cpp", 464, $"Snapshotting to binary proto file {model}");
        SnapshotFiles.Write(model, Net.ToMessage());
        SnapshotFiles.Write(SnapshotFiles.Resume(state), Position().Write);
        Log("sgd_solver.cpp", 284, $"Snapshotting solver state to binary proto file {state}");
        SnapshotFiles.Write(state, SnapshotFiles.StateMessage(Iteration, model, policy.Step, histories));
    }

    /// <summary>
    /// Goes on from a .solverstate: weights, momentum and iteration, and where the data stood if a .resume lies beside it. Without
    /// one the data begin from their start, as they do in Caffe.
    /// </summary>
    /// <exception cref="InvalidDataException">A file is damaged or of another net.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public void Restore(string file)
    {
        Log("solver.cpp", 294, $"Restoring previous solver status from {file}");
        SolverState state = WeightFiles.ReadState(file, options.Files);
        if (state.History.Count != histories.Count)
        {
            throw new InvalidDataException($"{file}: Incorrect length of history blobs: {state.History.Count} in the file, {histories.Count} in the solver");
        }
        Tensor[] values = [.. state.History.Select((blob, i) => BlobMessage.Fits(blob, Net.Parameters[i].Sizes)
            ? BlobMessage.Values(blob, Net.Parameters[i].Sizes, $"{file}: history {i}")
            : throw new InvalidDataException($"{file}: history {i} has shape {BlobMessage.ShapeText(blob)}; parameter {Net.Parameters[i]} has {SizeText.Of(Net.Parameters[i].Sizes)}"))];
        if (state.LearnedNet.Length > 0)
        {
            Net.CopyFrom(WeightFiles.Read(state.LearnedNet, options.Files), state.LearnedNet);
        }
        for (int i = 0; i < values.Length; i++)
        {
            histories[i].SetValue(values[i]);
        }
        Iteration = state.Iter;
        policy.Step = state.CurrentStep;
        GoTo(SnapshotFiles.Resume(file));
    }

    private ResumeFile Position() => new(
        TestNets.Prepend(Net).SelectMany((net, n) => net.Data.Select((data, layer) => (n, layer, data.Source.Cursor))).ToSeq(),
        smoothed.Losses.ToSeq(), smoothed.Value, smoothed.Start);

    private void GoTo(string file)
    {
        if (!File.Exists(options.Files.Resolve(file)))
        {
            return;
        }
        ResumeFile position = ResumeFile.Read(file, options.Files);
        Seq<Net> nets = [Net, .. TestNets];
        foreach ((int net, int layer, string cursor) in position.Cursors)
        {
            if (net >= nets.Count || layer >= nets[net].Data.Count)
            {
                throw new InvalidDataException($"{file}: data layer {layer} of net {net} is not in this solver");
            }
            nets[net].Data[layer].Source.Seek(cursor);
        }
        smoothed.Resume(position.Start, position.Smoothed, position.Losses);
        resumed = true;
    }
}
