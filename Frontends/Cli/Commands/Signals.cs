using System.Runtime.InteropServices;
using Symbolic.Caffe;
using Symbolic.Cli.CommandLine;

namespace Symbolic.Cli.Commands;

/// <summary>What a signal asks of a running solver.</summary>
internal enum SignalEffect
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>Write a snapshot and go on.</summary>
    Snapshot,

    /// <summary>Write the last snapshot, if the solver writes one, and end.</summary>
    Stop,
}

/// <summary>
/// Signals turned into requests, as Caffe's signal handler does (signal_handler.cpp): the solver looks for them between
/// iterations. A second Ctrl-C ends the program at once, where Caffe would only ask again.
/// </summary>
internal sealed class Signals : IDisposable
{
    private readonly List<PosixSignalRegistration> registrations = [];
    private int stops;

    /// <summary>Passes signals on to a solver until it is disposed.</summary>
    public Signals(Solver solver, SignalEffect onInterrupt, SignalEffect onHangUp)
    {
        Listen(PosixSignal.SIGINT, onInterrupt, solver);
        Listen(PosixSignal.SIGHUP, onHangUp, solver);
    }

    /// <summary>The effect that a flag names.</summary>
    /// <exception cref="UsageError">It names none.</exception>
    public static SignalEffect Parse(Arguments arguments, string flag, SignalEffect otherwise) => arguments.Text(flag) switch
    {
        null => otherwise,
        "stop" => SignalEffect.Stop,
        "snapshot" => SignalEffect.Snapshot,
        "none" => SignalEffect.None,
        var text => throw new UsageError($"Invalid signal effect \"{text}\" was specified: -{flag} takes stop, snapshot or none"),
    };

    /// <inheritdoc/>
    public void Dispose() => registrations.ForEach(r => r.Dispose());

    private void Listen(PosixSignal signal, SignalEffect effect, Solver solver) => registrations.Add(PosixSignalRegistration.Create(signal, context =>
    {
        context.Cancel = true;
        switch (effect)
        {
            case SignalEffect.Stop when Interlocked.Increment(ref stops) > 1:
                context.Cancel = false;
                break;
            case SignalEffect.Stop:
                solver.RequestStop();
                break;
            case SignalEffect.Snapshot:
                solver.RequestSnapshot();
                break;
            case SignalEffect.None:
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"{effect}");
        }
    }));
}
