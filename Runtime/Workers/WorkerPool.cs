using System.Diagnostics;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

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

    /// <summary>Numbers from one thread's share to the next one's, and to what it has done: two cache lines, since processors fetch them in pairs.</summary>
    private const int Stride = 32, DoneOffset = 16;

    /// <summary>
    /// Who has been waited for so long within a job has no core: chunks take some 10 µs. So who waits sleeps, whether it is the caller or a worker. Systems let a core that falls idle take over
    /// whoever has not run for about this long.
    /// </summary>
    private const double LateMicroseconds = 400;

    /// <summary>In place of a core's number, while a worker wants to know the caller's.</summary>
    private const int IsAsked = -1;

    private readonly Lock starting = new();
    private readonly object finish = new();
    private Bed[] beds = [];
    private int started;
    private Exception? failure;
    private volatile bool stopped;
    private Board board;

    // For each thread its share: the number of the last job in the upper half, in the lower how many chunks are left. A claim is a compare-and-swap of both, so
    // it succeeds only if the job is still the one whose fields were read: they change only while no job is open, and an open one ends only when nothing is left. Apart from it, the number
    // of the last job of which the thread has run chunks, and how many. A worker that waits for a job looks at nothing but its own share, and the caller at what workers have done.
    private long[] shares = [];

    // When each thread began and ended its part of a traced job, a cache line apart.
    private long[] spans = [];

    /// <summary>Number of worker threads started so far, besides the callers.</summary>
    public int Started => Volatile.Read(ref started);

    /// <summary>Number of workers that sleep until the next job.</summary>
    public int Parked => Volatile.Read(ref board.Parked);

    /// <summary>How often workers have left their cores to somebody else who wants them.</summary>
    public long Rests => Interlocked.Read(ref board.Rests);

    /// <summary>Whether the caller sleeps until the worker that it waits for is done.</summary>
    public bool CallerSleeps => Volatile.Read(ref board.Sleeps) != 0;

    /// <summary>Runs all chunks of a job on at most <paramref name="threads"/> threads, the caller's included; returns when all are done, and whether others than the caller were asked.</summary>
    public bool Run(in Job work, int threads)
    {
        if (work.Chunks <= 1 || threads <= 1 || work.Chunks > int.MaxValue || Interlocked.CompareExchange(ref board.Busy, 1, 0) != 0)
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
            Volatile.Write(ref board.Busy, 0);
        }
    }

    /// <summary>When a thread began and ended its part of the last job, which was a traced one; 0 if it had none. For the job's caller.</summary>
    public (long Begin, long End) SpanOf(int thread) => ((thread + 1) * Stride) <= spans.Length ? (spans[thread * Stride], spans[(thread * Stride) + 1]) : default;

    /// <summary>Ends the workers of a pool that does not live as long as the process.</summary>
    public void Stop()
    {
        System.Diagnostics.Trace.Assert(!lives, "a device's workers stay");
        stopped = true;
        foreach (Bed bed in beds)
        {
            lock (bed)
            {
                Monitor.Pulse(bed);
            }
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
                var bed = new Bed();
                new Thread(() => Serve(worker, bed)) { IsBackground = true, Name = $"{name} worker {worker}" }.Start();
                Volatile.Write(ref beds, [.. beds, bed]);
                Volatile.Write(ref started, worker);
            }
        }
    }

    private void Share(in Job work, int wanted)
    {
        failure = null;
        if (work.IsTraced)
        {
            spans = spans.Length < wanted * Stride ? new long[wanted * Stride] : spans;
            Array.Clear(spans);
        }
        long tag = Tag(board.Number + 1);
        (board.Number, board.Job, board.Participants) = (board.Number + 1, work, wanted);
        if (shares.Length < Share(wanted))
        {
            Volatile.Write(ref shares, new long[Share(wanted)]);
        }
        if (Volatile.Read(ref board.CallerCore) == IsAsked)
        {
            Volatile.Write(ref board.CallerCore, Core.Current);
        }
        // Each of them begins as soon as it has its share.
        for (int thread = wanted - 1; thread >= 0; thread--)
        {
            Volatile.Write(ref shares[Share(thread)], tag | (First(thread + 1, wanted, work.Chunks) - First(thread, wanted, work.Chunks)));
        }
        // A worker says that it sleeps before it looks at its share for the last time: one of them sees the other.
        Interlocked.MemoryBarrier();
        if (board.Parked != 0)
        {
            Wake(wanted - 1);
        }
        Turns turns = default;
        Await(tag, work.Chunks - Take(tag, work, shares, wanted, 0, ref turns), wanted);
        if (failure is { } thrown)
        {
            failure = null;
            ExceptionDispatchInfo.Throw(thrown);
        }
    }

    private void Wake(int workers)
    {
        Bed[] all = Volatile.Read(ref beds);
        for (int i = 0; i < workers; i++)
        {
            if (all[i].IsTaken)
            {
                lock (all[i])
                {
                    Monitor.Pulse(all[i]);
                }
            }
        }
    }

    /// <summary>
    /// Waits until workers have run so many chunks. It does not yield the core meanwhile: the worker has one of its own, mostly, and is done within microseconds, while a neighbour that is let in
    /// keeps the core for its whole time slice.
    /// </summary>
    private void Await(long tag, long chunks, int threads)
    {
        long since = 0;
        for (int spins = 1; DoneByWorkers(tag, threads) != chunks; spins++)
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
                Sleep(tag, chunks, threads);
                return;
            }
        }
    }

    private long DoneByWorkers(long tag, int threads)
    {
        long sum = 0;
        for (int worker = 1; worker < threads; worker++)
        {
            sum += Done(shares, tag, worker);
        }
        return sum;
    }

    /// <summary>How many chunks of a job a worker has said to have run.</summary>
    private static long Done(long[] shares, long tag, int worker)
    {
        long done = Volatile.Read(ref shares[Share(worker) + DoneOffset]) ^ tag;
        return done is > 0 and <= uint.MaxValue ? done : 0;
    }

    /// <summary>Leaves this core to whoever has none, which is then the worker that is waited for, until workers have run so many chunks.</summary>
    private void Sleep(long tag, long chunks, int threads)
    {
        lock (finish)
        {
            // Said before the counts are read, as a worker counts before it asks: one of them sees the other.
            Interlocked.Exchange(ref board.Sleeps, 1);
            while (DoneByWorkers(tag, threads) != chunks)
            {
                Monitor.Wait(finish, 1);
            }
            Volatile.Write(ref board.Sleeps, 0);
        }
    }

    /// <summary>Takes chunks of the job of this tag, those of its own share first, until none is left, or a worker's turn is over; returns how many it took. A worker says so after each share.</summary>
    private long Take(long tag, in Job work, long[] left, int threads, int worker, ref Turns turns)
    {
        // More than nothing for a worker that comes back after a rest.
        long earlier = worker > 0 ? Done(left, tag, worker) : 0, taken = earlier, begin = work.IsTraced ? Stopwatch.GetTimestamp() : 0;
        for (int i = 0; i < threads && !turns.IsOver; i++)
        {
            int owner = worker + i < threads ? worker + i : worker + i - threads;
            ref long share = ref left[Share(owner)];
            long before = taken, end = First(owner + 1, threads, work.Chunks), seen = Volatile.Read(ref share);
            while ((seen ^ tag) is > 0 and <= uint.MaxValue && !turns.IsOver)
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
                if (worker > 0)
                {
                    turns.Look();
                }
                seen = Volatile.Read(ref share);
            }
            if (taken > before)
            {
                if (work.IsTraced)
                {
                    spans[worker * Stride] = earlier == 0 ? begin : spans[worker * Stride];
                    spans[(worker * Stride) + 1] = Stopwatch.GetTimestamp();
                }
                if (worker > 0)
                {
                    Say(ref left[Share(worker) + DoneOffset], tag | taken);
                }
            }
        }
        return taken;
    }

    /// <summary>Says what a worker has done, and wakes the caller if it sleeps.</summary>
    private void Say(ref long done, long value)
    {
        Interlocked.Exchange(ref done, value);
        if (Volatile.Read(ref board.Sleeps) != 0)
        {
            lock (finish)
            {
                Monitor.Pulse(finish);
            }
        }
    }

    /// <summary>A job's number where shares have it.</summary>
    private static long Tag(long number) => number << 32;

    /// <summary>Where a thread's share is.</summary>
    private static int Share(int thread) => (thread + 1) * Stride;

    /// <summary>The first chunk of a thread's share.</summary>
    private static long First(int thread, int threads, long chunks) => chunks * thread / threads;

    /// <summary>The tag of the last job of which a worker was given a share.</summary>
    private static long Asked(long[] shares, int worker) => Share(worker) < shares.Length ? Volatile.Read(ref shares[Share(worker)]) & ~(long)uint.MaxValue : 0;

    private void Serve(int worker, Bed bed)
    {
        long last = 0;
        Turns turns = default;
        Reach reach = default;
        long idleSince = turns.Begin();
        int spins = 0;
        while (!stopped)
        {
            long[] left = Volatile.Read(ref shares);
            long tag = Asked(left, worker);
            if (tag != last)
            {
                last = tag;
                // May be the fields of a later job; then no claim under this tag succeeds.
                Job work = board.Job;
                int threads = board.Participants;
                if (worker < threads && left.Length >= Share(threads))
                {
                    Take(tag, work, left, threads, worker, ref turns);
                    idleSince = turns.Look();
                    if (turns.IsOver)
                    {
                        Rest(ref turns, ref reach);
                        // There may be chunks left.
                        last = 0;
                    }
                }
                continue;
            }
            if (++spins % 64 != 0)
            {
                Thread.SpinWait(8);
            }
            // In a job that is still open somebody else is late.
            else if (Stopwatch.GetElapsedTime(idleSince, turns.Look()).TotalMicroseconds < (Tag(Volatile.Read(ref board.Number)) == last && Volatile.Read(ref board.Busy) != 0 ? LateMicroseconds : SpinMicroseconds))
            {
                if (turns.IsOver)
                {
                    Rest(ref turns, ref reach);
                }
                else if (!turns.AreTaken)
                {
                    Thread.Yield();
                }
            }
            else
            {
                Park(last, worker, bed);
                idleSince = turns.Begin();
            }
        }
    }

    /// <summary>
    /// Leaves the core to whoever wants it too, and keeps off the caller's as long as turns are taken: who has that one is of no use to the job, and a caller that the system moves to another core finds
    /// nothing of its data there.
    /// </summary>
    private void Rest(ref Turns turns, ref Reach reach)
    {
        Interlocked.Increment(ref board.Rests);
        Volatile.Write(ref board.CallerCore, IsAsked);
        turns.Rest();
        if (turns.AreTaken)
        {
            reach.KeepOff(Volatile.Read(ref board.CallerCore));
        }
        else
        {
            reach.KeepOffNone();
        }
        turns.Begin();
    }

    private void Park(long last, int worker, Bed bed)
    {
        lock (bed)
        {
            bed.IsTaken = true;
            // Counted before the share is read, as the caller hands shares out before it reads the count: one of them sees the other.
            Interlocked.Increment(ref board.Parked);
            while (!stopped && Asked(Volatile.Read(ref shares), worker) == last)
            {
                Monitor.Wait(bed);
            }
            Interlocked.Decrement(ref board.Parked);
            bed.IsTaken = false;
        }
    }

    /// <summary>Where a worker sleeps until it is given a share: who has no part in a job is not woken for it.</summary>
    private sealed class Bed
    {
        public volatile bool IsTaken;
    }

    /// <summary>What caller and workers read beside each other: the open job, whether there is one, and who sleeps. They lie cache lines apart, so that nobody waits for what it does not read.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 4 * Line)]
    private struct Board
    {
        private const int Line = 128;

        [FieldOffset(Line)]
        public long Number;

        [FieldOffset(Line + sizeof(long))]
        public Job Job;

        [FieldOffset(Line + sizeof(long) + 56)]
        public int Participants;

        [FieldOffset(2 * Line)]
        public int Busy;

        [FieldOffset(3 * Line)]
        public int Parked;

        [FieldOffset((3 * Line) + sizeof(int))]
        public int Sleeps;

        [FieldOffset((3 * Line) + (2 * sizeof(int)))]
        public int CallerCore;

        [FieldOffset((3 * Line) + (4 * sizeof(int)))]
        public long Rests;
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
