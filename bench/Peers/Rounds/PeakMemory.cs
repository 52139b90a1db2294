using System.Diagnostics;
using System.Globalization;

namespace Symbolic.Peers.Rounds;

/// <summary>The most memory that this process has had resident.</summary>
internal static class PeakMemory
{
    /// <summary>In bytes. Linux counts it exactly (VmHWM); elsewhere it is what .NET is told.</summary>
    public static long Bytes()
    {
        const string status = "/proc/self/status", name = "VmHWM:";
        if (!File.Exists(status))
        {
            using Process self = Process.GetCurrentProcess();
            return self.PeakWorkingSet64;
        }
        string line = File.ReadLines(status).First(line => line.StartsWith(name, StringComparison.Ordinal));
        return 1024 * long.Parse(line[name.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture);
    }
}
