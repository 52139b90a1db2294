using Symbolic.Peers.Limits;
using Symbolic.Peers.Rounds;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Report;

/// <summary>Makes rows of times.</summary>
internal static class Summary
{
    // Clocks of cores move; a cache keeps a part of what is larger than it.
    private const double Doubt = 1.05, MemoryDoubt = 1.25;

    /// <summary>The row of one work.</summary>
    public static Row Of(WorkTimes times, LimitTable limits, bool detail)
    {
        Work work = times.Work;
        IReadOnlyList<double[]> ours = times.Slots[PeerNames.Ours];
        (double floor, _) = limits.Milliseconds(work);
        (string peer, IReadOnlyList<double[]>? slots) = Fastest(times);
        double median = Median(ours.SelectMany(slot => slot)), theirs = slots is null ? 0 : Median(slots.SelectMany(slot => slot));
        double[] rounds = [.. ours.Select((slot, i) => (slots is null ? 0 : Median(slots[i])) / Median(slot))];
        bool counts = work.Limit == LimitKind.Fma;
        return new Row(work.Name, peer)
        {
            Detail = detail,
            OursMs = median,
            PeerMs = theirs,
            Ratio = theirs / median,
            OursBestMs = ours.Min(slot => slot.Min()),
            PeerBestMs = slots?.Min(slot => slot.Min()) ?? 0,
            Spread = theirs == 0 ? 0 : (rounds.Max() - rounds.Min()) / (theirs / median),
            Rate = (counts ? work.Flops : work.Bytes) / median / 1e6,
            Unit = work.Limit == LimitKind.None ? "" : counts ? "GFLOP/s" : "GB/s",
            // A limit that had its turn saw the same machine.
            PercentOfLimit = 100 * (peer == PeerNames.Limit ? theirs : floor) / median,
        };
    }

    /// <summary>The row that is the geometric mean of others.</summary>
    public static Row Of(string name, IReadOnlyList<Row> parts) => new(name, string.Join("/", parts.Select(part => part.Peer).Distinct()))
    {
        OursMs = Mean(parts, part => part.OursMs),
        PeerMs = Mean(parts, part => part.PeerMs),
        Ratio = Mean(parts, part => part.Ratio),
        OursBestMs = Mean(parts, part => part.OursBestMs),
        PeerBestMs = Mean(parts, part => part.PeerBestMs),
        Spread = Mean(parts, part => 1 + part.Spread) - 1,
        Rate = Mean(parts, part => part.Rate),
        Unit = parts[0].Unit,
        PercentOfLimit = Mean(parts, part => part.PercentOfLimit),
    };

    /// <summary>The row of peaks of memory, in bytes.</summary>
    public static Row Of(Work work, IReadOnlyDictionary<string, long> peaks)
    {
        double ours = peaks[PeerNames.Ours] / 1e6, theirs = peaks.Where(peak => peak.Key != PeerNames.Ours).Select(peak => peak.Value / 1e6).DefaultIfEmpty(0).Min();
        return new Row(work.Name, work.Peers[0]) { OursPeakMb = ours, PeerPeakMb = theirs, Ratio = theirs / ours };
    }

    /// <summary>What cannot be true of times; null where all is possible.</summary>
    public static string? Impossible(WorkTimes times, LimitTable limits)
    {
        (_, double least) = limits.Milliseconds(times.Work);
        if (times.Slots.TryGetValue(PeerNames.Limit, out IReadOnlyList<double[]>? turns))
        {
            // Memory of virtual machines has more than one speed: a limit that had its turn may have met a faster one than the table did.
            least = Math.Min(least, turns.Min(turn => turn.Min()));
        }
        double doubt = times.Work.Limit == LimitKind.Fma ? Doubt : MemoryDoubt;
        return times.Slots.Where(pair => pair.Key != PeerNames.Limit && Median(pair.Value.SelectMany(slot => slot)) * doubt < least)
            .Select(pair => $"{times.Work.Name}: {pair.Key} is faster ({Median(pair.Value.SelectMany(slot => slot)):0.####} ms) than the machine can be ({least:0.####} ms)").FirstOrDefault();
    }

    private static (string Peer, IReadOnlyList<double[]>? Slots) Fastest(WorkTimes times)
    {
        KeyValuePair<string, IReadOnlyList<double[]>>[] peers = [.. times.Slots.Where(pair => pair.Key != PeerNames.Ours).OrderBy(pair => Median(pair.Value.SelectMany(slot => slot)))];
        return peers.Length == 0 ? ("", null) : (peers[0].Key, peers[0].Value);
    }

    private static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[sorted.Length / 2 - 1] + sorted[sorted.Length / 2]) / 2;
    }

    private static double Mean(IReadOnlyList<Row> parts, Func<Row, double> value) => Math.Exp(parts.Average(part => Math.Log(value(part))));
}
