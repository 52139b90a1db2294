namespace Symbolic.Peers.Limits;

/// <summary>Threads that start a job together and spin between jobs, so that a limit holds no time of waking up.</summary>
internal sealed class Team : IDisposable
{
    private readonly Thread[] others;
    private Action<int> job = _ => { };
    private int generation, busy;
    private volatile bool ended;

    /// <summary>A team of so many, the caller included.</summary>
    public Team(int threads)
    {
        others = [.. Enumerable.Range(1, threads - 1).Select(i => new Thread(() => Work(i)) { IsBackground = true })];
        foreach (Thread thread in others)
        {
            thread.Start();
        }
    }

    /// <summary>How many work together.</summary>
    public int Size => others.Length + 1;

    /// <summary>Has everyone do the job, each with a number of their own, and returns when all are done.</summary>
    public void Run(Action<int> all)
    {
        job = all;
        Volatile.Write(ref busy, others.Length);
        Interlocked.Increment(ref generation);
        all(0);
        while (Volatile.Read(ref busy) != 0)
        {
            Thread.SpinWait(4);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        Interlocked.Increment(ref generation);
        foreach (Thread thread in others)
        {
            thread.Join();
        }
    }

    private void Work(int number)
    {
        for (int seen = 0; ;)
        {
            while (Volatile.Read(ref generation) == seen)
            {
                Thread.SpinWait(4);
            }
            seen++;
            if (ended)
            {
                return;
            }
            job(number);
            Interlocked.Decrement(ref busy);
        }
    }
}
