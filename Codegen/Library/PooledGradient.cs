using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The schedule of the gradient of a convolution with respect to its kernels where of its results only the maxima of windows go on: the gradient with respect to them is zero but where some window has its maximum,
/// so that it is never stored, and windows are summed instead of results, dW[o, tap, c] = Σ n, q: g[n, o, q] · X[n, place(n, o, q) · stride + tap, c]. Lanes are taps of a row and channels of a pixel, which lie side by
/// side in a copy of the image; a value is broadcast. A block is summed from 0 and then added; the sums of parts are added in their order. So is the sum defined by the shape alone, whatever the width and the
/// number of threads.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted gradient.</typeparam>
public static unsafe class PooledGradient<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IPooledGradient<T>
{
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: a copy of a block's image and the places of its windows; or a row of sums, and those of some filters on their way to the store.</summary>
    public static long Scratch(long* sizes)
    {
        PooledGradientLayout layout = Layout(sizes);
        long sums = (layout.CopyElements * sizeof(T)) + (layout.Places * sizeof(int)), joined = ((layout.Vectors * TLanes.Width) + (PooledGradientLayout.JoinedFilters * layout.StorePitch)) * sizeof(T);
        return Math.Max(sums, joined) + (3 * Line);
    }

    /// <summary>Bytes of the sums of all parts.</summary>
    public static long Shared(long* sizes) => (Layout(sizes).SharedElements * sizeof(T)) + Line;

    /// <summary>No phase packs.</summary>
    public static long Packs(long* sizes) => -1;

    /// <summary>Chunks of a phase: sums; their parts joined.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        PooledGradientLayout layout = Layout(sizes);
        return layout.Geometry.Groups * (phase == 0 ? layout.Parts : layout.JoinBlocks);
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        PooledGradientLayout layout = Layout(sizes);
        long chunks = phase == 0 ? layout.Parts : layout.JoinBlocks, group = chunk / chunks, rest = chunk - (group * chunks);
        T* sums = (T*)buffers[TProduct.Shared] + (group * layout.Parts * layout.Geometry.Filters * layout.SumPitch);
        if (phase == 0)
        {
            Sum(layout, buffers, sizes, group, rest, sums + (rest * layout.Geometry.Filters * layout.SumPitch), scratch);
        }
        else
        {
            long filter = rest * PooledGradientLayout.JoinedFilters;
            Join(layout, buffers, sizes, group, filter, Math.Min(PooledGradientLayout.JoinedFilters, layout.Geometry.Filters - filter), sums + (filter * layout.SumPitch), scratch);
        }
    }

    private static PooledGradientLayout Layout(long* sizes) => new(TProduct.Geometry(sizes), TProduct.Window(sizes), TLanes.Width, sizeof(T));

    private static T* Aligned(void* memory) => (T*)(((long)memory + Line - 1) & -Line);

    /// <summary>The sums of a part, of all filters of a group.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Sum(in PooledGradientLayout layout, byte** buffers, long* sizes, long group, long part, T* sums, byte* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        PooledWindow window = layout.Window;
        T* copy = Aligned(scratch);
        int* places = (int*)Aligned(copy + layout.CopyElements);
        T* image = TProduct.Image(buffers, sizes) + (group * g.ImageGroup), values = TProduct.Values(buffers, sizes) + (group * window.ValueGroup);
        int* positions = TProduct.Positions(buffers, sizes) + (group * window.PositionGroup);
        long first = layout.Blocks * part / layout.Parts, last = layout.Blocks * (part + 1) / layout.Parts, placed = -1;
        new Span<T>(copy, checked((int)layout.CopyElements)).Clear();
        if (first == last)
        {
            new Span<T>(sums, checked((int)(g.Filters * layout.SumPitch))).Clear();
        }
        // Rows of windows that lie side by side are one.
        bool isOne = window.ValueRow == window.Columns * window.ValueColumn && window.PositionRow == window.Columns * window.PositionColumn;
        PooledRun<T> run = default;
        run.Places = places;
        run.TapRow = g.DilationY * layout.CopyRow;
        run.Pitch = layout.Vectors * TLanes.Width;
        run.Window = (uint)window.Size;
        (run.PositionColumn, run.PositionRow, run.ValueColumn, run.ValueRow) = (window.PositionColumn, window.PositionRow, window.ValueColumn, window.ValueRow);
        for (long block = first; block < last; block++)
        {
            long n = block / layout.RowBlocks, row = (block - (n * layout.RowBlocks)) * layout.BlockRows, rows = Math.Min(layout.BlockRows, window.Rows - row);
            (long top, long bottom) = window.Met(row, rows, g.OutHeight);
            if (row != placed)
            {
                Places(layout, row, rows, top, bottom, places);
                placed = row;
            }
            if (bottom > top)
            {
                Copy(layout, image + (n * g.ImageStep), (top * g.StrideY) - g.Top, g.RowsFor(bottom - top), copy);
            }
            (run.Rows, run.Columns) = isOne ? (1, rows * window.Columns) : (rows, window.Columns);
            run.Adds = block > first;
            for (long filter = 0; filter < g.Filters; filter++)
            {
                run.Image = copy;
                run.Positions = positions + (n * window.PositionStep) + (filter * window.PositionFilter) + (row * window.PositionRow);
                run.Values = values + (n * window.ValueStep) + (filter * window.ValueFilter) + (row * window.ValueRow);
                run.Sums = sums + (filter * layout.SumPitch);
                PooledTiles<TLanes, TVector, T>.Run(&run, g.TapsY, layout.Vectors);
            }
        }
    }

    /// <summary>For each window of some rows and each of its elements, where the first tap of that result lies in the copy; less than 0 where there is no such result.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Places(in PooledGradientLayout layout, long row, long rows, long top, long bottom, int* places)
    {
        ConvolutionGeometry g = layout.Geometry;
        PooledWindow window = layout.Window;
        long down = g.StrideY * layout.CopyRow, next = g.StrideX * g.Channels;
        for (long r = row; r < row + rows; r++)
        {
            for (long c = 0; c < window.Columns; c++)
            {
                for (long i = 0; i < window.SizeY; i++)
                {
                    long y = (r * window.StrideY) - window.Top + (i * window.DilationY);
                    for (long j = 0; j < window.SizeX; j++)
                    {
                        long x = (c * window.StrideX) - window.Left + (j * window.DilationX);
                        *places++ = y >= top && y < bottom && x >= 0 && x < g.OutWidth ? (int)(((y - top) * down) + (x * next)) : -1;
                    }
                }
            }
        }
    }

    /// <summary>Copies some rows of an image, from one on that may lie outside, with the channels of a pixel side by side. Columns beyond its borders are 0 already.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Copy(in PooledGradientLayout layout, T* image, long row, long rows, T* copy)
    {
        ConvolutionGeometry g = layout.Geometry;
        long from = Math.Clamp(g.Left, 0, g.Columns), to = Math.Clamp(g.Left + g.Width, from, g.Columns), channels = g.Channels;
        for (long i = row; i < row + rows; i++, copy += layout.CopyRow)
        {
            T* target = copy + (from * channels), source = image + (i * g.ImageRow) + ((from - g.Left) * g.ImageColumn);
            if (i < 0 || i >= g.Height)
            {
                new Span<T>(target, (int)((to - from) * channels)).Clear();
            }
            else if (channels == 1 ? g.ImageColumn == 1 : g.ImageChannel == 1 && g.ImageColumn == channels)
            {
                new Span<T>(source, (int)((to - from) * channels)).CopyTo(new Span<T>(target, (int)((to - from) * channels)));
            }
            else
            {
                for (long c = 0; c < channels; c++)
                {
                    T* at = source + (c * g.ImageChannel);
                    for (long x = 0; x < to - from; x++)
                    {
                        target[(x * channels) + c] = at[x * g.ImageColumn];
                    }
                }
            }
        }
    }

    /// <summary>Adds the parts of some filters' sums in their order, puts them into the order of columns, and stores them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Join(in PooledGradientLayout layout, byte** buffers, long* sizes, long group, long filter, long count, T* sums, byte* scratch)
    {
        ConvolutionGeometry g = layout.Geometry;
        long w = TLanes.Width, part = g.Filters * layout.SumPitch, across = layout.Vectors * w, pixel = g.DilationX * g.Channels;
        T* row = Aligned(scratch), tile = Aligned(row + across);
        new Span<T>(tile, checked((int)(count * layout.StorePitch))).Clear();
        for (long k = 0; k < count; k++)
        {
            T* target = tile + (k * layout.StorePitch);
            for (long i = 0; i < g.TapsY; i++, sums += across)
            {
                for (long v = 0; v < across; v += w)
                {
                    TVector sum = TLanes.Load(sums + v);
                    for (long p = 1; p < layout.Parts; p++)
                    {
                        sum = TLanes.Add(sum, TLanes.Load(sums + v + (p * part)));
                    }
                    TLanes.Store(row + v, sum);
                }
                for (long c = 0; c < g.Channels; c++)
                {
                    for (long j = 0; j < g.TapsX; j++)
                    {
                        target[(((c * g.TapsY) + i) * g.TapsX) + j] = row[(j * pixel) + c];
                    }
                }
            }
        }
        TProduct.Store(buffers, sizes, tile, layout.StorePitch, group, filter, count, 0, layout.Taps);
    }
}
