using System.Diagnostics;
using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// Which convolutions run by a schedule of their own, from their shape alone. The costs are cycles of one core, with rates that a Zen 4 showed;
/// what counts is their order, which other machines share.
/// </summary>
internal static class ConvolutionScheduling
{
    /// <summary>Multiply-adds of float32 per cycle with vectors of 256 bits, at the share of the peak that kernels reach.</summary>
    private const double Rate = 16 * 0.85;

    /// <summary>Bytes per cycle from memory, which other cores read too.</summary>
    private const double FarBytes = 4;

    /// <summary>Bytes per cycle of what was read before and has left the second-level cache.</summary>
    private const double NearBytes = 16;

    /// <summary>Bytes of transformed kernels that are no constants which a last cache still takes; of more each is fetched, written and read from memory.</summary>
    private const double CacheBytes = 16 << 20;

    /// <summary>Cycles of an element on its way between lanes of channels and rows of an image.</summary>
    private const double Transposed = 0.4;

    /// <summary>Cycles of an element of a kernel that lies crosswise, as in gradients with respect to images, and is packed in each call.</summary>
    private const double Crosswise = 5;

    /// <summary>Cycles of a vector of kernels that are turned and transformed, beside one for each point.</summary>
    private const double OfKernel = 45;

    /// <summary>Bytes of kernels that stay in a second-level cache beside what they meet.</summary>
    private const double CachedKernels = 640 * 1024;

    /// <summary>Cycles of a result of filters that are lanes on its way into a row: what ends and begins a tile is in it.</summary>
    private const double Turned = 0.8;

    /// <summary>The rate of tiles of rows to that of tiles of filters, of which 512 bits take half the instructions.</summary>
    private const double OfRows = 0.97;

    /// <summary>Cycles of an element of a kernel that is packed alone.</summary>
    private const double OneByOne = 1.5;

    /// <summary>Multiply-adds per cycle of depthwise convolutions with channels as lanes.</summary>
    private const double DepthwiseLanes = 7;

    /// <summary>Multiply-adds per cycle of those plane by plane.</summary>
    private const double DepthwisePlanes = 3.5;

    // The most special first.
    private static readonly Schedule[] All = [Schedule.Transposed, Schedule.Depthwise, Schedule.Winograd7, Schedule.Winograd4, Schedule.WinogradComplex, Schedule.Winograd2, Schedule.Direct];

    /// <summary>Whether a schedule can run a convolution at all.</summary>
    private static bool Applies(Schedule schedule, ConvolutionShape shape) => schedule switch
    {
        Schedule.Winograd7 or Schedule.Winograd4 => IsDense(shape, 3),
        Schedule.Winograd2 or Schedule.WinogradComplex => IsDense(shape, 3) || IsDense(shape, 5),
        Schedule.Transposed => IsTransposed(shape.Geometry) && new TransposedLayout(shape.Geometry, width: 16).Fits,
        Schedule.Direct => !IsTransposed(shape.Geometry) && new DirectLayout(shape.Geometry, width: 16, sizeof(float)).Fits,
        Schedule.Depthwise => !IsTransposed(shape.Geometry) && shape.Geometry is { Channels: 1, Groups: > 1 } && (shape.HasPixelLanes || IsDepthwiseLanes(shape)),
        _ => throw new UnreachableException($"{schedule} of {shape}"),
    };

    /// <summary>Whether a schedule that applies is expected to be the fastest.</summary>
    private static bool Wins(Schedule schedule, ConvolutionShape shape, CodegenOptions options) => schedule switch
    {
        Schedule.Winograd7 => options.Winograd && !shape.HasConstantKernels && !shape.DecidesPlaces && Cycles(schedule, shape) < Math.Min(Surely(shape), Math.Min(Cycles(Schedule.Winograd2, shape), Cycles(MayErr(shape) ? Schedule.Winograd4 : Schedule.WinogradComplex, shape))),
        Schedule.Winograd4 => options.Winograd && MayErr(shape) && Cycles(schedule, shape) < Math.Min(Surely(shape), Cycles(Schedule.Winograd2, shape)),
        Schedule.WinogradComplex => options.Winograd && !(shape.Geometry.TapsX == 5 && shape.DecidesPlaces) && Cycles(schedule, shape) < Math.Min(Surely(shape), shape.Geometry.TapsX == 3 || MayErr(shape) ? Cycles(Schedule.Winograd2, shape) : double.PositiveInfinity),
        Schedule.Winograd2 => options.Winograd && (shape.Geometry.TapsX == 3 || MayErr(shape)) && Cycles(schedule, shape) < Surely(shape),
        Schedule.Transposed or Schedule.Depthwise => true,
        Schedule.Direct => Direct(shape) < Panels(shape),
        _ => throw new UnreachableException($"{schedule} of {shape} with {options}"),
    };

    /// <summary>
    /// What Winograd's algorithm has to be faster than: by a tenth than without. Transformed kernels that are constants lie in the order in which they are read and come while products go on, and the estimate is the sum of
    /// both: 512 channels of 7x7 were 0.8 ms where it has 1.25, directly 1.3 to 1.45 where it has 1.36.
    /// </summary>
    private static double Surely(ConvolutionShape shape) => Plain(shape) * (shape.HasConstantKernels ? 0.95 : 0.9);

    /// <summary>
    /// Whether an error of twice that of panels does no harm, which six points have. Forward in a net that learns it would now and then turn a rectifier or the place of a maximum, and with it a gradient; gradients
    /// are not compared with anything.
    /// </summary>
    private static bool MayErr(ConvolutionShape shape) => shape.HasConstantKernels || shape.IsGradient;

    /// <summary>The first schedule that applies and wins, or the forced one if it applies; null: none, it is a product like others.</summary>
    public static Schedule? Choose(ConvolutionShape shape, CodegenOptions options)
    {
        foreach (Schedule schedule in All)
        {
            if (Applies(schedule, shape) && (options.Schedule is { } forced ? schedule == forced : Wins(schedule, shape, options)))
            {
                return schedule;
            }
        }
        return null;
    }

    /// <summary>The cycles that a schedule is expected to take for a convolution.</summary>
    public static double Cycles(Schedule schedule, ConvolutionShape shape) => schedule switch
    {
        Schedule.Winograd7 or Schedule.Winograd4 or Schedule.Winograd2 or Schedule.WinogradComplex => Winograd(schedule, shape),
        Schedule.Direct => Direct(shape),
        Schedule.Transposed => Products(shape, 1),
        Schedule.Depthwise => shape.Products / (shape.FiltersAreLanes ? DepthwiseLanes : DepthwisePlanes),
        _ => throw new UnreachableException($"{schedule} of {shape}"),
    };

    /// <summary>The width in which fewer lanes idle; the wider one at a tie, whose tiles keep the multiply-add units busy with fewer pixels.</summary>
    public static int VectorBits(Schedule schedule, ConvolutionShape shape, CodegenOptions options)
    {
        int narrow = options.VectorBits, wide = options.ProductBits ?? narrow;
        ConvolutionGeometry g = shape.Geometry;
        bool isWide = schedule switch
        {
            Schedule.Direct when HasRowLanes(shape) => Padded(g.OutWidth, wide) <= Padded(g.OutWidth, narrow),
            Schedule.Direct or Schedule.Transposed => Padded(g.Filters, wide) <= Padded(g.Filters, narrow),
            Schedule.Depthwise => shape.FiltersAreLanes ? Padded(g.Groups, wide) <= Padded(g.Groups, narrow) : Padded(g.OutWidth, wide) <= Padded(g.OutWidth, narrow),
            Schedule.Winograd7 or Schedule.Winograd4 or Schedule.Winograd2 or Schedule.WinogradComplex => Padded(g.Filters, 2 * wide) <= Padded(g.Filters, 2 * narrow) && Padded(g.Channels, wide) <= Padded(g.Channels, narrow),
            _ => throw new UnreachableException($"{schedule} of {shape} with {options}"),
        };
        return isWide ? wide : narrow;

        long Padded(long count, int bits)
        {
            long lanes = Math.Max(1, bits / 8 / shape.DType.Size());
            return (count + lanes - 1) / lanes * lanes;
        }
    }

    /// <summary>
    /// Whether a direct convolution has pixels of a row as lanes rather than filters: where rows fill vectors and filters do not, or products are so few that results take as long to be turned.
    /// </summary>
    public static bool HasRowLanes(ConvolutionShape shape) => shape.HasPixelLanes && ByRows(shape) < ByFilters(shape);

    /// <summary>Whether Winograd's algorithm is cut by filters.</summary>
    public static bool IsByFilters(Schedule schedule, ConvolutionShape shape)
    {
        (long outputs, long points) = Tile(schedule, shape);
        return !shape.HasConstantKernels && WinogradFilterLayout.Pays(shape.Geometry, outputs, points);
    }

    private static (long Outputs, long Points) Tile(Schedule schedule, ConvolutionShape shape) => schedule switch
    {
        Schedule.Winograd7 => (7, WinogradLayout.NinePoints),
        Schedule.Winograd4 => (4, 36),
        Schedule.Winograd2 => (2, shape.Geometry.TapsX == 3 ? 16 : 36),
        Schedule.WinogradComplex => (4, shape.Geometry.TapsX == 3 ? WinogradLayout.ComplexPoints : WinogradLayout.RootPoints),
        _ => throw new UnreachableException($"{schedule} of {shape}"),
    };

    /// <summary>Whether Winograd's algorithm is for a convolution, with so many taps along each axis.</summary>
    private static bool IsDense(ConvolutionShape shape, long taps) => shape.DType is DType.Float32 or DType.Float64 && !IsTransposed(shape.Geometry)
        && shape.Geometry is { StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1 } g && g.TapsY == taps && g.TapsX == taps;

    /// <summary>Whether channels lie side by side in the images and in the result.</summary>
    private static bool IsDepthwiseLanes(ConvolutionShape shape) => shape.FiltersAreLanes && shape.Geometry is { Filters: 1, ImageGroup: 1 };

    private static bool IsTransposed(in ConvolutionGeometry g) => g.UpY > 1 || g.UpX > 1;

    /// <summary>Products at the rate of a kernel, and kernels from memory.</summary>
    private static double Products(ConvolutionShape shape, double share) => (shape.Products / share / Rate) + (KernelBytes(shape.Geometry) / FarBytes);

    /// <summary>Without fewer products than the definition has: directly, without those beyond borders, or as a product whose packing costs nothing.</summary>
    private static double Plain(ConvolutionShape shape) => Applies(Schedule.Direct, shape) ? Math.Min(Direct(shape), Products(shape, 1) + Packing(shape)) : Products(shape, 1);

    /// <summary>What is packed of kernels beside what any schedule reads of them.</summary>
    private static double Packing(ConvolutionShape shape) => shape.IsGradient && !shape.HasConstantKernels ? KernelBytes(shape.Geometry) / sizeof(float) * Crosswise : 0;

    /// <summary>Products, and packing: a result's elements lie side by side, row by row, unless it strides.</summary>
    private static double Panels(ConvolutionShape shape)
    {
        ConvolutionGeometry g = shape.Geometry;
        double packed = (double)g.Groups * g.Images * g.OutHeight * g.OutWidth * g.Channels * g.TapsY * g.TapsX;
        return Products(shape, 1) + (packed * (g.StrideX == 1 ? 0.45 + (12.0 / g.OutWidth) : 8));
    }

    /// <summary>With the lanes that are faster. 1x1 taps without strides are a plain product.</summary>
    private static double Direct(ConvolutionShape shape) => shape.Geometry is { TapsY: 1, TapsX: 1, StrideY: 1, StrideX: 1 } ? double.PositiveInfinity
        : shape.HasPixelLanes ? Math.Min(ByRows(shape), ByFilters(shape)) : ByFilters(shape);

    /// <summary>Products of whole panels of filters but for those beyond borders, sums turned into rows, rows copied, and kernels that do not stay in a second-level cache read again for each chunk.</summary>
    private static double ByFilters(ConvolutionShape shape)
    {
        ConvolutionGeometry g = shape.Geometry;
        var layout = new DirectLayout(g, width: 8, sizeof(float));
        double copied = (double)layout.Chunks * layout.CopyElements, vectors = Math.Ceiling(g.Filters / 8.0);
        // A tile of a lone vector waits for its own sums, and one of two by halves of the pixels; three take more registers than there are beside what they meet.
        double lone = vectors switch
        {
            2 => 0.5,
            _ when vectors % 2 == 0 => 0,
            _ when vectors % 3 == 0 => 0.25,
            _ => 0.75,
        };
        double again = KernelBytes(g) > CachedKernels ? (double)g.Images * (layout.RowBlocks - 1) * KernelBytes(g) / NearBytes : 0;
        return Products(shape, g.Filters / ((vectors + lone) * 8) / Valid(g)) + (Results(g) * (shape.FiltersAreLanes ? 0.1 : Turned)) + (copied * (layout.IsTurned ? 0.3 : 0.1)) + again + Packing(shape);
    }

    /// <summary>Products of whole vectors of rows, those beyond borders too, rows copied unless they are read in place, kernels that are packed one by one, and read again for each strip.</summary>
    private static double ByRows(ConvolutionShape shape)
    {
        ConvolutionGeometry g = shape.Geometry;
        double filled = g.OutWidth / (Math.Ceiling(g.OutWidth / 8.0) * 8), elements = KernelBytes(g) / sizeof(float);
        // Three vectors meet a filter at a time, whose sums wait for themselves where filters are few.
        double busy = Math.Min(1, 3 * g.Filters / 8.0);
        bool inPlace = g.StrideX == 1 && DirectLayout.IsInside(g);
        long length = ((g.OutWidth - 1) * g.StrideX) + ((g.TapsX - 1) * g.DilationX) + 1, rows = RowStrips.Rows(g, length, inPlace);
        double strips = (double)g.Groups * g.Images * Math.Ceiling((double)g.OutHeight / rows), copied = inPlace ? 0 : strips * g.Channels * (((rows - 1) * g.StrideY) + ((g.TapsY - 1) * g.DilationY) + 1) * length;
        double again = KernelBytes(g) > CachedKernels ? (strips - 1) * KernelBytes(g) / g.Groups / NearBytes : 0;
        return Products(shape, OfRows * filled * busy) + (Results(g) * 0.1) + (copied * (g.StrideX <= 2 ? 0.7 : 5)) + again + (shape.HasConstantKernels ? 0 : elements * OneByOne);
    }

    private static double Results(in ConvolutionGeometry g) => (double)g.Groups * g.Images * g.OutHeight * g.OutWidth * g.Filters;

    private static double KernelBytes(in ConvolutionGeometry g) => (double)g.Groups * g.Filters * g.Channels * g.TapsY * g.TapsX * sizeof(float);

    /// <summary>The share of products that are not with zeros around the image.</summary>
    private static double Valid(in ConvolutionGeometry g) =>
        Valid(g.OutHeight, g.TapsY, g.StrideY, g.DilationY, g.Top, g.Height) * Valid(g.OutWidth, g.TapsX, g.StrideX, g.DilationX, g.Left, g.Width);

    private static double Valid(long results, long taps, long stride, long dilation, long before, long extent)
    {
        long valid = 0;
        for (long result = 0; result < results; result++)
        {
            for (long tap = 0; tap < taps; tap++)
            {
                long at = (result * stride) + (tap * dilation) - before;
                valid += at >= 0 && at < extent ? 1 : 0;
            }
        }
        return (double)valid / Math.Max(1, results * taps);
    }

    /// <summary>
    /// Products over the channels, point by point (below 16 channels what begins and ends a tile takes as long); transforms, by the vectors that they load and compute;
    /// and the transformed kernels, which come from memory once, or are made, and are read again for each block of tiles.
    /// </summary>
    private static double Winograd(Schedule schedule, ConvolutionShape shape)
    {
        (long outputs, long points) = Tile(schedule, shape);
        ConvolutionGeometry geometry = shape.Geometry;
        bool overlaps = points == WinogradLayout.RootPoints && OverlapLayout.Pays(geometry);
        WinogradLayout layout = overlaps ? new OverlapLayout(geometry, width: 8, sizeof(float)).Tiles : new(geometry, outputs, points, width: 8, sizeof(float));
        double tiles = (double)layout.Tiles * geometry.Groups, bytes = (double)layout.KernelGroup * geometry.Groups * sizeof(float);
        double channels = Math.Ceiling(geometry.Channels / 8.0) * 8, filters = Math.Ceiling(geometry.Filters / 8.0) * 8;
        double products = tiles * layout.Points * Math.Max(16, geometry.Channels) * layout.Panels * layout.PanelWidth / Rate;
        (double ofChannel, double ofFilter) = (outputs, geometry.TapsX) switch
        {
            (4, 3) => (18.0, 16.0),
            (2, 3) => (10.0, 8.0),
            (7, 3) => (100.0, 100.0),
            (2, 5) => (14.0, 12.0),
            (4, 5) => overlaps ? (40.0, 80.0) : (45.0, 40.0),
            _ => throw new UnreachableException($"{outputs} results of {geometry.TapsX} taps"),
        };
        double transforms = tiles * ((ofChannel * channels) + (ofFilter * filters)) * (points == WinogradLayout.ComplexPoints ? 1.3 : 1);
        // Channels that are lanes already need no transposes.
        transforms -= tiles * outputs * outputs * Transposed * ((geometry.ImageColumn == 1 ? 0 : channels) + (shape.FiltersAreLanes ? filters : 0));
        if (!overlaps && IsByFilters(schedule, shape))
        {
            var cut = new WinogradFilterLayout(geometry, outputs, points, width: 16, sizeof(float));
            // Sums begin and end, those of short ones twice as often; and kernels are transformed for each block of tiles.
            products *= 1 + (2.0 / cut.BlockTiles) + (points == 36 ? 0.06 : 0);
            double kernels = geometry.Groups * geometry.Channels * filters / 8 * (OfKernel + (layout.Points * (points == WinogradLayout.NinePoints ? 2 : 1)));
            return products + transforms + (kernels * cut.TileBlocks) + (KernelBytes(geometry) / FarBytes);
        }
        return products + transforms + (bytes / FarBytes * (shape.HasConstantKernels ? 1 : 1 + (2 * Math.Min(1, bytes / CacheBytes)))) + ((layout.Blocks - 1) * bytes / NearBytes);
    }
}
