using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>Steps of one operand of a gradient with respect to kernels.</summary>
internal readonly struct GradientSide
{
    /// <summary>The gradient with respect to the result.</summary>
    public GradientSide(in ConvolutionGeometry g)
    {
        (Image, Line, Row, Column) = (g.ResultStep, g.ResultFilter, g.ResultRow, g.ResultColumn);
    }

    /// <summary>The image, in place or copied.</summary>
    public GradientSide(in ConvolutionGeometry g, in KernelGradientLayout layout, bool isCopy)
    {
        (Image, Line, Row, Column) = isCopy ? (layout.CopyImage, layout.CopyChannel, layout.CopyRow, layout.CopyColumn) : (g.ImageStep, g.ImageChannel, g.ImageRow, g.ImageColumn);
        (TapY, TapX) = (Row * g.DilationY, Column * g.DilationX);
        (Row, Column) = isCopy && layout.IsThinned ? (Row, Column) : (Row * g.StrideY, Column * g.StrideX);
    }

    /// <summary>From image to image.</summary>
    public long Image { get; }

    /// <summary>From channel to channel, or filter to filter.</summary>
    public long Line { get; }

    /// <summary>From what one row of the result meets to what the next does.</summary>
    public long Row { get; }

    /// <summary>Likewise from column to column.</summary>
    public long Column { get; }

    /// <summary>From tap row to tap row.</summary>
    public long TapY { get; }

    /// <summary>From tap to tap.</summary>
    public long TapX { get; }
}

/// <summary>What the gradient with respect to kernels copies and turns. Not generic over the product.</summary>
internal static unsafe class GradientOperands<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Copies rows of some channels of images into memory whose halo is zero already, from image row <paramref name="row"/> on, which may lie outside.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Copy(in KernelGradientLayout layout, T* image, long channels, long images, long row, long rows, T* target)
    {
        ConvolutionGeometry g = layout.Geometry;
        if (layout.IsThinned)
        {
            for (long c = 0; c < channels; c++)
            {
                for (long n = 0; n < images; n++)
                {
                    T* source = image + (n * g.ImageStep) + (c * g.ImageChannel) + (row * g.ImageRow) - g.Left, line = target + (c * layout.CopyChannel) + (n * layout.CopyImage);
                    for (long i = 0; i < rows; i += g.StrideY, source += g.StrideY * g.ImageRow, line += layout.CopyRow)
                    {
                        ImageCopy<TLanes, TVector, T>.Thin(source, g.StrideX, g.OutWidth, g.Width + g.Left, line);
                    }
                }
            }
            return;
        }
        long columns = g.Columns, from = Math.Clamp(g.Left, 0, columns), to = Math.Clamp(g.Left + g.Width, from, columns), planes = layout.IsPlanar ? channels : 1;
        long unit = layout.CopyColumn, length = (to - from) * unit;
        bool isDense = g.ImageColumn == unit;
        for (long c = 0; c < planes; c++)
        {
            for (long n = 0; n < images; n++)
            {
                T* to0 = target + (c * layout.CopyChannel) + (n * layout.CopyImage) + (from * unit), source = image + (n * g.ImageStep) + (c * g.ImageChannel) + (row * g.ImageRow) + ((from - g.Left) * g.ImageColumn);
                for (long i = row; i < row + rows; i++, to0 += layout.CopyRow, source += g.ImageRow)
                {
                    if (i < 0 || i >= g.Height)
                    {
                        new Span<T>(to0, (int)length).Clear();
                    }
                    else if (isDense)
                    {
                        long x = 0;
                        for (; x + TLanes.Width <= length; x += TLanes.Width)
                        {
                            TLanes.Store(to0 + x, TLanes.Load(source + x));
                        }
                        if (x < length)
                        {
                            TLanes.Store(to0 + x, TLanes.Load(source + x, length - x), length - x);
                        }
                    }
                    else
                    {
                        long together = layout.IsPlanar ? 1 : channels;
                        for (long x = 0; x < to - from; x++)
                        {
                            for (long k = 0; k < together; k++)
                            {
                                to0[(x * unit) + k] = source[(x * g.ImageColumn) + k];
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>Fetches lines of the caches that will be met next, where side by side in a line lie whole rows: no processor expects lines that far apart.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(T* source, long images, long imageStep, long length)
    {
        if (Sse.IsSupported)
        {
            for (long n = 0; n < images; n++, source += imageStep)
            {
                for (long x = 0; x < length; x += 64 / sizeof(T))
                {
                    Sse.Prefetch1(source + x);
                }
            }
        }
    }

    /// <summary>Turns lines into lanes: target[pixel · pitch + line], and 0 where there are fewer lines than lanes. The target is written up to the next multiple of 8 pixels.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Turn(in GradientSide side, T* source, long lines, long images, long rows, long columns, T* target, long pitch)
    {
        for (long n = 0; n < images; n++, source += side.Image, target += rows * columns * pitch)
        {
            if (side.Line == 1)
            {
                for (long y = 0; y < rows; y++)
                {
                    for (long x = 0; x < columns; x++)
                    {
                        TLanes.Store(target + (((y * columns) + x) * pitch), TLanes.Load(source + (y * side.Row) + (x * side.Column), lines));
                    }
                }
            }
            else if (side.Column == 1 && side.Row == columns)
            {
                LaneTranspose<TLanes, TVector, T>.ToLanes(source, side.Line, lines, rows * columns, target, pitch);
            }
            else if (side.Column == 1)
            {
                for (long y = 0; y < rows; y++)
                {
                    LaneTranspose<TLanes, TVector, T>.ToLanes(source + (y * side.Row), side.Line, lines, columns, target + (y * columns * pitch), pitch);
                }
            }
            else
            {
                for (long y = 0; y < rows; y++)
                {
                    for (long x = 0; x < columns; x++)
                    {
                        T* from = source + (y * side.Row) + (x * side.Column), to = target + (((y * columns) + x) * pitch);
                        for (long i = 0; i < TLanes.Width; i++)
                        {
                            to[i] = i < lines ? from[i * side.Line] : T.Zero;
                        }
                    }
                }
            }
        }
    }
}
