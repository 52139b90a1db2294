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

    /// <summary>Multiply-adds per chunk: some 10 µs.</summary>
    private const long ChunkWork = 1 << 17;

    /// <summary>Bytes that each worker needs: where results lie and taps are, a strip, and the results of its rows.</summary>
    public static long Scratch(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        var halo = new HaloStrip<TLanes, TVector, T>(g);
        long rows = RowsPerStrip(g, halo), vectors = Vectors(g, rows);
        return (((2 * vectors) + Taps(g)) * sizeof(long)) + ((Taps(g) + (halo.Rows(rows) * halo.RowLength) + (rows * g.OutWidth) + TLanes.Width) * sizeof(T));
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
        var halo = new HaloStrip<TLanes, TVector, T>(g);
        long taps = g.TapsY * g.TapsX, most = RowsPerStrip(g, halo), known = 0, vectors = 0;
        long* from = (long*)scratch, to = from + Vectors(g, most), offsets = to + Vectors(g, most);
        T* kernel = (T*)(offsets + Taps(g)), strip = kernel + Taps(g), results = strip + (halo.Rows(most) * halo.RowLength);
        for (long t = 0; t < taps; t++)
        {
            offsets[t] = halo.Offset(t / g.TapsX, t % g.TapsX);
        }
        new Span<T>(strip, checked((int)(halo.Rows(most) * halo.RowLength))).Clear();
        bool isHalf = typeof(T) == typeof(float) && HalfRows.Suits(g), isThree = g is { TapsY: 3, TapsX: 3, DilationY: 1, StrideY: 1 or 2 };
        long end = Math.Min(Planes(g), (chunk + 1) * PlanesPerChunk(g));
        for (long plane = chunk * PlanesPerChunk(g); plane < end; plane++)
        {
            long image = plane / g.Groups, group = plane - (image * g.Groups);
            T* source = TProduct.Image(buffers, sizes) + (group * g.ImageGroup) + (image * g.ImageStep);
            for (long y = 0; y < g.OutHeight; y += most)
            {
                long rows = Math.Min(most, g.OutHeight - y);
                if (rows != known && !isThree && !isHalf)
                {
                    vectors = TapSum<TLanes, TVector, T>.Place(rows, g.OutWidth, g.StrideY * halo.RowLength, from, to);
                    known = rows;
                }
                if (!isHalf)
                {
                    halo.Fill(source, (y * g.StrideY) - g.Top, halo.Rows(rows), strip);
                }
                for (long filter = 0; filter < g.Filters; filter++)
                {
                    T* weights = TProduct.Kernel(buffers, sizes) + (group * g.KernelGroup) + (filter * g.KernelFilter);
                    for (long i = 0, t = 0; i < g.TapsY; i++)
                    {
                        for (long j = 0; j < g.TapsX; j++)
                        {
                            kernel[t++] = weights[(i * g.KernelY) + (j * g.KernelX)];
                        }
                    }
                    if (isHalf)
                    {
                        HalfRows.Run(g, (float*)source, y, rows, (float*)kernel, (float*)results);
                    }
                    else if (isThree)
                    {
                        ThreeTaps<TLanes, TVector, T>.Run(strip, halo.RowLength, g.StrideY, offsets[1], offsets[2], kernel, rows, g.OutWidth, results);
                    }
                    else
                    {
                        TapSum<TLanes, TVector, T>.Run(strip, results, from, to, vectors, offsets, kernel, taps);
                    }
                    TProduct.Store(buffers, sizes, results, rows * g.OutWidth, group, filter, 1, ((image * g.OutHeight) + y) * g.OutWidth, rows * g.OutWidth);
                }
            }
        }
    }

    private static long Planes(in ConvolutionGeometry g) => g.Groups * g.Images;

    private static long Taps(in ConvolutionGeometry g) => ((g.TapsY * g.TapsX) + 15) & ~15L;

    private static long PlanesPerChunk(in ConvolutionGeometry g) => Math.Max(1, ConvolutionChoices.Work(g, ChunkWork) / Math.Max(1, g.Filters * g.OutHeight * g.OutWidth * ((g.TapsY * g.TapsX) + 8)));

    private static long RowsPerStrip(in ConvolutionGeometry g, in HaloStrip<TLanes, TVector, T> halo) =>
        Math.Clamp(((StripElements / halo.RowLength) - halo.Rows(1)) / g.StrideY, 1, Math.Max(1, g.OutHeight));

    /// <summary>Places for the vectors of some rows, in eights.</summary>
    private static long Vectors(in ConvolutionGeometry g, long rows) => ((rows * ((g.OutWidth + TLanes.Width - 1) / TLanes.Width)) + 15) & ~7L;
}

/// <summary>Sums of taps for rows of neighbouring results, eight vectors at a time. Not generic over the product.</summary>
internal static unsafe class TapSum<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// Says where each vector of results reads and is written, for rows that lie <paramref name="step"/> apart where they are read and side by side where they are
    /// written. The last vector of a row moves back into it; where a row is shorter than a vector, the next row overwrites what was too much.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Place(long rows, long columns, long step, long* from, long* to)
    {
        long count = 0;
        for (long row = 0; row < rows; row++)
        {
            for (long x = 0; x < columns; x += TLanes.Width)
            {
                long at = Math.Max(0, Math.Min(x, columns - TLanes.Width));
                from[count] = (row * step) + at;
                to[count++] = (row * columns) + at;
            }
        }
        for (long i = count; i % 8 != 0; i++)
        {
            from[i] = from[count - 1];
            to[i] = to[count - 1];
        }
        return count;
    }

    /// <summary>results[to + lane] = Σ t: kernel[t] · strip[from + lane + offsets[t]]. Behind the last result up to a vector is written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* strip, T* results, long* from, long* to, long vectors, long* offsets, T* kernel, long taps)
    {
        for (long done = 0; done < vectors; done += 8, from += 8, to += 8)
        {
            T* f0 = strip + from[0], f1 = strip + from[1], f2 = strip + from[2], f3 = strip + from[3], f4 = strip + from[4], f5 = strip + from[5], f6 = strip + from[6], f7 = strip + from[7];
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
            TLanes.Store(results + to[0], s0);
            TLanes.Store(results + to[1], s1);
            TLanes.Store(results + to[2], s2);
            TLanes.Store(results + to[3], s3);
            TLanes.Store(results + to[4], s4);
            TLanes.Store(results + to[5], s5);
            TLanes.Store(results + to[6], s6);
            TLanes.Store(results + to[7], s7);
        }
    }
}
