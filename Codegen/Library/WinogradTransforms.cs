using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The transforms of a Winograd convolution with channels as lanes. Not generic over the product: its machine code serves all
/// of one width. Rows of an image are turned into pixels of as many channels as there are lanes (or read where they lie, if they lie so), transformed along y as a
/// whole strip (which neighbouring tiles share) and then along x tile by tile.
/// </summary>
internal static unsafe class WinogradTransforms<TLanes, TVector, T, TTile>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TTile : struct, IWinogradTile
{
    /// <summary>Columns by which a strip is longer than its tiles say: it is filled in eights.</summary>
    private const long Slack = 16;

    /// <summary>Tiles before one is transformed in whose time what it will be stored over is fetched.</summary>
    private const long TilesAhead = 2;

    private const int Line = 64;

    private static long Side => WinogradPoints<TLanes, TVector, T, TTile>.Side;

    /// <summary>Bytes of pixels that are turned at once: neighbouring rows of tiles share rows of the image.</summary>
    private const long StripBytes = 48 * 1024;

    /// <summary>Elements of memory that the transforms of some rows of tiles need.</summary>
    public static long Scratch(in WinogradLayout layout) =>
        ((TurnedRows(layout) + Side) * StripPitch(layout)) + (TLanes.Width * Math.Max(ResultPitch(layout), TTile.Products));

    /// <summary>Rows of tiles whose rows of the image are turned at once.</summary>
    private static long TileRows(in WinogradLayout layout) =>
        Math.Clamp(((StripBytes / (StripPitch(layout) * sizeof(T))) - TTile.Taps + 1) / TTile.Outputs, 1, Math.Max(1, layout.TilesY));

    private static long TurnedRows(in WinogradLayout layout) => (TileRows(layout) * TTile.Outputs) + TTile.Taps - 1;

    /// <summary>From channel to channel of the strip of results.</summary>
    public static long ResultPitch(in WinogradLayout layout) => (TTile.Outputs * layout.Geometry.OutWidth) + Slack;

    /// <summary>From row to row of a strip of pixels.</summary>
    public static long StripPitch(in WinogradLayout layout) => ((layout.TilesX * TTile.Outputs) + Slack) * TLanes.Width;

    /// <summary>
    /// Fetches what a tile will be stored over, a line for each point, where that is memory of all threads: the lines are as far apart as points, so no processor expects them, and each store would wait for its own.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Ahead(T* target, long pitch, long point)
    {
        if (Sse.IsSupported)
        {
            target += TilesAhead * pitch;
            for (long p = 0; p < TTile.Products; p++, target += point)
            {
                Sse.Prefetch1(target);
            }
        }
    }

    private static void Past(T* tile, T* target, long point)
    {
        for (long p = 0; p < TTile.Products; p++, target += point, tile += TLanes.Width)
        {
            TLanes.StorePast(target, TLanes.Load(tile), TLanes.Width, past: true);
        }
    }

    /// <summary>
    /// V = Bᵀ d B of a block of channels, as many as lanes from <paramref name="channel"/> on, for some tiles; the first goes to <paramref name="target"/>. Who has stored past the caches says <see cref="Chunking.Finish"/> at the end.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Images(in WinogradLayout layout, T* image, long channel, long firstTile, long tiles, T* target, long pitch, long point, TileStores stores, T* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        long w = TLanes.Width, outputs = TTile.Outputs, side = Side, strip = StripPitch(layout), lines = Math.Min(w, g.Channels - channel);
        T* rows = scratch, turned = scratch + (TurnedRows(layout) * strip);
        bool isPixels = g.ImageColumn != 1 && g.ImageChannel == 1;
        for (long tile = firstTile, end = firstTile + tiles; tile < end;)
        {
            long x = tile % layout.TilesX, y = tile / layout.TilesX % layout.TilesY, n = tile / (layout.TilesX * layout.TilesY);
            long count = Math.Min(layout.TilesX - x, end - tile), columns = (count * outputs) + TTile.Taps - 1;
            long down = isPixels ? 1 : Math.Clamp((end - tile) / layout.TilesX, 1, Math.Min(TileRows(layout), x == 0 ? layout.TilesY - y : 1));
            long left = (x * outputs) - g.Left, from = Math.Clamp(left, 0, g.Width), to = Math.Clamp(left + columns, from, g.Width);
            T* plane = image + (n * g.ImageStep) + (channel * g.ImageChannel);
            long top = (y * outputs) - g.Top;
            bool isInPlace = isPixels && lines == w && top >= 0 && top + side <= g.Height;
            if (!isInPlace)
            {
                Strip(g, plane, (down * outputs) + TTile.Taps - 1, top, left, from, to, columns, lines, rows, strip);
            }
            for (long line = 0; line < down; line++)
            {
                if (isInPlace)
                {
                    InPlace(g, plane + (top * g.ImageRow) + (left * g.ImageColumn), left, columns, turned, strip);
                }
                else
                {
                    Down(rows + (line * outputs * strip), columns, turned, strip);
                }
                Along(turned, strip, count, target, pitch, point, stores, turned + (Side * strip));
                target += count * pitch;
            }
            tile += count * down;
        }
    }

    /// <summary>Bᵀ d of a row of tiles along y. A method of its own, like the next, so that the compiler inlines all of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Down(T* rows, long columns, T* turned, long strip)
    {
        for (long c = 0; c < columns; c++, rows += TLanes.Width, turned += TLanes.Width)
        {
            WinogradPoints<TLanes, TVector, T, TTile>.Input(rows, strip, turned, strip);
        }
    }

    /// <summary>Bᵀ d B of some neighbouring tiles that are transformed along y.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Along(T* turned, long strip, long tiles, T* target, long pitch, long point, TileStores stores, T* near)
    {
        bool passes = stores == TileStores.Past && TLanes.Width * sizeof(T) == Line;
        for (long t = 0; t < tiles; t++, turned += TTile.Outputs * TLanes.Width, target += pitch)
        {
            if (passes)
            {
                WinogradPoints<TLanes, TVector, T, TTile>.InputTile(turned, strip, near, TLanes.Width);
                Past(near, target, point);
                continue;
            }
            if (stores != TileStores.Near)
            {
                Ahead(target, pitch, point);
            }
            WinogradPoints<TLanes, TVector, T, TTile>.InputTile(turned, strip, target, point);
        }
    }

    /// <summary>Bᵀ d of a row of tiles along y, of pixels that are read where they lie.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void InPlace(in ConvolutionGeometry g, T* pixels, long left, long columns, T* turned, long strip)
    {
        for (long c = 0; c < columns; c++, pixels += g.ImageColumn, turned += TLanes.Width)
        {
            if (left + c >= 0 && left + c < g.Width)
            {
                WinogradPoints<TLanes, TVector, T, TTile>.Input(pixels, g.ImageRow, turned, strip);
                continue;
            }
            for (long i = 0; i < Side; i++)
            {
                TLanes.Store(turned + (i * strip), TLanes.Create(T.Zero));
            }
        }
    }

    /// <summary>So many image rows as pixels of as many channels as there are lanes, with zeros outside the image and instead of channels beyond the last.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Strip(in ConvolutionGeometry g, T* plane, long count, long top, long left, long from, long to, long columns, long lines, T* rows, long strip)
    {
        long w = TLanes.Width;
        for (long i = 0; i < count; i++)
        {
            long row = top + i;
            T* line = rows + (i * strip), pixels = plane + (row * g.ImageRow) + (from * g.ImageColumn), target = line + ((from - left) * w);
            if (row < 0 || row >= g.Height || from == to)
            {
                new Span<T>(line, checked((int)(columns * w))).Clear();
                continue;
            }
            new Span<T>(line, checked((int)((from - left) * w))).Clear();
            if (g.ImageColumn == 1)
            {
                LaneTranspose<TLanes, TVector, T>.ToLanes(pixels, g.ImageChannel, lines, to - from, target, w);
            }
            else
            {
                for (long x = from; x < to; x++, pixels += g.ImageColumn, target += w)
                {
                    if (g.ImageChannel == 1)
                    {
                        TLanes.Store(target, TLanes.Load(pixels, lines));
                        continue;
                    }
                    for (long c = 0; c < w; c++)
                    {
                        target[c] = c < lines ? pixels[c * g.ImageChannel] : T.Zero;
                    }
                }
            }
            new Span<T>(line + ((to - left) * w), checked((int)((columns - (to - left)) * w))).Clear();
        }
    }

    /// <summary>
    /// Y = Aᵀ M A of a block of filters, as many as lanes, for some tiles of one row of tiles. Result (row, column, filter) goes to
    /// [row · StripPitch + column · lanes + filter] of <paramref name="pixels"/>.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Results(in WinogradLayout layout, T* products, long pitch, long point, long tiles, T* pixels, T* half)
    {
        long w = TLanes.Width, outputs = TTile.Outputs, side = Side, strip = StripPitch(layout);
        for (long t = 0; t < tiles; t++)
        {
            WinogradPoints<TLanes, TVector, T, TTile>.OutputTile(products + (t * pitch), point, half);
            for (long i = 0; i < outputs; i++)
            {
                WinogradPoints<TLanes, TVector, T, TTile>.Output(half + (i * side * w), w, pixels + (i * strip) + (t * outputs * w), w);
            }
        }
    }

    /// <summary>Some rows and columns of such results as [filter · ResultPitch + row · columns + column].</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(in WinogradLayout layout, T* pixels, long rows, long columns, T* results)
    {
        // Row after row, since each is written in eights and the next overwrites what was too much.
        for (long i = 0; i < rows; i++)
        {
            LaneTranspose<TLanes, TVector, T>.FromLanes(pixels + (i * StripPitch(layout)), TLanes.Width, columns, results + (i * columns), ResultPitch(layout));
        }
    }
}
