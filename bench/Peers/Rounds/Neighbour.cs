namespace Symbolic.Peers.Rounds;

/// <summary>Somebody who keeps a core busy as long as this lives. The parent, where it runs, only waits in the meantime.</summary>
internal sealed class Neighbour : IDisposable
{
    private readonly Thread thread;
    private volatile bool ended;

    /// <summary>Begins.</summary>
    public Neighbour()
    {
        thread = new Thread(() =>
        {
            while (!ended)
            {
            }
        });
        thread.Start();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ended = true;
        thread.Join();
    }
}
