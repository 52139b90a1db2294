using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The schedule of a convolution whose groups have one channel: there is nothing to sum but taps, so lanes are neighbouring results and each
/// chunk takes whole planes, some rows at a time, from a strip with a halo. Each element is summed in the order of taps.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
public static unsafe class Depthwise<TLanes, TVector, T, TProduct>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
{
    /// <summary>Elements of a strip, which should stay in a first-level cache.</summary>
    private const long StripElements = 5 * 1024;

    /// <summary>Multiply-adds per chunk: some 20 µs.</summary>
    private const long ChunkWork = 1 << 19;

    /// <summary>Bytes that each worker needs: a strip and the results of its rows.</summary>
    public static long Scratch(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        return (StripLength(g) + (RowsPerStrip(g) * g.OutWidth) + TLanes.Width + (2 * g.TapsY * g.TapsX) + 16) * Math.Max(sizeof(T), sizeof(long));
    }

    /// <summary>Nothing is shared.</summary>
    public static long Shared(long* sizes) => 0;

    /// <summary>Nothing is packed.</summary>
    public static long Packs(long* sizes) => -1;

    /// <summary>Chunks of the only phase.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        return g.Filters * g.OutHeight * g.OutWidth == 0 ? 0 : (Planes(g) + PlanesPerChunk(g) - 1) / PlanesPerChunk(g);
    }

    /// <summary>Runs some planes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        long taps = g.TapsY * g.TapsX, rows = RowsPerStrip(g);
        long* offsets = (long*)scratch;
        T* kernel = (T*)(offsets + taps), strip = kernel + ((taps + 15) & ~15L), results = strip + StripLength(g);
        for (long t = 0; t < taps; t++)
        {
            offsets[t] = HaloStrip<T>.Offset(g, t / g.TapsX, t % g.TapsX);
        }
        long end = Math.Min(Planes(g), (chunk + 1) * PlanesPerChunk(g));
        for (long plane = chunk * PlanesPerChunk(g); plane < end; plane++)
        {
            long group = plane % g.Groups, image = plane / g.Groups;
            T* source = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (image * g.ImageStep);
            for (long y = 0; y < g.OutHeight; y += rows)
            {
                long count = Math.Min(rows, g.OutHeight - y);
                HaloStrip<T>.Fill(g, source, (y * g.StrideY) - g.Top, HaloStrip<T>.Rows(g, count), strip);
                for (long filter = 0; filter < g.Filters; filter++)
                {
                    T* from = TProduct.Kernel(buffers, sizes) + (group * g.KernelGroup) + (filter * g.KernelFilter);
                    for (long t = 0; t < taps; t++)
                    {
                        kernel[t] = from[(t / g.TapsX * g.KernelY) + (t % g.TapsX * g.KernelX)];
                    }
                    TapSum<TLanes, TVector, T>.Rows(strip, g.StrideY * g.StrideX * HaloStrip<T>.Pitch(g), count, g.OutWidth, offsets, kernel, taps, results);
                    TProduct.Store(buffers, sizes, results, count * g.OutWidth, group, filter, 1, ((image * g.OutHeight) + y) * g.OutWidth, count * g.OutWidth);
                }
            }
        }
    }

    private static long Planes(in ConvolutionGeometry g) => g.Groups * g.Images;

    private static long PlanesPerChunk(in ConvolutionGeometry g) => Math.Max(1, ChunkWork / Math.Max(1, g.Filters * g.OutHeight * g.OutWidth * (g.TapsY * g.TapsX + 4)));

    private static long RowsPerStrip(in ConvolutionGeometry g)
    {
        long rows = StripElements / (HaloStrip<T>.Pitch(g) * g.StrideX);
        return Math.Clamp((rows - HaloStrip<T>.Rows(g, 1)) / g.StrideY, 1, Math.Max(1, g.OutHeight));
    }

    private static long StripLength(in ConvolutionGeometry g) => HaloStrip<T>.Rows(g, RowsPerStrip(g)) * HaloStrip<T>.Pitch(g) * g.StrideX;
}

/// <summary>Sums of taps for rows of neighbouring results. Not generic over the product.</summary>
internal static unsafe class TapSum<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// results[row · columns + x] = Σ t: kernel[t] · strip[row · step + x + offsets[t]]. Eight vectors at a time, wherever they lie; behind the
    /// last result up to a vector is written.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(T* strip, long step, long rows, long columns, long* offsets, T* kernel, long taps, T* results)
    {
        long w = TLanes.Width, perRow = (columns + w - 1) / w, all = rows * perRow;
        T** from = stackalloc T*[8], to = stackalloc T*[8];
        long row = 0, x = 0;
        for (long done = 0; done < all; done += 8)
        {
            int count = (int)Math.Min(8, all - done);
            for (int i = 0; i < 8; i++)
            {
                if (i >= count)
                {
                    from[i] = from[i - 1];
                    to[i] = to[i - 1];
                    continue;
                }
                // The last vector of a row moves back into it; where a row is shorter than a vector, the next row overwrites what was too much.
                long at = Math.Max(0, Math.Min(x, columns - w));
                from[i] = strip + (row * step) + at;
                to[i] = results + (row * columns) + at;
                x += w;
                if (x >= columns)
                {
                    (row, x) = (row + 1, 0);
                }
            }
            Eight(from, to, offsets, kernel, taps);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(T** from, T** to, long* offsets, T* kernel, long taps)
    {
        T* f0 = from[0], f1 = from[1], f2 = from[2], f3 = from[3], f4 = from[4], f5 = from[5], f6 = from[6], f7 = from[7];
        TVector zero = TLanes.Create(T.Zero);
        TVector s0 = zero, s1 = zero, s2 = zero, s3 = zero, s4 = zero, s5 = zero, s6 = zero, s7 = zero;
        for (long t = 0; t < taps; t++)
        {
            TVector k = TLanes.Create(kernel[t]);
            long o = offsets[t];
            s0 = TLanes.MultiplyAdd(k, TLanes.Load(f0 + o), s0);
            s1 = TLanes.MultiplyAdd(k, TLanes.Load(f1 + o), s1);
            s2 = TLanes.MultiplyAdd(k, TLanes.Load(f2 + o), s2);
            s3 = TLanes.MultiplyAdd(k, TLanes.Load(f3 + o), s3);
            s4 = TLanes.MultiplyAdd(k, TLanes.Load(f4 + o), s4);
            s5 = TLanes.MultiplyAdd(k, TLanes.Load(f5 + o), s5);
            s6 = TLanes.MultiplyAdd(k, TLanes.Load(f6 + o), s6);
            s7 = TLanes.MultiplyAdd(k, TLanes.Load(f7 + o), s7);
        }
        TLanes.Store(to[0], s0);
        TLanes.Store(to[1], s1);
        TLanes.Store(to[2], s2);
        TLanes.Store(to[3], s3);
        TLanes.Store(to[4], s4);
        TLanes.Store(to[5], s5);
        TLanes.Store(to[6], s6);
        TLanes.Store(to[7], s7);
    }
}
