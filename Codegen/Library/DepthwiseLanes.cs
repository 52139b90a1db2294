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
    /// <summary>Multiply-adds per chunk: some 20 µs.</summary>
    private const long ChunkWork = 1 << 19;

    /// <summary>Elements that are summed before they are stored: they stay in a first-level cache.</summary>
    private const long ResultElements = 4096;

    private const long Tile = 8;

    /// <summary>Bytes that each worker needs: the taps of a pixel, and results.</summary>
    public static long Scratch(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        return (2 * Taps(g) * sizeof(long)) + (Math.Max(ResultElements, Tile * Pitch(g)) * sizeof(T));
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
        return g.Images * g.OutHeight * g.OutWidth == 0 ? 0 : phase == 0 ? Taps(g) : ((g.Images * g.OutHeight) + RowsPerChunk(g) - 1) / RowsPerChunk(g);
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
        long first = chunk * RowsPerChunk(g), end = Math.Min(first + RowsPerChunk(g), g.Images * g.OutHeight);
        for (long line = first; line < end; line++)
        {
            Row(g, buffers, sizes, line, kernels, (long*)scratch, (T*)(scratch + (2 * Taps(g) * sizeof(long))));
        }
    }

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

    /// <summary>From tap to tap of the kernels, and from pixel to pixel of the results.</summary>
    private static long Pitch(in ConvolutionGeometry g) => (g.Groups + TLanes.Width - 1) / TLanes.Width * TLanes.Width;

    private static long RowsPerChunk(in ConvolutionGeometry g) => Math.Max(1, ChunkWork / Math.Max(1, g.Groups * g.OutWidth * (Taps(g) + 8)));
}
