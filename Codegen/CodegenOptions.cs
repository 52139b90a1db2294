namespace Symbolic.Codegen;

/// <summary>What the generator may use. Part of the cache's key.</summary>
/// <param name="VectorBits">Width of vectors: 0 for scalar code, 128, 256 or 512.</param>
/// <param name="Contractions">Whether Σ A·B gets the contraction schedule; off, it runs as a plain nest: a differential test.</param>
public sealed record CodegenOptions(int VectorBits, bool Contractions = true);
