using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>
/// What a kernel would pack of constants in each call, such as the panels of frozen weights: packed once, when it is bound, and kept. Beside the resident
/// panels, which are the work of a first phase, chunks of the second pack for themselves what they need; that is packed by a method of its own.
/// </summary>
internal sealed unsafe class AheadPanels
{
    private readonly ProgramCode code;
    private readonly Step.Launch launch;
    private readonly Storage? resident, streamed;
    private readonly bool isPacked;

    /// <summary>Takes memory for what a launch can have packed ahead.</summary>
    /// <param name="code">The program.</param>
    /// <param name="launch">The launch.</param>
    /// <param name="sizes">Its sizes and room, with the choice of how it runs.</param>
    /// <param name="packed">What another binding has packed for the same sizes and choice; it is shared.</param>
    /// <param name="memory">Where its memory is taken from, if not by itself.</param>
    public AheadPanels(ProgramCode code, Step.Launch launch, long* sizes, AheadPanels? packed = null, PanelMemory? memory = null)
    {
        (this.code, this.launch, isPacked) = (code, launch, packed is not null);
        if (packed is not null)
        {
            (resident, streamed) = (packed.resident, packed.streamed);
            return;
        }
        (long residentBytes, long streamedBytes) = Needed(code, launch, sizes);
        resident = Taken(residentBytes);
        streamed = Taken(streamedBytes);

        Storage? Taken(long bytes) => bytes == 0 ? null : memory is null ? Storage.Uninitialized(bytes) : memory.Take(bytes);
    }

    /// <summary>Whether anything is kept.</summary>
    public bool Keeps => resident is not null || streamed is not null;

    /// <summary>Bytes that a launch would keep.</summary>
    public static long BytesOf(ProgramCode code, Step.Launch launch, long* sizes)
    {
        (long resident, long streamed) = Needed(code, launch, sizes);
        return checked(PanelMemory.Aligned(resident) + PanelMemory.Aligned(streamed));
    }

    /// <summary>Packs, and says among the buffers where the panels are; returns the phases that are left for each call.</summary>
    /// <param name="buffers">The buffers, whose constants are in place, with two places behind them: for shared memory, which is set, and for panels that chunks need not pack.</param>
    /// <param name="phases">All phases.</param>
    /// <param name="pool">Who packs.</param>
    /// <param name="threads">How many of it, the caller included.</param>
    public WorkerPool.Job[] Bind(byte** buffers, WorkerPool.Job[] phases, WorkerPool pool, int threads)
    {
        if (streamed is not null)
        {
            buffers[launch.Buffers.Count + 1] = streamed.Address;
            WorkerPool.Job all = phases[1];
            if (!isPacked)
            {
                pool.Run(new WorkerPool.Job(code.Image.Ahead(launch.Kernel), buffers, all.Sizes, all.Chunks, all.Scratch, all.ScratchStride), threads);
            }
        }
        if (resident is null)
        {
            return phases;
        }
        buffers[launch.Buffers.Count] = resident.Address;
        if (!isPacked)
        {
            pool.Run(phases[0], threads);
        }
        return phases[1..];
    }

    private static (long Resident, long Streamed) Needed(ProgramCode code, Step.Launch launch, long* sizes)
    {
        bool IsConstant(int? position) => position is { } p && code.Plan.Buffers[launch.Buffers[p]].Role == BufferRole.Constant;
        return (IsConstant(code.Image.Packs(launch.Kernel, sizes)) ? code.Image.Shared(launch.Kernel, sizes) : 0, IsConstant(code.Image.Streams(launch.Kernel, sizes)) ? code.Image.StreamedBytes(launch.Kernel, sizes) : 0);
    }
}
