using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;
using Symbolic.Runtime;

namespace Symbolic.Cli.Commands;

/// <summary>`symbolic test`: what `caffe test` does.</summary>
internal static class TestCommand
{
    /// <summary>Scores weights over the batches of the net's TEST data.</summary>
    public static void Run(Arguments arguments, CaffeLog log, TextWriter error)
    {
        string file = arguments.Text("model") ?? throw new UsageError("Need a model definition to score: -model FILE");
        Seq<string> weights = arguments.List("weights");
        if (weights.Count == 0)
        {
            throw new UsageError("Need model weights to score: -weights FILE");
        }
        int iterations = arguments.Number("iterations", 50, least: 1);
        CompileOptions options = Compilation.Options(arguments) with { Name = "test" };
        log.Information("caffe.cpp:275", "Use CPU.");
        using Net net = NetFile.Build(arguments, file, Phase.Test);
        NetFile.Load(net, weights, log);
        using var tester = new Tester(net, options, log);
        using (var progress = new Progress(Progress.Terminal(), log, TimeProvider.System))
        {
            tester.BatchDone += batch => progress.Report("batch", batch + 1, iterations, "");
            tester.Run(iterations);
        }
        if (arguments.Switch("profile"))
        {
            error.Write(tester.Profile);
        }
    }
}
