using Symbolic.Peers.Limits;

namespace Symbolic.Peers.Works;

/// <summary>The maximum of each square window of images; a last window that is partly filled counts if <paramref name="Ceiling"/>.</summary>
internal sealed record PoolWork(string Row, string Name, long[] Image, int Kernel, int Stride, bool Ceiling) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override double Bytes => 4.0 * Image.Aggregate(1L, (product, size) => product * size);

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Read;
}

/// <summary>Normalisation by the squares of neighbouring channels, forward or its gradient.</summary>
internal sealed record ResponseWork(string Row, string Name, long[] Image, int Size, bool Backward) : Work(Row, Name)
{
    /// <summary>The factor of the mean of squares, the power, and what is added.</summary>
    public const double Alpha = 1e-1, Beta = 0.75, Constant = 1;

    /// <inheritdoc/>
    public override double Bytes => (Backward ? 12.0 : 8.0) * Image.Aggregate(1L, (product, size) => product * size);

    /// <inheritdoc/>
    public override LimitKind Limit => Backward ? LimitKind.Triad : LimitKind.Copy;
}
