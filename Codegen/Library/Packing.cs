using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Packs lines of an emitted operand into a panel: element (line, depth) goes to [depth · width + line]; lines behind the last are zero.</summary>
internal static unsafe class Packing<TLanes, TVector, T, TOperand>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TOperand : struct, IOperand<T>
{
    private const int MostLines = 64;

    /// <summary>Packs one panel; <paramref name="depths"/> are the offsets of its depths, which start at <paramref name="firstDepth"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(byte** buffers, long* sizes, long batch, long line, long lines, long width, long firstDepth, long count, long* depths, T* panel)
    {
        if (!TOperand.IsSeparable)
        {
            OneByOne(buffers, sizes, batch, line, lines, width, firstDepth, count, panel);
            return;
        }
        long* offsets = stackalloc long[MostLines];
        TOperand.Lines(sizes, batch, line, lines, offsets);
        Copy(buffers, offsets, lines, width, count, depths, panel);
    }

    /// <summary>Packs one panel of the columns at some places in the order of tiles.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Panel(byte** buffers, long* sizes, in PanelLayout layout, long batch, long place, long lines, long width, long firstDepth, long count, long* depths, T* panel)
    {
        if (layout.Runs == 1)
        {
            Panel(buffers, sizes, batch, place, lines, width, firstDepth, count, depths, panel);
            return;
        }
        long* offsets = stackalloc long[MostLines];
        for (long i = 0; i < lines;)
        {
            (long column, long length) = layout.Piece(place + i);
            length = Math.Min(length, lines - i);
            TOperand.Lines(sizes, batch, column, length, offsets + i);
            i += length;
        }
        Copy(buffers, offsets, lines, width, count, depths, panel);
    }

    private static void Copy(byte** buffers, long* offsets, long lines, long width, long count, long* depths, T* panel)
    {
        if (lines < width)
        {
            new Span<T>(panel, checked((int)(width * count))).Clear();
        }
        PanelCopy<TLanes, TVector, T>.Lines(TOperand.Base(buffers), offsets, lines, width, count, depths, panel);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void OneByOne(byte** buffers, long* sizes, long batch, long line, long lines, long width, long firstDepth, long count, T* panel)
    {
        for (long k = 0; k < count; k++)
        {
            for (long i = 0; i < width; i++)
            {
                panel[(k * width) + i] = i < lines ? TOperand.At(buffers, sizes, batch, line + i, firstDepth + k) : T.Zero;
            }
        }
    }
}
