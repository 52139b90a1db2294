using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

public sealed class CallTests
{
    private static readonly Tensor Two = Tensor.Of<float>([1, 2], 2);

    [Fact]
    public void Run_writes_into_the_outputs_given()
    {
        using Function f = Sum();
        Tensor output = Tensor.Zeros(DType.Float32, 2);
        f.Run([Two, Two], new[] { output });
        Assert.Equal([2f, 4f], output.ToArray<float>());
    }

    [Fact]
    public void Inputs_may_alias_and_have_any_strides()
    {
        Expr a = Matrix("a", "n", "m"), b = Matrix("b", "n", "m");
        using Function f = Function.Compile([a, b], [a - 2 * b], null, Models.Plain);
        Tensor square = Tensor.Of<float>([1, 2, 3, 4], 2, 2);
        Assert.Equal([-1f, -2f, -3f, -4f], f.Call(square, square)[0].ToArray<float>());
        Assert.Equal([1f - 2, 2f - 6, 3f - 4, 4f - 8], f.Call(square, square.Transpose())[0].ToArray<float>());
        Tensor wide = Tensor.Of<float>([1, 0, 2, 0, 3, 0, 4, 0], 4, 2);
        Assert.Equal([-1f, -3f], f.Call(wide.Slice(1, 0, 1).Slice(0, 0, 2, 2), wide.Slice(1, 0, 1).Slice(0, 0, 2, 2))[0].ToArray<float>());
    }

    [Fact]
    public void Mistakes_in_a_call_are_named()
    {
        using Function f = Sum();
        void Fails<T>(Action call, string message) where T : Exception => Assert.Contains(message, Assert.ThrowsAny<T>(call).Message, StringComparison.Ordinal);
        Tensor three = Tensor.Zeros(DType.Float32, 3), memory = Tensor.Zeros(DType.Float32, 4);
        Fails<ArgumentException>(() => f.Call(Two), "sum takes 2 inputs (x: f32[n], y: f32[m]); got 1");
        Fails<ArgumentException>(() => f.Call(Two, Tensor.Of<double>([1, 2], 2)), "y of sum is declared as f32[m]; got a tensor f64[2]");
        Fails<ArgumentNullException>(() => f.Call(Two, null!), "input y of sum is null");
        Fails<BindingError>(() => f.Call(Two, Tensor.Zeros(DType.Float32, 2, 1)), "y of sum is declared as f32[m]; got sizes [2,1]");
        Fails<ArgumentException>(() => f.Run([Two, Two], []), "sum takes 1 outputs; got 0");
        Fails<ArgumentException>(() => f.Run([Two, Two], new[] { three }), "output 0 of sum is f32[2]; got a tensor f32[3] to write it into");
        Fails<ArgumentException>(() => f.Run([Two, Two], new[] { Tensor.Zeros(DType.Float64, 2) }), "got a tensor f64[2]");
        Fails<ArgumentException>(() => f.Run([Two, Two], new[] { memory.Slice(0, 0, 2, 2) }), "with strides [2]; outputs are row-major");
        Fails<ArgumentException>(() => f.Run([Two, memory.Slice(0, 0, 2)], new[] { memory.Slice(0, 1, 2) }), "output 0 of sum overlaps its input y");
        f.Run([Two, memory.Slice(0, 0, 2)], new[] { memory.Slice(0, 2, 2) });
        Assert.Equal([0f, 0f, 1f, 2f], memory.ToArray<float>());
    }

    [Fact]
    public void Outputs_that_overlap_are_refused()
    {
        Expr x = Vector("x", "n");
        using Function f = Function.Compile([x], [x + 1, x + 2], null, Models.Plain);
        Tensor memory = Tensor.Zeros(DType.Float32, 3);
        Assert.Contains("outputs 0 and 1 of function overlap", Assert.Throws<ArgumentException>(() => f.Run([Two], new[] { memory.Slice(0, 0, 2), memory.Slice(0, 1, 2) })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Sizes_that_contradict_each_other_are_refused_before_any_kernel_runs()
    {
        bool ran = false;
        Expr x = Vector("x", "n"), y = Vector("y", "m");
        Expr seen = Callback(x, _ => ran = true);
        using Function f = Function.Compile([x, y], [seen + y], null, Models.Plain with { Name = "sum" });
        string message = Assert.Throws<BindingError>(() => f.Call(Two, Tensor.Zeros(DType.Float32, 3))).Message;
        Assert.Contains("n is 2", message, StringComparison.Ordinal);
        Assert.Contains("m is 3", message, StringComparison.Ordinal);
        Assert.Contains("CallTests.cs:", message, StringComparison.Ordinal);
        Assert.False(ran);
        string hint = Assert.Throws<BindingError>(() => f.Call(Two, Tensor.Zeros(DType.Float32, 1))).Message;
        Assert.Contains("declare that axis with the known size 1", hint, StringComparison.Ordinal);
        f.Call(Two, Two);
        Assert.True(ran);
    }

    [Fact]
    public void Declared_sizes_are_checked()
    {
        Expr x = Matrix("x", "n", 3), y = Input("y", DType.Float32, 2 * (Dim)new NamedSymbol("n"));
        using Function f = Function.Compile([x, y], [x.Sum() + y.Sum()], null, Models.Plain);
        Tensor six = Tensor.Of<float>([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal(21f, f.Call(six, Tensor.Zeros(DType.Float32, 4))[0].Item<float>());
        Assert.Contains("axis 1 has 2, not 3", Assert.Throws<BindingError>(() => f.Call(Tensor.Zeros(DType.Float32, 3, 2), Two)).Message, StringComparison.Ordinal);
        Assert.Contains("axis 0 has 5 elements, not 2*n = 4", Assert.Throws<BindingError>(() => f.Call(six, Tensor.Zeros(DType.Float32, 5))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Mistakes_in_compiling_are_named()
    {
        void Fails(Action compile, string message) => Assert.Contains(message, Assert.Throws<TypeMismatch>(compile).Message, StringComparison.Ordinal);
        Expr x = Vector("x", "n"), y = Vector("y", "n"), unused = Vector("unused");
        SharedVariable w = Shared<float>([1], "w", 1);
        Fails(() => Function.Compile([x], [x + y], null, Models.Plain), "y: f32[n] is read, but is not among the inputs (x: f32[n])");
        Fails(() => Function.Compile([x, x], [x], null, Models.Plain), "x: f32[n] is given twice");
        Fails(() => Function.Compile([x + 1], [x], null, Models.Plain), "is no variable; inputs are variables");
        Fails(() => Function.Compile([w], [x], null, Models.Plain), "w is a shared variable, which a function finds by itself");
        using Function f = Function.Compile([unused, x], [x * 2], null, Models.Plain);
        Assert.Equal([2f, 4f], f.Call(Tensor.Zeros(DType.Float32, 7), Two)[0].ToArray<float>());
        Assert.Throws<ArgumentOutOfRangeException>(() => Function.Compile([x], [x], null, Models.Plain with { VectorBits = 64 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Function.Compile([x], [x], null, Models.Plain with { Threads = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => Function.Compile([x], [x], null, Models.Plain with { Bindings = 0 }));
    }

    [Fact]
    public void Concurrent_entry_is_refused_and_a_copy_is_not()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        Expr x = Vector("x", "n");
        Expr slow = Callback(x, _ =>
        {
            inside.Set();
            leave.Wait();
        });
        using Function f = Function.Compile([x], [slow + 1], null, Models.Plain);
        using Function copy = f.Copy();
        var thread = new Thread(() => f.Call(Two));
        thread.Start();
        inside.Wait();
        string message = Assert.Throws<InvalidOperationException>(() => f.Call(Two)).Message;
        Assert.Contains("a call of function is already running", message, StringComparison.Ordinal);
        Assert.Throws<InvalidOperationException>(f.Dispose);
        leave.Set();
        Assert.Equal([2f, 3f], copy.Call(Two)[0].ToArray<float>());
        thread.Join();
        Assert.Equal([2f, 3f], f.Call(Two)[0].ToArray<float>());
    }

    [Fact]
    public void A_shared_variable_in_use_by_a_call_that_updates_it_refuses_others()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        Expr x = Vector("x", 2);
        SharedVariable w = Shared<float>([1, 2], "w", 2);
        Expr slow = Callback(x, _ =>
        {
            inside.Set();
            leave.Wait();
        });
        using Function update = Function.Compile([x], [], [(w, w + slow)], Models.Plain with { Name = "update" });
        using Function read = Function.Compile([], [w * 2], null, Models.Plain with { Name = "read" });
        var thread = new Thread(() => update.Call(Two));
        thread.Start();
        inside.Wait();
        Assert.Equal("w is being updated by a running call; read cannot use it now", Assert.Throws<InvalidOperationException>(() => read.Call()).Message);
        Assert.Throws<InvalidOperationException>(() => w.Value);
        Assert.Throws<InvalidOperationException>(() => w.SetValue(Two));
        leave.Set();
        thread.Join();
        Assert.Equal([4f, 8f], read.Call()[0].ToArray<float>());
        Assert.Equal([2f, 4f], w.Value.ToArray<float>());
    }

    [Fact]
    public void Calls_that_only_read_a_shared_variable_do_not_hinder_each_other()
    {
        using var inside = new ManualResetEventSlim();
        using var leave = new ManualResetEventSlim();
        SharedVariable w = Shared<float>([1, 2], "w", 2);
        Expr slow = Callback(w, _ =>
        {
            inside.Set();
            leave.Wait();
        });
        using Function one = Function.Compile([], [slow + 1], null, Models.Plain);
        using Function other = Function.Compile([], [w + 2], null, Models.Plain);
        var thread = new Thread(() => one.Call());
        thread.Start();
        inside.Wait();
        Assert.Equal([3f, 4f], other.Call()[0].ToArray<float>());
        Assert.Equal([1f, 2f], w.Value.ToArray<float>());
        Assert.Contains("w is being read by a running call", Assert.Throws<InvalidOperationException>(() => w.SetValue(Two)).Message, StringComparison.Ordinal);
        leave.Set();
        thread.Join();
    }

    [Fact]
    public void A_cancelled_call_leaves_shared_variables_as_they_were()
    {
        using var source = new CancellationTokenSource();
        Expr x = Vector("x", 2);
        SharedVariable w = Shared<float>([1, 2], "w", 2);
        using Function f = Function.Compile([x], [(w * x).Sum()], [(w, w + Callback(x, _ => source.Cancel()))], Models.Plain);
        Tensor output = Tensor.Zeros(DType.Float32);
        Assert.ThrowsAny<OperationCanceledException>(() => f.Run([Two], new[] { output }, source.Token));
        Assert.Equal([1f, 2f], w.Value.ToArray<float>());
        f.Run([Two], new[] { output });
        Assert.Equal(5f, output.Item<float>());
        Assert.Equal([2f, 4f], w.Value.ToArray<float>());
    }

    [Fact]
    public void A_call_that_throws_leaves_shared_variables_as_they_were()
    {
        Expr x = Vector("x", 2);
        SharedVariable w = Shared<float>([1, 2], "w", 2), v = Shared<float>([0], "v", 1);
        Expr loss = Require((w * x).Sum(), x < 10, "x is below 10");
        using Function f = Function.Compile([x], [loss], [(w, w + 1), (v, v + loss.Reshape([1]))], Models.Plain);
        f.Call(Two);
        Assert.Equal("x is below 10", Assert.Throws<AssertionFailed>(() => f.Call(Tensor.Of<float>([11, 12], 2))).Message);
        Assert.Equal([2f, 3f], w.Value.ToArray<float>());
        Assert.Equal([5f], v.Value.ToArray<float>());
        f.Call(Two);
        Assert.Equal([3f, 4f], w.Value.ToArray<float>());
    }

    [Fact]
    public void A_disposed_function_says_so_and_copies_live_on()
    {
        Function f = Sum();
        Function copy = f.Copy();
        f.Dispose();
        f.Dispose();
        Assert.True(f.IsDisposed);
        Assert.Throws<ObjectDisposedException>(() => f.Call(Two, Two));
        Assert.Throws<ObjectDisposedException>(() => f.Copy());
        Assert.Equal([2f, 4f], copy.Call(Two, Two)[0].ToArray<float>());
    }

    [Fact]
    public void Bindings_are_bounded_and_the_least_recently_used_goes()
    {
        Expr x = Vector("x", "n");
        using Function f = Function.Compile([x], [x * 2], null, Models.Plain with { Bindings = 3 });
        foreach (int n in (int[])[1, 2, 3, 4, 5, 4, 3, 1])
        {
            Assert.Equal(Enumerable.Repeat(2f, n), f.Call(Tensor.Of<float>([.. Enumerable.Repeat(1f, n)], n))[0].ToArray<float>());
            Assert.True(f.BoundCount <= 3);
        }
    }

    [Fact]
    public void Memory_is_known_before_a_call()
    {
        var model = new Models.Perceptron();
        using Function train = model.Train();
        FunctionMemory memory = train.Memory([64, 20], [64]);
        Assert.Equal(0, train.BoundCount);
        Assert.Equal(4, memory.Outputs);
        Assert.Equal(4 * (20 * 30 + 30 + 30 * 5 + 5), memory.Shared);
        Assert.InRange(memory.Arena, 1, 1 << 22);
        Assert.StartsWith("arena ", memory.ToString(), StringComparison.Ordinal);
        Assert.True(train.Memory([640, 20], [640]).Arena > memory.Arena);
        Assert.Throws<BindingError>(() => train.Memory([64, 20], [63]));
        Assert.Throws<BindingError>(() => train.Memory([64], [64]));
        Assert.Throws<BindingError>(() => train.Memory([long.MaxValue / 4, 20], [long.MaxValue / 4]));
    }

    [Fact]
    public void Profiles_count_kernels()
    {
        var model = new Models.Perceptron();
        using Function train = model.Train(Models.Plain with { Profile = true, Name = "train" });
        for (int i = 0; i < 3; i++)
        {
            train.Call(Models.Perceptron.Batch(8, 1), Models.Perceptron.Labels(8, 1));
        }
        FunctionProfile profile = train.Profile;
        Assert.Equal(3, profile.Calls);
        Assert.NotEmpty(profile.Kernels);
        Assert.All(profile.Kernels, kernel => Assert.Equal(3, kernel.Calls));
        // Two products forward and three backward, two operations each.
        double products = 2 * 3 * 8 * (2.0 * 20 * 30 + 3.0 * 30 * 5);
        Assert.InRange(profile.Kernels.Sum(k => k.Work), products, 3 * products);
        Assert.StartsWith("train: 3 calls, ", profile.ToString(), StringComparison.Ordinal);
        Assert.Contains("GFLOP/s", profile.ToString(), StringComparison.Ordinal);
        using Function plain = Sum();
        Assert.Contains("compile with Profile = true", plain.Profile.ToString(), StringComparison.Ordinal);
    }

    private static Function Sum()
    {
        Expr x = Vector("x", "n"), y = Vector("y", "m");
        return Function.Compile([x, y], [x + y], null, Models.Plain with { Name = "sum" });
    }
}
