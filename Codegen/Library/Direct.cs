using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The direct schedule of a convolution: filters are lanes, and pixels are read where they lie, in the image or in a copy of some rows with a halo, so that nothing is
/// packed but kernels, whatever stride and dilation are. Each element is summed as by panels: in the order of depth, a block at a time; taps beyond the
/// borders of the image are left out.
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
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: where pixels are, the copied rows, their sums, and sums turned for the store.</summary>
    public static long Scratch(long* sizes)
    {
        DirectLayout layout = Layout(sizes);
        long turned = TProduct.FiltersAreLanes ? 0 : TLanes.Width * Turned(layout), sums = Ends(layout, sizes) ? 0 : (layout.Pixels + 8) * layout.ResultPitch;
        return (layout.Tables * 3 * sizeof(long)) + Places(layout) + ((layout.CopyElements + sums + turned) * sizeof(T)) + Line;
    }

    /// <summary>Bytes of the packed kernels, and of the tables of taps.</summary>
    public static long Shared(long* sizes)
    {
        DirectLayout layout = Layout(sizes);
        return Kernels(layout) + (layout.Tables * layout.TableLength * sizeof(int));
    }

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are packed only once.</summary>
    public static long Packs(long* sizes) => TProduct.KernelBuffer;

    /// <summary>Chunks of a phase: kernels and tables; results.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        DirectLayout layout = Layout(sizes);
        return layout.IsEmpty ? 0 : phase == 0 ? (layout.Geometry.Groups * layout.Panels) + layout.Tables : layout.Chunks;
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        DirectLayout layout = Layout(sizes);
        if (phase > 0)
        {
            Results(layout, buffers, sizes, chunk, scratch);
            return;
        }
        byte* shared = buffers[TProduct.Shared];
        long group = chunk / layout.Panels, panel = chunk - (group * layout.Panels);
        if (group < layout.Geometry.Groups)
        {
            KernelPanel<TLanes, TVector, T>.Pack(layout.Geometry, TProduct.Kernel(buffers, sizes) + (group * layout.Geometry.KernelGroup), panel * layout.PanelWidth, layout.Vectors(panel),
                (T*)shared + (group * layout.KernelGroup) + (panel * layout.PanelWidth * layout.Depth));
        }
        else
        {
            long table = chunk - (layout.Geometry.Groups * layout.Panels);
            TapTable.Fill(layout, table, (int*)(shared + Kernels(layout)) + (table * layout.TableLength));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Results(in DirectLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        long panelBlock = chunk % layout.PanelBlocks, rest = chunk / layout.PanelBlocks, rowBlock = rest % layout.RowBlocks;
        rest /= layout.RowBlocks;
        long image = rest / g.Groups, group = rest - (image * g.Groups);
        long y = rowBlock * layout.RowsPerChunk, rows = Math.Min(layout.RowsPerChunk, g.OutHeight - y);
        long first = panelBlock * layout.PanelsPerChunk, panels = Math.Min(layout.PanelsPerChunk, layout.Panels - first);
        long* parts = (long*)scratch;
        int* places = (int*)(parts + (layout.Tables * 3));
        T* copy = (T*)((byte*)places + Places(layout)), sums = copy + layout.CopyElements, turned = sums + ((layout.Pixels + 8) * layout.ResultPitch);
        T* source = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (image * g.ImageStep);
        if (layout.InPlace)
        {
            copy = source + (((y * g.StrideY) - g.Top) * g.ImageRow) - (g.Left * g.ImageColumn);
        }
        else
        {
            ImageCopy<TLanes, TVector, T>.Rows(g, layout.Copy, source, (y * g.StrideY) - g.Top, copy);
        }
        T* kernels = (T*)buffers[TProduct.Shared] + (group * layout.KernelGroup) + (first * layout.PanelWidth * layout.Depth);
        int* tables = (int*)(buffers[TProduct.Shared] + Kernels(layout));
        bool ends = Ends(layout, sizes);
        Ending<T> ending = ends ? TProduct.Ending(buffers, sizes, group) : default, here;
        for (long end = y + rows; y < end; y += layout.GroupRows, copy += layout.GroupRows * layout.RowStride * layout.RowStep)
        {
            rows = Math.Min(layout.GroupRows, end - y);
            long count = TapTable.Parts(layout, y, rows, ends ? ending.Pitch : layout.ResultPitch, parts, places);
            var ahead = Ahead(layout, buffers, sizes, group, first, panels, ((image * g.OutHeight) + y) * g.OutWidth, rows * g.OutWidth);
            here = ends ? ending.From(((image * g.OutHeight) + y) * g.OutWidth, first * layout.PanelWidth) : default;
            for (long block = 0; block < layout.Blocks; block++)
            {
                for (long part = 0; part < count; part++)
                {
                    int* table = tables + (parts[3 * part] * layout.TableLength);
                    PixelTiles<TLanes, TVector, T>.Run(panels, (int)layout.PanelVectors, layout.Vectors(first + panels - 1), copy, places + (2 * parts[(3 * part) + 1]), parts[(3 * part) + 2],
                        table + layout.Blocks + 1 + (2 * table[block]), table[block + 1] - table[block], kernels, layout.PanelWidth * layout.Depth, sums, adds: block > 0, ends ? &here : null, ref ahead);
                }
            }
            if (ends)
            {
                continue;
            }
            Store(layout, buffers, sizes, group, first * layout.PanelWidth, panels * layout.PanelWidth, ((image * g.OutHeight) + y) * g.OutWidth, rows * g.OutWidth, sums, turned);
        }
    }

    /// <summary>Where a group of rows will be stored.</summary>
    private static LinesAhead Ahead(in DirectLayout layout, byte** buffers, long* sizes, long group, long panel, long panels, long pixel, long pixels)
    {
        long filter = panel * layout.PanelWidth, filters = Math.Min(layout.Geometry.Filters, filter + (panels * layout.PanelWidth)) - filter, step = TProduct.PlaceStep(sizes) * sizeof(T);
        if (!LinesAhead.IsWorth(layout.Geometry.Results * sizeof(T), layout.Depth))
        {
            return default;
        }
        long tiles = Math.Max(1, layout.Blocks * panels * pixels / 8);
        return TProduct.FiltersAreLanes
            ? new LinesAhead((byte*)TProduct.Place(buffers, sizes, group, pixel, filter), pixels, step, filters * sizeof(T), tiles)
            : new LinesAhead((byte*)TProduct.Place(buffers, sizes, group, filter, pixel), filters, step, pixels * sizeof(T), tiles);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(in DirectLayout layout, byte** buffers, long* sizes, long group, long filter, long filters, long pixel, long pixels, T* sums, T* turned)
    {
        long last = Math.Min(layout.Geometry.Filters, filter + filters), pitch = Turned(layout);
        if (TProduct.FiltersAreLanes)
        {
            TProduct.Store(buffers, sizes, sums, layout.ResultPitch, group, pixel, pixels, filter, last - filter);
            return;
        }
        for (; filter < last; filter += TLanes.Width, sums += TLanes.Width)
        {
            LaneTranspose<TLanes, TVector, T>.FromLanes(sums, layout.ResultPitch, pixels, turned, pitch);
            TProduct.Store(buffers, sizes, turned, pitch, group, filter, Math.Min(TLanes.Width, last - filter), pixel, pixels);
        }
    }

    private static DirectLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TLanes.Width, sizeof(T), TProduct.IsLinear && TProduct.FiltersAreLanes);

    /// <summary>Whether sums are ended in registers: whole vectors, summed at once, whose places are numbers of 32 bits.</summary>
    private static bool Ends(in DirectLayout layout, long* sizes) =>
        TProduct.IsLinear && TProduct.FiltersAreLanes && layout.Blocks == 1 && layout.Geometry.Filters % TLanes.Width == 0 && TProduct.PlaceStep(sizes) * layout.Pixels < int.MaxValue;

    /// <summary>From filter to filter of the sums turned for the store.</summary>
    private static long Turned(in DirectLayout layout) => layout.Pixels + 16;

    /// <summary>Bytes of the places of pixels.</summary>
    private static long Places(in DirectLayout layout) => ((layout.Pixels * 2 * sizeof(int)) + Line - 1) & -Line;

    /// <summary>Bytes of the packed kernels.</summary>
    private static long Kernels(in DirectLayout layout) => ((layout.Geometry.Groups * layout.KernelGroup * sizeof(T)) + Line - 1) & -Line;
}

/// <summary>Packs kernels with filters side by side. Not generic over the product.</summary>
internal static unsafe class KernelPanel<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Packs some vectors of filters: target[depth · vectors · width + filter].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Pack(in ConvolutionGeometry g, T* kernel, long filter, long vectors, T* target)
    {
        long w = TLanes.Width, pitch = vectors * w, taps = g.TapsY * g.TapsX;
        bool runs = g.KernelX == 1 && g.KernelY == g.TapsX && g.KernelChannel == taps;
        for (long vector = 0; vector < vectors; vector++, filter += w, target += w)
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
}
