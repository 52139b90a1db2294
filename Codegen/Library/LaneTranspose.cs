using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>Turns lines of pixels, a channel each, into pixels of as many channels as a vector has lanes, and back.</summary>
internal static unsafe class LaneTranspose<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private static bool ByEight
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) && Avx.IsSupported && TLanes.Width % 8 == 0;
    }

    /// <summary>
    /// target[x · pitch + i] = source[i · step + x], and 0 where there are fewer lines than lanes. The target may be written up to the next
    /// multiple of 8 pixels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void ToLanes(T* source, long step, long lines, long count, T* target, long pitch)
    {
        long w = TLanes.Width;
        if (ByEight)
        {
            for (long half = 0; half < w; half += 8)
            {
                float* from = (float*)source + (half * step), to = (float*)target + half;
                long left = lines - half;
                for (long x = 0; x < count; x += 8)
                {
                    long columns = count - x;
                    if (left >= 8 && count >= 8)
                    {
                        // The last ones again where fewer are left.
                        float* at = from + Math.Min(x, count - 8);
                        Eight(
                            Vector256.Load(at), Vector256.Load(at + step), Vector256.Load(at + (2 * step)), Vector256.Load(at + (3 * step)),
                            Vector256.Load(at + (4 * step)), Vector256.Load(at + (5 * step)), Vector256.Load(at + (6 * step)), Vector256.Load(at + (7 * step)),
                            to + (Math.Min(x, count - 8) * pitch), pitch);
                    }
                    else
                    {
                        Vector256<float> mask = Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)Math.Min(8, columns))).AsSingle();
                        Eight(
                            Line(from, step, 0, left, x, mask), Line(from, step, 1, left, x, mask), Line(from, step, 2, left, x, mask), Line(from, step, 3, left, x, mask),
                            Line(from, step, 4, left, x, mask), Line(from, step, 5, left, x, mask), Line(from, step, 6, left, x, mask), Line(from, step, 7, left, x, mask),
                            to + (x * pitch), pitch);
                    }
                }
            }
            return;
        }
        for (long x = 0; x < count; x++)
        {
            for (long i = 0; i < w; i++)
            {
                target[(x * pitch) + i] = i < lines ? source[(i * step) + x] : T.Zero;
            }
        }
    }

    /// <summary>target[i · step + x] = source[x · pitch + i] for all lanes. Each line of the target is written up to the next multiple of 8 pixels, and the source read.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void FromLanes(T* source, long pitch, long count, T* target, long step)
    {
        long w = TLanes.Width;
        if (ByEight)
        {
            for (long half = 0; half < w; half += 8)
            {
                for (long x = 0; x < count; x += 8)
                {
                    float* from = (float*)source + (x * pitch) + half;
                    Eight(
                        Vector256.Load(from), Vector256.Load(from + pitch), Vector256.Load(from + (2 * pitch)), Vector256.Load(from + (3 * pitch)),
                        Vector256.Load(from + (4 * pitch)), Vector256.Load(from + (5 * pitch)), Vector256.Load(from + (6 * pitch)), Vector256.Load(from + (7 * pitch)),
                        (float*)target + (half * step) + x, step);
                }
            }
            return;
        }
        for (long x = 0; x < count; x++)
        {
            for (long i = 0; i < w; i++)
            {
                target[(i * step) + x] = source[(x * pitch) + i];
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<float> Line(float* source, long step, long line, long lines, long x, Vector256<float> mask) =>
        line < lines ? Avx.MaskLoad(source + (line * step) + x, mask) : default;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Eight(
        Vector256<float> r0, Vector256<float> r1, Vector256<float> r2, Vector256<float> r3,
        Vector256<float> r4, Vector256<float> r5, Vector256<float> r6, Vector256<float> r7, float* target, long step)
    {
        Vector256<float> a0 = Avx.UnpackLow(r0, r1), a1 = Avx.UnpackHigh(r0, r1), a2 = Avx.UnpackLow(r2, r3), a3 = Avx.UnpackHigh(r2, r3);
        Vector256<float> a4 = Avx.UnpackLow(r4, r5), a5 = Avx.UnpackHigh(r4, r5), a6 = Avx.UnpackLow(r6, r7), a7 = Avx.UnpackHigh(r6, r7);
        Vector256<float> b0 = Avx.Shuffle(a0, a2, 0x44), b1 = Avx.Shuffle(a0, a2, 0xee), b2 = Avx.Shuffle(a1, a3, 0x44), b3 = Avx.Shuffle(a1, a3, 0xee);
        Vector256<float> b4 = Avx.Shuffle(a4, a6, 0x44), b5 = Avx.Shuffle(a4, a6, 0xee), b6 = Avx.Shuffle(a5, a7, 0x44), b7 = Avx.Shuffle(a5, a7, 0xee);
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x20), target);
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x20), target + step);
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x20), target + (2 * step));
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x20), target + (3 * step));
        Vector256.Store(Avx.Permute2x128(b0, b4, 0x31), target + (4 * step));
        Vector256.Store(Avx.Permute2x128(b1, b5, 0x31), target + (5 * step));
        Vector256.Store(Avx.Permute2x128(b2, b6, 0x31), target + (6 * step));
        Vector256.Store(Avx.Permute2x128(b3, b7, 0x31), target + (7 * step));
    }
}
