namespace Symbolic.Codegen.Library;

/// <summary>
/// How a direct convolution is cut, by its extents alone. Kernels lie as [panel of filters][depth][filter], where depth counts channels, tap rows and
/// taps; a chunk has some rows of results of one image and some panels, and copies the rows that they read, with a halo, as [channel][row][column].
/// </summary>
internal readonly struct DirectLayout
{
    /// <summary>Products summed at a time: a panel of kernels then takes half of a 32 KiB first-level cache. The same as by panels, so that bits are the same.</summary>
    public const long BlockDepth = PanelLayout.BlockDepth;

    /// <summary>Multiply-adds per chunk: some 20 µs.</summary>
    private const long ChunkWork = 1 << 20;

    /// <summary>Elements that a chunk copies and sums: they should stay in a second-level cache beside the kernels.</summary>
    private const long ChunkElements = 96 * 1024;

    /// <summary>Fewest pixels worth reading a panel of kernels for.</summary>
    private const long FewestPixels = 24;

    /// <summary>Fewest panels of a chunk where filters are cut: each cut copies the image again.</summary>
    private const long FewestPanels = 4;

    public DirectLayout(in ConvolutionGeometry geometry, int width)
    {
        Geometry = geometry;
        Depth = geometry.Channels * geometry.TapsY * geometry.TapsX;
        PanelWidth = 2 * width;
        Panels = Ceiling(geometry.Filters, PanelWidth);
        Pitch = Math.Max(geometry.Left + geometry.Width, ((geometry.OutWidth - 1) * geometry.StrideX) + ((geometry.TapsX - 1) * geometry.DilationX) + 1) + width;
        long perRow = Math.Max(1, Depth * Panels * PanelWidth * geometry.OutWidth);
        long copied = geometry.Channels * Pitch * geometry.StrideY, halo = geometry.Channels * Pitch * (((geometry.TapsY - 1) * geometry.DilationY) + 1 - geometry.StrideY);
        long fitting = (ChunkElements - halo) / Math.Max(1, copied + (geometry.OutWidth * PanelWidth * Panels));
        long rows = Math.Max(Math.Min(Ceiling(ChunkWork, perRow), fitting), Ceiling(FewestPixels, Math.Max(1, geometry.OutWidth)));
        RowsPerChunk = Math.Clamp(rows, 1, Math.Max(1, geometry.OutHeight));
        RowBlocks = Ceiling(geometry.OutHeight, RowsPerChunk);
        // Where one row is much work its filters are shared out.
        long wanted = Math.Max(FewestPanels, Ceiling(ChunkWork, Math.Max(1, Depth * PanelWidth * geometry.OutWidth * RowsPerChunk)));
        PanelsPerChunk = Math.Min(Panels, wanted);
        PanelBlocks = Panels == 0 ? 0 : Ceiling(Panels, PanelsPerChunk);
        ResultPitch = (PanelsPerChunk * PanelWidth) + width;
    }

    public ConvolutionGeometry Geometry { get; }

    public long Depth { get; }

    public long PanelWidth { get; }

    public long Panels { get; }

    /// <summary>From row to row of the copy.</summary>
    public long Pitch { get; }

    public long RowsPerChunk { get; }

    public long RowBlocks { get; }

    public long PanelsPerChunk { get; }

    public long PanelBlocks { get; }

    /// <summary>From pixel to pixel of the sums.</summary>
    public long ResultPitch { get; }

    /// <summary>Rows that a chunk's results read.</summary>
    public long CopiedRows => ((RowsPerChunk - 1) * Geometry.StrideY) + ((Geometry.TapsY - 1) * Geometry.DilationY) + 1;

    public long CopyElements => ((Geometry.Channels * CopiedRows * Pitch) + 15) & ~15L;

    public long Pixels => RowsPerChunk * Geometry.OutWidth;

    public long KernelPanel => Depth * PanelWidth;

    public long Chunks => Geometry.Groups * Geometry.Images * RowBlocks * PanelBlocks;

    public bool IsEmpty => Chunks == 0 || Geometry.OutWidth == 0;

    private static long Ceiling(long a, long b) => (a + b - 1) / b;
}
