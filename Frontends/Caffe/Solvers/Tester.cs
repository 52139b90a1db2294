using Symbolic.Caffe.Solvers;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>Scores a net with the parameters that it has over batches of its data, as <c>caffe test</c> does.</summary>
public sealed class Tester : IDisposable
{
    private readonly Net net;
    private readonly NetFeed feed;
    private readonly NetFunction function;
    private readonly ICaffeLog log;
    private readonly ModelFiles? files;

    /// <summary>Compiles the net, which stays the caller's.</summary>
    /// <param name="net">The net.</param>
    /// <param name="compile">How it is compiled.</param>
    /// <param name="log">Where the log goes; null: nowhere.</param>
    /// <param name="files">Where its HDF5Output layers may write; null: anywhere.</param>
    /// <exception cref="InvalidOperationException">A size of the net is not known.</exception>
    public Tester(Net net, CompileOptions? compile = null, ICaffeLog? log = null, ModelFiles? files = null)
    {
        this.files = files;
        this.net = net;
        this.log = log ?? NoLog.Instance;
        feed = new NetFeed(net);
        function = new NetFunction(net, feed, compile ?? new CompileOptions());
    }

    /// <summary>Called after each batch with its number, on the thread that tests.</summary>
    public event Action<int>? BatchDone;

    /// <summary>What the kernels have cost so far, where the options ask for it.</summary>
    public FunctionProfile Profile => function.Profile;

    /// <summary>Runs so many batches. The files of HDF5Output layers are written at the end.</summary>
    /// <returns>The means over them, one per element of each output.</returns>
    /// <exception cref="InvalidDataException">An item of the data is damaged.</exception>
    public Seq<Score> Run(int batches, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(batches);
        Log(281, $"Running for {batches} iterations.");
        var board = new ScoreBoard(net);
        Hdf5Output[] sinks = [.. net.Sinks.Select(sink => new Hdf5Output(sink, files))];
        float loss = 0;
        for (int batch = 0; batch < batches; batch++)
        {
            feed.Next();
            loss += function.Run(cancellation);
            for (int i = 0; i < sinks.Length; i++)
            {
                sinks[i].Add(function.Sinks[2 * i], function.Sinks[(2 * i) + 1]);
            }
            board.Add(function.Outputs);
            foreach (Score score in ScoreBoard.Of(net, function.Outputs.ToArray()))
            {
                Log(304, $"Batch {batch}, {score.Name} = {CppNumber.Text(score.Value)}");
            }
            BatchDone?.Invoke(batch);
        }
        foreach (Hdf5Output sink in sinks)
        {
            sink.Write();
        }
        Log(309, $"Loss: {CppNumber.Text(loss / batches)}");
        Seq<Score> means = board.Means();
        foreach (Score mean in means)
        {
            Log(321, ScoreBoard.Text(mean));
        }
        return means;
    }

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();

    private void Log(int line, string message) => log.Write(new LogLine("caffe.cpp", line, message));
}
