using Symbolic.Peers.Limits;

namespace Symbolic.Peers.Works;

/// <summary>A convolution's sizes: square kernels, strides and paddings.</summary>
internal sealed record ConvShape(int Batch, int In, int Side, int Out, int Kernel, int Stride = 1, int Pad = 0, int Groups = 1)
{
    /// <summary>Height and width of the result.</summary>
    public int OutSide => (Side + 2 * Pad - Kernel) / Stride + 1;

    /// <summary>Of the images.</summary>
    public long[] Image => [Batch, In, Side, Side];

    /// <summary>Of the kernel.</summary>
    public long[] Weights => [Out, In / Groups, Kernel, Kernel];

    /// <summary>Of the result.</summary>
    public long[] Result => [Batch, Out, OutSide, OutSide];

    /// <summary>Multiplications and additions.</summary>
    public double Flops => 2.0 * Batch * Out * OutSide * OutSide * (In / Groups) * Kernel * Kernel;

    /// <summary>
    /// The least that a known algorithm does: Winograd's F(4x4,3x3) a quarter of the multiplications and F(4x4,5x5) at the eighth roots of unity 94 of 400, any other none where the kernel lies over the padding.
    /// </summary>
    public double LeastFlops
    {
        get
        {
            int inside = Enumerable.Range(0, OutSide).Sum(at => Enumerable.Range(at * Stride - Pad, Kernel).Count(x => x >= 0 && x < Side));
            double full = (double)OutSide * Kernel;
            return Math.Min(Flops * (inside / full) * (inside / full), Flops * Nets.ConvGeometry.LeastShareOf(Kernel, Stride));
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Kernel}x{Kernel}{(Stride > 1 ? $"s{Stride}" : "")} {In}->{Out}@{Side} b{Batch}{(Groups > 1 ? $" g{Groups}" : "")}";
}

/// <summary>A convolution with a bias, forward; the weights stay as they are.</summary>
internal sealed record ConvWork(string Row, string Name, ConvShape Shape) : Work(Row, Name)
{
    /// <summary>Whom its row compares with.</summary>
    public IReadOnlyList<string> Against { get; init; } = [PeerNames.OnnxRuntime];

    /// <inheritdoc/>
    public override IReadOnlyList<string> Peers => Against;

    /// <inheritdoc/>
    public override double Flops => Shape.Flops;

    /// <inheritdoc/>
    public override double LeastFlops => Shape.LeastFlops;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Fma;

    /// <inheritdoc/>
    public override bool IsJudged => true;
}

/// <summary>One gradient of a convolution without bias: of the images, or of the weights.</summary>
internal sealed record ConvGradientWork(string Row, string Name, ConvShape Shape, bool OfWeights) : Work(Row, Name)
{
    /// <inheritdoc/>
    public override double Flops => Shape.Flops;

    /// <inheritdoc/>
    public override double LeastFlops => Shape.LeastFlops;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Fma;

    /// <inheritdoc/>
    public override bool IsJudged => true;
}
