using Symbolic.Caffe.Schema;
using Symbolic.Caffe.Solvers;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>Scores a net with trained weights, as <c>caffe test</c> does: batches one after the other, each output, and the means.</summary>
public sealed class Tester : IDisposable
{
    private readonly ICaffeLog log;
    private readonly NetFeed feed;
    private readonly NetFunction function;

    private Tester(Net net, NetParameter trained, string weights, ICaffeLog log, CompileOptions compile)
    {
        Net = net;
        this.log = log;
        foreach (string layer in net.CopyFrom(trained, weights))
        {
            Log(743, $"Ignoring source layer {layer}", "net.cpp");
        }
        feed = new NetFeed(net);
        function = new NetFunction(net, feed, compile with { Name = $"{(net.Name.Length > 0 ? net.Name : "net")} test" });
    }

    /// <summary>The net.</summary>
    public Net Net { get; }

    /// <summary>The profile of the compiled net, where the options ask for one.</summary>
    public FunctionProfile Profile => function.Profile;

    /// <summary>Reads a net and its weights and compiles it.</summary>
    /// <param name="model">The file of the net.</param>
    /// <param name="weights">Its .caffemodel.</param>
    /// <param name="options">Level, stages and the source of data; the phase is TEST unless said otherwise.</param>
    /// <param name="log">Where the log goes; nowhere by default.</param>
    /// <param name="compile">How it is compiled.</param>
    /// <exception cref="PrototxtError">The net says something that cannot be.</exception>
    /// <exception cref="InvalidDataException">The weights or the data are damaged or do not fit.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static Tester FromFile(string model, string weights, NetOptions? options = null, ICaffeLog? log = null, CompileOptions? compile = null)
    {
        options ??= new NetOptions();
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(model, options.Files);
        return Create(document.Message, weights, options with { Places = document.Places }, log, compile);
    }

    /// <summary>As <see cref="FromFile"/>, of a net that was read already.</summary>
    public static Tester Create(NetParameter model, string weights, NetOptions? options = null, ICaffeLog? log = null, CompileOptions? compile = null)
    {
        options ??= new NetOptions();
        Net net = Net.Build(model, options);
        try
        {
            return new Tester(net, BinaryProto.Read<NetParameter>(weights, options.Files), weights, log ?? NoLog.Instance, compile ?? new CompileOptions());
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    /// <summary>The tensor that an input of the net reads; what is written to it stays until overwritten.</summary>
    public Tensor Input(string blob) => feed[blob];

    /// <summary>Runs so many batches and gives the mean of each element of each output.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled between two batches.</exception>
    public Seq<Score> Run(int iterations, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        Log(290, $"Running for {iterations} iterations.");
        var board = new ScoreBoard(Net);
        float loss = 0;
        for (int batch = 0; batch < iterations; batch++)
        {
            cancellation.ThrowIfCancellationRequested();
            feed.Next();
            loss += function.Run(cancellation);
            board.Add(function.Outputs);
            foreach (Score score in ScoreBoard.Of(Net, function.Outputs.ToArray()))
            {
                Log(313, $"Batch {batch}, {score.Name} = {CppNumber.Text(score.Value)}");
            }
        }
        Log(318, $"Loss: {CppNumber.Text(loss / iterations)}");
        Seq<Score> means = board.Means();
        foreach (Score score in means)
        {
            Log(330, ScoreBoard.Text(score));
        }
        return means;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        function.Dispose();
        Net.Dispose();
    }

    private void Log(int line, string message, string source = "caffe.cpp") => log.Write(new LogLine(source, line, message));
}
