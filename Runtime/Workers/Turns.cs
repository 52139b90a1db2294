using System.Diagnostics;

namespace Symbolic.Runtime;

/// <summary>
/// A worker's turns on a core that somebody else wants too. Systems take a core away after some milliseconds, mostly within a chunk, and everybody then waits for its end. So once a worker has found out
/// that it shares its core, it takes chunks for less than systems grant and sleeps longer: then it has its core for all of the next turn.
/// </summary>
/// <remarks>It finds out by having been away for long while the system counts that somebody else ran: who loses its core to another guest of the machine's host does not see these, and may not sleep for them.</remarks>
internal struct Turns
{
    /// <summary>Less than the time for which Linux leaves a core to whoever has just got it, 0.7 ms and more by the number of cores.</summary>
    private const double TurnMicroseconds = 400;

    /// <summary>How much longer than its turn a worker sleeps: if it took as much as the other, that would have to be given its part first, and the core be taken within a turn.</summary>
    private const double RestPerTurn = 1.2;

    /// <summary>A thread that does nothing in between but a chunk, and for so long, has had no core, if others ran.</summary>
    private const double AwayMicroseconds = 1000;

    /// <summary>What one absence counts at most, here and in the time that has passed: who was stopped for longer has met nobody who comes again and again, and where several wait for a core it comes back late.</summary>
    private const double OnceMicroseconds = 5000;

    /// <summary>Somebody who takes so much of so long a time will not be gone soon, unlike what a system does now and then.</summary>
    private const double TakenMicroseconds = 8000, WindowMicroseconds = 32000;

    /// <summary>One rest in so many is a mere yield, after which the worker is back at once if nobody waits for the core; twice, and nobody does.</summary>
    private const int Asking = 8, Vacant = 2;

    /// <summary>A yield that nobody takes.</summary>
    private const double BackMicroseconds = 100;

    private long began, seen, asked, switches, counting;
    private double away, window;
    private uint rests;
    private int vacant;

    /// <summary>Whether somebody else wants the core.</summary>
    public bool AreTaken { get; private set; }

    /// <summary>Whether it is the other's turn.</summary>
    public readonly bool IsOver => AreTaken && Stopwatch.GetElapsedTime(began, seen).TotalMicroseconds >= TurnMicroseconds;

    /// <summary>A turn begins, after a sleep; returns the time.</summary>
    public long Begin()
    {
        began = seen = asked = Stopwatch.GetTimestamp();
        switches = Core.Switches;
        return began;
    }

    /// <summary>Sees what time it is, and whether the core was away since it was last looked at.</summary>
    public long Look()
    {
        long now = Stopwatch.GetTimestamp();
        if (Stopwatch.GetElapsedTime(asked, now).TotalMicroseconds >= AwayMicroseconds)
        {
            long counted = Core.Switches;
            double missed = Stopwatch.GetElapsedTime(seen, now).TotalMicroseconds;
            if (counted != switches && missed >= AwayMicroseconds)
            {
                double once = Math.Min(missed, OnceMicroseconds);
                window += once + Stopwatch.GetElapsedTime(counting, seen).TotalMicroseconds;
                if (window > WindowMicroseconds)
                {
                    (window, away) = (once, 0);
                }
                (counting, away) = (now, away + once);
                AreTaken |= away >= TakenMicroseconds;
                began = now;
            }
            (asked, switches) = (now, counted);
        }
        seen = now;
        return now;
    }

    /// <summary>Leaves the core to the other; a turn is to begin then.</summary>
    public void Rest()
    {
        if (++rests % Asking != 0)
        {
            Core.Sleep(RestPerTurn * Math.Min(Stopwatch.GetElapsedTime(began, seen).TotalMicroseconds, OnceMicroseconds));
        }
        else
        {
            long before = Stopwatch.GetTimestamp();
            Thread.Yield();
            vacant = Stopwatch.GetElapsedTime(before).TotalMicroseconds < BackMicroseconds ? vacant + 1 : 0;
            if (vacant == Vacant)
            {
                (AreTaken, vacant, away) = (false, 0, 0);
            }
        }
    }
}
