using System.Diagnostics;
using Symbolic.Codegen;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Test;

public sealed class TrialTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("symbolic").FullName, "cache");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public void A_product_that_is_called_often_is_tried_once_with_the_same_bits_and_remembered()
    {
        using Function function = Product(trials: true);
        Tensor[] inputs = [Numbers(150, 260), Numbers(260, 130)];
        float[] first = function.Call(inputs)[0].ToLiteral().Values<float>().ToArray();
        Assert.EndsWith("by model", Choice(function));
        Assert.Single(Directory.GetFiles(folder));

        Tensor[] outputs = [Tensor.Zeros(DType.Float32, 150, 130)];
        long start = Stopwatch.GetTimestamp();
        while (Choice(function).EndsWith("by model", StringComparison.Ordinal) && Stopwatch.GetElapsedTime(start).TotalSeconds < 60)
        {
            for (int i = 0; i < 100; i++)
            {
                function.Run(inputs, outputs);
            }
        }
        Assert.EndsWith("by trial", Choice(function));
        Assert.Contains(Choice(function), function.Profile.ToString());
        Assert.Equal(first, function.Call(inputs)[0].ToLiteral().Values<float>().ToArray());
        Assert.Equal(2, Directory.GetFiles(folder).Length);

        using Function second = Product(trials: true);
        second.Run(inputs, outputs);
        Assert.Equal(Choice(function), Choice(second));
        using Function off = Product(trials: false);
        Assert.Equal(first, off.Call(inputs)[0].ToLiteral().Values<float>().ToArray());
        Assert.EndsWith("by model", Choice(off));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public unsafe void What_a_kernel_on_trial_reads_is_written_again_whole_and_nothing_beside_it(int threads)
    {
        const byte other = 7;
        long[] bytes = [0, 1, 15, 16, 1000, 4096];
        Storage arena = Storage.Uninitialized(1 << 16);
        var memory = new TrialMemory(arena);
        nint[] places = [.. bytes.Select(count => (nint)memory.Take(count + 1))];
        var operands = new TrialOperands([.. places.Zip(bytes)], memory, new WorkerPool("test"), threads);
        foreach ((nint place, long count) in places.Zip(bytes))
        {
            new Span<byte>((void*)place, (int)count + 1).Fill(other);
        }
        operands.Write();
        foreach ((nint place, long count) in places.Zip(bytes))
        {
            Assert.Equal([.. Enumerable.Repeat((byte)0, (int)count), other], new Span<byte>((void*)place, (int)count + 1).ToArray());
        }
        GC.KeepAlive(arena);
    }

    [Fact]
    public void What_was_found_is_read_back_with_what_others_found_and_a_damaged_file_is_as_good_as_none()
    {
        CacheFolder found = CacheFolder.Find(folder, new CompileClock())!;
        new ChoiceMemory(found, 2).Add([(UInt128.MaxValue, 7)]);
        var mine = new ChoiceMemory(found, 2);
        new ChoiceMemory(found, 2).Add([(5, 72)]);
        mine.Add([(6, 0)]);
        var read = new ChoiceMemory(found, 2);
        Assert.Equal([7, 72, 0, null], ((UInt128[])[UInt128.MaxValue, 5, 6, 8]).Select(read.Find));
        Assert.Null(new ChoiceMemory(found, 1).Find(5));

        string file = Assert.Single(Directory.GetFiles(folder));
        byte[] bytes = File.ReadAllBytes(file);
        bytes[^1] ^= 1;
        File.WriteAllBytes(file, bytes);
        Assert.Null(new ChoiceMemory(found, 2).Find(5));
        // A sound entry of a wrong length.
        Assert.Null(found.Write(CacheKey.OfChoices(2), new byte[18]));
        Assert.Null(new ChoiceMemory(found, 2).Find(0));
    }

    [Fact]
    public void Of_ways_in_turn_the_fastest_wins_by_a_margin_and_a_race_without_time_has_no_winner()
    {
        Assert.Equal(2, Won(1000, 900, 800, 2000));
        Assert.Equal(0, Won(1000, 960, 1100));
        Assert.Equal(0, Won(1000));
        // One run that was disturbed decides nothing.
        int runs = 0;
        var clock = new Ahead();
        Assert.Equal(1, new Race(clock, clock.GetTimestamp() + 1_000_000_000).Fastest(2, (way, times) => way == 0 ? 1000 * times : (runs++ == 3 ? 9000 : 700) * times));
        // Nor does luck: the best of all times in one round, and in the final no more than the others.
        runs = 0;
        Assert.Equal(0, new Race(clock, clock.GetTimestamp() + 1_000_000_000).Fastest(2, (way, times) => (way == 1 && runs++ == 4 ? 700 : 1000) * times));
        Assert.Null(new Race(clock, clock.GetTimestamp()).Fastest(2, (_, _) => 1));

        static int? Won(params long[] lengths)
        {
            var clock = new Ahead();
            return new Race(clock, clock.GetTimestamp() + 1_000_000_000).Fastest(lengths.Length, (way, times) => lengths[way] * times);
        }
    }

    [Theory]
    [InlineData(2, new long[] { 0, 16, 0 }, new long[] { 0, 1, 0 }, true)]
    [InlineData(2, new long[] { 0, 16, 0 }, new long[] { 0, 2, 0 }, false)]
    [InlineData(4, new long[] { 8, 16, 0 }, new long[] { 0, 3, 0 }, true)]
    [InlineData(4, new long[] { 0, 2, 0 }, new long[] { 8, 3, 0 }, false)]
    [InlineData(4, new long[] { 0, 2, 0 }, new long[] { 8, 1, 0 }, true)]
    [InlineData(1, new long[] { 0, 16, 0 }, new long[] { 0, 1, 0 }, false)]
    public void A_way_that_leaves_threads_idle_is_not_tried(int threads, long[] modelled, long[] chunks, bool isLeft) => Assert.Equal(isLeft, Trials.LeavesIdle(chunks, modelled, threads));

    [Fact]
    public void What_is_frozen_is_tried_too_and_what_was_packed_stays()
    {
        var weights = new SharedVariable(Numbers(300, 190), "w");
        Expr x = Matrix("x", 90, 300);
        Tensor input = Numbers(90, 300);
        using Function plain = Function.Compile([x], [Tanh(Dot(x, weights))], null, new CompileOptions { CacheFolder = folder, Trials = false, Freeze = true });
        float[] expected = plain.Call(input)[0].ToLiteral().Values<float>().ToArray();
        Assert.Equal(expected, Tried([x], [Tanh(Dot(x, weights))], [input], new CompileOptions { Freeze = true }));
    }

    [Theory]
    [InlineData(Schedule.Direct)]
    [InlineData(Schedule.Panels)]
    public void Convolutions_are_tried_too(Schedule schedule)
    {
        Expr x = Tensor4("x", 2, 24, 40, 40), w = Tensor4("w", 32, 24, 3, 3), y = Convolve(x, w, padding: [1, 1]);
        Tensor[] inputs = [Numbers(2 * 24, 1600).Reshape(2, 24, 40, 40), Numbers(32, 216).Reshape(32, 24, 3, 3)];
        using Function plain = Function.Compile([x, w], [y], null, new CompileOptions { CacheFolder = folder, Trials = false, Schedule = schedule });
        Assert.Equal(plain.Call(inputs)[0].ToLiteral().Values<float>().ToArray(), Tried([x, w], [y], inputs, new CompileOptions { Schedule = schedule }));
    }

    /// <summary>The result of a function of which one kernel has been tried.</summary>
    private float[] Tried(Seq<Expr> inputs, Seq<Expr> outputs, Tensor[] arguments, CompileOptions options)
    {
        var clock = new Ahead();
        using Function function = Function.Compile(inputs, outputs, null, options with { CacheFolder = folder, Trials = true, Profile = true, Clock = clock });
        for (int i = 0; i < 40 && !(i > 0 && IsTried()); i++)
        {
            clock.Goes = 1000;
            function.Call(arguments);
        }
        Assert.True(IsTried());
        return function.Call(arguments)[0].ToLiteral().Values<float>().ToArray();

        bool IsTried() => function.Profile.Kernels.Any(kernel => kernel.Choice?.EndsWith("by trial", StringComparison.Ordinal) == true);
    }

    /// <summary>A clock that jumps ahead: calls take long by it.</summary>
    private sealed class Ahead : TimeProvider
    {
        private long ahead;

        /// <summary>Milliseconds that pass before it is read the next time but one.</summary>
        public int Goes { get; set; }

        public override long GetTimestamp()
        {
            long now = Stopwatch.GetTimestamp() + ahead;
            ahead += Goes * Stopwatch.Frequency / 1000;
            Goes = 0;
            return now;
        }
    }

    private Function Product(bool trials)
    {
        Expr a = Matrix("a", 150, 260), b = Matrix("b", 260, 130);
        return Function.Compile([a, b], [Dot(a, b)], null, new CompileOptions { CacheFolder = folder, Trials = trials, Profile = true });
    }

    private static string Choice(Function function) => Assert.Single(function.Profile.Kernels).Choice!;

    private static Tensor Numbers(int rows, int columns) => Tensor.Of<float>([.. Enumerable.Range(0, rows * columns).Select(i => MathF.Sin(i))], rows, columns);
}
