using Symbolic.Peers.Rounds;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Limits;

/// <summary>What this machine can do, measured when it is first asked for: operations or bytes per second, the best of many runs.</summary>
internal sealed class LimitTable(int threads) : IDisposable
{
    private const double SlotMs = 60;
    private const int Slots = 6;

    // More than any cache of the machine, so that the common limits are those of its memory.
    private const long Memory = 256L << 20;

    private readonly Dictionary<LimitWork, double> rates = [];
    private readonly Child child = new(PeerNames.Limit, threads);

    /// <summary>Measures those that the report names.</summary>
    public IReadOnlyDictionary<string, double> Named() => new Dictionary<string, double>
    {
        ["threads"] = threads,
        ["fma_gflops"] = Rate(LimitKind.Fma, 0) / 1e9,
        ["read_gbs"] = Rate(LimitKind.Read, Memory) / 1e9,
        ["copy_gbs"] = Rate(LimitKind.Copy, Memory) / 1e9,
        ["copy_nontemporal_gbs"] = Rate(LimitKind.CopyPastCache, Memory) / 1e9,
        ["triad_gbs"] = Rate(LimitKind.Triad, Memory) / 1e9,
        ["triad_nontemporal_gbs"] = Rate(LimitKind.TriadPastCache, Memory) / 1e9,
    };

    /// <summary>The rate of a limit over so many bytes.</summary>
    public double Rate(LimitKind kind, double bytes)
    {
        var work = new LimitWork(kind, kind == LimitKind.Fma ? 0 : (long)bytes);
        return rates.TryGetValue(work, out double rate) ? rate : rates[work] = Measured(work);
    }

    /// <summary>Measures the limit of a work once more, and keeps the better rate: somebody else may have had a core the first time.</summary>
    public void MeasureAgain(Work work)
    {
        var limit = new LimitWork(work.Limit, work.Limit == LimitKind.Fma ? 0 : (long)work.Bytes);
        rates[limit] = Math.Max(rates.GetValueOrDefault(limit), Measured(limit));
    }

    private double Measured(LimitWork work)
    {
        double amount = child.Prepare(work);
        double best = Enumerable.Range(0, Slots).SelectMany(_ => child.Run(SlotMs, 3)).Min();
        child.Drop();
        return amount / best * 1e3;
    }

    /// <summary>The least milliseconds that a work takes by its limit, and those below which its time is impossible; 0 where it has none.</summary>
    public (double Floor, double Impossible) Milliseconds(Work work)
    {
        switch (work.Limit)
        {
            case LimitKind.None:
                return (0, 0);
            case LimitKind.Fma:
                double peak = Rate(LimitKind.Fma, 0);
                return (work.Flops / peak * 1e3, work.LeastFlops / peak * 1e3);
            default:
                double floor = work.Bytes / Rate(work.Limit, work.Bytes) * 1e3;
                return (floor, floor);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => child.Dispose();
}
