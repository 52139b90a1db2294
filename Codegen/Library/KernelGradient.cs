using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The schedule of the gradient of a convolution with respect to its kernels: block by block of pixels, of which one operand is turned into lanes and the other broadcast from
/// where it lies, in a copy with a halo if it needs one. A block is summed from 0 and then added; the sums of parts are added in their order. So is the sum
/// defined by the shape alone, whatever the width and the number of threads.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted gradient.</typeparam>
public static unsafe class KernelGradient<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IKernelGradient<T>
{
    private const long Line = 64;

    /// <summary>Rows of a tile.</summary>
    private const long TileRows = 8;

    /// <summary>Lanes stored at a time at least: enough of each row for memory to be read along it.</summary>
    private const long StoredLanes = 64;

    /// <summary>Bytes that each worker needs: where rows and pixels are, what is copied and turned of a block, and sums that are not shared.</summary>
    public static long Scratch(long* sizes)
    {
        KernelGradientLayout layout = Layout(sizes);
        long sums = layout.Parts == 1 ? layout.ChunkRows * layout.ChunkLanes : 0;
        return ((layout.ChunkRows + (2 * layout.Lists * layout.Pixels)) * sizeof(long)) + ((layout.CopyElements + layout.TurnedElements + sums + layout.StoreElements) * sizeof(T)) + (6 * Line);
    }

    /// <summary>Bytes of the sums of all parts.</summary>
    public static long Shared(long* sizes) => (Layout(sizes).SharedElements * sizeof(T)) + Line;

    /// <summary>No phase packs.</summary>
    public static long Packs(long* sizes) => -1;

    /// <summary>Chunks of a phase: sums; their parts joined.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        KernelGradientLayout layout = Layout(sizes);
        return phase == 0 ? layout.Chunks : layout.Parts == 1 ? 0 : layout.Geometry.Groups * layout.LineBlocks * layout.Vectors;
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        KernelGradientLayout layout = Layout(sizes);
        if (phase == 0)
        {
            Sums(layout, buffers, sizes, chunk, scratch);
            return;
        }
        long rest = chunk / layout.Vectors, lane = (chunk - (rest * layout.Vectors)) * TLanes.Width, pitch = layout.Vectors * TLanes.Width;
        long group = rest / layout.LineBlocks, line = (rest - (group * layout.LineBlocks)) * layout.LinesPerChunk;
        T* sums = (T*)buffers[TProduct.Shared] + (((group * layout.Parts * layout.Rows) + (line * layout.Taps)) * pitch) + lane;
        Store(layout, buffers, sizes, group, line, Math.Min(layout.LinesPerChunk, layout.Lines - line), lane, sums, pitch, layout.Rows * pitch, Aligned(scratch));
    }

    private static KernelGradientLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TLanes.Width, new Span<long>(sizes + TProduct.Sizes + KernelRoom.Decided, KernelRoom.DecidedLength));

    private static T* Aligned(void* memory) => (T*)(((long)memory + Line - 1) & -Line);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sums(in KernelGradientLayout layout, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        // Chunks of one part are neighbours: threads then have images of their own, which stay in their caches from chunk to chunk.
        long ofPart = layout.Chunks / layout.Parts, part = chunk / ofPart, rest = chunk - (part * ofPart), block0 = rest / layout.PanelBlocks, group = block0 / layout.LineBlocks, w = TLanes.Width;
        long firstLine = (block0 - (group * layout.LineBlocks)) * layout.LinesPerChunk, lines = Math.Min(layout.LinesPerChunk, layout.Lines - firstLine), allRows = lines * layout.Taps;
        long panel = (rest - (block0 * layout.PanelBlocks)) * layout.PanelsPerChunk, panels = Math.Min(layout.PanelsPerChunk, layout.Panels - panel);
        long lane = panel * 2 * w, lanes = panel + panels == layout.Panels ? (layout.Vectors * w) - lane : panels * 2 * w;
        long* rows = (long*)scratch, pixels = rows + layout.ChunkRows;
        T* copy = Aligned(pixels + (2 * layout.Lists * layout.Pixels)), turned = Aligned(copy + layout.CopyElements), own = Aligned(turned + layout.TurnedElements);
        T* image = TProduct.Image(buffers, sizes) + (group * g.ImageGroup), result = TProduct.Result(buffers, sizes) + (group * g.ResultGroup);
        // Of the operand that is broadcast: where it is read, and its steps.
        var channels = new GradientSide(g, layout, isCopy: layout.IsCopied);
        var filters = new GradientSide(g);
        GradientSide broadcast = layout.TurnsImage ? filters : channels, lanesOf = layout.TurnsImage ? channels : filters;
        Rows(layout, broadcast, lines, rows);
        long listed = 0;
        if (layout.HasHalo)
        {
            new Span<T>(copy, checked((int)layout.CopyElements)).Clear();
        }
        T* sums = layout.Parts == 1 ? own : (T*)buffers[TProduct.Shared] + (((((group * layout.Parts) + part) * layout.Rows) + (firstLine * layout.Taps)) * layout.Vectors * w) + lane;
        // What an update reads is fetched while the sums are made that it is stored over; so these are stored some panels at a time.
        bool storesPanels = layout.Parts == 1 && layout.TurnsImage;
        T** updated = stackalloc T*[PanelFetch.MostUpdated];
        long updatedPitch = 0;
        int updates = storesPanels && TProduct.Updates ? TProduct.Updated(buffers, sizes, group, updated, &updatedPitch) : 0;
        long* ahead = stackalloc long[(int)KernelGradientLayout.BlockPixels];
        long pitch = layout.Parts == 1 ? lanes : layout.Vectors * w, first = layout.Blocks * part / layout.Parts, last = layout.Blocks * (part + 1) / layout.Parts;
        long unstored = 0;
        for (long block = first; block < last; block++)
        {
            long n = block / layout.RowBlocks * layout.BlockImages, y = block % layout.RowBlocks * layout.BlockRows;
            long images = Math.Min(layout.BlockImages, g.Images - n), height = Math.Min(layout.BlockRows, g.OutHeight - y);
            if (images * height != listed)
            {
                listed = images * height;
                Pixels(layout, broadcast, images, height, pixels);
            }
            T* imageAt = image + (n * g.ImageStep), resultAt = result + (n * g.ResultStep) + (y * g.ResultRow);
            T* from = layout.TurnsImage ? resultAt : copy;
            T* turns = resultAt;
            if (layout.IsCopied)
            {
                long copied = layout.TurnsImage ? lane : firstLine, count = layout.TurnsImage ? Math.Min(lanes, layout.Lanes - lane) : lines;
                GradientOperands<TLanes, TVector, T>.Copy(layout, imageAt + (copied * g.ImageChannel), count, images, (y * g.StrideY) - g.Top, g.RowsFor(height), copy);
                turns = layout.TurnsImage ? copy - (lane * lanesOf.Line) : resultAt;
            }
            else
            {
                imageAt += (((y * g.StrideY) - g.Top) * g.ImageRow) - (g.Left * g.ImageColumn);
                from = layout.TurnsImage ? resultAt : imageAt;
                turns = layout.TurnsImage ? imageAt : resultAt;
            }
            from += layout.IsCopied && !layout.TurnsImage ? 0 : firstLine * broadcast.Line;
            // Of operands read in place, what lies side by side in a line; in a copy they are near.
            bool inPlace = !layout.IsCopied || layout.TurnsImage;
            long lanesRun = lanesOf.Column == 1 && lanesOf.Row == g.OutWidth ? height * g.OutWidth : 0, run = inPlace && broadcast.Column == 1 && broadcast.Row == g.OutWidth ? height * g.OutWidth : 0;
            for (long v = lane; v < lane + lanes; v += w)
            {
                for (long l = v + w; l < Math.Min(Math.Min(v + (2 * w), layout.Lanes), lane + lanes); l++)
                {
                    GradientOperands<TLanes, TVector, T>.Fetch(turns + (l * lanesOf.Line), images, lanesOf.Image, lanesRun);
                }
                long of = PanelOf(layout, v / w), width = VectorsOf(layout, of) * w;
                GradientOperands<TLanes, TVector, T>.Turn(lanesOf, turns + (v * lanesOf.Line), Math.Min(w, layout.Lanes - v), images, height, g.OutWidth,
                    turned + (((of * 2 * w) - lane) * (layout.Pixels + 8)) + (v - (of * 2 * w)), width);
            }
            for (long p = panel; p < panel + panels; p++)
            {
                int vectors = (int)VectorsOf(layout, p);
                long at = (p * 2 * w) - lane, step = vectors * w;
                byte* near = null;
                if (updates > 0 && block == last - 1)
                {
                    near = (byte*)(updated[0] + (firstLine * updatedPitch) + lane + at);
                    long fetched = 0;
                    for (int array = 0; array < updates; array++)
                    {
                        fetched = PanelFetch.List((byte*)(updated[array] + (firstLine * updatedPitch) + lane + at), updatedPitch * sizeof(T), Math.Min(TileRows, lines), step * sizeof(T), false, near, ahead, fetched, KernelGradientLayout.BlockPixels);
                    }
                    new Span<long>(ahead + fetched, (int)(KernelGradientLayout.BlockPixels - fetched)).Clear();
                }
                for (long of = 0, row = 0, size = allRows / layout.Classes; of < layout.Classes; of++, row += size)
                {
                    long tap = layout.Leaves == LeftOut.Nothing ? 0 : layout.Leaves == LeftOut.Rows ? of : of / g.TapsX, list = layout.Leaves == LeftOut.RowsAndColumns ? of - (tap * g.TapsX) : 0;
                    (long top, long bottom) = layout.Leaves == LeftOut.Nothing ? (0, height) : KernelGradientLayout.ValidResults(height, (tap * g.DilationY) - g.Top + (y * g.StrideY), g.StrideY, g.Height);
                    (long left, long right) = Across(layout, list);
                    long* places = pixels + (2 * ((list * layout.Pixels) + (top * images * (right - left))));
                    long count = (bottom - top) * images * (right - left);
                    for (long k = 0; k == 0 || k < count; k += KernelGradientLayout.BlockPixels)
                    {
                        TapTiles<TLanes, TVector, T>.Run(vectors, from, rows + row, size, places + (2 * k), Math.Min(KernelGradientLayout.BlockPixels, count - k),
                            turned + (at * (layout.Pixels + 8)), step, sums + (row * pitch) + at, pitch, adds: block > first || k > 0, p == panel ? images : 0, broadcast.Image, run,
                            near, updatedPitch * sizeof(T), near is null ? null : ahead);
                    }
                }
                long stored = Math.Min(at + step, layout.Lanes - lane);
                if (storesPanels && block == last - 1 && (stored - unstored >= StoredLanes || p == panel + panels - 1))
                {
                    TProduct.Store(buffers, sizes, sums + unstored, pitch, group, firstLine, lines, lane + unstored, stored - unstored);
                    unstored = stored;
                }
            }
        }
        if (first == last)
        {
            for (long row = 0; row < allRows; row++)
            {
                new Span<T>(sums + (row * pitch), (int)lanes).Clear();
            }
        }
        if (layout.Parts == 1 && unstored == 0)
        {
            if (layout.TurnsImage)
            {
                TProduct.Store(buffers, sizes, sums, pitch, group, firstLine, lines, lane, Math.Min(lanes, layout.Lanes - lane));
                return;
            }
            T* memory = Aligned(own + (layout.ChunkRows * layout.ChunkLanes));
            for (long v = 0; v < lanes; v += w)
            {
                Store(layout, buffers, sizes, group, firstLine, lines, lane + v, sums + v, pitch, 0, memory);
            }
        }
    }

    private static long PanelOf(in KernelGradientLayout layout, long vector) => Math.Min(vector / 2, layout.Panels - 1);

    private static long VectorsOf(in KernelGradientLayout layout, long panel) => panel == layout.Panels - 1 ? layout.Vectors - (2 * panel) : 2;

    /// <summary>The columns of the result that a list of pixels has.</summary>
    private static (long Left, long Right) Across(in KernelGradientLayout layout, long list)
    {
        ConvolutionGeometry g = layout.Geometry;
        return layout.Leaves == LeftOut.RowsAndColumns ? KernelGradientLayout.ValidResults(g.OutWidth, (list * g.DilationX) - g.Left, g.StrideX, g.Width) : (0, g.OutWidth);
    }

    /// <summary>Where the rows of some lines lie in the operand that is broadcast, class by class.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Rows(in KernelGradientLayout layout, in GradientSide side, long lines, long* rows)
    {
        ConvolutionGeometry g = layout.Geometry;
        (long line, long tapY, long tapX) = layout.RowSteps(lines);
        for (long c = 0; c < lines; c++)
        {
            for (long i = 0; i < g.TapsY; i++)
            {
                for (long j = 0; j < g.TapsX; j++)
                {
                    rows[(c * line) + (i * tapY) + (j * tapX)] = (c * side.Line) + (i * side.TapY) + (j * side.TapX);
                }
            }
        }
    }

    /// <summary>
    /// The lists of a block's pixels: where they lie in the operand that is broadcast, and their numbers among the turned ones. Rows of the result come first and images
    /// next, so that what a tap row meets is a part of a list.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixels(in KernelGradientLayout layout, in GradientSide side, long images, long height, long* pixels)
    {
        for (long list = 0; list < layout.Lists; list++)
        {
            long* places = pixels + (2 * list * layout.Pixels);
            (long left, long right) = Across(layout, list);
            for (long y = 0; y < height; y++)
            {
                for (long n = 0; n < images; n++)
                {
                    for (long x = left; x < right; x++)
                    {
                        *places++ = (n * side.Image) + (y * side.Row) + (x * side.Column);
                        *places++ = (((n * height) + y) * layout.Geometry.OutWidth) + x;
                    }
                }
            }
        }
    }

    /// <summary>Adds the parts of a vector of lanes, of all rows of some lines, in their order, and stores it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Store(in KernelGradientLayout layout, byte** buffers, long* sizes, long group, long firstLine, long lines, long lane, T* sums, long pitch, long part, T* memory)
    {
        long count = Math.Min(TLanes.Width, layout.Lanes - lane), w = TLanes.Width, rows = lines * layout.Taps;
        ConvolutionGeometry g = layout.Geometry;
        (long line, long tapY, long tapX) = layout.RowSteps(lines);
        T* target = memory;
        for (long c = 0; c < lines; c++)
        {
            for (long i = 0; i < g.TapsY; i++)
            {
                T* at = sums + (((c * line) + (i * tapY)) * pitch);
                for (long j = 0; j < g.TapsX; j++, at += tapX * pitch, target += w)
                {
                    TVector sum = TLanes.Load(at);
                    for (long p = 1; p < layout.Parts; p++)
                    {
                        sum = TLanes.Add(sum, TLanes.Load(at + (p * part)));
                    }
                    TLanes.Store(layout.TurnsImage ? at : target, sum);
                }
            }
        }
        if (layout.TurnsImage)
        {
            TProduct.Store(buffers, sizes, sums, pitch, group, firstLine, rows, lane, count);
            return;
        }
        T* turned = memory + ((layout.ChunkRows + 8) * w);
        LaneTranspose<TLanes, TVector, T>.FromLanes(memory, w, rows, turned, layout.StorePitch);
        TProduct.Store(buffers, sizes, turned, layout.StorePitch, group, lane, count, firstLine * layout.Taps, rows);
    }
}
