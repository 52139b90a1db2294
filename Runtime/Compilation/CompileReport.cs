using System.Globalization;

namespace Symbolic.Runtime;

/// <summary>What compiling a function took.</summary>
/// <param name="FromCache">Whether all machine code came from the cache.</param>
/// <param name="Milliseconds">From the call of Compile to its return.</param>
/// <param name="Phases">The milliseconds of each phase, in order.</param>
/// <param name="CacheNote">Why the cache was not read or written, if something stood in the way; null otherwise.</param>
public sealed record CompileReport(bool FromCache, double Milliseconds, Seq<(string Phase, double Milliseconds)> Phases, string? CacheNote)
{
    /// <summary>One line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Milliseconds:0.0} ms{(FromCache ? " from cache" : "")} ({string.Join(", ", Phases.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.Phase} {p.Milliseconds:0.0}")))}){(CacheNote is null ? "" : $"; {CacheNote}")}");
}
