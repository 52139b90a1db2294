using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Writes a block of a matrix the other way round: small tiles are turned in registers, so that memory is read and written by whole vectors. Tiles follow
/// each other along the lines of the source, each of which is one stream of reads; the last ones overlap those before them, so that all are full.
/// </summary>
/// <typeparam name="T">The element.</typeparam>
public static unsafe class TileTranspose<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private static bool IsFloat
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float);
    }

    // Elements of a tile's shorter side, half a line of memory.
    private static long Side
    {
        [MethodImpl(Inline)]
        get => IsFloat ? 8 : 4;
    }

    /// <summary>target[row · targetPitch + column] = source[column · sourcePitch + row].</summary>
    /// <param name="source">Where the block begins in the source, in which a row's elements lie a pitch apart.</param>
    /// <param name="sourcePitch">Elements from column to column of the source.</param>
    /// <param name="rows">Rows of the target.</param>
    /// <param name="columns">Columns of the target, side by side in its memory.</param>
    /// <param name="target">Where the block begins in the target; it must not overlap the source.</param>
    /// <param name="targetPitch">Elements from row to row of the target.</param>
    /// <param name="past">Whether stores pass the cache by, where they fill lines.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* source, long sourcePitch, long rows, long columns, T* target, long targetPitch, bool past)
    {
        long side = Side;
        if (!Avx.IsSupported || rows < side || columns < side)
        {
            for (long row = 0; row < rows; row++)
            {
                for (long column = 0; column < columns; column++)
                {
                    target[(row * targetPitch) + column] = source[(column * sourcePitch) + row];
                }
            }
            return;
        }
        long wide = 2 * side;
        if (columns < wide)
        {
            for (long c = 0; c < columns; c += side)
            {
                long column = Math.Min(c, columns - side);
                for (long r = 0; r < rows; r += side)
                {
                    long row = Math.Min(r, rows - side);
                    Half(source + (column * sourcePitch) + row, sourcePitch, target + (row * targetPitch) + column, targetPitch);
                }
            }
            return;
        }
        for (long c = 0; c < columns; c += wide)
        {
            long column = Math.Min(c, columns - wide);
            T* from = source + (column * sourcePitch), to = target + column;
            bool fills = past && (((nint)to | (nint)(targetPitch * sizeof(T))) & 63) == 0;
            for (long r = 0; r < rows; r += side)
            {
                long row = Math.Min(r, rows - side);
                Whole(from + row, sourcePitch, to + (row * targetPitch), targetPitch, fills);
            }
        }
    }

    /// <summary>As many rows as a side, of twice as many columns: a line of memory each.</summary>
    [MethodImpl(Inline)]
    private static void Whole(T* source, long pitch, T* target, long step, bool past)
    {
        if (IsFloat)
        {
            Rows((float*)source, pitch, out Eight low);
            Rows((float*)source + (8 * pitch), pitch, out Eight high);
            float* to = (float*)target;
            Put(to, low.R0, high.R0, past);
            Put(to + step, low.R1, high.R1, past);
            Put(to + (2 * step), low.R2, high.R2, past);
            Put(to + (3 * step), low.R3, high.R3, past);
            Put(to + (4 * step), low.R4, high.R4, past);
            Put(to + (5 * step), low.R5, high.R5, past);
            Put(to + (6 * step), low.R6, high.R6, past);
            Put(to + (7 * step), low.R7, high.R7, past);
            return;
        }
        Rows((double*)source, pitch, out Four left);
        Rows((double*)source + (4 * pitch), pitch, out Four right);
        double* into = (double*)target;
        Put((float*)into, left.R0.AsSingle(), right.R0.AsSingle(), past);
        Put((float*)(into + step), left.R1.AsSingle(), right.R1.AsSingle(), past);
        Put((float*)(into + (2 * step)), left.R2.AsSingle(), right.R2.AsSingle(), past);
        Put((float*)(into + (3 * step)), left.R3.AsSingle(), right.R3.AsSingle(), past);
    }

    /// <summary>As many rows as a side, of as many columns.</summary>
    [MethodImpl(Inline)]
    private static void Half(T* source, long pitch, T* target, long step)
    {
        if (IsFloat)
        {
            Rows((float*)source, pitch, out Eight r);
            float* to = (float*)target;
            Vector256.Store(r.R0, to);
            Vector256.Store(r.R1, to + step);
            Vector256.Store(r.R2, to + (2 * step));
            Vector256.Store(r.R3, to + (3 * step));
            Vector256.Store(r.R4, to + (4 * step));
            Vector256.Store(r.R5, to + (5 * step));
            Vector256.Store(r.R6, to + (6 * step));
            Vector256.Store(r.R7, to + (7 * step));
            return;
        }
        Rows((double*)source, pitch, out Four four);
        double* at = (double*)target;
        Vector256.Store(four.R0, at);
        Vector256.Store(four.R1, at + step);
        Vector256.Store(four.R2, at + (2 * step));
        Vector256.Store(four.R3, at + (3 * step));
    }

    [MethodImpl(Inline)]
    private static void Put(float* target, Vector256<float> low, Vector256<float> high, bool past)
    {
        if (Vector512.IsHardwareAccelerated)
        {
            Vector512<float> line = Vector512.Create(low, high);
            if (past)
            {
                Vector512.StoreAlignedNonTemporal(line, target);
            }
            else
            {
                Vector512.Store(line, target);
            }
            return;
        }
        if (past)
        {
            Vector256.StoreAlignedNonTemporal(low, target);
            Vector256.StoreAlignedNonTemporal(high, target + 8);
        }
        else
        {
            Vector256.Store(low, target);
            Vector256.Store(high, target + 8);
        }
    }

    /// <summary>Eight columns of eight as rows. Halves of columns four apart are joined as they are loaded, so that no shuffle crosses halves.</summary>
    [MethodImpl(Inline)]
    private static void Rows(float* source, long pitch, out Eight rows)
    {
        float* below = source + (4 * pitch);
        Vector256<float> c0 = Joined(source, below), c1 = Joined(source + pitch, below + pitch), c2 = Joined(source + (2 * pitch), below + (2 * pitch)), c3 = Joined(source + (3 * pitch), below + (3 * pitch));
        Vector256<float> a0 = Avx.UnpackLow(c0, c1), a1 = Avx.UnpackHigh(c0, c1), a2 = Avx.UnpackLow(c2, c3), a3 = Avx.UnpackHigh(c2, c3);
        rows.R0 = Avx.Shuffle(a0, a2, 0x44);
        rows.R1 = Avx.Shuffle(a0, a2, 0xee);
        rows.R2 = Avx.Shuffle(a1, a3, 0x44);
        rows.R3 = Avx.Shuffle(a1, a3, 0xee);
        source += 4;
        below += 4;
        c0 = Joined(source, below);
        c1 = Joined(source + pitch, below + pitch);
        c2 = Joined(source + (2 * pitch), below + (2 * pitch));
        c3 = Joined(source + (3 * pitch), below + (3 * pitch));
        a0 = Avx.UnpackLow(c0, c1);
        a1 = Avx.UnpackHigh(c0, c1);
        a2 = Avx.UnpackLow(c2, c3);
        a3 = Avx.UnpackHigh(c2, c3);
        rows.R4 = Avx.Shuffle(a0, a2, 0x44);
        rows.R5 = Avx.Shuffle(a0, a2, 0xee);
        rows.R6 = Avx.Shuffle(a1, a3, 0x44);
        rows.R7 = Avx.Shuffle(a1, a3, 0xee);
    }

    /// <summary>Four columns of four as rows.</summary>
    [MethodImpl(Inline)]
    private static void Rows(double* source, long pitch, out Four rows)
    {
        double* below = source + (2 * pitch);
        Vector256<double> c0 = Joined(source, below), c1 = Joined(source + pitch, below + pitch);
        rows.R0 = Avx.UnpackLow(c0, c1);
        rows.R1 = Avx.UnpackHigh(c0, c1);
        c0 = Joined(source + 2, below + 2);
        c1 = Joined(source + pitch + 2, below + pitch + 2);
        rows.R2 = Avx.UnpackLow(c0, c1);
        rows.R3 = Avx.UnpackHigh(c0, c1);
    }

    [MethodImpl(Inline)]
    private static Vector256<float> Joined(float* low, float* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    [MethodImpl(Inline)]
    private static Vector256<double> Joined(double* low, double* high) => Vector256.Create(Vector128.Load(low), Vector128.Load(high));

    private struct Eight
    {
        public Vector256<float> R0, R1, R2, R3, R4, R5, R6, R7;
    }

    private struct Four
    {
        public Vector256<double> R0, R1, R2, R3;
    }
}
