using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;
using Symbolic.Caffe.Solvers;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

public sealed partial class Solver
{
    private bool resumed;

    /// <summary>
    /// Writes <c>PREFIX_iter_N.caffemodel</c> and <c>.solverstate</c> (<c>.h5</c> behind both, with snapshot_format HDF5) as Caffe does, and beside them <c>.resume</c> with what Caffe
    /// forgets, so that going on from here gives the bits of a run that never stopped.
    /// </summary>
    public void Snapshot()
    {
        bool isHdf5 = Parameter.SnapshotFormat == SolverParameter.Types.SnapshotFormat.Hdf5;
        string model = SnapshotFiles.Model(Parameter.SnapshotPrefix, Iteration, isHdf5), state = SnapshotFiles.State(Parameter.SnapshotPrefix, Iteration, isHdf5);
        Log("solver.cpp", isHdf5 ? 471 : 464, $"Snapshotting to {(isHdf5 ? "HDF5" : "binary proto")} file {model}");
        if (isHdf5)
        {
            Hdf5Weights.Write(model, Net);
        }
        else
        {
            BinaryProto.Write(model, Net.ToMessage());
        }
        WholeFile.Write(SnapshotFiles.Resume(state), Position().Write);
        Log("sgd_solver.cpp", isHdf5 ? 296 : 284, $"Snapshotting solver state to {(isHdf5 ? "HDF5" : "binary proto")} file {state}");
        // Last, so that a state never stands beside weights that are not whole.
        SolverState message = SnapshotFiles.StateMessage(Iteration, model, policy.Step, histories);
        if (isHdf5)
        {
            Hdf5Weights.WriteState(state, message);
        }
        else
        {
            BinaryProto.Write(state, message);
        }
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
        SolverState state = Hdf5.Hdf5Reader.IsHdf5(file, options.Files) ? Hdf5Weights.ReadState(file, options.Files) : BinaryProto.Read<SolverState>(file, options.Files);
        if (state.History.Count != histories.Count)
        {
            throw new InvalidDataException($"{file}: Incorrect length of history blobs: {state.History.Count} in the file, {histories.Count} in the solver");
        }
        float[][] values = [.. state.History.Select((blob, i) => History(blob, Net.Parameters[i % Net.Parameters.Count], $"{file}: history {i}"))];
        if (state.LearnedNet.Length > 0)
        {
            Net.CopyFrom(state.LearnedNet, options.Files);
        }
        for (int i = 0; i < values.Length; i++)
        {
            histories[i].SetValue(Tensor.Of<float>(values[i], histories[i].Type.Shape.Sizes));
        }
        Iteration = state.Iter;
        policy.Step = state.CurrentStep;
        GoTo(SnapshotFiles.Resume(file));
    }

    private static float[] History(BlobProto blob, Parameter parameter, string where) => Blobs.Fits(blob, parameter.Sizes.AsSpan(), where)
        ? Blobs.Values(blob, where)
        : throw new InvalidDataException($"{where} has shape {SizeText.Of(Blobs.Shape(blob, where))}; parameter {parameter} has {SizeText.Of(parameter.Sizes)}");

    private ResumeFile Position() => new(
        TestNets.Prepend(Net).SelectMany((net, n) => net.Data.Select((data, layer) => (n, layer, data.Batches.ItemsRead))).ToSeq(),
        smoothed.Losses.ToSeq(), smoothed.Value, smoothed.Start,
        TestNets.Prepend(Net).Select((net, n) => (n, net.Random.State.Value.AsSpan<ulong>()[1])).Where(random => random.Item2 > 0).ToSeq());

    private void GoTo(string file)
    {
        if (!File.Exists(options.Files.Resolve(file)))
        {
            return;
        }
        ResumeFile position = ResumeFile.Read(file, options.Files);
        Seq<Net> nets = [Net, .. TestNets];
        foreach ((int net, int layer, long items) in position.Positions)
        {
            if (net >= nets.Count || layer >= nets[net].Data.Count)
            {
                throw new InvalidDataException($"{file}: data layer {layer} of net {net} is not in this solver");
            }
            nets[net].Data[layer].Batches.SkipTo(items);
        }
        foreach ((int net, ulong calls) in position.Draws)
        {
            if (net >= nets.Count)
            {
                throw new InvalidDataException($"{file}: net {net} is not in this solver");
            }
            SharedVariable state = nets[net].Random.State;
            state.SetValue(Tensor.Of<ulong>([state.Value.AsSpan<ulong>()[0], calls], 2));
        }
        smoothed.Resume(position.Start, position.Smoothed, position.Losses);
        resumed = true;
    }
}
