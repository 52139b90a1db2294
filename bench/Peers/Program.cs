using System.Globalization;
using Symbolic.Peers.Contestants;
using Symbolic.Peers.Contestants.Libtorch;
using Symbolic.Peers.Contestants.OnnxRuntime;
using Symbolic.Peers.Contestants.Ours;
using Symbolic.Peers.Limits;
using Symbolic.Peers.Rounds;
using Symbolic.Peers.Works;
using Symbolic.Runtime;

namespace Symbolic.Peers;

internal static class Program
{
    /// <summary>The word by which a child process is told that it is one.</summary>
    public const string ChildWord = "child";

    public static int Main(string[] words)
    {
        if (words is [ChildWord, var contestant, var threads])
        {
            Child.DieWithParent();
            using var loop = new ChildLoop(Contestant(contestant, int.Parse(threads, CultureInfo.InvariantCulture)));
            loop.Listen(Console.In, Console.Out);
            return 0;
        }
        Arguments arguments;
        try
        {
            arguments = Arguments.Parse(words);
        }
        catch (FormatException error)
        {
            Console.Error.WriteLine(error.Message);
            Console.Error.WriteLine(Arguments.Usage);
            return 2;
        }
        return arguments.List ? List(arguments) : arguments.Profile ? Profile(arguments) : new Bench(arguments).Run();
    }

    private static IContestant Contestant(string name, int threads) => name switch
    {
        PeerNames.Ours => new OurContestant(threads),
        PeerNames.Libtorch => new TorchContestant(threads),
        PeerNames.Exact => new TorchContestant(threads, TorchSharp.torch.ScalarType.Float64),
        PeerNames.OnnxRuntime => new OnnxContestant(threads),
        PeerNames.Limit => new LimitContestant(threads),
        _ => throw new ArgumentException($"nobody is called '{name}'", nameof(name)),
    };

    private static int Profile(Arguments arguments)
    {
        const double milliseconds = 500;
        var contestant = new OurContestant(arguments.Threads, profile: true);
        foreach (Work work in WorkList.All.Where(work => arguments.Wants(work.Row, work.Name)))
        {
            using IPrepared prepared = contestant.Prepare(work);
            var timer = new Rounds.Timer(prepared);
            // Behind the timer's warming up, in which code is compiled and memory touched for the first time.
            FunctionProfile? before = (prepared as OurPrepared)?.Profile;
            double[] times = timer.Slot(milliseconds, 5);
            Array.Sort(times);
            Console.WriteLine($"{work.Name}: best {times[0]:0.000} ms, median {times[times.Length / 2]:0.000} ms");
            if (before is not null && prepared is OurPrepared { Profile: { } after })
            {
                Console.WriteLine(Since(before, after));
            }
        }
        return 0;
    }

    /// <summary>What was done between two profiles of one function.</summary>
    private static FunctionProfile Since(FunctionProfile before, FunctionProfile after) => after with
    {
        Calls = after.Calls - before.Calls,
        Seconds = after.Seconds - before.Seconds,
        Kernels = after.Kernels.Select((now, k) => before.Kernels[k] is var then
            ? now with { Calls = now.Calls - then.Calls, Seconds = now.Seconds - then.Seconds, Work = now.Work - then.Work, Traffic = now.Traffic - then.Traffic } : now).ToSeq(),
    };

    private static int List(Arguments arguments)
    {
        foreach (Work work in WorkList.All.Where(work => arguments.Wants(work.Row, work.Name)))
        {
            Console.WriteLine(work.Name == work.Row ? work.Name : $"{work.Row}\t{work.Name}");
        }
        return 0;
    }
}
