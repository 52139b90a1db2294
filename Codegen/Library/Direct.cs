using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The direct schedule of a convolution: filters are lanes, and pixels are read where they lie in a copy of some rows with a halo, so that nothing is
/// packed but kernels, whatever stride and dilation are. Each element is summed as by panels: in the order of depth, a block at a time.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
public static unsafe class Direct<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
{
    /// <summary>Bytes that each worker needs: where taps and pixels are, the copied rows, their sums, and sums turned for the store.</summary>
    public static long Scratch(long* sizes)
    {
        DirectLayout layout = Layout(sizes);
        return ((layout.Depth + layout.Pixels) * sizeof(long)) + ((layout.CopyElements + ((layout.Pixels + 8) * layout.ResultPitch) + (TLanes.Width * Turned(layout))) * sizeof(T)) + 64;
    }

    /// <summary>Bytes of the packed kernels.</summary>
    public static long Shared(long* sizes)
    {
        DirectLayout layout = Layout(sizes);
        return (layout.Geometry.Groups * layout.Panels * layout.KernelPanel + (8 * layout.PanelWidth)) * sizeof(T);
    }

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are packed only once.</summary>
    public static long Packs(long* sizes) => TProduct.KernelBuffer;

    /// <summary>Chunks of a phase: kernels; results.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        DirectLayout layout = Layout(sizes);
        return layout.IsEmpty ? 0 : phase == 0 ? layout.Geometry.Groups * layout.Panels : layout.Chunks;
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        DirectLayout layout = Layout(sizes);
        if (phase == 0)
        {
            long group = chunk / layout.Panels, panel = chunk - (group * layout.Panels);
            KernelPanel<TLanes, TVector, T>.Pack(layout.Geometry, TProduct.Kernel(buffers, sizes) + (group * layout.Geometry.KernelGroup), panel * layout.PanelWidth,
                (T*)buffers[TProduct.Shared] + (chunk * layout.KernelPanel));
        }
        else
        {
            Results(layout, buffers, sizes, chunk, scratch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Results(in DirectLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        long panelBlock = chunk % layout.PanelBlocks, rest = chunk / layout.PanelBlocks, rowBlock = rest % layout.RowBlocks;
        rest /= layout.RowBlocks;
        long image = rest / g.Groups, group = rest - (image * g.Groups);
        long y = rowBlock * layout.RowsPerChunk, rows = Math.Min(layout.RowsPerChunk, g.OutHeight - y), pixels = rows * g.OutWidth;
        long first = panelBlock * layout.PanelsPerChunk, panels = Math.Min(layout.PanelsPerChunk, layout.Panels - first);
        long* offsets = (long*)scratch, places = offsets + layout.Depth;
        T* copy = (T*)(places + layout.Pixels), sums = copy + layout.CopyElements, turned = sums + ((layout.Pixels + 8) * layout.ResultPitch);
        long channel = layout.CopiedRows * layout.Pitch;
        for (long c = 0, k = 0; c < g.Channels; c++)
        {
            for (long i = 0; i < g.TapsY; i++)
            {
                for (long j = 0; j < g.TapsX; j++)
                {
                    offsets[k++] = (c * channel) + (i * g.DilationY * layout.Pitch) + (j * g.DilationX);
                }
            }
        }
        for (long i = 0, p = 0; i < rows; i++)
        {
            for (long j = 0; j < g.OutWidth; j++)
            {
                places[p++] = (i * g.StrideY * layout.Pitch) + (j * g.StrideX);
            }
        }
        T* source = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (image * g.ImageStep);
        for (long c = 0; c < g.Channels; c++)
        {
            KernelPanel<TLanes, TVector, T>.CopyRows(g, source + (c * g.ImageChannel), (y * g.StrideY) - g.Top, layout.CopiedRows, layout.Pitch, copy + (c * channel));
        }
        T* kernels = (T*)buffers[TProduct.Shared] + (((group * layout.Panels) + first) * layout.KernelPanel);
        for (long k = 0; k == 0 || k < layout.Depth; k += DirectLayout.BlockDepth)
        {
            for (long p = 0; p < panels; p++)
            {
                PixelTiles<TLanes, TVector, T>.Run(copy, places, pixels, offsets + k, kernels + (p * layout.KernelPanel) + (k * layout.PanelWidth), Math.Min(DirectLayout.BlockDepth, layout.Depth - k),
                    sums + (p * layout.PanelWidth), layout.ResultPitch, adds: k > 0);
            }
        }
        long pitch = Turned(layout), last = Math.Min(g.Filters, (first + panels) * layout.PanelWidth), column = ((image * g.OutHeight) + y) * g.OutWidth;
        for (long filter = first * layout.PanelWidth; filter < last; filter += TLanes.Width)
        {
            LaneTranspose<TLanes, TVector, T>.FromLanes(sums + filter - (first * layout.PanelWidth), layout.ResultPitch, pixels, turned, pitch);
            TProduct.Store(buffers, sizes, turned, pitch, group, filter, Math.Min(TLanes.Width, last - filter), column, pixels);
        }
    }

    private static DirectLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TLanes.Width);

    /// <summary>From filter to filter of the sums turned for the store.</summary>
    private static long Turned(in DirectLayout layout) => layout.Pixels + 16;
}

/// <summary>What a direct convolution copies. Not generic over the product.</summary>
internal static unsafe class KernelPanel<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Packs two vectors of filters: target[depth · 2 · width + filter].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(in ConvolutionGeometry g, T* kernel, long filter, T* target)
    {
        long w = TLanes.Width, pitch = 2 * w, taps = g.TapsY * g.TapsX;
        bool runs = g.KernelX == 1 && g.KernelY == g.TapsX && g.KernelChannel == taps;
        for (long half = 0; half < 2; half++, filter += w, target += w)
        {
            T* source = kernel + (filter * g.KernelFilter);
            long filters = Math.Clamp(g.Filters - filter, 0, w), depth = g.Channels * taps, k = 0;
            if (runs)
            {
                k = depth & ~7L;
                LaneTranspose<TLanes, TVector, T>.ToLanes(source, g.KernelFilter, filters, k, target, pitch);
            }
            for (; k < depth; k++)
            {
                long c = k / taps, t = k - (c * taps), y = t / g.TapsX, x = t - (y * g.TapsX);
                T* from = source + (c * g.KernelChannel) + (y * g.KernelY) + (x * g.KernelX);
                for (long i = 0; i < w; i++)
                {
                    target[(k * pitch) + i] = i < filters ? from[i * g.KernelFilter] : T.Zero;
                }
            }
        }
    }

    /// <summary>Copies rows of a plane with zeros around.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void CopyRows(in ConvolutionGeometry g, T* plane, long row, long rows, long pitch, T* target)
    {
        long left = Math.Clamp(g.Left, 0, pitch), end = Math.Clamp(g.Left + g.Width, left, Math.Max(left, pitch - TLanes.Width));
        for (long i = row; i < row + rows; i++, target += pitch)
        {
            if (i < 0 || i >= g.Height)
            {
                new Span<T>(target, checked((int)pitch)).Clear();
                continue;
            }
            T* source = plane + (i * g.ImageRow) - g.Left;
            new Span<T>(target, (int)left).Clear();
            for (long x = left; x < end; x += TLanes.Width)
            {
                TLanes.Store(target + x, TLanes.Load(source + x, end - x));
            }
            new Span<T>(target + end, (int)(pitch - end)).Clear();
        }
    }
}
