using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Copies rows of an image with zeros around into memory that stays in a first-level cache. With a stride s along x each row becomes s rows, of
/// columns 0, s, 2s, ... and 1, s + 1, ..., so that neighbouring results read neighbouring elements whatever the stride.
/// </summary>
internal readonly unsafe struct HaloStrip<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly ConvolutionGeometry geometry;

    // Columns of the image that are read, counted with the zeros left of it.
    private readonly long from, to;

    /// <param name="geometry">The convolution.</param>
    /// <param name="isTight">Whether rows without stride have no room behind them: a vector then reaches into the next, of which zeros alone are written, and before the row itself is.</param>
    public HaloStrip(in ConvolutionGeometry geometry, bool isTight = false)
    {
        this.geometry = geometry;
        long last = geometry.OutWidth - 1 + ((geometry.TapsX - 1) * geometry.DilationX / geometry.StrideX);
        isTight &= geometry.StrideX == 1;
        Pitch = isTight ? last + 1 : ((last + 32) / 8 * 8) + 8;
        RowLength = Pitch * geometry.StrideX;
        from = Math.Clamp(geometry.Left, 0, RowLength);
        to = Math.Clamp(geometry.Left + geometry.Width, from, isTight ? RowLength : Math.Max(from, RowLength - (TLanes.Width * geometry.StrideX)));
    }

    /// <summary>Elements of one row of one remainder, with room for a vector behind the last if it is not tight.</summary>
    public long Pitch { get; }

    /// <summary>Elements of one row of the image.</summary>
    public long RowLength { get; }

    /// <summary>Rows that some rows of the result read.</summary>
    public long Rows(long results) => ((results - 1) * geometry.StrideY) + ((geometry.TapsY - 1) * geometry.DilationY) + 1;

    /// <summary>Where a tap lies relative to the element of tap 0.</summary>
    public long Offset(long y, long x)
    {
        long column = x * geometry.DilationX;
        return (y * geometry.DilationY * RowLength) + (column % geometry.StrideX * Pitch) + (column / geometry.StrideX);
    }

    /// <summary>Fills a strip, whose elements beside the image are zero already, from image row <paramref name="row"/> on, which may lie above the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public void Fill(T* plane, long row, long rows, T* strip)
    {
        T* source = plane + (row * geometry.ImageRow) - geometry.Left;
        if (typeof(T) == typeof(float) && Avx512F.IsSupported && geometry.StrideX == 2 && (LastOf32 / 2) + 16 <= Pitch)
        {
            WideHalves((float*)source, row, rows, (float*)strip);
            return;
        }
        if (typeof(T) == typeof(float) && Avx2.IsSupported && geometry.StrideX == 2)
        {
            Halves((float*)source, row, rows, (float*)strip);
            return;
        }
        for (long i = row; i < row + rows; i++, strip += RowLength, source += geometry.ImageRow)
        {
            if (i < 0 || i >= geometry.Height)
            {
                new Span<T>(strip, checked((int)RowLength)).Clear();
            }
            else if (geometry.StrideX == 1)
            {
                long x = from;
                for (; x + TLanes.Width <= to; x += TLanes.Width)
                {
                    TLanes.Store(strip + x, TLanes.Load(source + x));
                }
                if (x < to)
                {
                    TLanes.Store(strip + x, TLanes.Load(source + x, to - x));
                }
            }
            else
            {
                Apart(source, strip);
            }
        }
    }

    /// <summary>Rows apart by two: sixteen columns at a time, of which only the first and the last may lie outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Halves(float* source, long row, long rows, float* strip)
    {
        long begin = from & ~1L, last = begin + ((to - begin - 1) & ~15L);
        Vector256<int> lanes = Vector256<int>.Indices, first = Vector256.Create((int)(from - begin)), end = Vector256.Create((int)(to - last)), eight = Vector256.Create(8);
        Vector256<float> none = Vector256<float>.AllBitsSet, lowFirst = Vector256.GreaterThanOrEqual(lanes, first).AsSingle();
        Vector256<float> lowLast = Vector256.LessThan(lanes, end).AsSingle(), highLast = Vector256.LessThan(lanes + eight, end).AsSingle();
        for (long i = row; i < row + rows; i++, strip += RowLength, source += geometry.ImageRow)
        {
            if (i < 0 || i >= geometry.Height)
            {
                new Span<float>(strip, checked((int)RowLength)).Clear();
                continue;
            }
            for (long x = begin; x <= last; x += 16)
            {
                float* at = source + x;
                Vector256<float> low = x > begin && x < last ? Vector256.Load(at) : Avx.MaskLoad(at, (x == begin ? lowFirst : none) & (x == last ? lowLast : none));
                Vector256<float> high = x < last ? Vector256.Load(at + 8) : Avx.MaskLoad(at + 8, highLast);
                Vector256<float> even = Avx.Shuffle(low, high, 0x88), odd = Avx.Shuffle(low, high, 0xdd);
                Vector256.Store(Avx2.Permute4x64(even.AsDouble(), 0xd8).AsSingle(), strip + (x / 2));
                Vector256.Store(Avx2.Permute4x64(odd.AsDouble(), 0xd8).AsSingle(), strip + Pitch + (x / 2));
            }
        }
    }

    /// <summary>The first of the last 32 columns that <see cref="WideHalves"/> takes.</summary>
    private long LastOf32 => (from & ~1L) + ((to - (from & ~1L) - 1) & ~31L);

    /// <summary>Likewise 32 columns at a time: a row of 28 is two loads, two permutations and two stores.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void WideHalves(float* source, long row, long rows, float* strip)
    {
        long begin = from & ~1L, last = LastOf32;
        Vector512<int> evens = Vector512<int>.Indices + Vector512<int>.Indices, odds = evens + Vector512<int>.One;
        Vector512<float> all = Vector512<float>.AllBitsSet, first = Lanes512<float>.Between(from - begin, 16), lowLast = Lanes512<float>.Between(0, to - last), highLast = Lanes512<float>.Between(0, to - last - 16);
        for (long i = row; i < row + rows; i++, strip += RowLength, source += geometry.ImageRow)
        {
            if (i < 0 || i >= geometry.Height)
            {
                new Span<float>(strip, checked((int)RowLength)).Clear();
                continue;
            }
            for (long x = begin; x <= last; x += 32)
            {
                Vector512<float> low = Lanes512<float>.LoadMasked(source + x, (x == begin ? first : all) & (x == last ? lowLast : all));
                Vector512<float> high = x == last ? Lanes512<float>.LoadMasked(source + x + 16, highLast) : Vector512.Load(source + x + 16);
                Vector512.Store(Avx512F.PermuteVar16x32x2(low, evens, high), strip + (x / 2));
                Vector512.Store(Avx512F.PermuteVar16x32x2(low, odds, high), strip + Pitch + (x / 2));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Apart(T* source, T* strip)
    {
        long stride = geometry.StrideX, x = from;
        long remainder = x % stride, place = x / stride;
        for (; x < to; x++)
        {
            strip[(remainder * Pitch) + place] = source[x];
            if (++remainder == stride)
            {
                (remainder, place) = (0, place + 1);
            }
        }
    }
}
