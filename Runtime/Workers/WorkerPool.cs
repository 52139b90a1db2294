using System.Diagnostics;
using System.Runtime.ExceptionServices;

namespace Symbolic.Runtime;

/// <summary>
/// Threads that share the chunks of one job. Each begins with a share of neighbours, the same part of every job, so that what it reads is mostly what it has
/// written before and still has in a cache of its own; then it takes what others have left. The caller works too and waits only
/// for chunks that a worker has taken, so a worker that gets no core delays nobody, unless it loses it within a chunk: then the caller soon sleeps, and leaves it its own. A worker does the same while the caller has none. One job runs at a time: a caller who
/// finds the pool busy runs its chunks alone. A job allocates nothing.
/// </summary>
/// <remarks>
/// Workers spin for some milliseconds after a job before they park: within a training step kernels follow each other, and
/// waking a parked thread costs more than many of them.
/// </remarks>
internal sealed unsafe class WorkerPool(string name, bool lives = true)
{
    private const double SpinMicroseconds = 4000;
    private const int LineStride = 16;

    /// <summary>
    /// Who has been waited for so long within a job has no core: chunks take some 10 µs. So who waits sleeps, whether it is the caller or a worker. Systems let a core that falls idle take over
    /// whoever has not run for about this long.
    /// </summary>
    private const double LateMicroseconds = 400;

    private readonly Lock starting = new();
    private readonly object gate = new();
    private readonly object finish = new();
    private int started;
    private int parked;
    private int busy;
    private int sleeps;

    // The job's number, odd while it is open.
    private long state;

    // For each thread, a cache line apart, the number of the last job in the upper half, in the lower how many chunks are left of its share. A claim is a compare-and-swap of both, so
    // it succeeds only if the job is still the one whose fields were read: they change only while no job is open, and an open one ends only when nothing is left.
    private long[] shares = [];
    private Job job;
    private int participants;
    private long finished;
    private Exception? failure;
    private volatile bool stopped;

    // When each thread began and ended its part of a traced job, a cache line apart.
    private long[] spans = [];

    /// <summary>Number of worker threads started so far, besides the callers.</summary>
    public int Started => Volatile.Read(ref started);

    /// <summary>Number of workers that sleep until the next job.</summary>
    public int Parked => Volatile.Read(ref parked);

    /// <summary>Whether the caller sleeps until the worker that it waits for is done.</summary>
    public bool CallerSleeps => Volatile.Read(ref sleeps) != 0;

    /// <summary>Runs all chunks of a job on at most <paramref name="threads"/> threads, the caller's included; returns when all are done, and whether others than the caller were asked.</summary>
    public bool Run(in Job work, int threads)
    {
        if (work.Chunks <= 1 || threads <= 1 || work.Chunks > int.MaxValue || Interlocked.CompareExchange(ref busy, 1, 0) != 0)
        {
            for (long chunk = 0; chunk < work.Chunks; chunk++)
            {
                work.Kernel(work.Buffers, work.Sizes, chunk, work.Scratch);
            }
            return false;
        }
        try
        {
            // More threads than chunks would have nothing to take.
            int wanted = (int)Math.Min(threads, work.Chunks);
            EnsureStarted(wanted - 1);
            Share(work, wanted);
            return true;
        }
        finally
        {
            Volatile.Write(ref busy, 0);
        }
    }

    /// <summary>When a thread began and ended its part of the last job, which was a traced one; 0 if it had none. For the job's caller.</summary>
    public (long Begin, long End) SpanOf(int thread) => ((thread + 1) * LineStride) <= spans.Length ? (spans[thread * LineStride], spans[(thread * LineStride) + 1]) : default;

    /// <summary>Ends the workers of a pool that does not live as long as the process.</summary>
    public void Stop()
    {
        System.Diagnostics.Trace.Assert(!lives, "a device's workers stay");
        stopped = true;
        lock (gate)
        {
            Monitor.PulseAll(gate);
        }
    }

    /// <summary>Starts workers until there are this many.</summary>
    public void EnsureStarted(int workers)
    {
        if (Volatile.Read(ref started) >= workers)
        {
            return;
        }
        lock (starting)
        {
            while (started < workers)
            {
                int worker = started + 1;
                new Thread(() => Serve(worker)) { IsBackground = true, Name = $"{name} worker {worker}" }.Start();
                Volatile.Write(ref started, worker);
            }
        }
    }

    private void Share(in Job work, int wanted)
    {
        job = work;
        participants = wanted;
        finished = 0;
        failure = null;
        if (work.IsTraced)
        {
            spans = spans.Length < wanted * LineStride ? new long[wanted * LineStride] : spans;
            Array.Clear(spans);
        }
        long number = state + 1;
        shares = shares.Length < (wanted + 1) * LineStride ? new long[(wanted + 1) * LineStride] : shares;
        for (int thread = 0; thread < wanted; thread++)
        {
            Volatile.Write(ref shares[(thread + 1) * LineStride], Tag(number) | (First(thread + 1, wanted, work.Chunks) - First(thread, wanted, work.Chunks)));
        }
        Interlocked.Exchange(ref state, number);
        if (Volatile.Read(ref parked) != 0)
        {
            lock (gate)
            {
                Monitor.PulseAll(gate);
            }
        }
        long own = Take(number, work, shares, wanted, 0);
        Await(work.Chunks - own);
        Interlocked.Exchange(ref state, number + 1);
        if (failure is { } thrown)
        {
            failure = null;
            ExceptionDispatchInfo.Throw(thrown);
        }
    }

    /// <summary>
    /// Waits until workers have run so many chunks. It does not yield the core meanwhile: the worker has one of its own, mostly, and is done within microseconds, while a neighbour that is let in
    /// keeps the core for its whole time slice.
    /// </summary>
    private void Await(long chunks)
    {
        long since = 0;
        for (int spins = 1; Volatile.Read(ref finished) != chunks; spins++)
        {
            if (spins % 64 != 0)
            {
                Thread.SpinWait(1);
            }
            else if (since == 0)
            {
                since = Stopwatch.GetTimestamp();
            }
            else if (Stopwatch.GetElapsedTime(since).TotalMicroseconds >= LateMicroseconds)
            {
                Sleep(chunks);
                return;
            }
        }
    }

    /// <summary>Leaves this core to whoever has none, which is then the worker that is waited for, until workers have run so many chunks.</summary>
    private void Sleep(long chunks)
    {
        lock (finish)
        {
            // Said before the count is read, as a worker counts before it asks: one of them sees the other.
            Interlocked.Exchange(ref sleeps, 1);
            while (Volatile.Read(ref finished) != chunks)
            {
                Monitor.Wait(finish, 1);
            }
            Volatile.Write(ref sleeps, 0);
        }
    }

    /// <summary>Takes chunks of the job of this number, those of its own share first, until none is left; returns how many it took.</summary>
    private long Take(long number, in Job work, long[] left, int threads, int worker)
    {
        long taken = 0, begin = work.IsTraced ? Stopwatch.GetTimestamp() : 0;
        for (int i = 0; i < threads; i++)
        {
            int owner = worker + i < threads ? worker + i : worker + i - threads;
            ref long share = ref left[(owner + 1) * LineStride];
            long end = First(owner + 1, threads, work.Chunks), seen = Volatile.Read(ref share);
            while ((seen ^ Tag(number)) is > 0 and <= uint.MaxValue)
            {
                long found = Interlocked.CompareExchange(ref share, seen - 1, seen);
                if (found != seen)
                {
                    seen = found;
                    continue;
                }
                taken++;
                if (Volatile.Read(ref failure) is null)
                {
                    try
                    {
                        work.Kernel(work.Buffers, work.Sizes, end - (seen & uint.MaxValue), work.Scratch + worker * work.ScratchStride);
                    }
                    catch (Exception exception)
                    {
                        // The rest of the job is claimed but not run; the caller throws.
                        Interlocked.CompareExchange(ref failure, exception, null);
                    }
                }
                seen = Volatile.Read(ref share);
            }
        }
        if (work.IsTraced && taken > 0)
        {
            spans[worker * LineStride] = begin;
            spans[(worker * LineStride) + 1] = Stopwatch.GetTimestamp();
        }
        return taken;
    }

    /// <summary>A job's number where shares have it.</summary>
    private static long Tag(long number) => number << 32;

    /// <summary>The first chunk of a thread's share.</summary>
    private static long First(int thread, int threads, long chunks) => chunks * thread / threads;

    private void Serve(int worker)
    {
        long last = 0;
        long idleSince = Stopwatch.GetTimestamp();
        int spins = 0;
        bool asked = false;
        while (!stopped)
        {
            long number = Volatile.Read(ref state);
            if ((number & 1) == 1 && number != last)
            {
                last = number;
                // May be the fields of a later job; then no claim under this number succeeds.
                Job work = job;
                int threads = participants;
                long[] left = shares;
                asked = worker < threads && left.Length >= (threads + 1) * LineStride;
                if (asked)
                {
                    long taken = Take(number, work, left, threads, worker);
                    if (taken > 0)
                    {
                        Interlocked.Add(ref finished, taken);
                        if (Volatile.Read(ref sleeps) != 0)
                        {
                            lock (finish)
                            {
                                Monitor.Pulse(finish);
                            }
                        }
                    }
                    idleSince = Stopwatch.GetTimestamp();
                }
                continue;
            }
            if (++spins % 64 != 0)
            {
                Thread.SpinWait(8);
            }
            // In a job that is still open somebody else is late.
            else if (Stopwatch.GetElapsedTime(idleSince).TotalMicroseconds < (asked && (number & 1) == 1 ? LateMicroseconds : SpinMicroseconds))
            {
                Thread.Yield();
            }
            else
            {
                Park(last);
                idleSince = Stopwatch.GetTimestamp();
            }
        }
    }

    private void Park(long last)
    {
        lock (gate)
        {
            // Counted before the state is read, as the caller opens a job before it reads the count: one of them sees the other.
            Interlocked.Increment(ref parked);
            while (!stopped)
            {
                long number = Volatile.Read(ref state);
                if ((number & 1) == 1 && number != last)
                {
                    break;
                }
                Monitor.Wait(gate);
            }
            Interlocked.Decrement(ref parked);
        }
    }

    /// <summary>One phase of a kernel, cut into chunks by the problem.</summary>
    /// <param name="kernel">The emitted method: buffers, sizes, chunk, scratch.</param>
    /// <param name="buffers">What it reads and writes.</param>
    /// <param name="sizes">The sizes it takes.</param>
    /// <param name="chunks">Number of chunks.</param>
    /// <param name="scratch">Scratch memory of the first thread.</param>
    /// <param name="scratchStride">Bytes from one thread's scratch memory to the next one's.</param>
    /// <param name="isTraced">Whether it is noted when each thread began and ended.</param>
    public readonly struct Job(delegate*<byte**, long*, long, byte*, void> kernel, byte** buffers, long* sizes, long chunks, byte* scratch, long scratchStride, bool isTraced = false)
    {
        public readonly bool IsTraced = isTraced;
        public readonly delegate*<byte**, long*, long, byte*, void> Kernel = kernel;
        public readonly byte** Buffers = buffers;
        public readonly long* Sizes = sizes;
        public readonly long Chunks = chunks;
        public readonly byte* Scratch = scratch;
        public readonly long ScratchStride = scratchStride;
    }
}
