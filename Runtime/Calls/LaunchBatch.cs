using Symbolic.Codegen.Library;

namespace Symbolic.Runtime;

/// <summary>Launches of a batch as one job, of which a chunk is some launches one after the other.</summary>
internal static unsafe class LaunchBatch
{
    /// <summary>What a launch takes beside its own work, in the units of chunks: some 0.3 µs.</summary>
    private const long PerLaunch = 1 << 12;

    /// <summary>The job, and the memory that its table of launches lies in.</summary>
    /// <param name="launches">The launches, whose buffers and sizes are in place.</param>
    /// <param name="bytes">What they read and write together.</param>
    public static (WorkerPool.Job Job, Storage Table) Of(WorkerPool.Job[] launches, long bytes)
    {
        long count = launches.Sum(launch => launch.Chunks);
        var table = Storage.Zeroed((count * sizeof(Entry)) + (2 * sizeof(long)));
        long* sizes = (long*)table.Address;
        var entries = (Entry*)(sizes + 2);
        (sizes[0], sizes[1]) = (count, count == 0 ? 1 : Chunking.Rows(count, PerLaunch + (bytes / count)));
        WorkerPool.Job widest = launches.MaxBy(launch => launch.ScratchStride);
        foreach (WorkerPool.Job launch in launches)
        {
            for (long chunk = 0; chunk < launch.Chunks; chunk++)
            {
                *entries++ = new Entry { Kernel = launch.Kernel, Buffers = launch.Buffers, Sizes = launch.Sizes, Chunk = chunk };
            }
        }
        return (new WorkerPool.Job(&Run, (byte**)(sizes + 2), sizes, (count + sizes[1] - 1) / sizes[1], widest.Scratch, widest.ScratchStride, widest.IsTraced), table);
    }

    private static void Run(byte** table, long* sizes, long chunk, byte* scratch)
    {
        var entries = (Entry*)table;
        long last = Math.Min((chunk + 1) * sizes[1], sizes[0]);
        for (long i = chunk * sizes[1]; i < last; i++)
        {
            entries[i].Kernel(entries[i].Buffers, entries[i].Sizes, entries[i].Chunk, scratch);
        }
    }

    private struct Entry
    {
        public delegate*<byte**, long*, long, byte*, void> Kernel;
        public byte** Buffers;
        public long* Sizes;
        public long Chunk;
    }
}
