using Symbolic.Caffe;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;
using Symbolic.Runtime;

namespace Symbolic.Cli.Commands;

/// <summary>`symbolic train`: what `caffe train` does.</summary>
internal static class TrainCommand
{
    /// <summary>Trains as the solver file says.</summary>
    public static void Run(Arguments arguments, CaffeLog log, TextWriter error)
    {
        string file = arguments.Text("solver") ?? throw new UsageError("Need a solver definition to train: -solver FILE");
        Seq<string> weights = arguments.List("weights");
        string? snapshot = arguments.Text("snapshot");
        if (snapshot is not null && weights.Count > 0)
        {
            throw new UsageError("Give a snapshot to resume training or weights to finetune but not both.");
        }
        SignalEffect onInterrupt = Signals.Parse(arguments, "sigint_effect", SignalEffect.Stop);
        SignalEffect onHangUp = Signals.Parse(arguments, "sighup_effect", SignalEffect.Snapshot);
        CompileOptions compile = Compilation.Options(arguments);
        log.Information("caffe.cpp:197", "Use CPU.");
        using Solver solver = Solver.FromFile(file, new SolverOptions
        {
            Weights = weights,
            Level = arguments.Number("level"),
            Stages = arguments.List("stage"),
            Log = log,
            Compile = compile,
        });
        using var signals = new Signals(solver, onInterrupt, onHangUp);
        if (snapshot is not null)
        {
            log.Information("caffe.cpp:234", $"Resuming from {snapshot}");
            solver.Restore(snapshot);
        }
        log.Information("caffe.cpp:239", "Starting Optimization");
        using (var progress = new Progress(Progress.Terminal(), log, TimeProvider.System))
        {
            solver.IterationDone += done => progress.Report("iteration", done.Iteration + 1, solver.Parameter.MaxIter, $"loss {done.SmoothedLoss:G4}");
            solver.Solve();
        }
        log.Information("caffe.cpp:250", "Optimization Done.");
        if (arguments.Switch("profile"))
        {
            error.Write(solver.TrainingProfile);
        }
    }
}

/// <summary>How the commands compile.</summary>
internal static class Compilation
{
    /// <summary>The options that the flags ask for.</summary>
    public static CompileOptions Options(Arguments arguments) => new()
    {
        Threads = arguments.Number("threads") is null ? null : arguments.Number("threads", 1, least: 1),
        Profile = arguments.Switch("profile"),
    };
}
