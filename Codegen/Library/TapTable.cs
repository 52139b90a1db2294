using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Which taps of a direct convolution the pixels of a chunk have, and where both lie. Most pixels have all; those of some rows and columns at the borders
/// leave out taps beyond them.
/// </summary>
internal static unsafe class TapTable
{
    /// <summary>
    /// Fills a table: where in it each block of depth begins and the last one ends, then for each tap where it lies relative to a pixel, and its number. Table 0
    /// has all taps; then come those of rows at the top and at the bottom, and of columns at the left and at the right.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Fill(in DirectLayout layout, long table, int* target)
    {
        ConvolutionGeometry g = layout.Geometry;
        long edge = table - 1, edgesY = layout.Top + layout.Bottom, row = edge < layout.Top ? edge : g.OutHeight - edgesY + edge;
        long column = edge - edgesY < layout.Left ? edge - edgesY : g.OutWidth - layout.Left - layout.Right + edge - edgesY;
        (long firstY, long endY) = edge >= 0 && edge < edgesY ? DirectLayout.Inside(row, g.StrideY, g.TapsY, g.DilationY, g.Top, g.Height) : (0, g.TapsY);
        (long firstX, long endX) = edge >= edgesY ? DirectLayout.Inside(column, g.StrideX, g.TapsX, g.DilationX, g.Left, g.Width) : (0, g.TapsX);
        int* taps = target + layout.Blocks + 1;
        long count = 0, tap = 0, block = 0;
        for (long c = 0; c < g.Channels; c++)
        {
            for (long y = 0; y < g.TapsY; y++)
            {
                for (long x = 0; x < g.TapsX; x++, tap++)
                {
                    if (tap % DirectLayout.BlockDepth == 0)
                    {
                        target[block++] = (int)count;
                    }
                    if (y >= firstY && y < endY && x >= firstX && x < endX)
                    {
                        taps[2 * count] = (int)((c * layout.ChannelStep) + (y * g.DilationY * layout.RowStep) + (x * g.DilationX * layout.ColumnStep));
                        taps[(2 * count) + 1] = (int)tap;
                        count++;
                    }
                }
            }
        }
        for (; block <= layout.Blocks; block++)
        {
            target[block] = (int)count;
        }
    }

    /// <summary>
    /// The pixels of some rows of results, for each where it lies and where its sums do, which are so far apart, in parts of the same taps: for each part the number of its table, its
    /// first pixel, and how many it has. The number of parts.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static long Parts(in DirectLayout layout, long y, long rows, long pitch, long* parts, int* places)
    {
        long width = layout.Geometry.OutWidth, top = Math.Clamp(layout.Top - y, 0, rows), bottom = Math.Clamp(layout.Geometry.OutHeight - layout.Bottom - y, top, rows);
        long edgesY = layout.Top + layout.Bottom, count = 0, pixel = 0;
        for (long row = 0; row < top; row++)
        {
            Part(layout, 1 + y + row, row, row + 1, 0, width, pitch, parts, ref count, places, ref pixel);
        }
        Part(layout, 0, top, bottom, layout.Left, width - layout.Right, pitch, parts, ref count, places, ref pixel);
        for (long column = 0; column < layout.Left; column++)
        {
            Part(layout, 1 + edgesY + column, top, bottom, column, column + 1, pitch, parts, ref count, places, ref pixel);
        }
        for (long i = 0; i < layout.Right; i++)
        {
            Part(layout, 1 + edgesY + layout.Left + i, top, bottom, width - layout.Right + i, width - layout.Right + i + 1, pitch, parts, ref count, places, ref pixel);
        }
        for (long row = bottom; row < rows; row++)
        {
            Part(layout, 1 + layout.Top + y + row - (layout.Geometry.OutHeight - layout.Bottom), row, row + 1, 0, width, pitch, parts, ref count, places, ref pixel);
        }
        return count;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(in DirectLayout layout, long table, long row, long endRow, long column, long endColumn, long pitch, long* parts, ref long count, int* places, ref long pixel)
    {
        long first = pixel, rowStep = layout.RowStride * layout.RowStep, columnStep = layout.ColumnStride * layout.ColumnStep;
        long width = layout.Geometry.OutWidth;
        int* to = places + (2 * pixel);
        for (long y = row; y < endRow; y++)
        {
            int at = (int)((y * rowStep) + (column * columnStep)), sum = (int)(((y * width) + column) * pitch);
            for (long x = column; x < endColumn; x++, to += 2)
            {
                to[0] = at;
                to[1] = sum;
                at += (int)columnStep;
                sum += (int)pitch;
            }
        }
        pixel += Math.Max(0, endRow - row) * Math.Max(0, endColumn - column);
        if (pixel > first)
        {
            parts[3 * count] = table;
            parts[(3 * count) + 1] = first;
            parts[(3 * count) + 2] = pixel - first;
            count++;
        }
    }
}
