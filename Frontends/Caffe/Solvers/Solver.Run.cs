using System.Diagnostics;
using Symbolic.Caffe.Solvers;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

public sealed partial class Solver
{
    private const int SnapshotRequested = 1, StopRequested = 2;
    private int requests;
    private bool stoppedEarly;

    /// <summary>Asks for a snapshot after the iteration that runs; may be called from a signal handler or another thread.</summary>
    public void RequestSnapshot() => Interlocked.Or(ref requests, SnapshotRequested);

    /// <summary>Asks to stop after the iteration that runs, with a snapshot as the solver says; may be called from anywhere.</summary>
    public void RequestStop() => Interlocked.Or(ref requests, StopRequested);

    /// <summary>
    /// Trains up to max_iter, tests and takes snapshots as the solver says. A token that is cancelled stops as
    /// <see cref="RequestStop"/> does.
    /// </summary>
    /// <returns>False if it was stopped before the end.</returns>
    public bool Solve(CancellationToken cancellation = default)
    {
        Log("solver.cpp", 289, $"Solving {Net.Name}");
        Log("solver.cpp", 290, $"Learning Rate Policy: {Parameter.LrPolicy}");
        Step(Parameter.MaxIter - Iteration, cancellation);
        if (Parameter.SnapshotAfterTrain && (Parameter.Snapshot == 0 || Iteration % Parameter.Snapshot != 0))
        {
            Snapshot();
        }
        if (stoppedEarly)
        {
            Log("solver.cpp", 319, "Optimization stopped early.");
            return false;
        }
        if (Parameter.Display > 0 && Iteration % Parameter.Display == 0)
        {
            forward ??= new NetFunction(Net, feed, Named("forward"), Parameter.DebugInfo);
            Next(feed);
            smoothed.Add(Iteration, forward.Run(CancellationToken.None));
            forward.PrintDebug(options.Log);
            Log("solver.cpp", 327, $"Iteration {Iteration}, loss = {CppNumber.Text(smoothed.Value)}");
        }
        if (Parameter.TestInterval > 0 && Iteration % Parameter.TestInterval == 0)
        {
            TestAll(cancellation);
        }
        Log("solver.cpp", 332, "Optimization Done.");
        return true;
    }

    /// <summary>Makes so many updates, with the tests and snapshots that fall on them.</summary>
    public void Step(int iterations, CancellationToken cancellation = default)
    {
        int stop = Iteration + iterations, shown = Iteration;
        if (!resumed)
        {
            smoothed.Begin(Iteration);
        }
        resumed = false;
        stoppedEarly = false;
        long since = Stopwatch.GetTimestamp();
        while (Iteration < stop)
        {
            if (Parameter.TestInterval > 0 && Iteration % Parameter.TestInterval == 0 && (Iteration > 0 || Parameter.TestInitialization))
            {
                TestAll(cancellation);
                if (stoppedEarly)
                {
                    return;
                }
            }
            bool display = Parameter.Display > 0 && Iteration % Parameter.Display == 0;
            float rate = Rate();
            float loss = Iterate(rate, display);
            smoothed.Add(Iteration, loss);
            if (display)
            {
                double seconds = Stopwatch.GetElapsedTime(since).TotalSeconds;
                double speed = (Iteration - shown) / (seconds > 0 ? seconds : 1);
                Log("solver.cpp", 239, $"Iteration {Iteration} ({CppNumber.Text(speed)} iter/s, {CppNumber.Text(seconds)}s/{Parameter.Display} iters), loss = {CppNumber.Text(smoothed.Value)}");
                (since, shown) = (Stopwatch.GetTimestamp(), Iteration);
                int number = 0;
                foreach (Score score in ScoreBoard.Of(Net, training.Outputs.ToArray()))
                {
                    Log("solver.cpp", 258, $"    Train net output #{number++}: {ScoreBoard.Text(score)}");
                }
                Log("sgd_solver.cpp", 112, $"Iteration {Iteration}, lr = {CppNumber.Text(rate)}");
            }
            if (training.Length > Parameter.ClipGradients)
            {
                Log("sgd_solver.cpp", 96, $"Gradient clipping: scaling down gradients (L2 norm {CppNumber.Text(training.Length)} > {CppNumber.Text(Parameter.ClipGradients)}) by scale factor {CppNumber.Text(Parameter.ClipGradients / training.Length)}");
            }
            var report = new IterationReport(Iteration, loss, smoothed.Value, rate);
            Iteration++;
            IterationDone?.Invoke(report);
            int asked = Requests(cancellation);
            if ((Parameter.Snapshot > 0 && Iteration % Parameter.Snapshot == 0) || (asked & SnapshotRequested) != 0)
            {
                Snapshot();
            }
            if ((asked & StopRequested) != 0)
            {
                stoppedEarly = true;
                return;
            }
        }
    }

    private float Rate()
    {
        int before = policy.Step;
        float rate = policy.At(Iteration);
        if (Parameter.LrPolicy == "multistep" && policy.Step != before)
        {
            Log("sgd_solver.cpp", 50, $"MultiStep Status: Iteration {Iteration}, step = {policy.Step}");
        }
        return rate;
    }

    /// <summary>Runs the batches of an iteration and updates. An iteration that has begun ends: only between two is there a stop.</summary>
    private float Iterate(float rate, bool display)
    {
        float loss = 0;
        for (int batch = 0; batch < Parameter.IterSize; batch++)
        {
            Next(feed);
            loss += training.Run(rate, Iteration, batch == 0, batch == Parameter.IterSize - 1, CancellationToken.None);
            if (display)
            {
                training.PrintDebug(options.Log);
            }
        }
        return loss / Parameter.IterSize;
    }

    private void TestAll(CancellationToken cancellation)
    {
        for (int net = 0; net < TestNets.Count && !stoppedEarly; net++)
        {
            Test(net, cancellation);
        }
    }

    private void Test(int number, CancellationToken cancellation)
    {
        Log("solver.cpp", 347, $"Iteration {Iteration}, Testing net (#{number})");
        Net net = TestNets[number];
        NetFunction function = testFunctions[number] ??= new NetFunction(net, testFeeds[number], Named(number == 0 ? "test" : $"test {number}"));
        var board = new ScoreBoard(net);
        float loss = 0;
        for (int run = 0; run < Parameter.TestIter[number]; run++)
        {
            int asked = Requests(cancellation);
            if ((asked & SnapshotRequested) != 0)
            {
                Snapshot();
            }
            if ((asked & StopRequested) != 0)
            {
                stoppedEarly = true;
                Log("solver.cpp", 391, "Test interrupted.");
                return;
            }
            Next(testFeeds[number]);
            loss += function.Run(CancellationToken.None);
            board.Add(function.Outputs);
        }
        if (Parameter.TestComputeLoss)
        {
            Log("solver.cpp", 396, $"Test loss: {CppNumber.Text(loss / Parameter.TestIter[number])}");
        }
        Seq<Score> means = board.Means();
        for (int i = 0; i < means.Count; i++)
        {
            Log("solver.cpp", 414, $"    Test net output #{i}: {ScoreBoard.Text(means[i])}");
        }
        TestDone?.Invoke(new TestReport(Iteration, number, means));
    }

    private int Requests(CancellationToken cancellation) =>
        Interlocked.Exchange(ref requests, 0) | (cancellation.IsCancellationRequested ? StopRequested : 0);

    private void Next(NetFeed from)
    {
        for (long restarts = from.Next(); restarts > 0; restarts--)
        {
            Log("data_layer.cpp", 73, "Restarting data prefetching from start.");
        }
    }
}
