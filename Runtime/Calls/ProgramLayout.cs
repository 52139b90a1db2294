using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>
/// A program with numbers for its sizes: the sizes of all buffers and where temporaries lie in the arena. It owns no memory, so
/// what a call needs is known before any is taken.
/// </summary>
internal sealed unsafe class ProgramLayout
{
    private readonly IReadOnlyDictionary<string, long> sizes;
    private readonly Seq<PlannedBuffer> buffers;

    /// <summary>Lays out a program for sizes given by the names of its symbols.</summary>
    /// <exception cref="BindingError">A size is negative or too large.</exception>
    public ProgramLayout(ProgramCode code, IReadOnlyDictionary<string, long> sizes, int threads)
    {
        this.sizes = sizes;
        Plan plan = code.Plan;
        buffers = plan.Buffers;
        try
        {
            Sizes = [.. plan.Buffers.Select(Measure)];
            Bytes = [.. plan.Buffers.Select((buffer, i) => Sizes[i].Aggregate((long)buffer.Type.DType.Size(), (product, size) => checked(product * size)))];
            int[] temporaries = [.. Enumerable.Range(0, plan.Buffers.Count).Where(i => plan.Buffers[i].Role == BufferRole.Temporary)];
            (long[] offsets, long end) = ArenaLayout.Place([.. temporaries.Select(i => new ArenaLayout.Block(Bytes[i], plan.Buffers[i].First, plan.Buffers[i].Last))]);
            Offsets = new long[plan.Buffers.Count];
            for (int i = 0; i < temporaries.Length; i++)
            {
                Offsets[temporaries[i]] = offsets[i];
            }
            foreach (Step.Launch launch in KernelImage.Launches(plan.Steps))
            {
                fixed (long* numbers = Numbers(launch))
                {
                    long scratch = code.Image.Scratch(launch.Kernel, numbers), shared = code.Image.Shared(launch.Kernel, numbers);
                    // Emitted code computes in 64 bits without a check: a negative number of bytes is one that wrapped.
                    ScratchStride = scratch < 0 ? throw new OverflowException() : Math.Max(ScratchStride, ArenaLayout.Align(scratch));
                    Shared = shared < 0 ? throw new OverflowException() : Math.Max(Shared, ArenaLayout.Align(shared));
                }
            }
            SharedOffset = end;
            ScratchOffset = checked(SharedOffset + Shared);
            ArenaBytes = checked(ScratchOffset + ScratchStride * threads);
            Unshared = temporaries.Aggregate(0L, (sum, i) => checked(sum + ArenaLayout.Align(Bytes[i])));
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

    /// <summary>Where the memory that the phases of a kernel share begins.</summary>
    public long SharedOffset { get; }

    /// <summary>Bytes that the phases of a kernel share.</summary>
    public long Shared { get; }

    /// <summary>Where the scratch memory of the first thread begins.</summary>
    public long ScratchOffset { get; }

    /// <summary>From one thread's scratch memory to the next one's.</summary>
    public long ScratchStride { get; }

    /// <summary>Bytes of the arena.</summary>
    public long ArenaBytes { get; }

    /// <summary>Bytes of all temporaries, had each memory of its own.</summary>
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

    private Seq<long> Measure(PlannedBuffer buffer)
    {
        Seq<long> measured = buffer.Type.Shape.Dims.Map(Evaluate);
        return measured.All(size => size >= 0)
            ? measured
            : throw new BindingError($"{buffer.Type} would have sizes [{string.Join(",", measured)}] in a call with {Text()}");
    }

    private string Text() => sizes.Count == 0 ? "known sizes" : string.Join(", ", sizes.OrderBy(s => s.Key, StringComparer.Ordinal).Select(s => $"{s.Key} = {s.Value}"));
}
