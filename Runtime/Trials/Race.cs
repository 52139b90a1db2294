namespace Symbolic.Runtime;

/// <summary>Finds the fastest of several ways to do the same: they take turns, so that all see the same machine, the hopeless ones drop out, and the best one meets the first once more.</summary>
internal sealed class Race(TimeProvider clock, long deadline)
{
    private const int Rounds = 12, LeastRounds = 5, RoundsForAll = 3;

    /// <summary>A way must be so much faster than the first to take its place: the machine's noise is not to be remembered.</summary>
    private const double Margin = 0.95, Hopeless = 1.15;

    /// <summary>Shortest time that is measured.</summary>
    private readonly long shortest = clock.TimestampFrequency / 20_000;

    private bool IsOver => clock.GetTimestamp() >= deadline;

    /// <summary>The number of the fastest way, or 0 where none is faster than that one by a margin; null if the time was not enough.</summary>
    /// <param name="ways">How many ways there are.</param>
    /// <param name="time">How long it takes to go a way so many times.</param>
    public int? Fastest(int ways, Func<int, int, long> time)
    {
        // The first run of each jits what it needs.
        for (int way = 0; way < ways; way++)
        {
            time(way, 1);
            if (IsOver)
            {
                return null;
            }
        }
        int together = (int)Math.Clamp(shortest / Math.Max(1, time(0, 1)), 1, 1000);
        long[] best = new long[ways];
        Array.Fill(best, long.MaxValue);
        List<int> left = [.. Enumerable.Range(0, ways)];
        for (int round = 0; round < Rounds && !(round >= LeastRounds && IsOver); round++)
        {
            foreach (int way in left)
            {
                best[way] = Math.Min(best[way], time(way, together));
                if (round < LeastRounds && IsOver)
                {
                    return null;
                }
            }
            if (round >= RoundsForAll - 1)
            {
                double bearable = left.Min(way => best[way]) * Hopeless;
                left.RemoveAll(way => way > 0 && best[way] > bearable);
            }
        }
        int fastest = left.MinBy(way => best[way]);
        return best[fastest] < best[0] * Margin ? Final(fastest, together, time) : 0;
    }

    /// <summary>A way and the first one once more: of many ways one has had luck, so it must be faster by the margin in most rounds too.</summary>
    private int? Final(int way, int together, Func<int, int, long> time)
    {
        var shares = new List<double>();
        for (int round = 0; round < Rounds && !(round >= LeastRounds && IsOver); round++)
        {
            bool isAhead = round % 2 == 0;
            long one = time(isAhead ? way : 0, together), other = time(isAhead ? 0 : way, together);
            if (round < LeastRounds && IsOver)
            {
                return null;
            }
            shares.Add(isAhead ? (double)one / Math.Max(1, other) : (double)other / Math.Max(1, one));
        }
        shares.Sort();
        return shares[shares.Count / 2] < Margin ? way : 0;
    }
}
