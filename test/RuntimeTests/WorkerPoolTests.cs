using System.Runtime.InteropServices;
using Symbolic.Runtime;

namespace Symbolic.Test;

public sealed unsafe class WorkerPoolTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public void Every_chunk_runs_once(int threads)
    {
        var pool = new WorkerPool("test");
        for (int round = 0; round < 300; round++)
        {
            int chunks = round % 37;
            var counts = new int[Math.Max(1, chunks)];
            fixed (int* c = counts)
            {
                byte* buffer = (byte*)c;
                pool.Run(new WorkerPool.Job(&Count, &buffer, null, chunks, null, 0), threads);
            }
            Assert.Equal(Enumerable.Repeat(chunks == 0 ? 0 : 1, counts.Length), counts);
        }
        Assert.True(pool.Started <= threads - 1);
    }

    /// <summary>There is somebody on every core, so that workers lose theirs and take turns.</summary>
    [Theory]
    [InlineData(2, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 2)]
    [InlineData(2, 6)]
    public void Every_chunk_runs_once_beside_others_who_want_the_cores(int threads, int othersPerCore)
    {
        var pool = new WorkerPool("test", lives: false);
        bool ended = false;
        Thread[] others = [.. Enumerable.Range(0, othersPerCore * Environment.ProcessorCount).Select(_ => new Thread(() =>
        {
            while (!Volatile.Read(ref ended))
            {
            }
        }))];
        Array.ForEach(others, other => other.Start());
        try
        {
            // Elsewhere than on Linux nobody notices.
            long rests = OperatingSystem.IsLinux() ? 20 : 0;
            var watch = System.Diagnostics.Stopwatch.StartNew();
            for (int round = 0; round < 300 || pool.Rests < rests; round++)
            {
                Assert.True(watch.Elapsed < TimeSpan.FromSeconds(120), "no worker has noticed that it shares its core");
                var counts = new int[1 + (round % 37)];
                fixed (int* c = counts)
                {
                    byte* buffer = (byte*)c;
                    pool.Run(new WorkerPool.Job(&CountSlowly, &buffer, null, counts.Length, null, 0), threads);
                }
                Assert.All(counts, count => Assert.Equal(1, count));
            }
        }
        finally
        {
            Volatile.Write(ref ended, true);
            Array.ForEach(others, other => other.Join());
            pool.Stop();
        }
    }

    [Fact]
    public void Who_keeps_off_a_core_may_come_back()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Equal(-1, Core.Current);
            return;
        }
        string Allowed() => File.ReadLines("/proc/thread-self/status").Single(line => line.StartsWith("Cpus_allowed:", StringComparison.Ordinal));
        // A thread of its own: whatever happens, the test's may run where it might.
        Exception? thrown = null;
        var thread = new Thread(() => thrown = Record.Exception(() =>
        {
            string before = Allowed();
            int here = Core.Current;
            Assert.InRange(here, 0, int.MaxValue);
            Reach reach = default;
            for (int round = 0; round < 3; round++)
            {
                reach.KeepOff(here);
                reach.KeepOff(-1);
                if (Environment.ProcessorCount > 1)
                {
                    Assert.NotEqual(before, Allowed());
                    Assert.NotEqual(here, Core.Current);
                }
                int other = Core.Current;
                reach.KeepOff(other);
                reach.KeepOffNone();
                reach.KeepOffNone();
                Assert.Equal(before, Allowed());
            }
        }));
        thread.Start();
        thread.Join();
        Assert.Null(thrown);
    }

    [Fact]
    public void Jobs_for_more_and_for_fewer_threads_follow_each_other()
    {
        var pool = new WorkerPool("test");
        for (int round = 0; round < 400; round++)
        {
            var counts = new int[round % 23];
            fixed (int* c = counts)
            {
                byte* buffer = (byte*)c;
                pool.Run(new WorkerPool.Job(&Count, &buffer, null, counts.Length, null, 0), 2 + (round / 40 * 3 % 8));
            }
            Assert.All(counts, count => Assert.Equal(1, count));
        }
    }

    /// <summary>Each of a job's two chunks ends only when the other has begun, so the first worker is awake after it.</summary>
    [Fact]
    public void A_worker_without_a_share_sleeps_on()
    {
        var pool = new WorkerPool("test");
        WithNote(pool, buffers =>
        {
            pool.EnsureStarted(4);
            Until(() => pool.Parked == 4);
            for (int round = 0; round < 20; round++)
            {
                Meet(pool, buffers);
                Assert.InRange(pool.Parked, 3, 4);
            }
        });
    }

    [Fact]
    public void A_job_of_one_chunk_starts_no_thread()
    {
        var pool = new WorkerPool("test");
        int count = 0;
        byte* buffer = (byte*)&count;
        pool.Run(new WorkerPool.Job(&Count, &buffer, null, 1, null, 0), 8);
        Assert.Equal(1, count);
        Assert.Equal(0, pool.Started);
    }

    [Fact]
    public void Workers_that_have_parked_wake_up()
    {
        var pool = new WorkerPool("test");
        for (int round = 0; round < 5; round++)
        {
            var counts = new int[64];
            fixed (int* c = counts)
            {
                byte* buffer = (byte*)c;
                pool.Run(new WorkerPool.Job(&Count, &buffer, null, counts.Length, null, 0), 3);
            }
            Assert.All(counts, count => Assert.Equal(1, count));
            Thread.Sleep(15);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void An_exception_of_a_chunk_reaches_the_caller_and_the_pool_works_on(int threads)
    {
        var pool = new WorkerPool("test");
        var job = new WorkerPool.Job(&Fail, null, null, 50, null, 0);
        Assert.Equal("chunk 17", Assert.Throws<InvalidOperationException>(() => pool.Run(job, threads)).Message);
        Every_chunk_runs_once(threads);
    }

    [Fact]
    public void Each_thread_has_scratch_memory_of_its_own()
    {
        var pool = new WorkerPool("test");
        const int Threads = 4, Stride = 64;
        byte* scratch = (byte*)NativeMemory.AllocZeroed(Threads * Stride);
        for (int round = 0; round < 50; round++)
        {
            pool.Run(new WorkerPool.Job(&UseScratch, null, null, 40, scratch, Stride), Threads);
        }
        long total = 0;
        for (int worker = 0; worker < Threads; worker++)
        {
            total += *(long*)(scratch + worker * Stride);
        }
        NativeMemory.Free(scratch);
        Assert.Equal(50 * 40, total);
    }

    [Fact]
    public void Callers_that_find_the_pool_busy_run_alone()
    {
        var pool = new WorkerPool("test");
        Parallel.For(0, 4, _ =>
        {
            for (int round = 0; round < 200; round++)
            {
                var counts = new int[16];
                fixed (int* c = counts)
                {
                    byte* buffer = (byte*)c;
                    pool.Run(new WorkerPool.Job(&Count, &buffer, null, counts.Length, null, 0), 3);
                }
                Assert.All(counts, count => Assert.Equal(1, count));
            }
        });
    }

    /// <summary>The caller's chunk of every other job ends only when the worker sleeps; each of the next job's two chunks ends only when the other has begun, so somebody who is not woken is seen.</summary>
    [Fact]
    public void A_worker_that_slept_while_the_caller_was_late_wakes_for_the_next_job()
    {
        var pool = new WorkerPool("test");
        WithNote(pool, buffers =>
        {
            for (int round = 0; round < 20; round++)
            {
                Meet(pool, buffers);
                pool.Run(new WorkerPool.Job(&LateCaller, buffers, null, 2, null, 0), 2);
            }
        });
    }

    /// <summary>The worker's chunk of every other job ends only when the caller sleeps.</summary>
    [Fact]
    public void A_caller_sleeps_while_a_worker_is_late()
    {
        var pool = new WorkerPool("test");
        WithNote(pool, buffers =>
        {
            for (int round = 0; round < 20; round++)
            {
                ((Note*)buffers[0])->Arrived = 0;
                pool.Run(new WorkerPool.Job(&LateWorker, buffers, null, 2, null, 0), 2);
                Assert.False(pool.CallerSleeps);
                Meet(pool, buffers);
            }
        });
    }

    [Theory]
    [InlineData("3", 3)]
    [InlineData("1", 1)]
    public void The_setting_of_threads(string setting, int threads) => Assert.Equal(threads, Device.DefaultThreads(setting));

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("many")]
    [InlineData("99999")]
    public void A_bad_setting_of_threads_is_named(string setting) =>
        Assert.Equal($"SYMBOLIC_THREADS is '{setting}'; it wants a number of threads between 1 and 1024", Assert.Throws<FormatException>(() => Device.DefaultThreads(setting)).Message);

    /// <summary>What the chunks of a test know.</summary>
    private struct Note
    {
        public nint Pool;
        public int Caller;
        public int Arrived;
    }

    private static void WithNote(WorkerPool pool, BuffersUser use)
    {
        GCHandle handle = GCHandle.Alloc(pool);
        try
        {
            var note = new Note { Pool = GCHandle.ToIntPtr(handle), Caller = Environment.CurrentManagedThreadId };
            byte* buffer = (byte*)&note;
            use(&buffer);
        }
        finally
        {
            handle.Free();
        }
    }

    private delegate void BuffersUser(byte** buffers);

    private static void Meet(WorkerPool pool, byte** buffers)
    {
        ((Note*)buffers[0])->Arrived = 0;
        pool.Run(new WorkerPool.Job(&MeetAtBoth, buffers, null, 2, null, 0), 2);
    }

    private static void MeetAtBoth(byte** buffers, long* sizes, long chunk, byte* scratch) => Arrive((Note*)buffers[0]);

    private static void LateCaller(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        var note = (Note*)buffers[0];
        if (Environment.CurrentManagedThreadId == note->Caller)
        {
            // The worker has taken the other chunk, or takes it now.
            Until(() => PoolOf(note).Parked == 1);
        }
    }

    private static void LateWorker(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        var note = (Note*)buffers[0];
        Arrive(note);
        if (Environment.CurrentManagedThreadId != note->Caller)
        {
            Until(() => PoolOf(note).CallerSleeps);
        }
    }

    private static WorkerPool PoolOf(Note* note) => (WorkerPool)GCHandle.FromIntPtr(note->Pool).Target!;

    private static void Arrive(Note* note)
    {
        Interlocked.Increment(ref note->Arrived);
        Until(() => Volatile.Read(ref note->Arrived) == 2);
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, TimeSpan.FromSeconds(60)), "nobody came");

    private static void CountSlowly(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        Thread.SpinWait(500);
        Count(buffers, sizes, chunk, scratch);
    }

    private static void Count(byte** buffers, long* sizes, long chunk, byte* scratch) => Interlocked.Increment(ref ((int*)buffers[0])[chunk]);

    private static void Fail(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        if (chunk == 17)
        {
            throw new InvalidOperationException($"chunk {chunk}");
        }
    }

    private static void UseScratch(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        // Without memory of its own per thread some increments would be lost.
        long before = *(long*)scratch;
        Thread.SpinWait(20);
        *(long*)scratch = before + 1;
    }
}
