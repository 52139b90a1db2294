using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The schedule of a depthwise convolution whose channels lie side by side, in the image and in the result: channels are lanes, the image is read where it lies, and
/// taps beyond its borders are left out. Each element is summed in the order of taps.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
public static unsafe class DepthwiseLanes<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
{
    /// <summary>Multiply-adds per chunk: some 5 µs.</summary>
    private const long ChunkWork = 1 << 17;

    /// <summary>Chunks that threads balance well, and the fewest multiply-adds of one that is cut for that.</summary>
    private const long WantedChunks = 14, LeastWork = 1 << 15;

    /// <summary>Elements that are summed before they are stored: they stay in a first-level cache.</summary>
    private const long ResultElements = 4096;

    private const long Tile = 8;

    private const long AliasedBytes = 1024;

    /// <summary>Bytes that each worker needs: the taps of a pixel, and results.</summary>
    public static long Scratch(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        return Tables(g) + ((Math.Max(2 * ResultElements, Tile * Pitch(g)) + Pitch(g) + (SquareTaps.TallRows * SquareTaps.Columns * TLanes.Width)) * sizeof(T));
    }

    /// <summary>Bytes of the packed kernels.</summary>
    public static long Shared(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        return Taps(g) * Pitch(g) * sizeof(T);
    }

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are packed only once.</summary>
    public static long Packs(long* sizes) => TProduct.KernelBuffer;

    /// <summary>Chunks of a phase: taps; rows of results.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        return g.Images * g.OutHeight * g.OutWidth == 0 ? 0 : phase == 0 ? Taps(g) : (Lines(g) + LinesPerChunk(g) - 1) / LinesPerChunk(g) * Parts(g);
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        T* kernels = (T*)buffers[TProduct.Shared];
        if (phase == 0)
        {
            T* tap = TProduct.Kernel(buffers, sizes) + (chunk / g.TapsX * g.KernelY) + (chunk % g.TapsX * g.KernelX), target = kernels + (chunk * Pitch(g));
            for (long group = 0; group < Pitch(g); group++)
            {
                target[group] = group < g.Groups ? tap[group * g.KernelGroup] : T.Zero;
            }
            return;
        }
        bool areSquare = AreSquare(g);
        Begin(g, scratch);
        long parts = Parts(g), vectors = g.Groups / TLanes.Width, part = chunk % parts, channel = vectors * part / parts * TLanes.Width, channels = (vectors * (part + 1) / parts * TLanes.Width) - channel;
        chunk /= parts;
        for (long line = chunk * LinesPerChunk(g), end = Math.Min(line + LinesPerChunk(g), Lines(g)); line < end;)
        {
            if (areSquare)
            {
                long image = line / Pairs(g), pair = line - (image * Pairs(g)), pairs = PairsTogether(g, buffers, sizes, pair, Math.Min(end, (image + 1) * Pairs(g)) - (image * Pairs(g)));
                var from = new SquareImage<T> { First = TProduct.Image(buffers, sizes) + (image * g.ImageStep) + channel, RowStep = g.ImageRow, ColumnStep = g.ImageColumn };
                Square(g, buffers, sizes, from, image, FirstRow(g, buffers, sizes, pair), pairs, channel, channels, kernels + channel, scratch);
                line += pairs;
            }
            else
            {
                Row(g, buffers, sizes, line, kernels, (long*)scratch, Results(g, scratch));
                line++;
            }
        }
    }

    /// <summary>Makes a worker's memory ready for the rows of a chunk.</summary>
    internal static void Begin(in ConvolutionGeometry g, byte* scratch) => new Span<T>(Zeros(g, scratch), checked((int)Pitch(g))).Clear();

    /// <summary>The first row of a pair of rows of results, in one image.</summary>
    internal static long FirstRow(in ConvolutionGeometry g, byte** buffers, long* sizes, long pair) => Overlaps(g, buffers, sizes) ? Math.Min(pair * SquareTaps.Rows, g.OutHeight - SquareTaps.Rows) : pair * SquareTaps.Rows;

    /// <summary>How many pairs of rows of results, from one on and before another, make a tile: two where it may be tall and all of it is ended in registers.</summary>
    internal static long PairsTogether(in ConvolutionGeometry g, byte** buffers, long* sizes, long pair, long end) =>
        pair + 1 < end && (pair * SquareTaps.Rows) + SquareTaps.TallRows <= g.OutHeight && MayBeTall(g) && TProduct.IsLinear && (g.OutWidth % SquareTaps.Columns == 0 || Overlaps(g, buffers, sizes)) ? 2 : 1;

    /// <summary>Rows of results of 3x3 taps, one or two pairs, of some channels, by runs of tiles, from an image wherever it lies.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Square(in ConvolutionGeometry g, byte** buffers, long* sizes, in SquareImage<T> from, long image, long y, long pairs, long channel, long channels, T* kernels, byte* scratch)
    {
        T** table = (T**)scratch;
        T* results = Results(g, scratch), zeros = Zeros(g, scratch);
        long pitch = Pitch(g), stored = 0;
        Ending<T> ending = TProduct.IsLinear ? TProduct.Ending(buffers, sizes, 0) : default;
        bool overlaps = Overlaps(g, buffers, sizes);
        long rows = Math.Min(pairs * SquareTaps.Rows, g.OutHeight - y), top = (y * g.StrideY) - g.Top, readRows = ReadRows(g, pairs), readColumns = (3 * g.StrideX) + 3;
        long most = Math.Max(1, ResultElements / (pitch * SquareTaps.Columns)) * SquareTaps.Columns;
        bool rowsInside = top >= 0 && top + readRows <= g.Height;
        for (long x = 0; x < g.OutWidth;)
        {
            x = overlaps ? Math.Min(x, g.OutWidth - SquareTaps.Columns) : x;
            long left = (x * g.StrideX) - g.Left;
            // A whole tile is finished in registers.
            bool ends = TProduct.IsLinear && rows == pairs * SquareTaps.Rows && x + SquareTaps.Columns <= g.OutWidth, isInside = rowsInside && left >= 0 && left + readColumns <= g.Width;
            var run = new SquareRun<T>
            {
                Count = 1,
                Image = from.First + (top * from.RowStep) + (left * from.ColumnStep),
                RowStep = from.RowStep,
                ColumnStep = from.ColumnStep,
                Table = table,
                Kernels = kernels,
                KernelPitch = pitch,
                Channels = channels,
                ResultRow = ends ? g.OutWidth * ending.Pitch : most * pitch,
                Sums = zeros + pitch,
                Ending = ends ? ending.From((((image * g.OutHeight) + y) * g.OutWidth) + x, channel) : new Ending<T> { Target = results + ((x - stored) * pitch), Pitch = pitch },
            };
            if (isInside)
            {
                long whole = (g.OutWidth - x) / SquareTaps.Columns, room = ends ? whole : (most - (x - stored)) / SquareTaps.Columns;
                run.Count = Math.Max(1, Math.Min(Math.Min(whole, room), ((g.Width - left - readColumns) / (SquareTaps.Columns * g.StrideX)) + 1));
                Tiles<EvenPlaces<T>>(g, pairs, &run);
            }
            else
            {
                for (long i = 0; i < readRows; i++)
                {
                    T** line = table + (i * SquareTaps.MostColumns);
                    T* place = run.Image + (i * from.RowStep);
                    ulong width = top + i >= 0 && top + i < g.Height ? (ulong)g.Width : 0;
                    for (long j = 0; j < readColumns; j++, place += from.ColumnStep)
                    {
                        line[j] = (ulong)(left + j) < width ? place : zeros;
                    }
                }
                Tiles<TablePlaces<T>>(g, pairs, &run);
            }
            x = Math.Min(g.OutWidth, x + (run.Count * SquareTaps.Columns));
            if (ends)
            {
                stored = x;
            }
            else if (x == g.OutWidth || x - stored == most)
            {
                for (long row = 0; row < rows; row++)
                {
                    TProduct.Store(buffers, sizes, results + (row * most * pitch), pitch, 0, (((image * g.OutHeight) + y + row) * g.OutWidth) + stored, x - stored, channel, channels);
                }
                stored = x;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Tiles<TPlaces>(in ConvolutionGeometry g, long pairs, SquareRun<T>* run)
        where TPlaces : struct, ISquarePlaces<T>
    {
        if (pairs == 2)
        {
            TallSquareKernel<TLanes, TVector, T, TPlaces>.Run(run);
        }
        else if (g.StrideX == 1)
        {
            SquareKernel<TLanes, TVector, T, Count1, TPlaces>.Run(run);
        }
        else
        {
            SquareKernel<TLanes, TVector, T, Count2, TPlaces>.Run(run);
        }
    }

    /// <summary>Rows of the image that some pairs of rows of results meet.</summary>
    internal static long ReadRows(in ConvolutionGeometry g, long pairs) => (((pairs * SquareTaps.Rows) - 1) * g.StrideY) + 3;

    private static bool MayBeTall(in ConvolutionGeometry g) => SquareTaps.MayBeTall(g, TLanes.Width * sizeof(T));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(in ConvolutionGeometry g, byte** buffers, long* sizes, long line, T* kernels, long* taps, T* results)
    {
        long image = line / g.OutHeight, y = line - (image * g.OutHeight), pitch = Pitch(g), step = g.StrideX * g.ImageColumn, stored = 0;
        T* row = TProduct.Image(buffers, sizes) + (image * g.ImageStep) + (((y * g.StrideY) - g.Top) * g.ImageRow) - (g.Left * g.ImageColumn);
        (long firstY, long endY) = DirectLayout.Inside(y, g.StrideY, g.TapsY, g.DilationY, g.Top, g.Height);
        (long From, long To) known = (-1, -1);
        long count = 0;
        for (long x = 0; x < g.OutWidth;)
        {
            (long From, long To) inside = DirectLayout.Inside(x, g.StrideX, g.TapsX, g.DilationX, g.Left, g.Width);
            // Neighbours that meet the same taps make a tile.
            long pixels = 1;
            while (pixels < Tile && x + pixels < g.OutWidth && DirectLayout.Inside(x + pixels, g.StrideX, g.TapsX, g.DilationX, g.Left, g.Width) == inside)
            {
                pixels++;
            }
            if (inside != known)
            {
                known = inside;
                count = 0;
                for (long i = firstY; i < endY; i++)
                {
                    for (long j = inside.From; j < inside.To; j++, count++)
                    {
                        taps[2 * count] = (i * g.DilationY * g.ImageRow) + (j * g.DilationX * g.ImageColumn);
                        taps[(2 * count) + 1] = ((i * g.TapsX) + j) * pitch;
                    }
                }
            }
            ChannelTaps<TLanes, TVector, T>.Run((int)pixels, row + (x * step), step, taps, count, kernels, g.Groups, results + ((x - stored) * pitch), pitch);
            x += pixels;
            if (x == g.OutWidth || (x - stored + Tile) * pitch > ResultElements)
            {
                TProduct.Store(buffers, sizes, results, pitch, 0, (line * g.OutWidth) + stored, x - stored, 0, g.Groups);
                stored = x;
            }
        }
    }

    private static long Taps(in ConvolutionGeometry g) => g.TapsY * g.TapsX;

    /// <summary>From tap to tap of the kernels, and from pixel to pixel of the results; with a vector between those that would share a few sets of a first-level cache.</summary>
    private static long Pitch(in ConvolutionGeometry g)
    {
        long pitch = (g.Groups + TLanes.Width - 1) / TLanes.Width * TLanes.Width;
        return pitch * sizeof(T) % AliasedBytes == 0 ? pitch + TLanes.Width : pitch;
    }

    /// <summary>Where results lie that are not finished in registers.</summary>
    private static T* Results(in ConvolutionGeometry g, byte* scratch) => (T*)(scratch + Tables(g));

    /// <summary>The taps' elements outside the image, of all channels.</summary>
    private static T* Zeros(in ConvolutionGeometry g, byte* scratch) => Results(g, scratch) + Math.Max(2 * ResultElements, Tile * Pitch(g));

    /// <summary>Whether the last tiles may begin inside those before them: what is stored twice is the same, unless it was added to what stood there.</summary>
    private static bool Overlaps(in ConvolutionGeometry g, byte** buffers, long* sizes) =>
        TProduct.IsLinear && g.OutHeight >= SquareTaps.Rows && g.OutWidth >= SquareTaps.Columns && TProduct.Ending(buffers, sizes, 0).Others is null;

    /// <summary>Whether register tiles of 3x3 taps do it.</summary>
    private static bool AreSquare(in ConvolutionGeometry g) => SquareTaps.Suit(g, TLanes.Width);

    private static long Pairs(in ConvolutionGeometry g) => (g.OutHeight + 1) / SquareTaps.Rows;

    /// <summary>Bytes of a table of taps or places.</summary>
    private static long Tables(in ConvolutionGeometry g) => (Math.Max(2 * Taps(g) * sizeof(long), SquareTaps.MostRows * SquareTaps.MostColumns * sizeof(long)) + 63) & -64L;

    /// <summary>Rows, or pairs of rows, of results.</summary>
    private static long Lines(in ConvolutionGeometry g) => g.Images * (AreSquare(g) ? Pairs(g) : g.OutHeight);

    /// <summary>An even number of pairs where two make a tile.</summary>
    private static long LinesPerChunk(in ConvolutionGeometry g)
    {
        long lines = Math.Max(1, ConvolutionChoices.Work(g, ChunkWork) / LineWork(g));
        return AreSquare(g) && MayBeTall(g) ? (lines + 1) & ~1L : lines;
    }

    private static long LineWork(in ConvolutionGeometry g) => Math.Max(1, (AreSquare(g) ? 2 : 1) * g.Groups * g.OutWidth * (Taps(g) + 8));

    /// <summary>Parts of the channels that are chunks of their own, where rows alone are too few: 7 pairs of rows are 4 for one thread and 3 for the other.</summary>
    private static long Parts(in ConvolutionGeometry g)
    {
        long parts = 1, chunks = (Lines(g) + LinesPerChunk(g) - 1) / LinesPerChunk(g), work = Math.Min(LinesPerChunk(g), Lines(g)) * LineWork(g);
        while (AreSquare(g) && chunks * parts < WantedChunks && work / (2 * parts) >= LeastWork && g.Groups / TLanes.Width >= 4 * parts)
        {
            parts *= 2;
        }
        return parts;
    }
}
