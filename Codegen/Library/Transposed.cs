using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

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
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: where pixels and taps are, the copied rows, their sums, and sums turned for the store.</summary>
    public static long Scratch(long* sizes)
    {
        TransposedLayout layout = Layout(sizes);
        long turned = TProduct.FiltersAreLanes ? 0 : TLanes.Width * (Turned(layout) + (layout.IsLone ? Phase(layout) : 0));
        return Tables(layout) + ((layout.CopyElements + ((layout.Pixels + 8) * layout.ResultPitch) + turned) * sizeof(T)) + Line;
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

    /// <summary>Bytes of the places of pixels and taps.</summary>
    private static long Tables(in TransposedLayout layout) => ((((layout.Geometry.Channels * layout.Geometry.TapsY * layout.Geometry.TapsX) + layout.Pixels) * 2 * sizeof(int)) + Line - 1) & -Line;

    /// <summary>From filter to filter of the sums turned for the store.</summary>
    private static long Turned(in TransposedLayout layout) => layout.Pixels + 16;

    /// <summary>From filter to filter of the turned sums of one phase.</summary>
    private static long Phase(in TransposedLayout layout) => layout.PhasePixels + 16;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in TransposedLayout layout, byte** buffers, long* sizes, long chunk)
    {
        ConvolutionGeometry g = layout.Geometry;
        long group = chunk / layout.Panels, panel = chunk - (group * layout.Panels), filter = panel * layout.PanelWidth, filters = Math.Min(layout.PanelWidth, g.Filters - filter);
        long width = layout.VectorsOf(panel) * TLanes.Width;
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
                        for (long j = 0; j < countX; j++, target += width)
                        {
                            T* from = kernel + (c * g.KernelChannel) + ((firstY + (i * stepY)) * g.KernelY) + ((firstX + (j * stepX)) * g.KernelX);
                            long f = 0;
                            for (; g.KernelFilter == 1 && f + TLanes.Width <= filters; f += TLanes.Width)
                            {
                                TLanes.Store(target + f, TLanes.Load(from + f));
                            }
                            for (; f < width; f++)
                            {
                                target[f] = f < filters ? from[f * g.KernelFilter] : T.Zero;
                            }
                        }
                    }
                }
                phase += layout.KernelRow * depth;
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
        int* places = (int*)scratch, taps = places + (2 * layout.Pixels);
        T* copy = (T*)(scratch + Tables(layout)), sums = copy + layout.CopyElements, turned = sums + ((layout.Pixels + 8) * layout.ResultPitch);
        // Only the columns of results count: the copy begins at the first column that any of them reads.
        ConvolutionGeometry halo = g with { Left = -layout.FirstColumn };
        ImageCopy<TLanes, TVector, T>.Rows(halo, layout.Copy, TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (image * g.ImageStep), baseRow + layout.FirstRow, copy);
        T* kernels = (T*)buffers[TProduct.Shared] + (group * layout.KernelGroup);
        bool isLone = layout.IsLone && !TProduct.FiltersAreLanes;
        long lone = 0, loneRows = 0, loneColumns = 0;
        long filter = first * layout.PanelWidth, last = Math.Min(g.Filters, (first + panels) * layout.PanelWidth), at = ((image * g.OutHeight) + y) * g.OutWidth, step = TProduct.PlaceStep(sizes) * sizeof(T);
        long tiles = Math.Max(1, panels * (isLone ? layout.PhasePixels : pixels) / 8);
        LinesAhead ahead = !LinesAhead.IsWorth(g.Results * sizeof(T), terms: 0) ? default
            : TProduct.FiltersAreLanes ? new((byte*)TProduct.Place(buffers, sizes, group, at, filter), pixels, step, (last - filter) * sizeof(T), tiles)
            : new((byte*)TProduct.Place(buffers, sizes, group, filter, at), last - filter, step, pixels * sizeof(T), tiles);
        for (long py = 0; py < g.UpY; py++)
        {
            (long firstY, long stepY, long countY) = layout.TapsY(py);
            for (long px = 0; px < g.UpX; px++)
            {
                (long firstX, long stepX, long countX) = layout.TapsX(px);
                long depth = g.Channels * countY * countX, count = 0;
                if (isLone && countY * countX == 0)
                {
                    continue;
                }
                for (long c = 0, k = 0; c < g.Channels; c++)
                {
                    for (long i = 0; i < countY; i++)
                    {
                        long row = TransposedLayout.Floor(py - g.Top + ((firstY + (i * stepY)) * g.DilationY), g.UpY) - layout.FirstRow;
                        for (long j = 0; j < countX; j++, k++)
                        {
                            long column = TransposedLayout.Floor(px - g.Left + ((firstX + (j * stepX)) * g.DilationX), g.UpX) - layout.FirstColumn;
                            taps[2 * k] = (int)((c * layout.ChannelStep) + (row * layout.RowStep) + (column * layout.ColumnStep));
                            taps[(2 * k) + 1] = (int)k;
                        }
                    }
                }
                for (long u = 0; (u * g.UpY) + py < rows; u++)
                {
                    for (long x = 0; (x * g.UpX) + px < g.OutWidth; x++, count++)
                    {
                        places[2 * count] = (int)((u * layout.RowStep) + (x * layout.ColumnStep));
                        places[(2 * count) + 1] = (int)((isLone ? count : (((u * g.UpY) + py) * g.OutWidth) + (x * g.UpX) + px) * layout.ResultPitch);
                    }
                }
                if (isLone)
                {
                    (lone, loneRows, loneColumns) = ((py * g.OutWidth) + px, Math.Max(0, TransposedLayout.Ceiling(rows - py, g.UpY)), Math.Max(0, TransposedLayout.Ceiling(g.OutWidth - px, g.UpX)));
                }
                for (long k = 0; k == 0 || k < depth; k += DirectLayout.BlockDepth)
                {
                    PixelTiles<TLanes, TVector, T>.Run(panels, 2, layout.VectorsOf(first + panels - 1), copy, places, count, taps + (2 * k), Math.Min(DirectLayout.BlockDepth, depth - k),
                        kernels + (first * layout.PanelWidth * depth), layout.PanelWidth * depth, sums, adds: k > 0, ending: null, ref ahead);
                }
                kernels += layout.KernelRow * depth;
            }
        }
        if (TProduct.FiltersAreLanes)
        {
            TProduct.Store(buffers, sizes, sums, layout.ResultPitch, group, at, pixels, filter, last - filter);
            return;
        }
        long pitch = Turned(layout);
        if (isLone)
        {
            new Span<T>(turned, checked((int)(TLanes.Width * pitch))).Clear();
        }
        for (; filter < last; filter += TLanes.Width)
        {
            T* of = sums + filter - (first * layout.PanelWidth);
            if (isLone)
            {
                T* phase = turned + (TLanes.Width * pitch);
                LaneTranspose<TLanes, TVector, T>.FromLanes(of, layout.ResultPitch, loneRows * loneColumns, phase, Phase(layout));
                for (long f = 0; f < Math.Min(TLanes.Width, last - filter); f++)
                {
                    for (long u = 0; u < loneRows; u++)
                    {
                        Spread(phase + (f * Phase(layout)) + (u * loneColumns), loneColumns, g.UpX, turned + (f * pitch) + lone + (u * g.UpY * g.OutWidth));
                    }
                }
            }
            else
            {
                LaneTranspose<TLanes, TVector, T>.FromLanes(of, layout.ResultPitch, pixels, turned, pitch);
            }
            TProduct.Store(buffers, sizes, turned, pitch, group, filter, Math.Min(TLanes.Width, last - filter), at, pixels);
        }
    }

    /// <summary>Writes elements apart into memory that is zero between them, and one zero behind the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(T* source, long count, long apart, T* target)
    {
        long x = 0;
        if (typeof(T) == typeof(float) && Avx2.IsSupported && apart == 2)
        {
            for (; x + 8 <= count; x += 8)
            {
                Vector256<float> from = Vector256.Load((float*)source + x), low = Avx.UnpackLow(from, Vector256<float>.Zero), high = Avx.UnpackHigh(from, Vector256<float>.Zero);
                Vector256.Store(Avx.Permute2x128(low, high, 0x20), (float*)target + (2 * x));
                Vector256.Store(Avx.Permute2x128(low, high, 0x31), (float*)target + (2 * x) + 8);
            }
        }
        for (; x < count; x++)
        {
            target[x * apart] = source[x];
        }
    }
}
