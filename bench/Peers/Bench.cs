using Symbolic.Peers.Limits;
using Symbolic.Peers.Report;
using Symbolic.Peers.Rounds;
using Symbolic.Peers.Works;
using Symbolic.Peers.Works.Nets;

namespace Symbolic.Peers;

/// <summary>Goes through the rows that are asked for, prints each when it is known, and keeps the errors for the end.</summary>
internal sealed class Bench(Arguments arguments)
{
    private readonly List<Row> rows = [];
    private readonly List<string> errors = [];
    private readonly Pace pace = new(arguments.Rounds ?? (arguments.Quick ? 7 : 9), arguments.SlotMs ?? (arguments.Quick ? 40 : 250), arguments.Quick ? 1 : 2);

    /// <summary>Measures; gives the exit code: 1 where something failed, was different or impossible.</summary>
    public int Run()
    {
        using var limits = new LimitTable(arguments.Threads);
        Console.WriteLine(Table.Of(limits.Named()));
        Console.WriteLine(Table.Head);
        foreach (IGrouping<string, Work> row in WorkList.All.GroupBy(work => work.Row))
        {
            Work[] works = [.. row.Where(work => arguments.Wants(work.Row, work.Name))];
            if (works is [MemoryWork memory])
            {
                Measure(memory);
            }
            else if (works.Length > 0)
            {
                Measure(row.Key, works, whole: works.Length == row.Count(), limits);
            }
        }
        foreach (string error in errors)
        {
            Console.WriteLine($"ERROR {error}");
        }
        if (arguments.Json is { } path)
        {
            JsonReport.Write(path, limits.Named(), rows, errors);
        }
        return errors.Count == 0 ? 0 : 1;
    }

    private void Measure(MemoryWork work)
    {
        try
        {
            // The first fills the cache of compiled functions.
            using (var warming = new Contest([PeerNames.Ours], arguments.Threads))
            {
                warming.Memory(work);
            }
            using var contest = new Contest([PeerNames.Ours, .. arguments.OursOnly ? [] : work.Peers], arguments.Threads);
            Show(Summary.Of(work, contest.Memory(work)));
        }
        catch (ContestException error)
        {
            Fail(work, error);
        }
    }

    private void Measure(string row, Work[] works, bool whole, LimitTable limits)
    {
        var parts = new List<Row>();
        var alone = new List<string>();
        string[] contestants = [PeerNames.Ours, .. arguments.OursOnly ? [] : works.SelectMany(work => work.Peers).Distinct()];
        using var contest = new Contest(contestants, arguments.Threads);
        using Neighbour? neighbour = works[0] is BusyWork ? new Neighbour() : null;
        foreach (Work work in works)
        {
            try
            {
                WorkTimes times = contest.Run(work, pace);
                errors.AddRange(times.Wrong);
                if (Summary.Impossible(times, limits) is not null)
                {
                    limits.MeasureAgain(work);
                }
                if (Summary.Impossible(times, limits) is { } impossible)
                {
                    errors.Add(impossible);
                }
                bool detail = work.Name != row;
                Row made = Summary.Of(times, limits, detail);
                parts.Add(made);
                if (detail)
                {
                    Show(made);
                }
            }
            catch (PeerWrongException error)
            {
                Fail(work, error);
                alone.Add(work.Name);
            }
            catch (ContestException error)
            {
                Fail(work, error);
            }
        }
        // A failure is told already, and half a mean is none; but of shapes that a peer gets wrong nothing can be known, and the row says which they are.
        if (whole && parts.Count > 0 && parts.Count + alone.Count == works.Length)
        {
            IReadOnlyDictionary<string, long> peaks = contest.Peaks();
            Row made = parts is [{ Detail: false } only] ? only : Summary.Of(row, parts);
            Show(made with
            {
                Without = alone,
                OursPeakMb = peaks[PeerNames.Ours] / 1e6,
                PeerPeakMb = peaks.Where(peak => peak.Key != PeerNames.Ours).Select(peak => peak.Value / 1e6).DefaultIfEmpty(0).Min(),
            });
        }
    }

    private void Fail(Work work, ContestException error)
    {
        errors.Add($"{work.Name}: {error.Message}");
        Console.WriteLine($"  {work.Name}: FAILED {error.Message.Split('\n')[0]}");
    }

    private void Show(Row row)
    {
        rows.Add(row);
        Console.WriteLine(Table.Of(row));
    }
}
