using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A 1x1 convolution and the depthwise convolution with 3x3 taps behind it, as one kernel: some rows of some channels of the former are computed into a strip that stays in a second-level
/// cache, and the latter reads them there. Channels lie side by side in all arrays; the image of the former is a matrix in place, and both kernels are constants, packed once. Each element
/// is summed as by <see cref="Panels{TLanes, TVector, T, TProduct, TRows, TColumns}"/> and <see cref="DepthwiseLanes{TLanes, TVector, T, TProduct}"/> one after the other, so the bits are theirs.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TInner">The emitted 1x1 convolution, whose epilogue is an <see cref="Ending{T}"/> that adds to columns at most, and rectifies.</typeparam>
/// <typeparam name="TRows">Its operand that has the pixels.</typeparam>
/// <typeparam name="TColumns">Its operand that has the channels.</typeparam>
/// <typeparam name="TOuter">The emitted depthwise convolution.</typeparam>
public static unsafe class DepthwiseStrips<TLanes, TVector, T, TInner, TRows, TColumns, TOuter>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TInner : struct, IProduct<T>
    where TRows : struct, IOperand<T>
    where TColumns : struct, IOperand<T>
    where TOuter : struct, IConvolution<T>
{
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: a strip, and what depthwise convolutions need.</summary>
    public static long Scratch(long* sizes)
    {
        ConvolutionGeometry g = TOuter.Geometry(sizes);
        return Aligned(DepthwiseLanes<TLanes, TVector, T, TOuter>.Scratch(sizes)) + (Layout(g).Elements * sizeof(T));
    }

    /// <summary>Bytes of the packed kernels of both.</summary>
    public static long Shared(long* sizes)
    {
        ConvolutionGeometry g = TOuter.Geometry(sizes);
        return Aligned(DepthwiseLanes<TLanes, TVector, T, TOuter>.Shared(sizes)) + (g.Groups * TInner.Depth(sizes) * sizeof(T));
    }

    /// <summary>Position of a buffer that the first phase reads, which is a constant like the other.</summary>
    public static long Packs(long* sizes) => TColumns.Buffer;

    /// <summary>Chunks of a phase: taps, then panels of channels; panels of channels for each part of the rows.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        ConvolutionGeometry g = TOuter.Geometry(sizes);
        StripLayout layout = Layout(g);
        return g.Images == 0 ? 0 : phase == 0 ? DepthwiseLanes<TLanes, TVector, T, TOuter>.Chunks(0, sizes) + layout.Panels : g.Images * layout.Parts * layout.Panels;
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = TOuter.Geometry(sizes);
        StripLayout layout = Layout(g);
        T* taps = (T*)buffers[TOuter.Shared], panels = (T*)(buffers[TOuter.Shared] + Aligned(DepthwiseLanes<TLanes, TVector, T, TOuter>.Shared(sizes)));
        if (phase == 0)
        {
            long ofTaps = DepthwiseLanes<TLanes, TVector, T, TOuter>.Chunks(0, sizes);
            if (chunk < ofTaps)
            {
                DepthwiseLanes<TLanes, TVector, T, TOuter>.Run(0, buffers, sizes, chunk, scratch);
            }
            else
            {
                Pack(buffers, sizes, layout, chunk - ofTaps, panels);
            }
            return;
        }
        long panel = chunk % layout.Panels, part = chunk / layout.Panels % layout.Parts, image = chunk / layout.Panels / layout.Parts;
        long channel = layout.FirstChannel(panel), channels = layout.FirstChannel(panel + 1) - channel, pairs = (g.OutHeight + 1) / SquareTaps.Rows, end = pairs * (part + 1) / layout.Parts;
        T* strip = (T*)(scratch + Aligned(DepthwiseLanes<TLanes, TVector, T, TOuter>.Scratch(sizes)));
        long rowStep = g.Width * channels, last = Math.Min(g.Height, Top(end - 1) + DepthwiseLanes<TLanes, TVector, T, TOuter>.ReadRows(g, 1));
        DepthwiseLanes<TLanes, TVector, T, TOuter>.Begin(g, scratch);
        // Rows and strip are in the caches already; what the depthwise convolution will be stored over is fetched meanwhile, for each tile as many results as its pixels make.
        long* lines = stackalloc long[(int)PanelLayout.BlockDepth];
        new Span<long>(lines, (int)PanelLayout.BlockDepth).Clear();
        Ending<T> outer = TOuter.IsLinear ? TOuter.Ending(buffers, sizes, 0).From(image * g.OutHeight * g.OutWidth, channel) : default;
        long results = TOuter.IsLinear ? layout.TileRows / (g.StrideY * g.StrideX) : 0, near = PanelFetch.List((byte*)outer.Target, outer.Pitch * sizeof(T), results, channels * sizeof(T), true, (byte*)outer.Target, lines, 0, PanelLayout.BlockDepth);
        // The strip has rows from `first` to `behind` of the image between the two.
        long first = -1, behind = -1;
        for (long pair = pairs * part / layout.Parts, together; pair < end; pair += together)
        {
            together = DepthwiseLanes<TLanes, TVector, T, TOuter>.PairsTogether(g, buffers, sizes, pair, end);
            long top = Top(pair), from = Math.Max(0, top);
            if (Math.Min(g.Height, top + DepthwiseLanes<TLanes, TVector, T, TOuter>.ReadRows(g, together)) > behind)
            {
                if (behind > from)
                {
                    // What the last tiles have read and these read again.
                    Buffer.MemoryCopy(strip + ((from - first) * rowStep), strip, (behind - from) * rowStep * sizeof(T), (behind - from) * rowStep * sizeof(T));
                }
                first = from;
                long start = Math.Max(from, behind);
                behind = Math.Min(last, first + layout.Rows);
                Fill(buffers, sizes, layout, ((image * g.Height) + start) * g.Width, (behind - start) * g.Width, channel, channels, panels + (channel * TInner.Depth(sizes)), strip + ((start - first) * rowStep), outer.From(start * g.Width / layout.TileRows * results, 0).Target, results * outer.Pitch, near, lines);
            }
            var lies = new SquareImage<T> { First = strip - (first * rowStep), RowStep = rowStep, ColumnStep = channels };
            DepthwiseLanes<TLanes, TVector, T, TOuter>.Square(g, buffers, sizes, lies, image, DepthwiseLanes<TLanes, TVector, T, TOuter>.FirstRow(g, buffers, sizes, pair), together, channel, channels, taps + channel, scratch);
        }

        long Top(long pair) => (DepthwiseLanes<TLanes, TVector, T, TOuter>.FirstRow(g, buffers, sizes, pair) * g.StrideY) - g.Top;
    }

    /// <summary>Computes some pixels of the 1x1 convolution, of the channels of a panel, into a strip, and fetches lines behind some memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Fill(byte** buffers, long* sizes, in StripLayout layout, long pixel, long pixels, long channel, long channels, T* panel, T* strip, T* behind, long nextBehind, long near, long* lines)
    {
        long depth = TInner.Depth(sizes), step = TRows.LineStep(sizes), depthStep = TRows.DepthStep(sizes), offset, whole = pixels / layout.TileRows;
        TRows.Lines(sizes, 0, pixel, 1, &offset);
        T* rows = TRows.Base(buffers) + offset;
        Ending<T> asked = TInner.Ending(buffers, sizes, 0), ending = asked with { Target = strip, Pitch = channels, Columns = asked.Columns is null ? null : asked.Columns + channel };
        for (long k = 0; k < depth; k += PanelLayout.BlockDepth)
        {
            T* terms = panel + (k * channels);
            var tiles = new TileRun<T>
            {
                Count = whole,
                Rows = rows + (k * depthStep),
                RowStep = step,
                RowDepthStep = depthStep,
                NextRows = layout.TileRows * step,
                Columns = terms,
                ColumnDepthStep = channels,
                Depth = Math.Min(PanelLayout.BlockDepth, depth - k),
                Lines = lines,
                NearLines = k == 0 ? near : 0,
                Near = (byte*)behind,
                NextNear = nextBehind * sizeof(T),
                Far = (byte*)terms,
                Tile = strip,
                Pitch = channels,
                NextTile = layout.TileRows * channels,
                Adds = k > 0,
                Ends = k + PanelLayout.BlockDepth >= depth,
                Ending = ending,
                NextTarget = layout.TileRows * channels,
            };
            if (whole > 0)
            {
                TileRun<T> run = tiles;
                Tiles<TLanes, TVector, T>.Run((int)layout.TileRows, (int)(channels / TLanes.Width), &run);
            }
            long done = whole * layout.TileRows;
            if (done < pixels)
            {
                tiles.Count = 1;
                tiles.NearLines = 0;
                tiles.Rows += done * step;
                tiles.Tile += done * channels;
                tiles.Ending = ending.From(done, 0);
                Tiles<TLanes, TVector, T>.Run((int)(pixels - done), (int)(channels / TLanes.Width), &tiles);
            }
        }
    }

    /// <summary>Packs a panel of channels: all of its first term, then all of the next.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pack(byte** buffers, long* sizes, in StripLayout layout, long panel, T* panels)
    {
        long* depths = stackalloc long[(int)PanelLayout.BlockDepth];
        long depth = TInner.Depth(sizes), channel = layout.FirstChannel(panel), channels = layout.FirstChannel(panel + 1) - channel;
        for (long k = 0; k < depth; k += PanelLayout.BlockDepth)
        {
            long count = Math.Min(PanelLayout.BlockDepth, depth - k);
            TColumns.Depths(sizes, k, count, depths);
            Packing<TLanes, TVector, T, TColumns>.Panel(buffers, sizes, 0, channel, channels, channels, k, count, depths, panels + (channel * depth) + (k * channels));
        }
    }

    private static StripLayout Layout(in ConvolutionGeometry g) => new(g, TLanes.Width, sizeof(T));

    private static long Aligned(long bytes) => (bytes + Line - 1) & -Line;
}
