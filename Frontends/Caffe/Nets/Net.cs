using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>
/// A Caffe net as a graph: every blob is an expression over inputs and shared variables, which one may go on using,
/// differentiating and compiling.
/// </summary>
public sealed class Net : IDisposable
{
    internal Net(string name, Phase phase, Seq<NetLayer> layers, IReadOnlyDictionary<string, Expr> blobs, Seq<NetInput> inputs,
        Seq<NetData> data, Seq<NetSink> sinks, Seq<NetOutput> outputs, Seq<Parameter> parameters, Expr objective, Seq<Update> updates, RandomStream random)
    {
        Name = name;
        Phase = phase;
        Layers = layers;
        Blobs = blobs;
        Inputs = inputs;
        Data = data;
        Sinks = sinks;
        Outputs = outputs;
        Parameters = parameters;
        Objective = objective;
        Updates = updates;
        Random = random;
    }

    /// <summary>The name in the file.</summary>
    public string Name { get; }

    /// <summary>Whether it was built to train or to test.</summary>
    public Phase Phase { get; }

    /// <summary>The layers that the phase, level and stages keep, in order.</summary>
    public Seq<NetLayer> Layers { get; }

    /// <summary>Every blob by name. A blob that layers overwrite in place has its last value.</summary>
    public IReadOnlyDictionary<string, Expr> Blobs { get; }

    /// <summary>All inputs in the order of the file: tops of Input and of data layers.</summary>
    public Seq<NetInput> Inputs { get; }

    /// <summary>The data layers; their tops are among <see cref="Inputs"/>.</summary>
    public Seq<NetData> Data { get; }

    /// <summary>What its HDF5Output layers write to files. A run of the net writes nothing by itself: see <see cref="Hdf5Output"/>.</summary>
    public Seq<NetSink> Sinks { get; }

    /// <summary>The blobs that no layer consumes, sorted by name.</summary>
    public Seq<NetOutput> Outputs { get; }

    /// <summary>The learned blobs, each once, in the order of the layers.</summary>
    public Seq<Parameter> Parameters { get; }

    /// <summary>The sum of all tops times their loss weights: a scalar of the net's dtype, constant 0 where nothing counts.</summary>
    public Expr Objective { get; }

    /// <summary>
    /// What each forward run changes beside giving its results: the running statistics of BatchNorm layers that use those of the
    /// batch, and the state in which recurrent layers end. A function that shall change them is compiled with these updates; they read
    /// what stood before the call.
    /// </summary>
    public Seq<Update> Updates { get; }

    /// <summary>Where Dropout and random data come from; its state moves on with each call of a function that draws.</summary>
    public RandomStream Random { get; }

    /// <summary>Builds a net.</summary>
    /// <exception cref="PrototxtError">The file asks for something that is not there or does not fit; the message says layer and place.</exception>
    public static Net Build(NetParameter parameter, NetOptions? options = null) => new NetBuilder(parameter, options ?? new NetOptions()).Build();

    /// <summary>Closes the sources of its data layers.</summary>
    public void Dispose()
    {
        foreach (NetData data in Data)
        {
            data.Batches.Dispose();
        }
    }
}
