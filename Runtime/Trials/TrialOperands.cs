using Symbolic.Codegen.Library;

namespace Symbolic.Runtime;

/// <summary>
/// What a kernel on trial reads and writes, written again before each run by all threads, a piece each in turn: so it lies where kernels before would have left it, some in the cache of
/// each core. Left where the run before has left it, a way in which each thread reads all of an operand looked as good as one in which it reads what it has itself written:
/// in MobileNet v2 such ways took 220 µs in the net for 125.
/// </summary>
internal sealed unsafe class TrialOperands
{
    /// <summary>Pieces of an array: as many as most kernels' chunks.</summary>
    private const long Pieces = 16;

    private readonly WorkerPool pool;
    private readonly int threads;
    private readonly WorkerPool.Job write;

    /// <summary>Operands at their places, of so many bytes each.</summary>
    public TrialOperands(IReadOnlyList<(nint Place, long Bytes)> operands, TrialMemory memory, WorkerPool pool, int threads)
    {
        this.pool = pool;
        this.threads = threads;
        var places = (byte**)memory.Take(operands.Count * sizeof(byte*));
        var sizes = (long*)memory.Take((operands.Count + 1) * sizeof(long));
        sizes[0] = operands.Count;
        for (int i = 0; i < operands.Count; i++)
        {
            places[i] = (byte*)operands[i].Place;
            sizes[i + 1] = operands[i].Bytes;
        }
        write = new WorkerPool.Job(&Clear, places, sizes, Pieces, null, 0);
    }

    /// <summary>Writes all of them.</summary>
    public void Write() => pool.Run(write, threads);

    private static void Clear(byte** places, long* sizes, long piece, byte* scratch)
    {
        for (long i = 0; i < sizes[0]; i++)
        {
            long bytes = sizes[i + 1], from = bytes * piece / Pieces;
            new Span<byte>(places[i] + from, checked((int)((bytes * (piece + 1) / Pieces) - from))).Clear();
        }
    }
}
