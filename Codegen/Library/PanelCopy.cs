using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Copies lines into a panel by the offsets of lines and depths: lines that lie side by side as vectors, depths that do by
/// transposing. Not generic over the operand: its machine code serves all of one width.
/// </summary>
internal static unsafe class PanelCopy<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const int MostPieces = 64;

    /// <summary>Copies all lines of a panel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Lines(T* source, long* offsets, long lines, long width, long count, long* depths, T* panel)
    {
        // A run of neighbours is a copy in either direction; the longer one is the cheaper.
        if (Neighbours(offsets, lines) < Math.Min(TLanes.Width, Neighbours(depths, count)))
        {
            Transposed(source, offsets, lines, width, count, depths, panel);
            return;
        }
        long* starts = stackalloc long[MostPieces], lengths = stackalloc long[MostPieces];
        int pieces = Pieces(offsets, lines, starts, lengths);
        if (pieces is 2 or 3 && lines == pieces * TLanes.Width)
        {
            Whole(source + offsets[0], source + offsets[starts[1]], pieces == 3 ? source + offsets[starts[2]] : null, width, count, depths, panel);
            return;
        }
        // Each piece is stored as a whole vector where that stays in the panel: the next piece, or the next depths, overwrite what was
        // too much. A narrow panel ends several depths before its last; behind it may lie what another thread has just packed.
        T* end = panel + (count * width);
        for (long k = 0; k < count; k++)
        {
            T* from = source + depths[k], to = panel + (k * width);
            for (int i = 0; i < pieces; i++)
            {
                long start = starts[i], length = lengths[i];
                TVector piece = TLanes.Load(from + offsets[start], length);
                if (to + start + TLanes.Width <= end)
                {
                    TLanes.Store(to + start, piece);
                }
                else
                {
                    TLanes.Store(to + start, piece, length);
                }
            }
        }
    }

    /// <summary>Cuts the lines into pieces of neighbours, none longer than a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Pieces(long* offsets, long lines, long* starts, long* lengths)
    {
        int pieces = 0;
        for (long first = 0; first < lines; pieces++)
        {
            long run = 1;
            while (run < TLanes.Width && first + run < lines && offsets[first + run] - offsets[first] == run)
            {
                run++;
            }
            (starts[pieces], lengths[pieces]) = (first, run);
            first += run;
        }
        return pieces;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Whole(T* first, T* second, T* third, long width, long count, long* depths, T* panel)
    {
        for (long k = 0; k < count; k++)
        {
            T* to = panel + (k * width);
            TLanes.Store(to, TLanes.Load(first + depths[k]));
            TLanes.Store(to + TLanes.Width, TLanes.Load(second + depths[k]));
            if (third is not null)
            {
                TLanes.Store(to + (2 * TLanes.Width), TLanes.Load(third + depths[k]));
            }
        }
    }

    /// <summary>How many offsets from the first on follow each other by one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Neighbours(long* offsets, long count)
    {
        long run = 1;
        while (run < count && offsets[run] - offsets[0] == run)
        {
            run++;
        }
        return run;
    }

    /// <summary>Lines far apart whose depths lie side by side, as in a matrix that is read transposed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Transposed(T* source, long* offsets, long lines, long width, long count, long* depths, T* panel)
    {
        for (long first = 0; first < count;)
        {
            long run = 1;
            while (first + run < count && depths[first + run] - depths[first] == run)
            {
                run++;
            }
            long line = 0;
            if (typeof(T) == typeof(float) && Avx.IsSupported)
            {
                for (; line + 8 <= lines; line += 8)
                {
                    long k = 0, next = offsets[line + 7] - offsets[line] + offsets[1] - offsets[0];
                    for (; k + 8 <= run; k += 8)
                    {
                        if ((k & 15) == 0)
                        {
                            // Lines far apart are no pattern to the hardware, which sees a few of them at a time and a piece of each.
                            for (long i = line; i < line + 8; i++)
                            {
                                Sse.Prefetch0(source + offsets[i] + next + depths[first] + k);
                            }
                        }
                        Eight((float*)source + depths[first] + k, offsets + line, (float*)panel + ((first + k) * width) + line, width);
                    }
                    for (long i = line; i < line + 8; i++)
                    {
                        Line(source + offsets[i] + depths[first], k, run, width, panel + (first * width) + i);
                    }
                }
            }
            for (; line < lines; line++)
            {
                Line(source + offsets[line] + depths[first], 0, run, width, panel + (first * width) + line);
            }
            first += run;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Line(T* source, long from, long to, long width, T* target)
    {
        for (long k = from; k < to; k++)
        {
            target[k * width] = source[k];
        }
    }

    /// <summary>Eight lines by eight depths in registers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(float* source, long* lines, float* target, long width)
    {
        Vector256<float> r0 = Vector256.Load(source + lines[0]), r1 = Vector256.Load(source + lines[1]), r2 = Vector256.Load(source + lines[2]), r3 = Vector256.Load(source + lines[3]);
        Vector256<float> r4 = Vector256.Load(source + lines[4]), r5 = Vector256.Load(source + lines[5]), r6 = Vector256.Load(source + lines[6]), r7 = Vector256.Load(source + lines[7]);
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xee), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xee);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xee), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xee);
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x20), target);
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x20), target + width);
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x20), target + (2 * width));
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x20), target + (3 * width));
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x31), target + (4 * width));
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x31), target + (5 * width));
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x31), target + (6 * width));
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x31), target + (7 * width));
    }
}
