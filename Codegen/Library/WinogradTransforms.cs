using System.Numerics;
using System.Runtime.CompilerServices;

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

    private static long Side => WinogradPoints<TLanes, TVector, T, TTile>.Side;

    /// <summary>Bytes of pixels that are turned at once: neighbouring rows of tiles share rows of the image.</summary>
    private const long StripBytes = 48 * 1024;

    /// <summary>Elements of memory that the transforms of some rows of tiles need.</summary>
    public static long Scratch(in WinogradLayout layout) =>
        ((TurnedRows(layout) + Side) * StripPitch(layout)) + (TLanes.Width * ResultPitch(layout));

    /// <summary>Rows of tiles whose rows of the image are turned at once.</summary>
    private static long TileRows(in WinogradLayout layout) =>
        Math.Clamp(((StripBytes / (StripPitch(layout) * sizeof(T))) - TTile.Taps + 1) / TTile.Outputs, 1, Math.Max(1, layout.TilesY));

    private static long TurnedRows(in WinogradLayout layout) => (TileRows(layout) * TTile.Outputs) + TTile.Taps - 1;

    /// <summary>From channel to channel of the strip of results.</summary>
    public static long ResultPitch(in WinogradLayout layout) => (TTile.Outputs * layout.Geometry.OutWidth) + Slack;

    /// <summary>From row to row of a strip of pixels.</summary>
    public static long StripPitch(in WinogradLayout layout) => ((layout.TilesX * TTile.Outputs) + Slack) * TLanes.Width;

    /// <summary>U = G g Gᵀ of some channels for one panel of filters.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Kernels(in WinogradLayout layout, T* kernel, long panel, long channel, long channels, T* target)
    {
        long w = TLanes.Width, side = Side, taps = TTile.Taps;
        ConvolutionGeometry g = layout.Geometry;
        // Turned in eights, and read by vectors.
        T* rows = stackalloc T[(int)(((taps * taps) + 7) * w)], half = stackalloc T[(int)(side * taps * w)];
        for (long c = channel; c < channel + channels; c++)
        {
            for (long first = 0; first < layout.PanelWidth; first += w)
            {
                long filter = (panel * layout.PanelWidth) + first, filters = Math.Clamp(g.Filters - filter, 0, w);
                (long down, long next) = Taps(g, kernel + (filter * g.KernelFilter) + (c * g.KernelChannel), filters, rows);
                T* at = rows + Math.Max(0, down * (1 - taps)) + Math.Max(0, next * (1 - taps));
                for (long x = 0; x < taps; x++)
                {
                    WinogradPoints<TLanes, TVector, T, TTile>.Kernel(at + (x * next), down, half + (x * w), taps * w);
                }
                T* to = target + (((panel * g.Channels) + c) * layout.PanelWidth) + first;
                WinogradPoints<TLanes, TVector, T, TTile>.KernelTile(half, to, layout.KernelPoint);
            }
        }
    }

    /// <summary>
    /// The taps of some filters of one channel, filters side by side, and the steps from row to row and from tap to tap: those that lie in one run are turned in registers, as they lie, which is backwards
    /// in the gradient with respect to an image.
    /// </summary>
    private static (long Down, long Next) Taps(in ConvolutionGeometry g, T* kernel, long filters, T* target)
    {
        long w = TLanes.Width, taps = TTile.Taps;
        if (Math.Abs(g.KernelX) == 1 && Math.Abs(g.KernelY) == taps && filters > 0)
        {
            T* lowest = kernel + (g.KernelY < 0 ? g.KernelY * (taps - 1) : 0) + (g.KernelX < 0 ? g.KernelX * (taps - 1) : 0);
            LaneTranspose<TLanes, TVector, T>.ToLanes(lowest, g.KernelFilter, filters, taps * taps, target, w);
            return (g.KernelY * w, g.KernelX * w);
        }
        for (long t = 0; t < taps * taps; t++)
        {
            T* tap = kernel + (t / taps * g.KernelY) + (t % taps * g.KernelX);
            for (long i = 0; i < w; i++)
            {
                target[(t * w) + i] = i < filters ? tap[i * g.KernelFilter] : T.Zero;
            }
        }
        return (taps * w, w);
    }

    /// <summary>V = Bᵀ d B of a block of channels, as many as lanes from <paramref name="channel"/> on, for some tiles; the first goes to <paramref name="target"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Images(in WinogradLayout layout, T* image, long channel, long firstTile, long tiles, T* target, T* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        long w = TLanes.Width, outputs = TTile.Outputs, side = Side, strip = StripPitch(layout), lines = Math.Min(w, g.Channels - channel);
        T* rows = scratch, turned = scratch + (TurnedRows(layout) * strip);
        bool isPixels = g.ImageColumn != 1 && g.ImageChannel == 1;
        target += channel;
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
                    for (long c = 0; c < columns; c++)
                    {
                        WinogradPoints<TLanes, TVector, T, TTile>.Input(rows + (line * outputs * strip) + (c * w), strip, turned + (c * w), strip);
                    }
                }
                for (long t = 0; t < count; t++)
                {
                    WinogradPoints<TLanes, TVector, T, TTile>.InputTile(turned + (t * outputs * w), strip, target, layout.ImagePoint);
                    target += layout.ImagePitch;
                }
            }
            tile += count * down;
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
    public static void Results(in WinogradLayout layout, T* products, long tiles, T* pixels, T* half)
    {
        long w = TLanes.Width, outputs = TTile.Outputs, side = Side, strip = StripPitch(layout);
        for (long t = 0; t < tiles; t++)
        {
            WinogradPoints<TLanes, TVector, T, TTile>.OutputTile(products + (t * layout.ProductPitch), layout.ProductPoint, half);
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
