using System.Globalization;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Limits;

/// <summary>What a work may be bound by.</summary>
internal enum LimitKind
{
    /// <summary>By nothing that can be measured: the time is overhead.</summary>
    None,

    /// <summary>Fused multiply-adds.</summary>
    Fma,

    /// <summary>Reading memory.</summary>
    Read,

    /// <summary>Reading one array and writing another.</summary>
    Copy,

    /// <summary>The same with stores past the cache.</summary>
    CopyPastCache,

    /// <summary>Reading two arrays and writing a third.</summary>
    Triad,

    /// <summary>The same with stores past the cache.</summary>
    TriadPastCache,
}

/// <summary>A limit to be measured, as a work that one contestant knows how to do. Traffic is over this many bytes in all, again and again.</summary>
internal sealed record LimitWork(LimitKind Kind, long WorkingSet) : Work("limits", string.Create(CultureInfo.InvariantCulture, $"{Prefix}{Kind} {WorkingSet}"))
{
    private const string Prefix = "limit ";

    /// <summary>The work of such a name, or null where it is another's.</summary>
    public static LimitWork? Parse(string name) => name.StartsWith(Prefix, StringComparison.Ordinal) && name[Prefix.Length..].Split(' ') is [var kind, var bytes]
        ? new(Enum.Parse<LimitKind>(kind), long.Parse(bytes, CultureInfo.InvariantCulture))
        : null;

    /// <summary>Floats per array, a multiple of what every loop takes at once for each of so many threads.</summary>
    public long Count(int threads)
    {
        int arrays = Kind switch
        {
            LimitKind.Read => 1,
            LimitKind.Copy or LimitKind.CopyPastCache => 2,
            _ => 3,
        };
        long unit = 32L * threads;
        return WorkingSet / sizeof(float) / arrays / unit * unit;
    }
}
