using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>What is copied of an image for a chunk of results, with zeros around: as [channel][row][column], or as [row][column][channel] where channels lie side by side or rows are turned.</summary>
/// <param name="Rows">Rows of the copy.</param>
/// <param name="RowsApart">Image rows per row of the copy.</param>
/// <param name="RowStep">Elements from row to row.</param>
/// <param name="Columns">Columns of the copy.</param>
/// <param name="ColumnsApart">Image columns per column of the copy.</param>
/// <param name="ColumnStep">Elements from column to column.</param>
/// <param name="IsTurned">Whether columns lie side by side in the image and channels in the copy: whole vectors of channels, and room for 8 columns behind the last.</param>
internal readonly record struct CopyShape(long Rows, long RowsApart, long RowStep, long Columns, long ColumnsApart, long ColumnStep, bool IsTurned);

/// <summary>Copies rows of an image. Not generic over the product.</summary>
internal static unsafe class ImageCopy<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Copies what a chunk of results reads, from an image row on, which may lie above the image.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Rows(in ConvolutionGeometry g, in CopyShape shape, T* image, long row, T* target)
    {
        if (g.ImageColumn != 1 || shape.IsTurned)
        {
            for (long i = 0; i < shape.Rows; i++, target += shape.RowStep)
            {
                Pixels(g, shape, image, row + (i * shape.RowsApart), target);
            }
            return;
        }
        for (long c = 0; c < g.Channels; c++, target += shape.Rows * shape.RowStep)
        {
            Plane(g, shape, image + (c * g.ImageChannel), row, target);
        }
    }

    /// <summary>Copies some rows of a plane whose columns lie side by side; behind the columns of the copy is room for two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Plane(in ConvolutionGeometry g, in CopyShape shape, T* plane, long row, T* target)
    {
        if (shape.ColumnsApart > 1)
        {
            Thinned(g, shape, plane, row, target);
            return;
        }
        long rows = shape.Rows, apart = shape.RowsApart, pitch = shape.RowStep, w = TLanes.Width, left = Math.Clamp(g.Left, 0, pitch - w), end = Math.Clamp(g.Left + g.Width, left, pitch - w), height = g.Height;
        TVector zero = TLanes.Create(T.Zero);
        T* source = plane + (row * g.ImageRow) - g.Left;
        for (long i = 0; i < rows; i++, row += apart, source += apart * g.ImageRow, target += pitch)
        {
            long x = 0;
            if (row >= 0 && row < height)
            {
                for (; x < left; x += w)
                {
                    TLanes.Store(target + x, zero);
                }
                for (x = left; x + w <= end; x += w)
                {
                    TLanes.Store(target + x, TLanes.Load(source + x));
                }
                if (x < end)
                {
                    TLanes.Store(target + x, TLanes.Load(source + x, end - x));
                    x += w;
                }
            }
            for (; x + w <= pitch; x += w)
            {
                TLanes.Store(target + x, zero);
            }
        }
    }

    /// <summary>Such a copy of columns that are apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Thinned(in ConvolutionGeometry g, in CopyShape shape, T* plane, long row, T* target)
    {
        long apart = shape.ColumnsApart, from = Math.Clamp((g.Left + apart - 1) / apart, 0, shape.Columns), to = Math.Clamp((g.Left + g.Width + apart - 1) / apart, from, shape.Columns);
        T* source = plane + (row * g.ImageRow) + (from * apart) - g.Left;
        for (long i = 0; i < shape.Rows; i++, row += shape.RowsApart, source += shape.RowsApart * g.ImageRow, target += shape.RowStep)
        {
            if (row < 0 || row >= g.Height)
            {
                Clear(target, shape.Columns);
                continue;
            }
            Clear(target, from);
            Thin(source, apart, to - from, g.Width - (from * apart) + g.Left, target + from);
            Clear(target + to, shape.Columns - to);
        }
    }

    /// <summary>Copies elements of a row that are apart; so many elements may be read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Thin(T* source, long apart, long count, long readable, T* target)
    {
        long x = 0;
        if (typeof(T) == typeof(float) && Avx2.IsSupported && apart == 2)
        {
            for (; x + 8 <= count && (x * 2) + 16 <= readable; x += 8)
            {
                Vector256<float> low = Vector256.Load((float*)source + (2 * x)), high = Vector256.Load((float*)source + (2 * x) + 8);
                Vector256.Store(Avx2.Permute4x64(Avx.Shuffle(low, high, 0x88).AsDouble(), 0xd8).AsSingle(), (float*)target + x);
            }
        }
        for (; x < count; x++)
        {
            target[x] = source[x * apart];
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Pixels(in ConvolutionGeometry g, in CopyShape shape, T* image, long row, T* target)
    {
        long apart = shape.ColumnsApart, step = shape.ColumnStep;
        if (row < 0 || row >= g.Height)
        {
            Clear(target, shape.Columns * step);
            return;
        }
        long from = Math.Clamp((g.Left + apart - 1) / apart, 0, shape.Columns), to = Math.Clamp((g.Left + g.Width + apart - 1) / apart, from, shape.Columns);
        T* source = image + (row * g.ImageRow) + (((from * apart) - g.Left) * g.ImageColumn);
        Clear(target, from * step);
        if (shape.IsTurned)
        {
            for (long c = 0; c < g.Channels; c += TLanes.Width)
            {
                Prefetch(source + ((c + TLanes.Width) * g.ImageChannel), g.ImageChannel, Math.Min(TLanes.Width, g.Channels - c - TLanes.Width), to - from);
                LaneTranspose<TLanes, TVector, T>.ToLanes(source + (c * g.ImageChannel), g.ImageChannel, Math.Min(TLanes.Width, g.Channels - c), to - from, target + (from * step) + c, step);
            }
        }
        else if (apart == 1 && g.ImageChannel == 1 && g.ImageColumn == step)
        {
            Copy(source, target + (from * step), (to - from) * step);
        }
        else if (g.ImageChannel == 1)
        {
            for (long x = from; x < to; x++, source += apart * g.ImageColumn)
            {
                Copy(source, target + (x * step), g.Channels);
            }
        }
        else
        {
            for (long x = from; x < to; x++, source += apart * g.ImageColumn)
            {
                for (long c = 0; c < g.Channels; c++)
                {
                    target[(x * step) + c] = source[c * g.ImageChannel];
                }
            }
        }
        Clear(target + (to * step), (shape.Columns - to) * step);
    }

    /// <summary>Lines of different channels lie far apart, where no processor expects them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Prefetch(T* source, long step, long lines, long count)
    {
        if (!Sse.IsSupported)
        {
            return;
        }
        for (long line = 0; line < lines; line++, source += step)
        {
            for (long x = 0; x < count; x += 64 / sizeof(T))
            {
                Sse.Prefetch0(source + x);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Copy(T* source, T* target, long count)
    {
        long i = 0;
        for (; i + TLanes.Width <= count; i += TLanes.Width)
        {
            TLanes.Store(target + i, TLanes.Load(source + i));
        }
        if (i < count)
        {
            TLanes.Store(target + i, TLanes.Load(source + i, count - i), count - i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Clear(T* target, long count)
    {
        TVector zero = TLanes.Create(T.Zero);
        for (long i = 0; i < count; i += TLanes.Width)
        {
            TLanes.Store(target + i, zero, count - i);
        }
    }
}
