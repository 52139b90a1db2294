namespace Symbolic.Runtime;

/// <summary>The memory that a function needs for one tuple of sizes, known before it runs.</summary>
/// <param name="Temporaries">Bytes of intermediate results and of what kernels need while they run, had each memory of its own.</param>
/// <param name="LargestLiveSet">The most of these bytes that one step needs at once: no arena can be smaller.</param>
/// <param name="Arena">Bytes of the arena in which they lie by lifetime.</param>
/// <param name="Outputs">Bytes of the outputs.</param>
/// <param name="Shared">Bytes of the shared variables.</param>
/// <param name="Constants">Bytes of the constant arrays.</param>
public sealed record FunctionMemory(long Temporaries, long LargestLiveSet, long Arena, long Outputs, long Shared, long Constants)
{
    /// <summary>Bytes that a call touches besides its inputs.</summary>
    public long Total => Arena + Outputs + Shared + Constants;

    /// <summary>One line in KiB.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"arena {Kib(Arena)} KiB (at least {Kib(LargestLiveSet)} KiB are needed at once; {Kib(Temporaries)} KiB without reuse), outputs {Kib(Outputs)} KiB, shared variables {Kib(Shared)} KiB, constants {Kib(Constants)} KiB");

    private static long Kib(long bytes) => (bytes + 1023) / 1024;
}
