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
internal sealed unsafe class Trials(ProgramCode code, WorkerPool pool, int threads, CacheFolder cache, TimeProvider clock)
{
    /// <summary>Turns trials off where it is 0 and the options do not say.</summary>
    public const string Variable = "SYMBOLIC_TRIALS";

    /// <summary>Operations below which no way is worth finding.</summary>
    private const double LeastWork = 1 << 20;

    /// <summary>Bytes of what is packed for good, of all ways of a launch, that trials may take for a moment.</summary>
    private const long MostAhead = 64 << 20;

    // Read by the first call: compiling does not wait for it.
    private ChoiceMemory Remembered => ChoiceMemory.In(cache, threads);

    /// <summary>The trials of a program, or null where there shall be none: they are switched off, or nothing could be remembered.</summary>
    public static Trials? For(ProgramCode code, CompileOptions options, Device device, int threads, CacheFolder? cache) =>
        cache is not null && (options.Trials ?? Environment.GetEnvironmentVariable(Variable) != "0") && KernelImage.Launches(code.Plan.Steps).Any(launch => code.Image.HasChoices(launch.Kernel))
            ? new Trials(code, device.Pool, threads, cache, options.Clock)
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
        return offered.Length <= 1 ? default : Remembered.Find(product) is { } choice ? new Verdict(choice, IsTried: true, IsOpen: false) : new Verdict(0, IsTried: false, IsOpen: true);
    }

    /// <summary>Tries the launches of a layout of which nothing is known, those with the most work first, and remembers; returns whether anything has been found.</summary>
    /// <param name="layout">The layout.</param>
    /// <param name="arena">The arena of the program, which no call uses at the moment.</param>
    /// <param name="budget">Ticks of the clock after which no trial begins and a running one ends without a result.</param>
    public bool Run(ProgramLayout layout, Storage arena, long budget)
    {
        var memory = new TrialMemory(arena);
        long deadline = clock.GetTimestamp() + budget;
        var found = new Dictionary<UInt128, byte>();
        IEnumerable<Step.Launch> open = KernelImage.Launches(code.Plan.Steps).Where((_, i) => layout.Launches[i].Verdict.IsOpen);
        foreach (Step.Launch launch in open.OrderByDescending(launch => layout.Evaluate(launch.Work)))
        {
            if (clock.GetTimestamp() >= deadline)
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
            Remembered.Add([.. found.Select(pair => (pair.Key, pair.Value))]);
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
            var places = new Dictionary<int, nint>();
            foreach (int buffer in launch.Buffers.Distinct())
            {
                PlannedBuffer planned = code.Plan.Buffers[buffer];
                places.Add(buffer, planned.Role == BufferRole.Constant ? (nint)code.Constants[planned.Index].Address : (nint)memory.Take(layout.Bytes[buffer]));
            }
            var operands = new TrialOperands([.. places.Where(place => code.Plan.Buffers[place.Key].Role != BufferRole.Constant).Select(place => (place.Value, layout.Bytes[place.Key]))], memory, pool, threads);
            byte* common = memory.Take(shared), working = memory.Take(scratch * threads);
            // Of large weights there is room for some ways only.
            long kept = 0;
            ways = [.. ways.TakeWhile(way => (kept += AheadPanels.BytesOf(code, launch, way.Sizes)) <= MostAhead)];
            if (ways.Count < 2)
            {
                return choices[0];
            }
            foreach (Way way in ways)
            {
                var buffers = (byte**)memory.Take((launch.Buffers.Count + 2) * sizeof(long));
                for (int i = 0; i < launch.Buffers.Count; i++)
                {
                    buffers[i] = (byte*)places[launch.Buffers[i]];
                }
                buffers[launch.Buffers.Count] = common;
                way.Ahead = new AheadPanels(code, launch, way.Sizes);
                way.Phases = way.Ahead.Bind(buffers, [.. Enumerable.Range(0, launch.Phases).Select(phase =>
                    new WorkerPool.Job(code.Image.Run(launch.Kernel, phase), buffers, way.Sizes, code.Image.Chunks(launch.Kernel, phase, way.Sizes), working, scratch))], pool, threads);
            }
            // Whoever else has a core during a trial makes a way look fast that leaves it to him.
            ways = [.. ways.Where(way => !LeavesIdle(way.Chunks, ways[0].Chunks, threads))];
            int? fastest = new Race(clock, deadline).Fastest(ways.Count, (way, times) => Time(ways[way], operands, times));
            GC.KeepAlive(memory);
            return fastest is { } index ? ways[index].Choice : null;
        }
        catch (OutOfMemoryException)
        {
            // Nor will there be the next time.
            return choices[0];
        }
    }

    /// <summary>Whether a way to run has a phase of fewer chunks than threads, which in the model's way are shared out.</summary>
    internal static bool LeavesIdle(IEnumerable<long> chunks, IEnumerable<long> modelled, int threads) => chunks.Zip(modelled).Any(phase => phase.First > 0 && phase.First < Math.Min(threads, phase.Second));

    private long Time(Way way, TrialOperands operands, int times)
    {
        long time = 0;
        for (int i = 0; i < times; i++)
        {
            operands.Write();
            long start = clock.GetTimestamp();
            foreach (ref readonly WorkerPool.Job phase in way.Phases.AsSpan())
            {
                pool.Run(phase, threads);
            }
            time += clock.GetTimestamp() - start;
        }
        return time;
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

        public AheadPanels? Ahead { get; set; }

        public WorkerPool.Job[] Phases { get; set; } = [];

        public IEnumerable<long> Chunks => Phases.Select(phase => phase.Chunks);
    }
}
