using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Tests that watch the whole process, so that no other may run beside them.</summary>
[CollectionDefinition("alone", DisableParallelization = true)]
public sealed class Alone;

[Collection("alone")]
public sealed class AllocationTests
{
    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (string what in (string[])["perceptron", "strided", "loop", "value", "large", "procedures", "counts"])
        {
            cases.Add(what, 1);
            cases.Add(what, 3);
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_bound_call_allocates_nothing_on_any_thread(string what, int threads)
    {
        CompileOptions options = Models.Plain with { Threads = threads, Profile = true };
        (Function f, Tensor[] inputs) = Make(what, options);
        using (f)
        {
            Tensor[] outputs = f.Call(inputs);
            using var source = new CancellationTokenSource();
            void Calls()
            {
                for (int i = 0; i < 5; i++)
                {
                    f.Run(inputs, outputs, source.Token);
                }
            }
            Calls();
            long own = GC.GetAllocatedBytesForCurrentThread();
            Calls();
            Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - own);

            // The test runner's own threads allocate now and then: what counts is that calls can go without.
            long least = long.MaxValue;
            for (int attempt = 0; attempt < 10 && least > 0; attempt++)
            {
                long before = GC.GetTotalAllocatedBytes(precise: true);
                Calls();
                least = Math.Min(least, GC.GetTotalAllocatedBytes(precise: true) - before);
            }
            Assert.Equal(0, least);
        }
    }

    [Fact]
    public void Two_hundred_thousand_calls_leave_memory_as_it_was()
    {
        const int Calls = 200_000;
        Expr a = Vector("a"), b = Vector("b");
        using Function f = Function.Compile([a, b], [(a * b + a).Sum()], options: Models.Plain with { Threads = 2 });
        Tensor[] inputs = [Tensor.Of<float>([1, 2, 3, 4, 5, 6, 7, 8], 8), Tensor.Of<float>([8, 7, 6, 5, 4, 3, 2, 1], 8)];
        void Many()
        {
            for (int i = 0; i < Calls; i++)
            {
                // Each makes its output anew.
                f.Call(inputs);
            }
        }
        // The collector finds the size of its youngest generation during the first of them.
        Many();
        (long heap, long resident) = (GC.GetTotalMemory(forceFullCollection: true), Environment.WorkingSet);
        Many();
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - heap, long.MinValue, 100_000);
        // An output takes some 400 bytes: kept, they would be 80 MB.
        Assert.InRange(Environment.WorkingSet - resident, long.MinValue, 32 << 20);
    }

    private static (Function, Tensor[]) Make(string what, CompileOptions options)
    {
        Expr x = Matrix("x", "n", "m");
        switch (what)
        {
            case "perceptron":
                return (new Models.Perceptron().Train(options), [Models.Perceptron.Batch(32, 1), Models.Perceptron.Labels(32, 1)]);
            case "strided":
                return (Function.Compile([x], [x + 1, x.Sum([0])], null, options), [Models.Random(1, 30, 40).Transpose()]);
            case "loop":
                SharedVariable w = Shared(Models.Random(1, 3), "w");
                Expr looped = Loop(5, [w], [], (step, carried, _) => [carried[0] * 0.5])[0];
                Expr chosen = IfElse((x.Sum() > 0).Reshape([]), [x], p => [p[0] * 2], p => [p[0]])[0];
                return (Function.Compile([x], [looped, chosen], [(w, looped + 1)], options), [Models.Random(2, 4, 5)]);
            case "value":
                Expr k = Scalar("k", DType.Int64);
                return (Function.Compile([k], [Iota([SizeFrom(k)], 0) * 2], null, options), [Tensor.Scalar(7L)]);
            case "procedures":
                (Expr values, Expr positions) = TopK(x, 3, 0);
                return (Function.Compile([x], [Sort(x), values, ArgSort(x, 0), ScatterAdd(x, positions.Flatten(0), Functions.Full(DType.Float32, [3 * x.Shape[1], x.Shape[1]], 1))], null, options), [Models.Random(2, 50, 4)]);
            case "counts":
                Expr numbers = Vector("numbers", "n", DType.Int64);
                (Expr unique, Expr first, Expr inverse, Expr often) = Unique(numbers);
                return (Function.Compile([numbers], [unique, first, inverse, often, BinCount(numbers), numbers.Repeat(numbers, 0), (numbers > 1).FlatNonzero()], null, options), [Tensor.Of<long>([3, 0, 2, 3, 1, 0, 5], 7)]);
            case "large":
                return (Function.Compile([x], [Tanh<Expr>(x), Exp<Expr>(x)], null, options), [Models.Random(2, 1000, 64)]);
            default:
                throw new ArgumentException(what);
        }
    }

    [Fact]
    public void Functions_nobody_holds_unload_and_memory_stays_flat()
    {
        string folder = Directory.CreateTempSubdirectory("symbolic").FullName;
        try
        {
            var contexts = new List<WeakReference>();
            Compile(contexts, new CompileOptions { CacheFolder = folder }, 1, 3);
            long before = Memory();
            // Most come from the cache, which loads them all the same; some are compiled.
            Compile(contexts, new CompileOptions { CacheFolder = folder }, 1, 100);
            Compile(contexts, Models.Plain, 2, 6);
            long after = Memory();
            Assert.InRange(contexts.Count, 100, 120);
            Assert.InRange(contexts.Count(c => c.IsAlive), 0, 3);
            Assert.True(after - before < 3 << 20, $"memory grew from {before:N0} to {after:N0} bytes");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]
    private static void Compile(List<WeakReference> contexts, CompileOptions options, int constant, int times)
    {
        for (int i = 0; i < times; i++)
        {
            Expr x = Vector("x");
            int different = options.UseCache ? constant : constant + i;
            Function f = Function.Compile([x], [Tanh<Expr>(x) * different], null, options);
            Assert.Equal(MathF.Tanh(0.5f) * different, f.Call(Tensor.Of<float>([0.5f], 1))[0].Item<float>(), 1e-5f);
            contexts.Add(new WeakReference(f.LoadContext));
            if (i % 2 == 0)
            {
                f.Dispose();
            }
        }
    }

    private static long Memory()
    {
        long memory = 0;
        for (int i = 0; i < 5; i++)
        {
            memory = GC.GetTotalMemory(forceFullCollection: true);
            GC.WaitForPendingFinalizers();
        }
        return memory;
    }
}
