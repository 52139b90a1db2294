using System.Diagnostics;
using Symbolic.Caffe.Schema;
using Symbolic.Caffe.Solvers;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>
/// Times a net as <c>caffe time</c> does. A compiled graph has no layers any more, so what is listed are its kernels; forward
/// and forward-backward are two functions, and the backward pass is what the second takes longer.
/// </summary>
public sealed class NetTimer : IDisposable
{
    private readonly ICaffeLog log;
    private readonly NetFeed feed;
    private readonly NetFunction forward;
    private readonly NetFunction both;

    private NetTimer(Net net, ICaffeLog log, CompileOptions compile)
    {
        Net = net;
        this.log = log;
        feed = new NetFeed(net);
        string name = net.Name.Length > 0 ? net.Name : "net";
        forward = new NetFunction(net, feed, compile with { Name = $"{name} forward", Profile = true });
        both = new NetFunction(net, feed, compile with { Name = $"{name} forward-backward", Profile = true }, backward: true);
    }

    /// <summary>The net.</summary>
    public Net Net { get; }

    /// <summary>What the kernels of the forward-backward function have cost.</summary>
    public FunctionProfile Profile => both.Profile;

    /// <summary>Reads a net and compiles it; its weights are what its fillers say.</summary>
    /// <param name="model">The file of the net.</param>
    /// <param name="options">Phase (Caffe's default is TRAIN), level, stages and the source of data.</param>
    /// <param name="log">Where the log goes; nowhere by default.</param>
    /// <param name="compile">How it is compiled.</param>
    /// <exception cref="PrototxtError">The net says something that cannot be.</exception>
    /// <exception cref="InvalidDataException">The data are damaged.</exception>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    public static NetTimer FromFile(string model, NetOptions? options = null, ICaffeLog? log = null, CompileOptions? compile = null)
    {
        options ??= new NetOptions { Phase = Phase.Train };
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(model, options.Files);
        Net net = Net.Build(document.Message, options with { Places = document.Places });
        try
        {
            return new NetTimer(net, log ?? NoLog.Instance, compile ?? new CompileOptions());
        }
        catch
        {
            net.Dispose();
            throw;
        }
    }

    /// <summary>Runs so many batches forward, and forward and backward, and logs the averages in milliseconds.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled between two batches.</exception>
    public void Run(int iterations, CancellationToken cancellation = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        Log(351, "Performing Forward");
        feed.Next();
        Log(356, $"Initial loss: {CppNumber.Text(forward.Run(cancellation))}");
        Log(357, "Performing Backward");
        both.Run(cancellation);
        Log(365, "*** Benchmark begins ***");
        Log(366, $"Testing for {iterations} iterations.");
        TimeSpan ahead = TimeSpan.Zero, round = TimeSpan.Zero;
        for (int i = 1; i <= iterations; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            feed.Next();
            long start = Stopwatch.GetTimestamp();
            forward.Run(cancellation);
            ahead += Stopwatch.GetElapsedTime(start);
            start = Stopwatch.GetTimestamp();
            both.Run(cancellation);
            TimeSpan one = Stopwatch.GetElapsedTime(start);
            round += one;
            Log(394, $"Iteration: {i} forward-backward time: {Text(one)} ms.");
        }
        Log(397, "Average time per kernel: ");
        foreach (KernelProfile kernel in both.Profile.Kernels)
        {
            Log(400, $"{kernel.Kernel,10}\t{CppNumber.Text(kernel.Seconds * 1e3 / Math.Max(kernel.Calls, 1))} ms.\t{kernel.Label}");
        }
        Log(408, $"Average Forward pass: {Text(ahead / iterations)} ms.");
        Log(410, $"Average Backward pass: {Text((round - ahead) / iterations)} ms.");
        Log(412, $"Average Forward-Backward: {Text(round / iterations)} ms.");
        Log(414, $"Total Time: {Text(round)} ms.");
        Log(415, "*** Benchmark ends ***");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        forward.Dispose();
        both.Dispose();
        Net.Dispose();
    }

    private static string Text(TimeSpan time) => CppNumber.Text(time.TotalMilliseconds);

    private void Log(int line, string message) => log.Write(new LogLine("caffe.cpp", line, message));
}
