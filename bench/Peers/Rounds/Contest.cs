using Symbolic.Peers.Works;

namespace Symbolic.Peers.Rounds;

/// <summary>How long it is measured.</summary>
/// <param name="Rounds">How often everybody has a turn.</param>
/// <param name="SlotMs">Milliseconds of a turn.</param>
/// <param name="Least">The least runs of a turn.</param>
internal sealed record Pace(int Rounds, double SlotMs, int Least);

/// <summary>The times of a work: per contestant and round those of a slot.</summary>
/// <param name="Work">The work.</param>
/// <param name="Slots">The times.</param>
/// <param name="Wrong">What peers computed otherwise than we and another peer, and so had no turn.</param>
internal sealed record WorkTimes(Work Work, IReadOnlyDictionary<string, IReadOnlyList<double[]>> Slots, IReadOnlyList<string> Wrong);

/// <summary>One row's contestants in turn, each in a process of its own, so that all see the same machine.</summary>
internal sealed class Contest : IDisposable
{
    private readonly Child[] children;
    private readonly int threads;

    /// <summary>Starts the processes.</summary>
    public Contest(IEnumerable<string> contestants, int threads)
    {
        this.threads = threads;
        children = [.. contestants.Select(name => new Child(name, threads))];
    }

    /// <summary>Prepares a work everywhere, compares the results once, and times it round by round.</summary>
    /// <exception cref="ContestException">Someone failed, or no peer has our results.</exception>
    public WorkTimes Run(Work work, Pace pace)
    {
        Prepare(work.Compared);
        (Child[] taking, string[] wrong) = Agreeing(work);
        if (work.Compared != work)
        {
            Prepare(work);
        }
        Dictionary<string, List<double[]>> slots = taking.ToDictionary(child => child.Contestant, _ => new List<double[]>());
        for (int round = 0; round < pace.Rounds; round++)
        {
            foreach (Child child in taking)
            {
                double[] times = child.Run(Math.Max(pace.SlotMs, work.TurnMs), pace.Least);
                slots[child.Contestant].Add(work.TurnMs > 0 ? [times.Average()] : times);
            }
        }
        foreach (Child child in children)
        {
            child.Drop();
        }
        return new WorkTimes(work, slots.ToDictionary(pair => pair.Key, pair => (IReadOnlyList<double[]>)pair.Value), wrong);
    }

    /// <summary>Has everybody do a work a few times and nothing else; gives the most bytes that each process has had resident.</summary>
    /// <exception cref="ContestException">Someone failed.</exception>
    public IReadOnlyDictionary<string, long> Memory(Work work)
    {
        const int runs = 5;
        Prepare(work);
        foreach (Child child in children)
        {
            child.Run(0, runs);
        }
        return Peaks();
    }

    /// <summary>The most bytes that each process has had resident.</summary>
    public IReadOnlyDictionary<string, long> Peaks() => children.ToDictionary(child => child.Contestant, child => child.Peak());

    /// <summary>Who computed what we did, and what the others did instead: where two of three agree, the third does not decide whether the work counts.</summary>
    /// <exception cref="PeerWrongException">No peer did, and the one there is turns out to be wrong.</exception>
    /// <exception cref="ContestException">No peer did.</exception>
    private (Child[] Taking, string[] Wrong) Agreeing(Work work)
    {
        var taking = new List<Child> { children[0] };
        var wrong = new List<ContestException>();
        foreach (Child peer in children.Skip(1))
        {
            try
            {
                if (peer.Contestant != PeerNames.Limit)
                {
                    Comparison.Check(work, children[0], peer);
                }
                taking.Add(peer);
            }
            catch (ContestException error)
            {
                wrong.Add(error);
            }
        }
        if (taking.Count == 1 && wrong.Count > 0)
        {
            Child? judged = work.IsJudged ? children.FirstOrDefault(child => child.Contestant == PeerNames.Libtorch) : null;
            throw judged is not null && IsWrong(judged, work) ? new PeerWrongException($"{wrong[0].Message}. {PeerNames.Exact} computes what we do: {judged.Contestant} is wrong on this machine") : wrong[0];
        }
        return ([.. taking], [.. wrong.Select(error => error.Message)]);
    }

    /// <summary>Whether libtorch in float64 computes what we do, and not what libtorch does.</summary>
    private bool IsWrong(Child libtorch, Work work)
    {
        using var exact = new Child(PeerNames.Exact, threads);
        try
        {
            exact.Prepare(work);
            Comparison.Check(work, children[0], exact);
        }
        catch (ContestException)
        {
            // A judge who fails judges nobody: that two disagree remains to be told.
            return false;
        }
        try
        {
            Comparison.Check(work, libtorch, exact);
            return false;
        }
        catch (ContestException)
        {
            return true;
        }
    }

    private void Prepare(Work work)
    {
        foreach (Child child in children)
        {
            child.Prepare(work);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Child child in children)
        {
            child.Dispose();
        }
    }
}
