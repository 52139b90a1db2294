using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>
/// A program with numbers for its sizes: the sizes of all buffers and where temporaries lie in the arena. It owns no memory, so
/// what a call needs is known before any is taken.
/// </summary>
internal sealed unsafe class ProgramLayout
{
    private readonly IReadOnlyDictionary<string, long> sizes;
    private readonly List<LaunchMemory> launches = [];
    private readonly Seq<PlannedBuffer> buffers;

    /// <summary>Lays out a program for sizes given by the names of its symbols.</summary>
    /// <exception cref="BindingError">A size is negative or too large.</exception>
    /// <param name="code">The program.</param>
    /// <param name="sizes">The numbers of its symbols.</param>
    /// <param name="threads">Threads of a call.</param>
    /// <param name="trials">What knows which of several ways to run a product is the fastest, or null.</param>
    public ProgramLayout(ProgramCode code, IReadOnlyDictionary<string, long> sizes, int threads, Trials? trials = null)
    {
        this.sizes = sizes;
        Plan plan = code.Plan;
        buffers = plan.Buffers;
        try
        {
            Sizes = [.. plan.Buffers.Select(Measure)];
            Bytes = [.. plan.Buffers.Select((buffer, i) => Sizes[i].Select((size, axis) => checked(size + (buffer.Layout?.GapOf(axis) ?? 0))).Aggregate((long)buffer.Type.DType.Size(), (product, size) => checked(product * size)))];
            int[] temporaries = [.. Enumerable.Range(0, plan.Buffers.Count).Where(i => plan.Buffers[i].Role == BufferRole.Temporary)];
            var blocks = new List<ArenaLayout.Block>();
            var places = new int[plan.Buffers.Count];
            foreach (int i in temporaries)
            {
                PlannedBuffer buffer = plan.Buffers[i];
                if (buffer.Within >= 0)
                {
                    places[i] = places[buffer.Within];
                    continue;
                }
                if (buffer.Over >= 0)
                {
                    places[i] = places[buffer.Over];
                    blocks[places[i]] = blocks[places[i]] with { Last = buffer.Last };
                    continue;
                }
                places[i] = blocks.Count;
                blocks.Add(new ArenaLayout.Block(Bytes[i], buffer.First, buffer.Last));
            }
            // What kernels need while they run lies in the arena too, each during its own step; those within one loop or branch share it.
            int working = blocks.Count;
            var steps = new List<int>();
            for (int s = 0; s < plan.Steps.Count; s++)
            {
                long shared = 0, scratch = 0;
                foreach (Step.Launch launch in KernelImage.Launches([plan.Steps[s]]))
                {
                    long[] numbered = Numbers(launch);
                    Trials.Verdict verdict = trials?.Of(launch, numbered, Evaluate(launch.Work)) ?? default;
                    numbered[launch.Sizes.Count + Codegen.Library.KernelRoom.Choice] = verdict.Choice;
                    fixed (long* numbers = numbered)
                    {
                        shared = Math.Max(shared, Counted(code.Image.Shared(launch.Kernel, numbers)));
                        long stride = ArenaLayout.Align(Counted(code.Image.Scratch(launch.Kernel, numbers)));
                        scratch = Math.Max(scratch, checked(stride * threads));
                        launches.Add(new LaunchMemory(0, 0, stride, verdict));
                        steps.Add(s);
                    }
                }
                blocks.Add(new ArenaLayout.Block(shared, s, s));
                blocks.Add(new ArenaLayout.Block(scratch, s, s));
            }
            (long[] offsets, ArenaBytes) = ArenaLayout.Place(blocks);
            Offsets = new long[plan.Buffers.Count];
            foreach (int i in temporaries)
            {
                Offsets[i] = checked(offsets[places[i]] + (plan.Buffers[i].At * plan.Buffers[i].Type.DType.Size()));
            }
            for (int i = 0; i < launches.Count; i++)
            {
                launches[i] = launches[i] with { Shared = offsets[working + (2 * steps[i])], Scratch = offsets[working + (2 * steps[i]) + 1] };
            }
            LargestLiveSet = ArenaLayout.LargestLiveSet(blocks);
            Unshared = blocks.Aggregate(0L, (sum, block) => checked(sum + ArenaLayout.Align(block.Bytes)));
        }
        catch (OverflowException)
        {
            throw new BindingError($"the buffers of a call with {Text()} have more bytes than 64 bits count");
        }
        GC.KeepAlive(code);
    }

    /// <summary>The sizes of each buffer.</summary>
    public Seq<long>[] Sizes { get; }

    /// <summary>The bytes of each buffer.</summary>
    public long[] Bytes { get; }

    /// <summary>Where each temporary lies in the arena.</summary>
    public long[] Offsets { get; }

    /// <summary>Where the launches of the plan, in program order, have the memory that they need while they run.</summary>
    public IReadOnlyList<LaunchMemory> Launches => launches;

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes { get; }

    /// <summary>The most bytes that one step needs at once: no arena can be smaller.</summary>
    public long LargestLiveSet { get; }

    /// <summary>Bytes of all that lies in the arena, had each memory of its own.</summary>
    public long Unshared { get; }

    /// <summary>The number that a size of the plan has.</summary>
    public long Evaluate(Dim size) => size.Evaluate(symbol => sizes[symbol.Name]);

    /// <summary>The sizes that a kernel takes, and its room behind them.</summary>
    public long[] Numbers(Step.Launch launch)
    {
        long[] numbers = [.. launch.Sizes.Map(Evaluate), .. new long[Codegen.Library.KernelRoom.Length]];
        for (int i = 0; i < Math.Min(launch.Buffers.Count, 64); i++)
        {
            numbers[launch.Sizes.Count + Codegen.Library.KernelRoom.Constants] |= buffers[launch.Buffers[i]].Role == BufferRole.Constant ? 1L << i : 0;
        }
        return numbers;
    }

    // Emitted code computes in 64 bits without a check: a negative number of bytes is one that wrapped.
    private static long Counted(long bytes) => bytes < 0 ? throw new OverflowException() : bytes;

    private Seq<long> Measure(PlannedBuffer buffer)
    {
        Seq<long> measured = buffer.Type.Shape.Dims.Map(Evaluate);
        return measured.All(size => size >= 0)
            ? measured
            : throw new BindingError($"{buffer.Type} would have sizes [{string.Join(",", measured)}] in a call with {Text()}");
    }

    /// <summary>Where a launch has the memory that its phases share, where the scratch memory of the first thread begins, how far it is from there to the next thread's, and how it runs.</summary>
    public readonly record struct LaunchMemory(long Shared, long Scratch, long ScratchStride, Trials.Verdict Verdict);

    private string Text() => sizes.Count == 0 ? "known sizes" : string.Join(", ", sizes.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} = {s.Value}"));
}
