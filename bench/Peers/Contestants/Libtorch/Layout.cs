using TorchSharp;
using static TorchSharp.torch;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>How libtorch holds images in memory: channel by channel, or with the channels of a pixel beside each other. It goes by the strides.</summary>
internal enum Layout
{
    /// <summary>[n][c][h][w], the default.</summary>
    Planes,

    /// <summary>[n][h][w][c], "channels last".</summary>
    ChannelsLast,
}

/// <summary>A whole net may hold its images as it likes, and takes the faster way.</summary>
internal static class LayoutExtensions
{
    /// <summary>The same elements in another order in memory; takes the old tensor's place.</summary>
    public static Tensor In(this Tensor tensor, Layout layout)
    {
        if (layout == Layout.Planes || tensor.dim() != 4)
        {
            return tensor;
        }
        using (tensor)
        using (Tensor turned = tensor.permute(0, 2, 3, 1))
        using (Tensor row = turned.contiguous())
        {
            return row.permute(0, 3, 1, 2);
        }
    }

    /// <summary>Makes one of each, runs it a few times, and makes the faster anew, as if nothing had run.</summary>
    public static IPrepared Faster(Func<Layout, IPrepared> made)
    {
        const int tries = 4;
        double Best(Layout layout)
        {
            using IPrepared prepared = made(layout);
            return Enumerable.Range(0, tries).Min(_ => Time(prepared));
        }
        return made(Best(Layout.ChannelsLast) < Best(Layout.Planes) ? Layout.ChannelsLast : Layout.Planes);
    }

    private static double Time(IPrepared prepared)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        prepared.Run();
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
