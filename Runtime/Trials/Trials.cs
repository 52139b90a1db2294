using System.Diagnostics;
using System.Runtime.InteropServices;
using System.IO.Hashing;
using System.Text;
using Symbolic.Codegen;
using Symbolic.Codegen.Library;

namespace Symbolic.Runtime;

/// <summary>
/// Tries the ways in which the products of a program may run, all of which give the same bits, and remembers the fastest. Kernels run on zeros, which are valid
/// positions wherever a kernel takes positions from data, and these lie in the arena, in which nothing is kept between calls: so a trial takes hardly any memory of its own.
/// </summary>
internal sealed unsafe class Trials(ProgramCode code, WorkerPool pool, int threads, ChoiceMemory remembered)
{
    /// <summary>Turns trials off where it is 0 and the options do not say.</summary>
    public const string Variable = "SYMBOLIC_TRIALS";

    /// <summary>Operations below which no way is worth finding.</summary>
    private const double LeastWork = 1 << 20;

    private const int Rounds = 12, LeastRounds = 5;

    /// <summary>Shortest time that is measured.</summary>
    private static readonly long Shortest = Stopwatch.Frequency / 20_000;

    /// <summary>A way must be so much faster than the model's to take its place: the machine's noise is not to be remembered.</summary>
    private const double Margin = 0.95, Hopeless = 1.15;

    /// <summary>The trials of a program, or null where there shall be none: they are switched off, or nothing could be remembered.</summary>
    public static Trials? For(ProgramCode code, CompileOptions options, Device device, int threads, CacheFolder? cache) =>
        cache is not null && (options.Trials ?? Environment.GetEnvironmentVariable(Variable) != "0") && KernelImage.Launches(code.Plan.Steps).Any(launch => code.Image.HasChoices(launch.Kernel))
            ? new Trials(code, device.Pool, threads, ChoiceMemory.In(cache, threads))
            : null;

    /// <summary>What is known of a launch.</summary>
    /// <param name="launch">The launch.</param>
    /// <param name="numbers">Its sizes and room.</param>
    /// <param name="work">Its operations.</param>
    public Verdict Of(Step.Launch launch, long[] numbers, double work)
    {
        if (work < LeastWork || !code.Image.HasChoices(launch.Kernel))
        {
            return default;
        }
        long[] offered = Offered(launch, numbers, out UInt128 product);
        return offered.Length <= 1 ? default : remembered.Find(product) is { } choice ? new Verdict(choice, IsTried: true, IsOpen: false) : new Verdict(0, IsTried: false, IsOpen: true);
    }

    /// <summary>Tries the launches of a layout of which nothing is known, those with the most work first, and remembers; returns whether anything has been found.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="arena">The arena of the program, which no call uses at the moment.</param>
    /// <param name="budget">Ticks of the stopwatch after which no trial begins and a running one ends without a result.</param>
    public bool Run(ProgramLayout layout, Storage arena, long budget)
    {
        var memory = new TrialMemory(arena);
        long deadline = Stopwatch.GetTimestamp() + budget;
        var found = new Dictionary<UInt128, byte>();
        IEnumerable<Step.Launch> open = KernelImage.Launches(code.Plan.Steps).Where((_, i) => layout.Launches[i].Verdict.IsOpen);
        foreach (Step.Launch launch in open.OrderByDescending(launch => layout.Evaluate(launch.Work)))
        {
            if (Stopwatch.GetTimestamp() >= deadline)
            {
                break;
            }
            long[] numbers = layout.Numbers(launch), choices = Offered(launch, numbers, out UInt128 product);
            if (!found.ContainsKey(product) && Fastest(launch, layout, memory, numbers, choices, deadline) is { } choice)
            {
                found.Add(product, (byte)choice);
            }
        }
        if (found.Count > 0)
        {
            remembered.Add([.. found.Select(pair => (pair.Key, pair.Value))]);
        }
        GC.KeepAlive(code);
        return found.Count > 0;
    }

    private long[] Offered(Step.Launch launch, long[] numbers, out UInt128 product)
    {
        Span<long> told = stackalloc long[KernelRoom.DescriptionLength + KernelRoom.MostChoices];
        told.Clear();
        long count;
        fixed (long* sizes = numbers, into = told)
        {
            count = code.Image.Choices(launch.Kernel, sizes, into);
        }
        // The label tells products apart whose operands or epilogues are computed in different ways.
        var hash = new XxHash128();
        hash.Append(Encoding.UTF8.GetBytes(launch.Label));
        hash.Append(MemoryMarshal.AsBytes(told[..KernelRoom.DescriptionLength]));
        product = hash.GetCurrentHashAsUInt128();
        return told.Slice(KernelRoom.DescriptionLength, (int)count).ToArray();
    }

    private long? Fastest(Step.Launch launch, ProgramLayout layout, TrialMemory memory, long[] numbers, long[] choices, long deadline)
    {
        memory.Reset();
        var ways = new List<Way>();
        try
        {
            long scratch = 0, shared = 0;
            foreach (long choice in choices)
            {
                var sizes = (long*)memory.Take(numbers.Length * sizeof(long));
                numbers.CopyTo(new Span<long>(sizes, numbers.Length));
                sizes[launch.Sizes.Count + KernelRoom.Choice] = choice;
                scratch = Math.Max(scratch, ArenaLayout.Align(code.Image.Scratch(launch.Kernel, sizes)));
                shared = Math.Max(shared, code.Image.Shared(launch.Kernel, sizes));
                ways.Add(new Way { Choice = choice, Sizes = sizes });
            }
            var buffers = (byte**)memory.Take((launch.Buffers.Count + 2) * sizeof(long));
            var places = new Dictionary<int, nint>();
            for (int i = 0; i < launch.Buffers.Count; i++)
            {
                int buffer = launch.Buffers[i];
                PlannedBuffer planned = code.Plan.Buffers[buffer];
                if (!places.TryGetValue(buffer, out nint place))
                {
                    place = planned.Role == BufferRole.Constant ? (nint)code.Constants[planned.Index].Address : (nint)memory.Take(layout.Bytes[buffer]);
                    places.Add(buffer, place);
                }
                buffers[i] = (byte*)place;
            }
            buffers[launch.Buffers.Count] = memory.Take(shared);
            byte* working = memory.Take(scratch * threads);
            foreach (Way way in ways)
            {
                way.Phases = [.. Enumerable.Range(0, launch.Phases).Select(phase =>
                    new WorkerPool.Job(code.Image.Run(launch.Kernel, phase), buffers, way.Sizes, code.Image.Chunks(launch.Kernel, phase, way.Sizes), working, scratch))];
            }
            long? fastest = Fastest(ways, deadline);
            GC.KeepAlive(memory);
            return fastest;
        }
        catch (OutOfMemoryException)
        {
            return null;
        }
    }

    /// <summary>Times the ways in turn, so that all see the same machine; null if the time was not enough.</summary>
    private long? Fastest(List<Way> ways, long deadline)
    {
        Way model = ways[0];
        // The first run of each jits what it needs.
        foreach (Way way in ways)
        {
            Time(way, 1);
            if (Stopwatch.GetTimestamp() >= deadline)
            {
                return null;
            }
        }
        int together = (int)Math.Clamp(Shortest / Math.Max(1, Time(model, 1)), 1, 1000);
        for (int round = 0; round < Rounds; round++)
        {
            foreach (Way way in ways)
            {
                way.Best = Math.Min(way.Best, Time(way, together));
                if (Stopwatch.GetTimestamp() >= deadline && round < LeastRounds)
                {
                    return null;
                }
            }
            if (Stopwatch.GetTimestamp() >= deadline)
            {
                break;
            }
            if (round >= 2)
            {
                double bearable = ways.Min(way => way.Best) * Hopeless;
                ways = [.. ways.Where(way => way == model || way.Best <= bearable)];
            }
        }
        Way fastest = ways.MinBy(way => way.Best)!;
        return fastest.Best < model.Best * Margin ? fastest.Choice : model.Choice;
    }

    private long Time(Way way, int times)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < times; i++)
        {
            foreach (ref readonly WorkerPool.Job phase in way.Phases.AsSpan())
            {
                pool.Run(phase, threads);
            }
        }
        return Stopwatch.GetTimestamp() - start;
    }

    /// <summary>What is known of a launch's ways to run.</summary>
    /// <param name="Choice">The one to take.</param>
    /// <param name="IsTried">Whether a trial has found it.</param>
    /// <param name="IsOpen">Whether a trial may find one.</param>
    public readonly record struct Verdict(int Choice, bool IsTried, bool IsOpen);

    private sealed class Way
    {
        public required long Choice { get; init; }

        public required long* Sizes { get; init; }

        public WorkerPool.Job[] Phases { get; set; } = [];

        public long Best { get; set; } = long.MaxValue;
    }
}
