namespace Symbolic.Peers.Report;

/// <summary>A line of the report. Times of several works are geometric means.</summary>
internal sealed record Row(string Work, string Peer)
{
    /// <summary>Whether it is one of the shapes of another row.</summary>
    public bool Detail { get; init; }

    /// <summary>The shapes that are not in the mean, because no peer gets them right.</summary>
    public IReadOnlyList<string> Without { get; init; } = [];

    /// <summary>Median milliseconds, ours and the peer's.</summary>
    public double OursMs { get; init; }

    /// <summary>The peer's; the limit's where there is no peer.</summary>
    public double PeerMs { get; init; }

    /// <summary>The best.</summary>
    public double OursBestMs { get; init; }

    /// <summary>The best of the peer.</summary>
    public double PeerBestMs { get; init; }

    /// <summary>How many times as fast we are, or as sparing with memory: peer / ours.</summary>
    public double Ratio { get; init; }

    /// <summary>Largest minus smallest ratio of a round, relative to <see cref="Ratio"/>.</summary>
    public double Spread { get; init; }

    /// <summary>Rate by the median, with its unit.</summary>
    public double Rate { get; init; }

    /// <summary>GFLOP/s or GB/s.</summary>
    public string Unit { get; init; } = "";

    /// <summary>Our rate in percent of the limit.</summary>
    public double PercentOfLimit { get; init; }

    /// <summary>Megabytes that our process had resident at most.</summary>
    public double OursPeakMb { get; init; }

    /// <summary>The peer's.</summary>
    public double PeerPeakMb { get; init; }
}
