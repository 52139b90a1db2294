using System.Diagnostics;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;
using Symbolic.Runtime;

namespace Symbolic.Cli.Commands;

/// <summary>
/// `symbolic time`: what `caffe time` does. The whole net is compiled as one, so that layers share kernels; the figures per
/// layer are those of each layer compiled alone, and add up to more.
/// </summary>
internal static class TimeCommand
{
    /// <summary>Times forward and backward.</summary>
    public static void Run(Arguments arguments, CaffeLog log, TextWriter error)
    {
        string file = arguments.Text("model") ?? throw new UsageError("Need a model definition to time: -model FILE");
        int iterations = arguments.Number("iterations", 50, least: 1);
        Phase phase = arguments.Text("phase") switch
        {
            null or "TRAIN" => Phase.Train,
            "TEST" => Phase.Test,
            var text => throw new UsageError($"-phase {text}: neither TRAIN nor TEST"),
        };
        CompileOptions options = Compilation.Options(arguments);
        log.Information("caffe.cpp:343", "Use CPU.");
        using Net net = NetFile.Build(arguments, file, phase);
        Seq<Expr> results = [net.Objective, .. net.Outputs.Map(o => o.Value)];
        Seq<Expr> gradients = Differentiation.Gradient(net.Parameters.Map(p => p.Variable.Expr), [net.Objective]).OfType<Derivative.Known>().Select(known => known.Expr).ToSeq();
        using var forward = new NetRun(net, results, options with { Name = $"{net.Name} forward" });
        using var both = new NetRun(net, [.. results, .. gradients], options with { Name = $"{net.Name} forward and backward", Trace = arguments.Text("trace") is not null });
        log.Information("caffe.cpp:351", "Performing Forward");
        forward.NextBatch();
        forward.Run();
        log.Information("caffe.cpp:356", $"Initial loss: {CppNumber.Text(forward.Results[0].Item<float>())}");
        log.Information("caffe.cpp:357", "Performing Backward");
        both.NextBatch();
        both.Run();
        log.Information("caffe.cpp:365", "*** Benchmark begins ***");
        log.Information("caffe.cpp:366", $"Testing for {iterations} iterations.");
        long start = Stopwatch.GetTimestamp();
        double forwardTime = 0, bothTime = 0;
        for (int i = 1; i <= iterations; i++)
        {
            forward.NextBatch();
            both.NextBatch();
            forwardTime += Milliseconds(forward.Run);
            double time = Milliseconds(both.Run);
            bothTime += time;
            log.Information("caffe.cpp:394", $"Iteration: {i} forward-backward time: {CppNumber.Text(time)} ms.");
        }
        log.Information("caffe.cpp:397", "Average time per layer: ");
        foreach (NetLayer layer in net.Layers)
        {
            using var run = new LayerRun(layer, options);
            log.Information("caffe.cpp:400", $"{layer.Name,10}\tforward: {CppNumber.Text(Average(run.Forward, iterations))} ms.");
            log.Information("caffe.cpp:403", $"{layer.Name,10}\tbackward: {CppNumber.Text(Average(run.Backward, iterations))} ms.");
        }
        log.Information("caffe.cpp:408", $"Average Forward pass: {CppNumber.Text(forwardTime / iterations)} ms.");
        log.Information("caffe.cpp:410", $"Average Backward pass: {CppNumber.Text(Math.Max(0, bothTime - forwardTime) / iterations)} ms.");
        log.Information("caffe.cpp:412", $"Average Forward-Backward: {CppNumber.Text(bothTime / iterations)} ms.");
        log.Information("caffe.cpp:414", $"Total Time: {CppNumber.Text(Stopwatch.GetElapsedTime(start).TotalMilliseconds)} ms.");
        log.Information("caffe.cpp:415", "*** Benchmark ends ***");
        if (arguments.Switch("profile"))
        {
            error.Write(both.Profile);
        }
        if (arguments.Text("trace") is { } trace)
        {
            using FileStream stream = File.Create(trace);
            both.WriteTrace(stream);
        }
    }

    private static double Milliseconds(Action run)
    {
        long start = Stopwatch.GetTimestamp();
        run();
        return Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }

    private static double Average(Action run, int iterations)
    {
        run();
        double sum = 0;
        for (int i = 0; i < iterations; i++)
        {
            sum += Milliseconds(run);
        }
        return sum / iterations;
    }
}
