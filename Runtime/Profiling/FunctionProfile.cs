using System.Globalization;
using System.Text;

namespace Symbolic.Runtime;

/// <summary>What a function's kernels and procedures have cost since it was compiled, in program order.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Calls">Calls that ended without an error.</param>
/// <param name="Seconds">Time within these calls.</param>
/// <param name="Kernels">One entry per kernel and procedure; none if the function was compiled without <see cref="CompileOptions.Profile"/>.</param>
/// <param name="Limits">What the machine can do at most with the function's threads; null if no kernel was timed.</param>
public sealed record FunctionProfile(string Name, long Calls, double Seconds, Seq<KernelProfile> Kernels, MachineLimits? Limits)
{
    /// <summary>
    /// A table, the costliest kernel first. The column <c>limit</c> is the least time in which the machine could do the kernel's operations, or move
    /// its bytes from and to memory, in per cent of the time that it took; more than 100 where its data were in the cache.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"{Name}: {Calls} calls, {Seconds * 1000:0.000} ms\n");
        if (Kernels.Count == 0 || Limits is null)
        {
            return text.Append("no kernel was timed: compile with Profile = true\n").ToString();
        }
        double timed = Kernels.Sum(k => k.Seconds);
        text.Append(culture, $"kernels {timed * 1000:0.000} ms; limits {Limits}\n");
        text.Append("      ms  share    calls   us/call  GFLOP/s    GB/s  limit  kernel\n");
        foreach (KernelProfile kernel in Kernels.OrderByDescending(k => k.Seconds))
        {
            double share = Seconds == 0 ? 0 : kernel.Seconds / Seconds, each = kernel.Calls == 0 ? 0 : kernel.Seconds / kernel.Calls * 1e6;
            double limit = kernel.Seconds == 0 ? 0 : Limits.Seconds(kernel.Work, kernel.Traffic) / kernel.Seconds;
            text.Append(culture, $"{kernel.Seconds * 1000,8:0.000} {share,6:0.0%} {kernel.Calls,8} {each,9:0.0} {kernel.WorkRate,8:0.0} {kernel.TrafficRate,7:0.0} {limit,6:0%}  {kernel.Kernel} {kernel.Label}{(kernel.Choice is null ? "" : $" ({kernel.Choice})")}\n");
        }
        return text.ToString();
    }
}

/// <summary>What one kernel or procedure has cost.</summary>
/// <param name="Kernel">Its name in the emitted code, which kernels of one text share; <c>procedure</c> for an op that is an algorithm, <c>batch</c> for small launches that run together.</param>
/// <param name="Label">What it computes.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Work">Floating-point operations of the definition, whatever the schedule saves.</param>
/// <param name="Traffic">Bytes of the buffers that it reads and writes, each counted once.</param>
public sealed record KernelProfile(string Kernel, string Label, long Calls, double Seconds, double Work, double Traffic)
{
    /// <summary>How it runs where there is a choice among ways that give the same bits, and whether the model or a trial chose; null where there is none. Of the sizes bound last.</summary>
    public string? Choice { get; init; }

    /// <summary>GFLOP/s; 0 for a kernel that has not run.</summary>
    public double WorkRate => Seconds == 0 ? 0 : Work / Seconds * 1e-9;

    /// <summary>GB/s; 0 for a kernel that has not run.</summary>
    public double TrafficRate => Seconds == 0 ? 0 : Traffic / Seconds * 1e-9;
}
