using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>Sums of taps for neighbouring pixels of one row, channels as lanes. Not generic over the product.</summary>
internal static unsafe class ChannelTaps<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>
    /// results[pixel · pitch + channel] = Σ t: image[pixel · step + taps[t].place + channel] · kernels[taps[t].row + channel] for at most 8 pixels. The results are
    /// written up to the next whole vector of channels.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int pixels, T* image, long step, long* taps, long count, T* kernels, long channels, T* results, long pitch)
    {
        switch (pixels)
        {
            case 1:
                ChannelKernel<TLanes, TVector, T, Count1>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            case 2:
                ChannelKernel<TLanes, TVector, T, Count2>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            case 3:
                ChannelKernel<TLanes, TVector, T, Count3>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            case 4:
                ChannelKernel<TLanes, TVector, T, Count4>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            case 5:
                ChannelKernel<TLanes, TVector, T, Count5>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            case 6:
                ChannelKernel<TLanes, TVector, T, Count6>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            case 7:
                ChannelKernel<TLanes, TVector, T, Count7>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            case 8:
                ChannelKernel<TLanes, TVector, T, Count8>.Run(image, step, taps, count, kernels, channels, results, pitch);
                break;
            default:
                throw new UnreachableException($"a tile of {pixels} pixels");
        }
    }
}

/// <summary>A register tile of neighbouring pixels by one vector of channels. The number of pixels is a constant to the JIT.</summary>
internal static unsafe class ChannelKernel<TLanes, TVector, T, TPixels>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TPixels : struct, ICount
{
    /// <summary>Computes all channels, a vector at a time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* image, long step, long* taps, long count, T* kernels, long channels, T* results, long pitch)
    {
        long w = TLanes.Width;
        for (; channels >= w; channels -= w, image += w, kernels += w, results += w)
        {
            Block(image, step, taps, count, kernels, isWhole: true, w, results, pitch);
        }
        if (channels > 0)
        {
            Block(image, step, taps, count, kernels, isWhole: false, channels, results, pitch);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Block(T* image, long step, long* taps, long count, T* kernels, bool isWhole, long left, T* results, long pitch)
    {
        int pixels = TPixels.Count;
        TVector none = TLanes.Create(T.Zero), s0 = none, s1 = none, s2 = none, s3 = none, s4 = none, s5 = none, s6 = none, s7 = none;
        // Three pointers and two steps reach all pixels.
        long twice = 2 * step;
        for (long* end = taps + (2 * count); taps < end; taps += 2)
        {
            T* p = image + taps[0], q = p + (3 * step), r = p + (6 * step);
            TVector k = TLanes.Load(kernels + taps[1]);
            s0 = TLanes.MultiplyAdd(k, Lanes(p, isWhole, left), s0);
            s1 = pixels > 1 ? TLanes.MultiplyAdd(k, Lanes(p + step, isWhole, left), s1) : none;
            s2 = pixels > 2 ? TLanes.MultiplyAdd(k, Lanes(p + twice, isWhole, left), s2) : none;
            s3 = pixels > 3 ? TLanes.MultiplyAdd(k, Lanes(q, isWhole, left), s3) : none;
            s4 = pixels > 4 ? TLanes.MultiplyAdd(k, Lanes(q + step, isWhole, left), s4) : none;
            s5 = pixels > 5 ? TLanes.MultiplyAdd(k, Lanes(q + twice, isWhole, left), s5) : none;
            s6 = pixels > 6 ? TLanes.MultiplyAdd(k, Lanes(r, isWhole, left), s6) : none;
            s7 = pixels > 7 ? TLanes.MultiplyAdd(k, Lanes(r + step, isWhole, left), s7) : none;
        }
        TLanes.Store(results, s0);
        if (pixels > 1)
        {
            TLanes.Store(results + (1 * pitch), s1);
        }
        if (pixels > 2)
        {
            TLanes.Store(results + (2 * pitch), s2);
        }
        if (pixels > 3)
        {
            TLanes.Store(results + (3 * pitch), s3);
        }
        if (pixels > 4)
        {
            TLanes.Store(results + (4 * pitch), s4);
        }
        if (pixels > 5)
        {
            TLanes.Store(results + (5 * pitch), s5);
        }
        if (pixels > 6)
        {
            TLanes.Store(results + (6 * pitch), s6);
        }
        if (pixels > 7)
        {
            TLanes.Store(results + (7 * pitch), s7);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Lanes(T* source, bool isWhole, long left) => isWhole ? TLanes.Load(source) : TLanes.Load(source, left);
}
