namespace Symbolic.Codegen.Library;

/// <summary>
/// How a 1x1 convolution and the depthwise convolution behind it are cut together, see <see cref="DepthwiseStrips{TLanes, TVector, T, TInner, TRows, TColumns, TOuter}"/>: a chunk has a panel of channels, which
/// do not depend on each other, and a part of an image's rows. At the border of a part some rows between the two are computed twice.
/// </summary>
internal readonly struct StripLayout
{
    /// <summary>Bytes of a strip: a part of a second-level cache.</summary>
    private const long StripBytes = 160 * 1024;

    /// <summary>The least bytes between the two that are worth it: fewer stay in second-level caches anyway.</summary>
    private const long LeastBytes = 1 << 20;

    /// <summary>Of so many rows one may be computed twice.</summary>
    private const long RowsPerTwice = 24;

    private const long MostParts = 4;

    private readonly long vectors;
    private readonly int width;

    /// <summary>Cuts by the shape of the depthwise convolution.</summary>
    /// <param name="g">The depthwise convolution.</param>
    /// <param name="width">Lanes.</param>
    /// <param name="elementBytes">Bytes of an element.</param>
    public StripLayout(in ConvolutionGeometry g, int width, int elementBytes)
    {
        this.width = width;
        // 16 registers hold 12 sums, 32 hold 24.
        (TileRows, long mostVectors) = width * elementBytes == 64 ? (8, 3) : (6, 2);
        vectors = g.Groups / width;
        Panels = PanelLayout.Ceiling(vectors, mostVectors);
        Parts = 1;
        long pairs = (g.OutHeight + 1) / SquareTaps.Rows, twice = Math.Max(0, 3 - g.StrideY);
        while (2 * Parts <= MostParts && 2 * Parts <= pairs && ((2 * Parts) - 1) * twice * RowsPerTwice <= g.Height)
        {
            Parts *= 2;
        }
        long most = PanelLayout.Ceiling(vectors, Panels) * width;
        // Those of some tiles of rows of results, between which as few as possible are left over to be moved.
        long tile = (SquareTaps.MayBeTall(g, width * elementBytes) ? SquareTaps.TallRows : SquareTaps.Rows) * g.StrideY;
        Rows = Math.Min(g.Height, twice + (tile * Math.Max(2, ((StripBytes / (most * g.Width * elementBytes)) - twice) / tile)));
        Elements = Rows * g.Width * most;
    }

    /// <summary>Pixels of a register tile of the 1x1 convolution.</summary>
    public long TileRows { get; }

    /// <summary>Panels of channels, as even as whole vectors allow.</summary>
    public long Panels { get; }

    /// <summary>Parts of an image's rows.</summary>
    public long Parts { get; }

    /// <summary>Rows of a strip.</summary>
    public long Rows { get; }

    /// <summary>Elements of a strip.</summary>
    public long Elements { get; }

    /// <summary>The first channel of a panel, or behind the last one.</summary>
    public long FirstChannel(long panel) => vectors * panel / Panels * width;

    /// <summary>Whether it is worth it: what lies between the two does not stay near, and images have rows enough to be shared out.</summary>
    public static bool Pays(in ConvolutionGeometry g, int width, int elementBytes) =>
        SquareTaps.Suit(g, width) && g.Images * g.Height * g.Width * g.Groups * elementBytes >= LeastBytes && g.Images * new StripLayout(g, width, elementBytes).Parts > 1;
}
