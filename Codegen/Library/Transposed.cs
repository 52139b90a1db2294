using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The schedule of a transposed convolution, such as the gradient of one with strides with respect to its image: phase by phase as a direct
/// convolution of stride 1. Each element is the sum of its own taps in the order of depth, a block at a time.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
public static unsafe class Transposed<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
{
    /// <summary>Bytes that each worker needs: where taps and pixels are, the copied rows, their sums, and sums turned for the store.</summary>
    public static long Scratch(long* sizes)
    {
        TransposedLayout layout = Layout(sizes);
        ConvolutionGeometry g = layout.Geometry;
        return (((g.Channels * g.TapsY * g.TapsX) + g.OutWidth) * sizeof(long)) + ((layout.CopyElements + ((layout.Pixels + 8) * layout.ResultPitch) + (TLanes.Width * Turned(layout))) * sizeof(T)) + 64;
    }

    /// <summary>Bytes of the packed kernels.</summary>
    public static long Shared(long* sizes)
    {
        TransposedLayout layout = Layout(sizes);
        return layout.Geometry.Groups * layout.KernelGroup * sizeof(T);
    }

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are packed only once.</summary>
    public static long Packs(long* sizes) => TProduct.KernelBuffer;

    /// <summary>Chunks of a phase: kernels; results.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        TransposedLayout layout = Layout(sizes);
        return layout.IsEmpty ? 0 : phase == 0 ? layout.Geometry.Groups * layout.Panels : layout.Chunks;
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        TransposedLayout layout = Layout(sizes);
        if (phase == 0)
        {
            Pack(layout, buffers, sizes, chunk);
        }
        else
        {
            Results(layout, buffers, sizes, chunk, scratch);
        }
    }

    private static TransposedLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TLanes.Width);

    /// <summary>From filter to filter of the sums turned for the store.</summary>
    private static long Turned(in TransposedLayout layout) => layout.Pixels + 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in TransposedLayout layout, byte** buffers, long* sizes, long chunk)
    {
        ConvolutionGeometry g = layout.Geometry;
        long group = chunk / layout.Panels, panel = chunk - (group * layout.Panels), filter = panel * layout.PanelWidth, filters = Math.Min(layout.PanelWidth, g.Filters - filter);
        T* kernel = TProduct.Kernel(buffers, sizes) + (group * g.KernelGroup) + (filter * g.KernelFilter), phase = (T*)buffers[TProduct.Shared] + (group * layout.KernelGroup);
        for (long y = 0; y < g.UpY; y++)
        {
            (long firstY, long stepY, long countY) = layout.TapsY(y);
            for (long x = 0; x < g.UpX; x++)
            {
                (long firstX, long stepX, long countX) = layout.TapsX(x);
                long depth = g.Channels * countY * countX;
                T* target = phase + (panel * depth * layout.PanelWidth);
                for (long c = 0; c < g.Channels; c++)
                {
                    for (long i = 0; i < countY; i++)
                    {
                        for (long j = 0; j < countX; j++, target += layout.PanelWidth)
                        {
                            T* from = kernel + (c * g.KernelChannel) + ((firstY + (i * stepY)) * g.KernelY) + ((firstX + (j * stepX)) * g.KernelX);
                            for (long f = 0; f < layout.PanelWidth; f++)
                            {
                                target[f] = f < filters ? from[f * g.KernelFilter] : T.Zero;
                            }
                        }
                    }
                }
                phase += layout.Panels * depth * layout.PanelWidth;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Results(in TransposedLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        long panelBlock = chunk % layout.PanelBlocks, rest = chunk / layout.PanelBlocks, rowBlock = rest % layout.RowBlocks;
        rest /= layout.RowBlocks;
        long image = rest / g.Groups, group = rest - (image * g.Groups);
        long baseRow = rowBlock * layout.BaseRows, y = baseRow * g.UpY, rows = Math.Min(layout.BaseRows * g.UpY, g.OutHeight - y), pixels = rows * g.OutWidth;
        long first = panelBlock * layout.PanelsPerChunk, panels = Math.Min(layout.PanelsPerChunk, layout.Panels - first);
        long* offsets = (long*)scratch, places = offsets + (g.Channels * g.TapsY * g.TapsX);
        T* copy = (T*)(places + g.OutWidth), sums = copy + layout.CopyElements, turned = sums + ((layout.Pixels + 8) * layout.ResultPitch);
        for (long x = 0; x < g.OutWidth; x++)
        {
            places[x] = x;
        }
        // Only the columns of results count: the copy begins at the first column that any of them reads.
        ConvolutionGeometry halo = g with { Left = -layout.FirstColumn };
        T* source = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (image * g.ImageStep);
        long channel = layout.CopiedRows * layout.Pitch;
        for (long c = 0; c < g.Channels; c++)
        {
            KernelPanel<TLanes, TVector, T>.CopyRows(halo, source + (c * g.ImageChannel), baseRow + layout.FirstRow, layout.CopiedRows, layout.Pitch, copy + (c * channel));
        }
        T* kernels = (T*)buffers[TProduct.Shared] + (group * layout.KernelGroup);
        for (long py = 0; py < g.UpY; py++)
        {
            (long firstY, long stepY, long countY) = layout.TapsY(py);
            for (long px = 0; px < g.UpX; px++)
            {
                (long firstX, long stepX, long countX) = layout.TapsX(px);
                long depth = g.Channels * countY * countX, columns = (g.OutWidth - px + g.UpX - 1) / g.UpX;
                for (long c = 0, k = 0; c < g.Channels; c++)
                {
                    for (long i = 0; i < countY; i++)
                    {
                        long row = TransposedLayout.Floor(py - g.Top + ((firstY + (i * stepY)) * g.DilationY), g.UpY) - layout.FirstRow;
                        for (long j = 0; j < countX; j++)
                        {
                            long column = TransposedLayout.Floor(px - g.Left + ((firstX + (j * stepX)) * g.DilationX), g.UpX) - layout.FirstColumn;
                            offsets[k++] = (c * channel) + (row * layout.Pitch) + column;
                        }
                    }
                }
                for (long p = 0; p < panels; p++)
                {
                    for (long k = 0; k == 0 || k < depth; k += DirectLayout.BlockDepth)
                    {
                        long block = Math.Min(DirectLayout.BlockDepth, depth - k);
                        for (long u = 0; (u * g.UpY) + py < rows; u++)
                        {
                            PixelTiles<TLanes, TVector, T>.Run(copy + (u * layout.Pitch), places, columns, offsets + k, kernels + ((((first + p) * depth) + k) * layout.PanelWidth), block,
                                sums + (((((u * g.UpY) + py) * g.OutWidth) + px) * layout.ResultPitch) + (p * layout.PanelWidth), g.UpX * layout.ResultPitch, adds: k > 0);
                        }
                    }
                }
                kernels += layout.Panels * depth * layout.PanelWidth;
            }
        }
        long pitch = Turned(layout), last = Math.Min(g.Filters, (first + panels) * layout.PanelWidth), at = ((image * g.OutHeight) + y) * g.OutWidth;
        for (long filter = first * layout.PanelWidth; filter < last; filter += TLanes.Width)
        {
            LaneTranspose<TLanes, TVector, T>.FromLanes(sums + filter - (first * layout.PanelWidth), layout.ResultPitch, pixels, turned, pitch);
            TProduct.Store(buffers, sizes, turned, pitch, group, filter, Math.Min(TLanes.Width, last - filter), at, pixels);
        }
    }
}
