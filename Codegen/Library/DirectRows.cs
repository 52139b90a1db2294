using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The direct schedule of a convolution whose rows lie side by side, in the image and in the result, and fill vectors: lanes are neighbouring pixels, from a strip of
/// all channels with a halo, so that results need no turning and filters fill no vectors. Each element is summed as by panels: in the order of depth, a block at a time.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
public static unsafe class DirectRows<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
{
    /// <summary>Multiply-adds per chunk: some 10 µs.</summary>
    private const long ChunkWork = 1 << 19;

    /// <summary>Chunks that are enough for threads to balance.</summary>
    private const long MostChunks = 32;

    /// <summary>Chunks below which threads do not share evenly.</summary>
    private const long FewestChunks = 8;

    /// <summary>Bytes that each worker needs: where vectors of results and taps are, a strip, and the results of a tile of filters.</summary>
    public static long Scratch(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        var halo = new HaloStrip<TLanes, TVector, T>(g, isTight: Depth(g) > DirectLayout.BlockDepth);
        long rows = Rows(g, halo);
        return (((2 * Vectors(g, rows)) + Depth(g)) * sizeof(long)) + ((Strip(g, halo, rows) + (MostFilters * (Pitch(g, rows) + Sums(g, rows)))) * sizeof(T)) + 64;
    }

    /// <summary>Bytes of the packed kernels.</summary>
    public static long Shared(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        return g.Groups * Tiles(g) * MostFilters * Depth(g) * sizeof(T);
    }

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are packed only once.</summary>
    public static long Packs(long* sizes) => TProduct.KernelBuffer;

    /// <summary>Chunks of a phase: tiles of kernels; blocks of rows.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        if (g.Groups * g.Images * g.Filters * g.OutHeight * g.OutWidth == 0)
        {
            return 0;
        }
        return phase == 0 ? g.Groups * Tiles(g) : g.Groups * g.Images * RowBlocks(g) * TileBlocks(g);
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        long tiles = Tiles(g);
        if (phase == 0)
        {
            T* kernels = (T*)buffers[TProduct.Shared];
            long perGroup = tiles * MostFilters * Depth(g);
            long ofGroup = chunk / tiles, tile = chunk - (ofGroup * tiles), filter = g.Filters * tile / tiles, count = (g.Filters * (tile + 1) / tiles) - filter;
            Pack(g, TProduct.Kernel(buffers, sizes) + (ofGroup * g.KernelGroup) + (filter * g.KernelFilter), count, kernels + (ofGroup * perGroup) + (tile * MostFilters * Depth(g)));
            return;
        }
        long tileBlocks = TileBlocks(g), rest = chunk / tileBlocks, tileBlock = chunk - (rest * tileBlocks);
        long blocks = RowBlocks(g), plane = rest / blocks, block = rest - (plane * blocks), image = plane / g.Groups, group = plane - (image * g.Groups);
        Sum(g, buffers, sizes, group, image, g.OutHeight * block / blocks, g.OutHeight * (block + 1) / blocks, tiles * tileBlock / tileBlocks, tiles * (tileBlock + 1) / tileBlocks, LinesAhead.IsWorth(g.Results * sizeof(T), g.Channels * g.TapsY * g.TapsX), scratch);
    }

    /// <summary>Computes and stores some rows of an image, of some tiles of filters, those before <paramref name="behind"/>. Where the result is far, its lines are fetched ahead.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Sum(in ConvolutionGeometry g, byte** buffers, long* sizes, long group, long image, long y, long end, long first, long behind, bool isFar, byte* scratch)
    {
        T* kernels = (T*)buffers[TProduct.Shared];
        long tiles = Tiles(g), perGroup = tiles * MostFilters * Depth(g);
        var halo = new HaloStrip<TLanes, TVector, T>(g, isTight: Depth(g) > DirectLayout.BlockDepth);
        bool inPlace = IsInPlace(g);
        long most = Rows(g, halo), pitch = Pitch(g, most), known = 0, vectors = 0;
        long stripRow = inPlace ? g.ImageRow : halo.RowLength, stripPlane = inPlace ? g.ImageChannel : halo.Rows(most) * halo.RowLength, taps = Math.Min(g.TapsY * g.TapsX, Depth(g));
        long* from = (long*)scratch, to = from + Vectors(g, most), offsets = to + Vectors(g, most);
        T* strip = (T*)(offsets + Depth(g)), results = strip + Strip(g, halo, most), sums = results + (MostFilters * Pitch(g, most));
        for (long t = 0; t < taps; t++)
        {
            long i = t / g.TapsX, j = t - (i * g.TapsX);
            offsets[t] = inPlace ? (i * g.DilationY * stripRow) + (j * g.DilationX) : halo.Offset(i, j);
        }
        for (long k = taps; k < Depth(g); k++)
        {
            offsets[k] = offsets[k - taps] + stripPlane;
        }
        new Span<T>(strip, checked((int)Strip(g, halo, most))).Clear();
        // As even as can be.
        most = PanelLayout.Ceiling(end - y, Math.Max(1, PanelLayout.Ceiling(end - y, most)));
        T* source = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (image * g.ImageStep);
        for (; y < end; y += most)
        {
            long rows = Math.Min(most, end - y);
            if (rows != known)
            {
                vectors = TapSum<TLanes, TVector, T>.Place(rows, g.OutWidth, g.StrideY * stripRow, from, to);
                known = rows;
            }
            if (inPlace)
            {
                strip = source + (((y * g.StrideY) - g.Top) * stripRow) - g.Left;
            }
            for (long c = 0; c < g.Channels && !inPlace; c++)
            {
                halo.Fill(source + (c * g.ImageChannel), (y * g.StrideY) - g.Top, halo.Rows(rows), strip + (c * stripPlane));
            }
            for (long tile = first; tile < behind; tile++)
            {
                long filter = g.Filters * tile / tiles, count = (g.Filters * (tile + 1) / tiles) - filter;
                T* place = isFar ? TProduct.Place(buffers, sizes, group, filter, ((image * g.OutHeight) + y) * g.OutWidth) : null;
                RowTiles<TLanes, TVector, T>.Run((int)count, strip, from, to, vectors, offsets, Depth(g), kernels + (group * perGroup) + (tile * MostFilters * Depth(g)), sums, results, pitch, place, TProduct.PlaceStep(sizes));
                TProduct.Store(buffers, sizes, results, pitch, group, filter, count, ((image * g.OutHeight) + y) * g.OutWidth, rows * g.OutWidth);
            }
        }
    }

    /// <summary>Filters of a tile of three vectors: 16 registers hold 12 sums, 32 hold 24.</summary>
    private static long MostFilters
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Avx512F.VL.IsSupported ? 8 : 4;
    }

    /// <summary>Filter by filter, since one's elements mostly lie side by side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(in ConvolutionGeometry g, T* kernel, long filters, T* target)
    {
        long channels = g.Channels, tapsY = g.TapsY, tapsX = g.TapsX, step = g.KernelX;
        for (long f = 0; f < filters; f++)
        {
            T* to = target + f;
            for (long c = 0; c < channels; c++)
            {
                for (long i = 0; i < tapsY; i++)
                {
                    T* tap = kernel + (f * g.KernelFilter) + (c * g.KernelChannel) + (i * g.KernelY);
                    for (long j = 0; j < tapsX; j++, tap += step, to += filters)
                    {
                        *to = *tap;
                    }
                }
            }
        }
    }

    private static long Depth(in ConvolutionGeometry g) => g.Channels * g.TapsY * g.TapsX;

    /// <summary>Tiles of filters, as even as can be.</summary>
    internal static long Tiles(in ConvolutionGeometry g) => (g.Filters + MostFilters - 1) / MostFilters;

    /// <summary>Rows of results that are summed from one strip.</summary>
    private static long Rows(in ConvolutionGeometry g, in HaloStrip<TLanes, TVector, T> halo) => RowStrips.Rows(g, halo.RowLength, IsInPlace(g));

    /// <summary>Chunks of an image; the halo of a chunk should not be more than what it reads beside.</summary>
    private static long RowBlocks(in ConvolutionGeometry g) => Math.Clamp(PerPlane(g, WantedChunks(g)), 1, Math.Max(1, g.OutHeight * g.StrideY / (((g.TapsY - 1) * g.DilationY) + 1)));

    /// <summary>Chunks of those rows, by filters, where images and rows are too few: each copies the rows.</summary>
    private static long TileBlocks(in ConvolutionGeometry g) => Math.Clamp(PerPlane(g, Math.Min(WantedChunks(g), FewestChunks)) / RowBlocks(g), 1, Tiles(g));

    /// <summary>Chunks that are enough to be shared out.</summary>
    internal static long WantedChunks(in ConvolutionGeometry g) =>
        Math.Clamp(g.Groups * g.Images * g.Filters * Depth(g) * g.OutHeight * g.OutWidth / ConvolutionChoices.Work(g, ChunkWork), 1, MostChunks);

    private static long PerPlane(in ConvolutionGeometry g, long chunks) => (chunks + (g.Groups * g.Images) - 1) / (g.Groups * g.Images);

    /// <summary>Whether vectors are read where the image lies: they reach nowhere beyond it.</summary>
    private static bool IsInPlace(in ConvolutionGeometry g) => g.StrideX == 1 && g.OutWidth >= TLanes.Width && DirectLayout.IsInside(g);

    /// <summary>Elements of a strip of all channels, and a vector that begins in its last row.</summary>
    private static long Strip(in ConvolutionGeometry g, in HaloStrip<TLanes, TVector, T> halo, long rows) => IsInPlace(g) ? 0 : (g.Channels * halo.Rows(rows) * halo.RowLength) + TLanes.Width;

    /// <summary>Sums of blocks, per filter.</summary>
    private static long Sums(in ConvolutionGeometry g, long rows) => Depth(g) > DirectLayout.BlockDepth ? Vectors(g, rows) * TLanes.Width : 0;

    /// <summary>From filter to filter of the results.</summary>
    private static long Pitch(in ConvolutionGeometry g, long rows) => (rows * g.OutWidth) + TLanes.Width + 8;

    /// <summary>Places for the vectors of some rows, in eights.</summary>
    private static long Vectors(in ConvolutionGeometry g, long rows) => ((rows * ((g.OutWidth + TLanes.Width - 1) / TLanes.Width)) + 15) & ~7L;
}

/// <summary>How much of an image is summed at a time where pixels of a row are lanes.</summary>
internal static class RowStrips
{
    /// <summary>Elements of a strip of all channels, which should stay in a second-level cache.</summary>
    private const long Elements = 96 * 1024;

    /// <summary>Results of a filter that are stored at a time: those of a tile stay in a first-level cache.</summary>
    private const long Results = 512;

    /// <summary>Rows of results, from rows of an image that take so many elements of each channel.</summary>
    public static long Rows(in ConvolutionGeometry g, long rowLength, bool inPlace)
    {
        long fitting = ((Elements / Math.Max(1, g.Channels * rowLength)) - ((g.TapsY - 1) * g.DilationY) - 1) / g.StrideY;
        return Math.Clamp(Math.Min(inPlace ? Results : fitting, Results / Math.Max(1, g.OutWidth)), 1, Math.Max(1, g.OutHeight));
    }
}
