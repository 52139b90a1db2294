using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;

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
        log.Information("caffe.cpp:275", "Use CPU.");
        using Net net = NetFile.Build(arguments, file, Phase.Test);
        NetFile.Load(net, weights, log);
        log.Information("caffe.cpp:281", $"Running for {iterations} iterations.");
        using var run = new NetRun(net, [net.Objective, .. net.Outputs.Map(o => o.Value)], Compilation.Options(arguments) with { Name = $"{net.Name} test" });
        float loss = 0;
        float[][] sums = [.. net.Outputs.Select(o => new float[o.Value.Shape.Elements.Constant])];
        using (var progress = new Progress(Progress.Terminal(), log, TimeProvider.System))
        {
            for (int i = 0; i < iterations; i++)
            {
                run.NextBatch();
                run.Run();
                loss += run.Results[0].Item<float>();
                Add(net, run, sums, i, log);
                progress.Report("batch", i + 1, iterations, "");
            }
        }
        log.Information("caffe.cpp:309", $"Loss: {CppNumber.Text(loss / iterations)}");
        for (int output = 0; output < sums.Length; output++)
        {
            NetOutput what = net.Outputs[output];
            foreach (float sum in sums[output])
            {
                float mean = sum / iterations;
                string weighted = what.LossWeight == 0 ? "" : $" (* {CppNumber.Text(what.LossWeight)} = {CppNumber.Text(what.LossWeight * mean)} loss)";
                log.Information("caffe.cpp:321", $"{what.Name} = {CppNumber.Text(mean)}{weighted}");
            }
        }
        if (arguments.Switch("profile"))
        {
            error.Write(run.Profile);
        }
    }

    // Sums in float32, as Caffe does.
    private static void Add(Net net, NetRun run, float[][] sums, int batch, CaffeLog log)
    {
        for (int output = 0; output < sums.Length; output++)
        {
            float[] values = run.Results[output + 1].ToArray<float>();
            for (int i = 0; i < values.Length; i++)
            {
                sums[output][i] += values[i];
                log.Information("caffe.cpp:304", $"Batch {batch}, {net.Outputs[output].Name} = {CppNumber.Text(values[i])}");
            }
        }
    }
}
