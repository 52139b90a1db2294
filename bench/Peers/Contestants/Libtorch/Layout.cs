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

/// <summary>Chooses the faster one, as one who cares would.</summary>
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

    /// <summary>Makes both, runs each a few times, and keeps the faster.</summary>
    public static IPrepared Faster(Func<Layout, IPrepared> made)
    {
        const int tries = 5;
        IPrepared[] both = [made(Layout.Planes), made(Layout.ChannelsLast)];
        double[] times = [.. both.Select(prepared => Enumerable.Range(0, tries).Min(_ => Time(prepared)))];
        int best = times[1] < times[0] ? 1 : 0;
        both[1 - best].Dispose();
        return both[best];
    }

    private static double Time(IPrepared prepared)
    {
        long start = System.Diagnostics.Stopwatch.GetTimestamp();
        prepared.Run();
        return System.Diagnostics.Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    }
}
