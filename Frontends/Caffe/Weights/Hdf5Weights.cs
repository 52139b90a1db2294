using System.Globalization;
using Symbolic.Caffe.Hdf5;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>Weights and solver states as HDF5, as Caffe lays them out (net.cpp, ToHDF5; sgd_solver.cpp, SnapshotSolverStateToHDF5).</summary>
internal static class Hdf5Weights
{
    /// <summary>The weights of a <c>.caffemodel.h5</c>: arrays <c>/data/LAYER/0</c>, <c>1</c>, ...; of a shared blob only its owner's is there.</summary>
    public static IReadOnlyList<LayerWeights> Read(string path, ModelFiles files)
    {
        using Hdf5Reader reader = Hdf5Reader.Open(path, files);
        if (!reader.Has("data"))
        {
            throw new InvalidDataException($"{path}: has no group 'data', under which Caffe keeps weights");
        }
        var layers = new List<LayerWeights>();
        foreach ((string layer, Seq<string> arrays) in reader.Leaves("data"))
        {
            int[] indices = [.. arrays.Select(name => int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out int index) ? index
                : throw new InvalidDataException($"{path}: 'data/{layer}/{name}' has no number for a name")).Order()];
            layers.Add(new LayerWeights(layer, [.. indices.Select(index => Blob(reader, $"data/{layer}/{index}"))]) { Indices = indices });
        }
        return layers;
    }

    /// <summary>Writes a net's weights; those that layers share once, at their owner.</summary>
    public static void Write(string path, Net net)
    {
        var writer = new Hdf5Writer();
        foreach (NetLayer layer in net.Layers)
        {
            writer.Group($"data/{layer.Name}");
            for (int i = 0; i < layer.Blobs.Count; i++)
            {
                if (IsOwn(layer, i))
                {
                    writer.Add($"data/{layer.Name}/{i}", layer.Blobs[i].Sizes.AsSpan(), layer.Blobs[i].Parameter.ToFloats());
                }
            }
        }
        writer.Write(path);
    }

    /// <summary>Whether a layer is the one that owns its parameter number <paramref name="index"/>.</summary>
    public static bool IsOwn(NetLayer layer, int index) => layer.Blobs[index].Parameter is { } parameter && parameter.Layer == layer.Name && parameter.Index == index;

    /// <summary>The state of a <c>.solverstate.h5</c>.</summary>
    public static SolverState ReadState(string path, ModelFiles files)
    {
        using Hdf5Reader reader = Hdf5Reader.Open(path, files);
        var state = new SolverState { Iter = Small(reader, "iter"), CurrentStep = Small(reader, "current_step") };
        if (reader.Has("learned_net"))
        {
            state.LearnedNet = reader.Text("learned_net");
        }
        int count = reader.Has("history") ? reader.Arrays("history").Count : throw new InvalidDataException($"{path}: has no group 'history'; is it a solver state?");
        state.History.AddRange(Enumerable.Range(0, count).Select(index => Blob(reader, $"history/{index}")));
        return state;
    }

    /// <summary>Writes a solver's state.</summary>
    public static void WriteState(string path, SolverState state)
    {
        var writer = new Hdf5Writer();
        writer.Add("iter", state.Iter);
        writer.Add("learned_net", state.LearnedNet);
        writer.Add("current_step", state.CurrentStep);
        writer.Group("history");
        for (int i = 0; i < state.History.Count; i++)
        {
            writer.Add($"history/{i}", Blobs.Shape(state.History[i], path).AsSpan(), Blobs.Values(state.History[i], path));
        }
        writer.Write(path);
    }

    private static BlobProto Blob(Hdf5Reader reader, string path)
    {
        Hdf5Array array = reader.Read(path);
        return Blobs.Of(array.Shape.AsSpan(), array.Values);
    }

    private static int Small(Hdf5Reader reader, string path) => reader.Integer(path) is >= int.MinValue and <= int.MaxValue and var value ? (int)value
        : throw new InvalidDataException($"{reader.Name}: '{path}' is {reader.Integer(path)}, which needs more than 32 bits");
}
