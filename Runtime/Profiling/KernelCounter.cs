using System.Diagnostics;
using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>What the runs of one kernel or procedure have cost so far, over all sizes; with a log, when they were.</summary>
internal sealed class KernelCounter(string kernel, string label, TraceLog? log)
{
    private long calls;
    private long ticks;
    private double work;
    private double traffic;

    /// <summary>The kernel's name in the emitted code.</summary>
    public string Kernel => kernel;

    /// <summary>What it computes.</summary>
    public string Label => label;

    /// <summary>How it runs where there is a choice, and who chose, with the sizes bound last.</summary>
    public string? Choice { get; set; }

    /// <summary>Whether runs are noted one by one.</summary>
    public bool IsTraced => log is not null;

    /// <summary>One for each kernel and procedure of some steps, those inside loops and branches included, in program order.</summary>
    public static IEnumerable<KernelCounter> For(Seq<Step> steps, TraceLog? log) => steps.SelectMany(step => step switch
    {
        Step.Launch launch => [new KernelCounter(launch.Kernel, launch.Label, log)],
        Step.Batch batch => [new KernelCounter("batch", batch.Label, log)],
        Step.Compute compute => [new KernelCounter("procedure", IrText.Print(compute.Procedure), log)],
        Step.Repeat repeat => For(repeat.Body, log),
        Step.Branch branch => For(branch.Then, log).Concat(For(branch.Else, log)),
        _ => Enumerable.Empty<KernelCounter>(),
    });

    /// <summary>Counts one run.</summary>
    /// <param name="elapsed">Its time, in ticks of the stopwatch.</param>
    /// <param name="operations">Floating-point operations.</param>
    /// <param name="bytes">Bytes read and written.</param>
    public void Add(long elapsed, double operations, double bytes)
    {
        calls++;
        ticks += elapsed;
        work += operations;
        traffic += bytes;
    }

    /// <summary>Notes when a thread worked on a phase.</summary>
    public void Trace(int phase, int thread, long begin, long end) => log?.Add(this, phase, thread, begin, end);

    /// <summary>The figures so far.</summary>
    public KernelProfile Snapshot() => new(kernel, label, calls, (double)ticks / Stopwatch.Frequency, work, traffic) { Choice = Choice };
}
