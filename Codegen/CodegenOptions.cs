namespace Symbolic.Codegen;

/// <summary>What the generator may use. Part of the cache's key.</summary>
/// <param name="VectorBits">Width of vectors: 0 for scalar code, 128, 256 or 512.</param>
/// <param name="Contractions">Whether Σ A·B gets the contraction schedule; off, it runs as a plain nest: a differential test.</param>
/// <param name="Target">Which writer: for a GPU there are no lanes and no contraction schedule yet.</param>
/// <param name="Schedule">The schedule of every contraction to which it applies, for tests and comparisons; null: for each the one that suits its shape.</param>
/// <param name="Winograd">Whether convolutions may run by Winograd's algorithm, whose rounding is not that of a sum of products, though as small.</param>
/// <param name="ProductBits">Width of vectors in contractions, whose results do not depend on it; null: that of all others.</param>
/// <param name="NestBits">Width of vectors in nests that fill them, or null: that of all others.</param>
/// <param name="Layouts">Which buffers have their channels last.</param>
public sealed record CodegenOptions(
    int VectorBits, bool Contractions = true, Target Target = Target.Cpu, Schedule? Schedule = null, bool Winograd = true, int? ProductBits = null, int? NestBits = null, Layouts Layouts = Layouts.Chosen)
{
    /// <summary>Kernels for ILGPU, as far as that goes: pointwise, movement and reductions, contractions as nests.</summary>
    public static CodegenOptions Gpu { get; } = new(VectorBits: 0, Contractions: false, Target.Gpu);
}

/// <summary>Which buffers of arrays [n,c,...] between two kernels lie as [n,...,c]; all others are row-major.</summary>
public enum Layouts
{
    /// <summary>Those where it is expected to be faster.</summary>
    Chosen,
    /// <summary>None.</summary>
    RowMajor,
    /// <summary>All that can: for tests and comparisons.</summary>
    ChannelsLast,
}

/// <summary>What kernels are written for.</summary>
public enum Target
{
    /// <summary>C# over raw memory with vectors, run by the workers of this machine.</summary>
    Cpu,
    /// <summary>C# that ILGPU compiles.</summary>
    Gpu,
}
