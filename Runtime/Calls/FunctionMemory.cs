namespace Symbolic.Runtime;

/// <summary>The memory that a function needs for one tuple of sizes, known before it runs.</summary>
/// <param name="Temporaries">Bytes of intermediate results, had each memory of its own.</param>
/// <param name="Arena">Bytes of the arena in which they lie by lifetime, with what kernels need while they run.</param>
/// <param name="Outputs">Bytes of the outputs.</param>
/// <param name="Shared">Bytes of the shared variables.</param>
/// <param name="Constants">Bytes of the constant arrays.</param>
public sealed record FunctionMemory(long Temporaries, long Arena, long Outputs, long Shared, long Constants)
{
    /// <summary>Bytes that a call touches besides its inputs.</summary>
    public long Total => Arena + Outputs + Shared + Constants;

    /// <summary>One line in KiB.</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture,
        $"arena {Kib(Arena)} KiB (temporaries {Kib(Temporaries)} KiB without reuse), outputs {Kib(Outputs)} KiB, shared variables {Kib(Shared)} KiB, constants {Kib(Constants)} KiB");

    private static long Kib(long bytes) => (bytes + 1023) / 1024;
}
