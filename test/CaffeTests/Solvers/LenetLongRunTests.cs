using Symbolic.Caffe;

namespace Symbolic.Test.Solvers;

public class LenetLongRunTests
{
    /// <summary>
    /// LeNet for a thousand iterations with one thread: Caffe's accuracy. Then again with two, stopped at 137 and at 500 and gone on
    /// with from the snapshots: the same bits.
    /// </summary>
    [DataFact]
    public void AThousandIterationsStraightAndResumed()
    {
        using TemporaryFolder straight = new(), resumed = new();
        var tests = new List<TestReport>();
        using (Solver solver = Make(straight, threads: 1))
        {
            solver.TestDone += tests.Add;
            Assert.True(solver.Solve());
        }
        Assert.Equal([0, 500, 1000], tests.Select(test => test.Iteration));
        Assert.Equal(0.07, tests[0].Scores[0].Value, 1e-6);
        Assert.Equal(0.9805, tests[2].Scores[0].Value, 0.003);

        using (Solver solver = Make(resumed, threads: 2))
        {
            solver.Step(137);
            solver.Snapshot();
        }
        using (Solver solver = Make(resumed, threads: 2))
        {
            solver.Restore(resumed.Path("lenet_iter_137.solverstate"));
            solver.Step(500 - 137);
        }
        using (Solver solver = Make(resumed, threads: 2))
        {
            solver.Restore(resumed.Path("lenet_iter_500.solverstate"));
            Assert.True(solver.Solve());
        }
        foreach (string file in new[] { "lenet_iter_500.caffemodel", "lenet_iter_1000.caffemodel", "lenet_iter_1000.resume" })
        {
            Assert.Equal(File.ReadAllBytes(straight.Path(file)), File.ReadAllBytes(resumed.Path(file)));
        }
    }

    private static Solver Make(TemporaryFolder folder, int threads) => LenetRun.Solver(folder, "lenet_init.caffemodel",
        options: new SolverOptions { Compile = new Runtime.CompileOptions { Threads = threads } });
}
