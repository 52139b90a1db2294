using System.Diagnostics;
using System.Globalization;
using System.IO.MemoryMappedFiles;

namespace Symbolic.Fuzz;

/// <summary>
/// The process that reads hostile inputs. It writes a line for each finding and one of figures at its end; at which input it is
/// stands in a file that outlives it, since a stack that overflows ends the process without a word.
/// </summary>
internal static class Child
{
    /// <summary>Begins the line of a finding: index, kind, text.</summary>
    public const string Finding = "finding";

    /// <summary>Begins the line of figures: read, refused, seconds of the slowest, bytes that the greediest allocated in all.</summary>
    public const string Figures = "figures";

    public static int Run(CommandLine line)
    {
        Target target = Target.Find(line.Readers.Single())!;
        using MemoryMappedFile progress = MemoryMappedFile.CreateFromFile(line.Progress!, FileMode.OpenOrCreate, null, sizeof(long));
        using MemoryMappedViewAccessor at = progress.CreateViewAccessor(0, sizeof(long));
        List<byte[]> corpus = Corpus.Of(target, line.Corpus);
        var variants = new Variants(target, corpus, line.Seed);
        string file = $"{line.Progress}{target.Extension}";
        using var watch = new Watchdog();
        long read = 0, refused = 0, greediest = 0;
        TimeSpan slowest = TimeSpan.Zero;
        // Valid files first, twice: the reader's code is then compiled.
        for (int valid = 0; valid < 2 * corpus.Count; valid++)
        {
            File.WriteAllBytes(file, corpus[valid % corpus.Count]);
            if (Error(target, file) is { } error && valid < corpus.Count)
            {
                Say(valid, "valid file refused", error);
            }
        }
        for (long index = line.From; index < line.From + line.Count; index++)
        {
            at.Write(0, index);
            byte[] input = variants[index];
            File.WriteAllBytes(file, input);
            long before = GC.GetAllocatedBytesForCurrentThread();
            TimeSpan start = Environment.CpuUsage.TotalTime;
            watch.Start();
            Exception? error = Error(target, file);
            watch.Stop();
            TimeSpan time = Environment.CpuUsage.TotalTime - start;
            long bytes = GC.GetAllocatedBytesForCurrentThread() - before;
            _ = error is null ? read++ : refused++;
            (slowest, greediest) = (time > slowest ? time : slowest, Math.Max(greediest, bytes));
            if (error is not null && !target.IsClear(error, file))
            {
                Say(index, error is OutOfMemoryException ? "greedy" : "no clear error", error);
            }
            if (time > Limits.Time(input.Length))
            {
                Say(index, "slow", $"{time.TotalSeconds:0.0} s of processor time for {input.Length} bytes");
            }
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Figures} {read} {refused} {slowest.TotalSeconds:0.000} {greediest}"));
        return 0;
    }

    private static Exception? Error(Target target, string file)
    {
        try
        {
            target.Read(file);
            return null;
        }
        catch (Exception error)
        {
            return error;
        }
    }

    private static void Say(long index, string kind, object what) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Finding} {index} {kind}: {what.ToString()!.ReplaceLineEnding()}"));

    private static string ReplaceLineEnding(this string text) => text.ReplaceLineEndings(" | ") is var line && line.Length > 1000 ? line[..1000] : line;

    /// <summary>Ends the process when one input takes too long: a loop without end cannot be interrupted otherwise.</summary>
    private sealed class Watchdog : IDisposable
    {
        private readonly Timer timer;
        private long since;

        public Watchdog() => timer = new Timer(_ => Look(), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        public void Start() => Volatile.Write(ref since, Stopwatch.GetTimestamp());

        public void Stop() => Volatile.Write(ref since, 0);

        public void Dispose() => timer.Dispose();

        private void Look()
        {
            if (Volatile.Read(ref since) is not 0 and var start && Stopwatch.GetElapsedTime(start) > Limits.Hang)
            {
                Console.WriteLine("hang");
                Console.Out.Flush();
                Environment.Exit(3);
            }
        }
    }
}
