using Symbolic.Peers.Limits;

namespace Symbolic.Peers.Works;

/// <summary>A product of matrices [M,K]·[K,N]; a transposed one is stored the other way round.</summary>
internal sealed record GemmWork(string Row, string Name, long M, long K, long N, bool TransposedA = false, bool TransposedB = false) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override double Flops => 2.0 * M * K * N;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Fma;
}

/// <summary>A vector times a matrix [Rows,Columns] from the left, or the matrix times a vector.</summary>
internal sealed record GemvWork(string Row, string Name, long Rows, long Columns, bool VectorFirst) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override double Flops => 2.0 * Rows * Columns;

    /// <inheritdoc/>
    public override double Bytes => 4.0 * Rows * Columns;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Read;
}

/// <summary>
/// Operations one after the other on arrays a and b of so many floats. Twelve: a·b, +a, tanh, ·b, exp, +2, log, -a, squared, +b, ·0.5, -a.
/// Six: a·b, +a, ·0.5, -b, max with 0, +a.
/// </summary>
internal sealed record ChainWork(string Row, string Name, long Count, bool Heavy) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Peers => [Heavy ? PeerNames.Libtorch : PeerNames.Limit];

    /// <inheritdoc/>
    public override double Bytes => 12.0 * Count;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.TriadPastCache;
}

/// <summary>Softmax of each row.</summary>
internal sealed record SoftmaxWork(string Row, string Name, long Rows, long Columns) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override double Bytes => 8.0 * Rows * Columns;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Copy;
}

/// <summary>Sums over an axis of a matrix: over axis 1 the sums of rows, over axis 0 those of columns.</summary>
internal sealed record SumWork(string Row, string Name, long Rows, long Columns, int Axis) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Peers => [Axis == 0 ? PeerNames.Libtorch : PeerNames.Limit];

    /// <inheritdoc/>
    public override double Bytes => 4.0 * Rows * Columns;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Read;
}

/// <summary>A matrix written the other way round.</summary>
internal sealed record TransposeWork(string Row, string Name, long Rows, long Columns) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override double Bytes => 8.0 * Rows * Columns;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.CopyPastCache;
}

/// <summary>sum(a·b + a) of so few numbers that only the call counts.</summary>
internal sealed record CallWork(string Row, string Name, long Count) : Work(Row, Name);
