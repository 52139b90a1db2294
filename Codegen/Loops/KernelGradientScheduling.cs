using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>Which gradients with respect to kernels run by the schedules of their own, and in which vectors.</summary>
internal static class KernelGradientScheduling
{
    /// <summary>Fewer lanes than these leave more of a vector idle than packing costs.</summary>
    private const long FewestLanes = 6;

    /// <summary>Multiply-adds per cycle with vectors of 256 bits.</summary>
    private const double Rate = 16 * 0.9;

    /// <summary>Cycles of a vector of kernels that are made of sums and turned, beside one and a half for each point.</summary>
    private const double OfKernel = 40;

    /// <summary>Products of a sum that what begins and ends it takes as long as.</summary>
    private const double Ends = 3;

    /// <summary>Cycles in which a tile finds the place of a window's maximum, and of a vector of 256 or 512 bits of what it meets there: nearly all of the wide ones and half of the others are in two lines of the cache.</summary>
    private const double OfWindow = 4, OfVector = 0.65, OfWideVector = 1.55;

    /// <summary>Cycles of an element that is copied to lie beside the pixel's other channels.</summary>
    private const double OfCopied = 1.3;

    /// <summary>Cycles in which an element of the gradient with respect to the results is made, stored and read again.</summary>
    private const double OfStored = 2.5;

    /// <summary>The schedule, or the forced one if it applies; null: none, it is a product like others.</summary>
    public static Schedule? Choose(KernelGradientShape? shape, DType dtype, CodegenOptions options)
    {
        if (shape is null)
        {
            return null;
        }
        if (shape.Pooled is { } pooled)
        {
            bool isForced = options.Schedule == Schedule.PooledGradient;
            return PooledCycles(shape, pooled.Window, NominalBits, dtype) is { } windows && (isForced || (options.Schedule is null && windows < StoredCycles(shape, dtype, options))) ? Schedule.PooledGradient : null;
        }
        bool isSquare = dtype is DType.Float32 or DType.Float64 && shape.Geometry is { TapsY: 3, TapsX: 3 } or { TapsY: 5, TapsX: 5 } && shape.Geometry is { StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1 };
        if (options.Schedule is { } forced)
        {
            return forced == Schedule.KernelGradient || (forced is Schedule.WinogradGradient or Schedule.WinogradGradientComplex && isSquare) || (forced == Schedule.WinogradGradient7 && isSquare && shape.Geometry.TapsX == 3) ? forced : null;
        }
        if (isSquare && options.Winograd)
        {
            // Six real points err three times as much as blocks of pixels, and such gradients are what nets learn by.
            // Sums at 117 points of a chunk that has but some of the tiles would not stay near.
            Schedule[] schedules = shape.Geometry.TapsX == 5 ? [Schedule.WinogradGradientComplex]
                : IsByKernels(Schedule.WinogradGradient7, shape.Geometry) ? [Schedule.WinogradGradient7, Schedule.WinogradGradientComplex, Schedule.WinogradGradient]
                : [Schedule.WinogradGradientComplex, Schedule.WinogradGradient];
            Schedule best = schedules.MinBy(schedule => Winograd(schedule, shape.Geometry));
            if (Winograd(best, shape.Geometry) < 0.9 * Products(shape.Geometry))
            {
                return best;
            }
        }
        return Layout(shape, options.VectorBits, dtype).Lanes >= FewestLanes ? Schedule.KernelGradient : null;
    }

    /// <summary>Whether Winograd's algorithm is cut by kernels.</summary>
    public static bool IsByKernels(Schedule schedule, in ConvolutionGeometry g)
    {
        WinogradGradientLayout layout = WinogradLayout(schedule, g, 8);
        return WinogradKernelLayout.Pays(g, layout.Outputs, layout.Points);
    }

    private static WinogradGradientLayout WinogradLayout(Schedule schedule, in ConvolutionGeometry g, long width)
    {
        if (schedule == Schedule.WinogradGradient7)
        {
            return new(g, 7, Library.WinogradLayout.NinePoints, (int)width, sizeof(float));
        }
        bool isComplex = schedule == Schedule.WinogradGradientComplex;
        long points = g.TapsX == 3 ? isComplex ? Library.WinogradLayout.ComplexPoints : 16 : isComplex ? Library.WinogradLayout.RootPoints : 36;
        return new(g, isComplex ? 4 : 2, points, (int)width, sizeof(float));
    }

    /// <summary>The width with which schedules are compared, so that machines agree.</summary>
    private const int NominalBits = 256;

    /// <summary>Elements of a copy from which on it is no use to hold it.</summary>
    private const long MostCopied = 1 << 20;

    /// <summary>
    /// Cycles of a sum over windows: of each, some to find its place, and those of its vectors of taps; and images copied pixel by pixel. Null where it does not apply.
    /// </summary>
    private static double? PooledCycles(KernelGradientShape shape, in PooledWindow window, int bits, DType dtype)
    {
        ConvolutionGeometry g = shape.Geometry;
        var layout = new PooledGradientLayout(g, window, Math.Max(1, bits / 8 / dtype.Size()), dtype.Size());
        if (layout.CopyElements > MostCopied)
        {
            return null;
        }
        double windows = (double)g.Groups * g.Images * g.Filters * window.Rows * window.Columns, vectors = (double)g.TapsY * layout.Vectors;
        double tiles = Math.Ceiling((double)g.TapsY / PooledTiles.MostRows) * Math.Ceiling((double)layout.Vectors / PooledTiles.MostVectors);
        return (windows * ((tiles * OfWindow) + (vectors * (bits >= 512 ? OfWideVector : OfVector)))) + ((double)g.Groups * g.Images * layout.RowBlocks * layout.CopyElements * OfCopied);
    }

    /// <summary>Cycles of the same with the gradient with respect to the results stored and read again.</summary>
    private static double StoredCycles(KernelGradientShape shape, DType dtype, CodegenOptions options)
    {
        ConvolutionGeometry g = shape.Geometry;
        double products = Products(g) * dtype.Size() / sizeof(float), stored = (double)g.Groups * g.Images * g.Filters * g.OutHeight * g.OutWidth * OfStored;
        return stored + (Choose(shape with { Pooled = null }, dtype, options) is { } schedule and not Schedule.KernelGradient ? Winograd(schedule, g) : products);
    }

    /// <summary>Of the widths that there are the one with which sums over windows are faster.</summary>
    private static int Width(KernelGradientShape shape, DType dtype, CodegenOptions options)
    {
        int narrow = options.VectorBits, wide = options.ProductBits ?? narrow;
        PooledWindow window = shape.Pooled!.Window;
        return PooledCycles(shape, window, narrow, dtype) < PooledCycles(shape, window, wide, dtype) ? narrow : wide;
    }

    /// <summary>The width with which fewer lanes idle; the wider one at a tie. Sums have the same bits at any.</summary>
    public static int VectorBits(Schedule schedule, KernelGradientShape shape, DType dtype, CodegenOptions options)
    {
        if (schedule == Schedule.PooledGradient)
        {
            return Width(shape, dtype, options);
        }
        int narrow = options.VectorBits, wide = options.ProductBits ?? narrow;
        return new[] { wide, narrow }.MinBy(bits =>
        {
            KernelGradientLayout layout = Layout(shape, bits, dtype);
            return schedule is Schedule.WinogradGradient or Schedule.WinogradGradientComplex or Schedule.WinogradGradient7 ? WinogradLayout(schedule, shape.Geometry, layout.Width).Vectors * layout.Width : layout.Vectors * layout.Width * layout.Rows;
        });
    }

    private static KernelGradientLayout Layout(KernelGradientShape shape, int bits, DType dtype) => new(shape.Geometry, Math.Max(1, bits / 8 / dtype.Size()));

    /// <summary>Cycles of blocks of pixels.</summary>
    private static double Products(in ConvolutionGeometry g) =>
        (double)g.Groups * g.Images * g.OutHeight * g.OutWidth * g.Channels * g.Filters * g.TapsY * g.TapsX * new KernelGradientLayout(g, width: 8).Met / Rate;

    /// <summary>
    /// Cycles: products of whole tiles, of which what begins and ends a sum takes as long as some; transforms, some 6 (16 points), 11 (36), 22 (46), 45 (94) or 60 (117) a tile and channel or filter for each block of the others; and sums,
    /// which a block reads and writes, and whose parts are joined.
    /// </summary>
    private static double Winograd(Schedule schedule, in ConvolutionGeometry g)
    {
        WinogradGradientLayout layout = WinogradLayout(schedule, g, 8);
        double products = (double)g.Groups * (layout.Tiles + (Ends * layout.Blocks)) * layout.Points * g.Channels * layout.Vectors * layout.Width / Rate;
        // What is transformed are whole vectors, of three channels too.
        double channels = Math.Ceiling((double)g.Channels / layout.Width) * layout.Width, filters = layout.Vectors * layout.Width;
        double transform = (layout.Points switch { 16 => 6.0, 36 => 11.0, Library.WinogradLayout.ComplexPoints => 22.0, Library.WinogradLayout.RootPoints => 45.0, _ => 60.0 }) * g.Groups * layout.Tiles;
        if (IsByKernels(schedule, g))
        {
            return products + (transform * (channels + filters)) + (g.Groups * g.Channels * layout.Vectors * (OfKernel + (1.5 * layout.Points)));
        }
        double transforms = transform * ((channels * layout.FilterBlocks) + (filters * layout.ChannelBlocks));
        return products + transforms + ((double)layout.Chunks / layout.Parts * layout.ChunkSums * (layout.Blocks + (4 * layout.Parts)) / 8);
    }
}
