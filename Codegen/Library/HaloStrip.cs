using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Copies rows of an image with zeros around into memory that stays in a first-level cache. With a stride s along x each row becomes s rows, of
/// columns 0, s, 2s, ... and 1, s + 1, ..., so that neighbouring results read neighbouring elements whatever the stride.
/// </summary>
internal static unsafe class HaloStrip<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements of one row of one remainder, with room for a vector behind the last.</summary>
    public static long Pitch(in ConvolutionGeometry g) =>
        (((g.OutWidth - 1 + ((g.TapsX - 1) * g.DilationX / g.StrideX)) + 32) / 8 * 8) + 8;

    /// <summary>Rows that some rows of the result read.</summary>
    public static long Rows(in ConvolutionGeometry g, long results) => ((results - 1) * g.StrideY) + ((g.TapsY - 1) * g.DilationY) + 1;

    /// <summary>Where a tap lies relative to the element of tap 0.</summary>
    public static long Offset(in ConvolutionGeometry g, long y, long x)
    {
        long column = x * g.DilationX;
        return (((y * g.DilationY * g.StrideX) + (column % g.StrideX)) * Pitch(g)) + (column / g.StrideX);
    }

    /// <summary>Fills a strip from image row <paramref name="row"/> on, which may lie above the image, as all columns may lie beside it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(in ConvolutionGeometry g, T* plane, long row, long rows, T* strip)
    {
        long pitch = Pitch(g), stride = g.StrideX, length = pitch * stride;
        // Columns that exist, among the padded ones.
        long from = Math.Clamp(g.Left, 0, length), to = Math.Clamp(g.Left + g.Width, from, length);
        for (long i = 0; i < rows; i++, strip += length)
        {
            if (row + i < 0 || row + i >= g.Height || from == to)
            {
                new Span<T>(strip, checked((int)length)).Clear();
                continue;
            }
            T* source = plane + ((row + i) * g.ImageRow) - g.Left;
            if (stride == 1)
            {
                new Span<T>(strip, checked((int)from)).Clear();
                new Span<T>(source + from, checked((int)(to - from))).CopyTo(new Span<T>(strip + from, checked((int)(to - from))));
                new Span<T>(strip + to, checked((int)(length - to))).Clear();
                continue;
            }
            new Span<T>(strip, checked((int)length)).Clear();
            Apart(source, from, to, stride, pitch, strip);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Apart(T* source, long from, long to, long stride, long pitch, T* strip)
    {
        long x = from;
        if (typeof(T) == typeof(float) && Avx2.IsSupported && stride == 2)
        {
            if (x % 2 != 0 && x < to)
            {
                strip[pitch + (x / 2)] = source[x];
                x++;
            }
            for (; x + 16 <= to; x += 16)
            {
                Vector256<float> low = Vector256.Load((float*)source + x), high = Vector256.Load((float*)source + x + 8);
                Vector256<float> even = Avx.Shuffle(low, high, 0x88), odd = Avx.Shuffle(low, high, 0xdd);
                Vector256.Store(Avx2.Permute4x64(even.AsDouble(), 0xd8).AsSingle(), (float*)strip + (x / 2));
                Vector256.Store(Avx2.Permute4x64(odd.AsDouble(), 0xd8).AsSingle(), (float*)strip + pitch + (x / 2));
            }
        }
        long remainder = x % stride, place = x / stride;
        for (; x < to; x++)
        {
            strip[(remainder * pitch) + place] = source[x];
            if (++remainder == stride)
            {
                (remainder, place) = (0, place + 1);
            }
        }
    }
}
