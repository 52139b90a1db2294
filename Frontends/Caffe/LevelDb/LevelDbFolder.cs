using System.Globalization;

namespace Symbolic.Caffe.LevelDb;

/// <summary>A LevelDB on disk, opened to be read from the first key to the last. Nothing is written, no lock is taken, no log is compacted.</summary>
internal sealed class LevelDbFolder
{
    // As much as an int indexes; Caffe lets a log grow to 256 MB.
    private const long MostLogBytes = int.MaxValue;

    private readonly ModelFiles files;
    private readonly LevelDbVersion version;
    private readonly LogRun logs = new();

    private LevelDbFolder(string name, ModelFiles files)
    {
        (Name, this.files) = (name, files);
        version = LevelDbVersion.Read(name, files);
        foreach ((ulong number, string log) in Logs(name, files))
        {
            if (number >= version.LogNumber || (number == version.PreviousLogNumber && number != 0))
            {
                logs.Add(files.ReadAll(log, MostLogBytes), log);
            }
        }
        logs.Sort();
    }

    /// <summary>Reads a folder's CURRENT, MANIFEST and logs.</summary>
    /// <exception cref="InvalidDataException">One of them is damaged.</exception>
    /// <exception cref="IOException">The folder or one of them is not there.</exception>
    public static LevelDbFolder Open(string name, ModelFiles files) => Directory.Exists(files.Resolve(name))
        ? new LevelDbFolder(name, files)
        : throw new DirectoryNotFoundException($"there is no folder '{name}'");

    public string Name { get; }

    /// <summary>A walk over the items from the first; only one at a time.</summary>
    public LevelDbCursor Walk()
    {
        logs.Reset();
        var runs = new List<ILevelDbRun> { logs };
        foreach (IGrouping<int, LevelDbTableEntry> level in version.Tables.GroupBy(table => table.Level))
        {
            if (level.Key == 0)
            {
                runs.AddRange(level.Select(table => new TableRun(Name, [table.Number], files)));
            }
            else
            {
                runs.Add(new TableRun(Name, [.. level.OrderBy(table => table, Comparer<LevelDbTableEntry>.Create((a, b) => a.Smallest.AsSpan().SequenceCompareTo(b.Smallest))).Select(table => table.Number)], files));
            }
        }
        return new LevelDbCursor(runs);
    }

    private static IEnumerable<(ulong Number, string Name)> Logs(string folder, ModelFiles files) =>
        Directory.EnumerateFiles(files.Resolve(folder), "*.log")
            .Select(path => (IsNumber: ulong.TryParse(Path.GetFileNameWithoutExtension(path), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number), number, Path.Combine(folder, Path.GetFileName(path))))
            .Where(log => log.IsNumber)
            .OrderBy(log => log.number)
            .Select(log => (log.number, log.Item3));
}

/// <summary>Walks the items of several runs as one: in the order of keys, each key's latest value, none that was deleted.</summary>
internal sealed class LevelDbCursor : IDisposable
{
    private readonly List<ILevelDbRun> all;
    private readonly List<ILevelDbRun> runs = [];
    private bool isStarted;

    public LevelDbCursor(List<ILevelDbRun> runs) => all = runs;

    public ReadOnlySpan<byte> Key => runs[0].Key;

    public ReadOnlySpan<byte> Value => runs[0].Value;

    /// <summary>Goes to the first or next item; false at the end.</summary>
    /// <exception cref="InvalidDataException">A file is damaged on the way.</exception>
    public bool MoveNext()
    {
        if (!isStarted)
        {
            isStarted = true;
            foreach (ILevelDbRun run in all)
            {
                if (run.MoveNext())
                {
                    Insert(run);
                }
            }
        }
        else if (runs.Count > 0)
        {
            PassKey();
        }
        while (runs.Count > 0 && runs[0].IsDeletion)
        {
            PassKey();
        }
        return runs.Count > 0;
    }

    public void Dispose() => all.ForEach(run => run.Dispose());

    // Leaves the first key behind in every run that has it; the first of equals is the latest.
    private void PassKey()
    {
        byte[] key = runs[0].Key.ToArray();
        while (runs.Count > 0 && runs[0].Key.SequenceEqual(key))
        {
            ILevelDbRun run = runs[0];
            runs.RemoveAt(0);
            if (run.MoveNext())
            {
                Insert(run);
            }
        }
    }

    // There are a handful of runs.
    private void Insert(ILevelDbRun run)
    {
        int at = 0;
        while (at < runs.Count && IsBefore(runs[at], run))
        {
            at++;
        }
        runs.Insert(at, run);
    }

    private static bool IsBefore(ILevelDbRun a, ILevelDbRun b) => a.Key.SequenceCompareTo(b.Key) is not 0 and int order ? order < 0 : a.Sequence >= b.Sequence;
}
