using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>What the runs of one kernel or procedure have cost so far, over all sizes.</summary>
internal sealed class KernelCounter(string kernel, string label)
{
    private long calls;
    private long ticks;
    private double work;
    private double traffic;

    /// <summary>One for each kernel and procedure of some steps, those inside loops and branches included, in program order.</summary>
    public static IEnumerable<KernelCounter> For(Seq<Step> steps) => steps.SelectMany(step => step switch
    {
        Step.Launch launch => [new KernelCounter(launch.Kernel, launch.Label)],
        Step.Compute compute => [new KernelCounter("procedure", IrText.Print(compute.Procedure))],
        Step.Repeat repeat => For(repeat.Body),
        Step.Branch branch => For(branch.Then).Concat(For(branch.Else)),
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

    /// <summary>The figures so far.</summary>
    public KernelProfile Snapshot() => new(kernel, label, calls, (double)ticks / System.Diagnostics.Stopwatch.Frequency, work, traffic);
}
