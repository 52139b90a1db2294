using System.Diagnostics;
using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>A program bound to numbers and memory: what the first call with certain sizes makes, and all later ones with these sizes run.</summary>
internal sealed unsafe class Binding
{
    private readonly ProgramCode code;
    private readonly ProgramLayout layout;
    // Addresses of all buffers by number, then the buffers and sizes of each launch, all in pinned memory.
    private readonly Storage tables;
    private readonly List<Storage> lists = [];
    private readonly List<AheadPanels> ahead = [];
    private readonly List<(nint Slot, int Buffer)> patches = [];
    private readonly BoundStep[] steps;
    private readonly int[] parameters;
    private readonly int[] outputs;

    /// <summary>Binds a program to sizes given by the names of its symbols.</summary>
    /// <param name="code">The program.</param>
    /// <param name="layout">Its sizes.</param>
    /// <param name="device">Whose workers run it.</param>
    /// <param name="threads">How many, the caller included.</param>
    /// <param name="counters">One per kernel and procedure in program order, or null.</param>
    /// <param name="replaced">A binding to the same sizes whose place this one takes: its arena and what it has packed for good are taken over where they fit.</param>
    public Binding(ProgramCode code, ProgramLayout layout, Device device, int threads, KernelCounter[]? counters, Binding? replaced = null)
    {
        this.code = code;
        this.layout = layout;
        Plan plan = code.Plan;
        code.Image.Prepare();
        Arena = replaced is { Arena: var arena } && arena.Bytes >= layout.ArenaBytes ? arena : Allocated(layout.ArenaBytes);
        tables = Storage.Zeroed((long)plan.Buffers.Count * sizeof(byte*));
        Addresses = (byte**)tables.Address;
        parameters = Numbers(plan, BufferRole.Parameter);
        outputs = [.. plan.Outputs];
        for (int i = 0; i < plan.Buffers.Count; i++)
        {
            PlannedBuffer buffer = plan.Buffers[i];
            Addresses[i] = buffer.Role switch
            {
                BufferRole.Temporary => Arena.Address + layout.Offsets[i],
                BufferRole.Constant => code.Constants[buffer.Index].Address,
                _ => null,
            };
        }
        var panelMemory = new PanelMemory(KernelImage.Launches(plan.Steps).Select(Kept).Sum());
        int counted = 0, launched = 0;
        bool shares = false;
        // The room of the last product by panels, which may fetch what a kernel behind it waits for.
        long* fetcher = null;
        steps = [.. plan.Steps.Select(Bind)];
        IsOpen = layout.Launches.Any(launch => launch.Verdict.IsOpen);
        if (shares)
        {
            // Threads are started here rather than by the first job: starting one can fail, and updates must not.
            device.Pool.EnsureStarted(threads - 1);
        }

        // What a launch keeps of constants beside what it takes over.
        long Kept(Step.Launch launch, int number)
        {
            fixed (long* sizes = NumbersOf(launch, number))
            {
                return TakenOver(number) is null ? AheadPanels.BytesOf(code, launch, sizes) : 0;
            }
        }

        long[] NumbersOf(Step.Launch launch, int number)
        {
            long[] numbers = layout.Numbers(launch);
            numbers[launch.Sizes.Count + Codegen.Library.KernelRoom.Choice] = layout.Launches[number].Verdict.Choice;
            return numbers;
        }

        AheadPanels? TakenOver(int number) => replaced is not null && replaced.layout.Launches[number].Verdict.Choice == layout.Launches[number].Verdict.Choice ? replaced.ahead[number] : null;

        BoundStep Bind(Step step) => step switch
        {
            Step.Launch launch => BindLaunch(launch, launched++, counters?[counted++]),
            Step.Batch batch => BindBatch(batch, counters?[counted++]),
            Step.Copy copy => new BoundStep.Copy(copy.From, copy.To, layout.Bytes[copy.From]),
            Step.Perform perform => new BoundStep.Perform(code.Effects[perform.Effect], perform.Inputs, perform.Result, layout, plan),
            Step.Compute compute => new BoundStep.Compute(compute.Procedure, compute.Inputs, compute.Results, compute.Scratch, layout, plan, counters?[counted++]),
            Step.Repeat repeat => new BoundStep.Repeat(repeat.Count, repeat.Counter, [.. repeat.Body.Select(Bind)]),
            Step.Branch branch => new BoundStep.Branch(branch.Condition, [.. branch.Then.Select(Bind)], [.. branch.Else.Select(Bind)]),
            _ => throw new UnreachableException($"{step}"),
        };

        BoundStep.Launch BindLaunch(Step.Launch launch, int number, KernelCounter? counter) =>
            counter is null
                ? new(device.Pool, threads, PhasesOf(launch, number, null), null, 0, 0)
                : new(device.Pool, threads, PhasesOf(launch, number, counter), counter, layout.Evaluate(launch.Work), layout.Evaluate(launch.Traffic));

        BoundStep.Launch BindBatch(Step.Batch batch, KernelCounter? counter)
        {
            double work = batch.Launches.Sum(launch => (double)layout.Evaluate(launch.Work)), traffic = batch.Launches.Sum(launch => (double)layout.Evaluate(launch.Traffic));
            (WorkerPool.Job job, Storage table) = LaunchBatch.Of([.. batch.Launches.SelectMany(launch => PhasesOf(launch, launched++, counter))], (long)traffic);
            lists.Add(table);
            shares |= job.Chunks > 1 && threads > 1;
            return new BoundStep.Launch(device.Pool, threads, [job], counter, work, traffic);
        }

        WorkerPool.Job[] PhasesOf(Step.Launch launch, int number, KernelCounter? counter)
        {
            ProgramLayout.LaunchMemory memory = layout.Launches[number];
            long[] numbers = NumbersOf(launch, number);
            Storage list = Storage.Zeroed((numbers.Length + launch.Buffers.Count + 2L) * sizeof(long));
            lists.Add(list);
            var sizes = (long*)list.Address;
            numbers.CopyTo(new Span<long>(sizes, numbers.Length));
            var buffers = (byte**)(sizes + numbers.Length);
            for (int i = 0; i < launch.Buffers.Count; i++)
            {
                int buffer = launch.Buffers[i];
                buffers[i] = Addresses[buffer];
                if (plan.Buffers[buffer].Role is BufferRole.Parameter or BufferRole.Output)
                {
                    patches.Add(((nint)(buffers + i), buffer));
                }
            }
            buffers[launch.Buffers.Count] = Arena.Address + memory.Shared;
            var phases = new WorkerPool.Job[launch.Phases];
            for (int phase = 0; phase < phases.Length; phase++)
            {
                long chunks = code.Image.Chunks(launch.Kernel, phase, sizes);
                shares |= chunks > 1 && threads > 1;
                phases[phase] = new WorkerPool.Job(code.Image.Run(launch.Kernel, phase), buffers, sizes, chunks, Arena.Address + memory.Scratch, memory.ScratchStride, counter is { IsTraced: true });
            }
            // Frozen weights: their panels are packed here, and stay.
            var panels = new AheadPanels(code, launch, sizes, TakenOver(number), panelMemory);
            phases = panels.Bind(buffers, phases, device.Pool, threads);
            ahead.Add(panels);
            long* room = sizes + launch.Sizes.Count;
            if (fetcher is not null && code.Image.Reads(launch.Kernel, sizes) is { } read && plan.Buffers[launch.Buffers[read]].Role == BufferRole.Constant)
            {
                Codegen.Library.KernelRoom.Follow(fetcher, buffers[read], layout.Bytes[launch.Buffers[read]]);
                fetcher = null;
            }
            // What is fetched too early has left the caches again: another kernel with weights lies between.
            fetcher = Codegen.Library.KernelRoom.Fetches(room) ? room : panels.Keeps ? null : fetcher;
            if (counter is not null && code.Image.HasChoices(launch.Kernel))
            {
                counter.Choice = $"{Codegen.Library.KernelRoom.Describe(room)} by {(memory.Verdict.IsTried ? "trial" : "model")}";
            }
            return phases;
        }
    }

    /// <summary>The address of each buffer; those of parameters and outputs are set for a call.</summary>
    public byte** Addresses { get; }

    /// <summary>Where temporaries lie during a call; nothing is kept there between calls.</summary>
    public Storage Arena { get; }

    /// <summary>Its sizes.</summary>
    public ProgramLayout Layout => layout;

    /// <summary>Whether there are products whose ways to run have not been tried.</summary>
    public bool IsOpen { get; }

    /// <summary>The cancellation of the call that runs.</summary>
    public CancellationToken Cancellation { get; private set; }

    /// <summary>The sizes of an output.</summary>
    public Seq<long> OutputSizes(int output) => layout.Sizes[outputs[output]];

    /// <summary>Says where a parameter lies in the next call.</summary>
    public void SetParameter(int parameter, byte* address) => Addresses[parameters[parameter]] = address;

    /// <summary>Says where an output lies in the next call.</summary>
    public void SetOutput(int output, byte* address) => Addresses[outputs[output]] = address;

    /// <summary>
    /// Runs the program. If it throws or is cancelled, no shared variable has been written: the steps that write them come last and
    /// cannot fail.
    /// </summary>
    public void Run(CancellationToken cancellation)
    {
        Cancellation = cancellation;
        foreach ((nint slot, int buffer) in patches)
        {
            *(byte**)slot = Addresses[buffer];
        }
        int commit = code.Plan.CommitFrom;
        for (int i = 0; i < commit; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            steps[i].Run(this);
        }
        cancellation.ThrowIfCancellationRequested();
        for (int i = commit; i < steps.Length; i++)
        {
            steps[i].Run(this);
        }
        Cancellation = default;
        GC.KeepAlive(this);
    }

    private static Storage Allocated(long bytes)
    {
        try
        {
            return Storage.InLargePages(bytes);
        }
        catch (OutOfMemoryException)
        {
            throw new BindingError($"a call with these sizes needs an arena of {bytes:N0} bytes, which this machine does not give");
        }
    }

    private static int[] Numbers(Plan plan, BufferRole role) =>
        [.. Enumerable.Range(0, plan.Buffers.Count).Where(i => plan.Buffers[i].Role == role).OrderBy(i => plan.Buffers[i].Index)];
}
