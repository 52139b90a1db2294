using System.Globalization;
using System.Text;

namespace Symbolic.Runtime;

/// <summary>What a function's kernels and procedures have cost since it was compiled, in program order.</summary>
/// <param name="Name">The function's name.</param>
/// <param name="Calls">Calls that ended without an error.</param>
/// <param name="Seconds">Time within these calls.</param>
/// <param name="Kernels">One entry per kernel and procedure; none if the function was compiled without <see cref="CompileOptions.Profile"/>.</param>
public sealed record FunctionProfile(string Name, long Calls, double Seconds, Seq<KernelProfile> Kernels)
{
    /// <summary>A table, the costliest kernel first.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        CultureInfo culture = CultureInfo.InvariantCulture;
        text.Append(culture, $"{Name}: {Calls} calls, {Seconds * 1000:0.000} ms\n");
        if (Kernels.Count == 0)
        {
            return text.Append("no kernel was timed: compile with Profile = true\n").ToString();
        }
        text.Append("   ms  share    calls  GFLOP/s    GB/s  kernel\n");
        foreach (KernelProfile kernel in Kernels.OrderByDescending(k => k.Seconds))
        {
            double share = Seconds == 0 ? 0 : kernel.Seconds / Seconds;
            text.Append(culture, $"{kernel.Seconds * 1000,8:0.000} {share,5:0%} {kernel.Calls,8} {kernel.WorkRate,8:0.0} {kernel.TrafficRate,7:0.0}  {kernel.Kernel} {kernel.Label}\n");
        }
        return text.ToString();
    }
}

/// <summary>What one kernel or procedure has cost.</summary>
/// <param name="Kernel">Its name in the emitted code; <c>procedure</c> for an op that is an algorithm.</param>
/// <param name="Label">What it computes.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Seconds">For how long.</param>
/// <param name="Work">Floating-point operations.</param>
/// <param name="Traffic">Bytes of the buffers that it reads and writes.</param>
public sealed record KernelProfile(string Kernel, string Label, long Calls, double Seconds, double Work, double Traffic)
{
    /// <summary>GFLOP/s; 0 for a kernel that has not run.</summary>
    public double WorkRate => Seconds == 0 ? 0 : Work / Seconds * 1e-9;

    /// <summary>GB/s; 0 for a kernel that has not run.</summary>
    public double TrafficRate => Seconds == 0 ? 0 : Traffic / Seconds * 1e-9;
}
