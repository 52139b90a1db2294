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

    /// <summary>The schedule, or the forced one if it applies; null: none, it is a product like others.</summary>
    public static Schedule? Choose(KernelGradientShape? shape, DType dtype, CodegenOptions options)
    {
        if (shape is null)
        {
            return null;
        }
        bool isSquare = dtype is DType.Float32 or DType.Float64 && shape.Geometry is { TapsY: 3, TapsX: 3 } or { TapsY: 5, TapsX: 5 } && shape.Geometry is { StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1 };
        if (options.Schedule is { } forced)
        {
            return forced == Schedule.KernelGradient || (forced is Schedule.WinogradGradient or Schedule.WinogradGradientComplex && isSquare) || (forced == Schedule.WinogradGradient7 && isSquare && shape.Geometry.TapsX == 3) ? forced : null;
        }
        if (isSquare && options.Winograd)
        {
            // Six real points err three times as much as blocks of pixels, and such gradients are what nets learn by.
            Schedule[] schedules = shape.Geometry.TapsX == 3 ? [Schedule.WinogradGradient7, Schedule.WinogradGradientComplex, Schedule.WinogradGradient] : [Schedule.WinogradGradientComplex];
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

    /// <summary>The width with which fewer lanes idle; the wider one at a tie. Sums have the same bits at any.</summary>
    public static int VectorBits(Schedule schedule, KernelGradientShape shape, DType dtype, CodegenOptions options)
    {
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
        double transform = (layout.Points switch { 16 => 6.0, 36 => 11.0, Library.WinogradLayout.ComplexPoints => 22.0, Library.WinogradLayout.RootPoints => 45.0, _ => 60.0 }) * g.Groups * layout.Tiles;
        if (IsByKernels(schedule, g))
        {
            return products + (transform * (g.Channels + g.Filters)) + (g.Groups * g.Channels * layout.Vectors * (OfKernel + (1.5 * layout.Points)));
        }
        double transforms = transform * ((g.Channels * layout.FilterBlocks) + (g.Filters * layout.ChannelBlocks));
        return products + transforms + ((double)layout.Chunks / layout.Parts * layout.ChunkSums * (layout.Blocks + (4 * layout.Parts)) / 8);
    }
}
