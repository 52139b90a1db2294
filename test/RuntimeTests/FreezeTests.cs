using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

public sealed class FreezeTests
{
    private static readonly CompileOptions Frozen = Models.Plain with { Freeze = true, Name = "deploy" };

    [Fact]
    public void A_frozen_function_computes_with_the_values_it_was_compiled_with()
    {
        Expr x = Vector("x", 2);
        SharedVariable w = Shared<float>([2, 3], "w", 2);
        Function f = Function.Compile([x], [x * w], null, Frozen);
        Assert.Empty(f.SharedVariables);
        Assert.Equal([2f, 6f], f.Call(Tensor.Of<float>([1, 2], 2))[0].ToArray<float>());
        string message = Assert.Throws<InvalidOperationException>(() => w.SetValue(Tensor.Zeros(DType.Float32, 2))).Message;
        Assert.Contains("w is frozen into the function deploy", message, StringComparison.Ordinal);
        using Function update = Function.Compile([], [], [(w, w + 1)], Models.Plain with { Name = "update" });
        Assert.Contains("update cannot write it", Assert.Throws<InvalidOperationException>(() => update.Call()).Message, StringComparison.Ordinal);
        using (Function copy = f.Copy())
        {
            f.Dispose();
            Assert.Throws<InvalidOperationException>(() => update.Call());
        }
        update.Call();
        Assert.Equal([3f, 4f], w.Value.ToArray<float>());
        w.SetValue(Tensor.Zeros(DType.Float32, 2));
    }

    [Fact]
    public void Frozen_weights_lie_where_their_variables_have_them()
    {
        Expr x = Vector("x", 3000);
        SharedVariable w = Shared(Tensor.Of<float>([.. Enumerable.Range(0, 3000).Select(i => (float)i)], 3000), "w");
        using Function f = Function.Compile([x], [x * w], null, Frozen);
        Assert.True(Assert.Single(f.Constants).Overlaps(w.Storage));
    }

    [Fact]
    public void A_variable_that_is_being_written_cannot_be_frozen()
    {
        Expr x = Vector("x", 2);
        SharedVariable w = Shared<float>([2, 3], "w", 2), v = Shared<float>([2, 3], "v", 2);
        v.Write<float>((_, _) =>
        {
            string message = Assert.Throws<InvalidOperationException>(() => Function.Compile([x], [x * w * v], null, Frozen)).Message;
            Assert.Contains("v is being updated by a running call; deploy cannot use it now", message, StringComparison.Ordinal);
        });
        // Whichever was held is given back.
        w.SetValue(Tensor.Zeros(DType.Float32, 2));
        v.SetValue(Tensor.Zeros(DType.Float32, 2));
    }

    [Fact]
    public void Frozen_weights_are_packed_once()
    {
        Expr image = Tensor4("image", "n", 3, 9, 9), x = Matrix("x", "n", 300);
        var random = new Random(2);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle())];
        SharedVariable kernel = Shared<float>(Draw(8 * 3 * 3 * 3), "kernel", 8, 3, 3, 3), w = Shared<float>(Draw(300 * 50), "w", 300, 50);
        Expr[] results = [Convolve(image, kernel), Dot(x, w)];
        using Function plain = Function.Compile([image, x], results.ToSeq(), null, Models.Plain), frozen = Function.Compile([image, x], results.ToSeq(), null, Frozen);
        // With few rows the weights are the side that chunks stream; their panels are packed once all the same.
        foreach (int n in (int[])[64, 70, 64, 2, 1])
        {
            Tensor[] data = [Tensor.Of<float>(Draw(n * 243), n, 3, 9, 9), Tensor.Of<float>(Draw(n * 300), n, 300)];
            Tensor[] expected = plain.Call(data);
            Assert.All(expected.Zip(frozen.Call(data)), pair => Assert.Equal(pair.First.ToArray<float>(), pair.Second.ToArray<float>()));
            // What was packed when the function was bound to these sizes stays: the constants are not read any more.
            float[][] kept = [.. frozen.Constants.Select(c => c.ToArray<float>())];
            Array.ForEach(frozen.Constants, c => c.AsSpan<float>().Clear());
            Assert.All(expected.Zip(frozen.Call(data)), pair => Assert.Equal(pair.First.ToArray<float>(), pair.Second.ToArray<float>()));
            for (int i = 0; i < kept.Length; i++)
            {
                kept[i].CopyTo(frozen.Constants[i].AsSpan<float>());
            }
        }
    }

    // The product fetches the vector's matrix ahead: more lines than it has terms for, fewer, and none at all.
    [Theory]
    [InlineData(300, 500, 2000)]
    [InlineData(1200, 64, 300)]
    [InlineData(7, 1024, 16)]
    [InlineData(40, 100, 3)]
    public void A_dense_layer_behind_a_product_has_the_same_bits_frozen_or_not(int depth, int columns, int classes)
    {
        Expr x = Matrix("x", "n", depth);
        var random = new Random(depth);
        float[] Draw(int count) => [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() - 0.5f)];
        SharedVariable w = Shared<float>(Draw(depth * columns), "w", depth, columns), v = Shared<float>(Draw(classes * columns), "v", classes, columns);
        Expr result = Dot(v, Relu<Expr>(Dot(x, w)).Sum([0]));
        using Function plain = Function.Compile([x], [result], null, Models.Plain), frozen = Function.Compile([x], [result], null, Frozen);
        foreach (int n in (int[])[49, 2, 130])
        {
            Tensor data = Tensor.Of<float>(Draw(n * depth), n, depth);
            Assert.Equal(plain.Call(data)[0].ToArray<float>(), frozen.Call(data)[0].ToArray<float>());
        }
    }

    [Fact]
    public void What_a_function_updates_is_not_frozen()
    {
        SharedVariable w = Shared<float>([2, 3], "w", 2), v = Shared<float>([1, 1], "v", 2);
        using Function f = Function.Compile([], [w * v], [(v, v + 1)], Frozen);
        Assert.Equal([2f, 3f], f.Call()[0].ToArray<float>());
        Assert.Equal([4f, 6f], f.Call()[0].ToArray<float>());
        Assert.Equal(["v"], f.SharedVariables.Select(s => s.Name));
        Assert.Contains("there is none to freeze", Assert.Throws<TypeMismatch>(() => Function.Compile([], [w], [(w, w + 1)], Frozen)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_function_that_mixes_devices_is_refused_by_name()
    {
        Device second = Device.OfThreads("cpu:1", 1);
        SharedVariable here = Shared<float>([1], "here", 1), there = new(Tensor.Of<float>([2], 1), "there", second);
        Assert.Equal("there lives on cpu:1, but mixed is compiled for cpu; all shared variables of a function are on its device",
            Assert.Throws<TypeMismatch>(() => Function.Compile([], [here + there], null, Models.Plain with { Name = "mixed" })).Message);
        using Function f = Function.Compile([], [there * 2], [(there, there + 1)], Models.Plain with { Device = second });
        Assert.Equal(4f, f.Call()[0].ToArray<float>()[0]);
        Assert.Equal(3f, there.Value.ToArray<float>()[0]);
    }

    [Fact]
    public void Dumps_show_every_level()
    {
        string folder = Directory.CreateTempSubdirectory("symbolic").FullName;
        try
        {
            Expr x = Vector("x", "n");
            using Function f = Function.Compile([x], [Log(1 + x)], null, new CompileOptions { CacheFolder = Path.Combine(folder, "cache"), Dump = $"all:{folder}", Name = "../my model" });
            string Level(string end) => File.ReadAllText(Assert.Single(Directory.GetFiles(folder, $"*.{end}")));
            Assert.All(Directory.GetFiles(folder), file => Assert.StartsWith("___my_model-", Path.GetFileName(file), StringComparison.Ordinal));
            Assert.StartsWith("symbolic-ir 1", Level("graph.txt"), StringComparison.Ordinal);
            Assert.DoesNotContain("log1p", Level("graph.txt"), StringComparison.Ordinal);
            Assert.Contains("log1p", Level("optimized.txt"), StringComparison.Ordinal);
            Assert.StartsWith("symbolic-plan 1", Level("plan.txt"), StringComparison.Ordinal);
            Assert.Contains("class Kernels", Level("csharp.cs"), StringComparison.Ordinal);
            Assert.Contains("'everything' is no level to dump", Assert.Throws<ArgumentException>(() => Function.Compile([x], [x], null, Models.Plain with { Dump = "everything" })).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Shared_variables_keep_copies_and_their_type()
    {
        Tensor value = Tensor.Of<float>([1, 2], 2);
        SharedVariable w = Shared(value, "w");
        value.AsSpan<float>()[0] = 9;
        Assert.Equal([1f, 2f], w.Value.ToArray<float>());
        w.Value.AsSpan<float>()[0] = 9;
        Assert.Equal([1f, 2f], w.Value.ToArray<float>());
        w.SetValue(Tensor.Of<float>([3, 0, 4, 0], 4).Slice(0, 0, 2, 2));
        Assert.Equal([3f, 4f], w.Value.ToArray<float>());
        Assert.Equal("w is f32[2]; it cannot become f32[3] (Parameter 'value')", Assert.Throws<ArgumentException>(() => w.SetValue(Tensor.Zeros(DType.Float32, 3))).Message);
        Assert.Equal("w is f32[2]; it cannot become f64[2] (Parameter 'value')", Assert.Throws<ArgumentException>(() => w.SetValue(Tensor.Zeros(DType.Float64, 2))).Message);
    }
}
