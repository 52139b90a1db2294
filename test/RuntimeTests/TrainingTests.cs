using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>The whole road on a small model.</summary>
public sealed class TrainingTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_training_step_equals_the_interpreter_step_by_step(bool optimize)
    {
        var model = new Models.Perceptron();
        using Function train = model.Train(Models.Plain with { Optimize = optimize });
        var values = new Dictionary<Variable, Literal>();
        foreach (Update update in model.Updates)
        {
            values[update.Variable] = update.Variable.Value.ToLiteral();
        }
        for (int step = 0; step < 4; step++)
        {
            Tensor x = Models.Perceptron.Batch(6, 10 + step), y = Models.Perceptron.Labels(6, 20 + step);
            float loss = train.Call(x, y)[0].Item<float>();

            values[((Ops.Leaf)model.X.Op).Variable] = x.ToLiteral();
            values[((Ops.Leaf)model.Y.Op).Variable] = y.ToLiteral();
            Literal[] expected = Reference.Evaluate([model.Loss, .. model.Updates.Map(u => u.Value)], values);
            Close.Assert(expected[0], Tensor.Scalar(loss).ToLiteral(), $"loss {step}");
            for (int i = 0; i < model.Updates.Count; i++)
            {
                values[model.Updates[i].Variable] = expected[i + 1];
                Close.Assert(expected[i + 1], model.Updates[i].Variable.Value.ToLiteral(), $"{model.Updates[i].Variable} after step {step}");
            }
        }
    }

    [Fact]
    public void The_loss_falls()
    {
        using Function train = new Models.Perceptron(rate: 1).Train();
        Tensor x = Models.Perceptron.Batch(16, 1), y = Models.Perceptron.Labels(16, 2);
        float first = train.Call(x, y)[0].Item<float>(), last = first;
        for (int step = 0; step < 100; step++)
        {
            last = train.Call(x, y)[0].Item<float>();
        }
        Assert.True(last < 0.2f * first, $"from {first} to {last}");
    }

    [Fact]
    public void Bits_do_not_depend_on_threads()
    {
        float[] Run(int threads)
        {
            Expr x = Matrix("x", "n", 64);
            SharedVariable w = Shared(Models.Random(1, 64, 200), "w");
            Expr loss = (Tanh(Dot(x, w)) * 0.01).Sum();
            using Function train = Function.Compile([x], [loss], [(w, w - 0.01 * Grad(loss, w))], Models.Plain with { Threads = threads });
            Tensor batch = Models.Random(2, 700, 64);
            float[] losses = [.. Enumerable.Range(0, 3).Select(_ => train.Call(batch)[0].Item<float>())];
            return [.. losses, .. w.Value.ToArray<float>()];
        }
        float[] one = Run(1);
        Assert.Equal(one, Run(2));
        Assert.Equal(one, Run(5));
    }

    [Fact]
    public void A_swap_swaps()
    {
        SharedVariable a = Shared<float>([1, 2], "a", 2), b = Shared<float>([3, 4], "b", 2);
        using Function swap = Function.Compile([], [a + b], [(a, b), (b, a)], Models.Plain);
        Assert.Equal([4f, 6f], swap.Call()[0].ToArray<float>());
        Assert.Equal([3f, 4f], a.Value.ToArray<float>());
        Assert.Equal([1f, 2f], b.Value.ToArray<float>());
        swap.Call();
        Assert.Equal([1f, 2f], a.Value.ToArray<float>());
    }

    [Fact]
    public void Updates_and_outputs_read_the_values_before_the_call()
    {
        SharedVariable a = Shared<double>([1], "a", 1), b = Shared<double>([10], "b", 1), c = Shared<double>([100], "c", 1);
        // A circle of three, each also an output, one through a matrix-like movement.
        using Function turn = Function.Compile([], [a, b, c, a * 2], [(a, b + c), (b, c + a), (c, a + b)], Models.Plain);
        double[] values = [1, 10, 100];
        for (int step = 0; step < 3; step++)
        {
            Tensor[] outputs = turn.Call();
            Assert.Equal([values[0], values[1], values[2], 2 * values[0]], outputs.Select(o => o.ToArray<double>()[0]));
            values = [values[1] + values[2], values[2] + values[0], values[0] + values[1]];
            Assert.Equal(values, new[] { a, b, c }.Select(v => v.Value.ToArray<double>()[0]));
        }
    }

    [Fact]
    public void An_update_that_reads_its_variable_elsewhere_than_it_writes_is_not_in_place()
    {
        SharedVariable m = Shared<int>([1, 2, 3, 4], "m", 2, 2);
        using Function transpose = Function.Compile([], [], [(m, m.Expr.Transpose() + 10)], Models.Plain);
        transpose.Call();
        Assert.Equal([11, 13, 12, 14], m.Value.ToArray<int>());
    }

    [Fact]
    public void An_elementwise_update_is_in_place()
    {
        TensorType w = new(DType.Float32, [100]), x = new(DType.Float32, [100]);
        Lambda body = Lambda.Of([w, x], p => [p[0] * 0.9 - p[1], p[1] + p[0]]);
        Codegen.Plan plan = Codegen.Generator.Generate(new Codegen.ProgramBody(body, 0, [0, 1]), new Codegen.CodegenOptions(256)).Plan;
        Assert.DoesNotContain(plan.Buffers, buffer => buffer.Role == Codegen.BufferRole.Temporary);
        Assert.All(plan.Steps, step => Assert.IsType<Codegen.Step.Launch>(step));
    }

    [Fact]
    public void An_output_that_is_an_input_or_a_shared_value_is_a_copy()
    {
        Expr x = Vector("x");
        SharedVariable w = Shared<float>([5, 6], "w", 2);
        using Function same = Function.Compile([x], [x, w, x], null, Models.Plain);
        Tensor given = Tensor.Of<float>([1, 2], 2);
        Tensor[] outputs = same.Call(given);
        outputs[0].AsSpan<float>().Clear();
        outputs[1].AsSpan<float>().Clear();
        Assert.Equal([1f, 2f], given.ToArray<float>());
        Assert.Equal([5f, 6f], w.Value.ToArray<float>());
        Assert.Equal([1f, 2f], outputs[2].ToArray<float>());
    }

    [Fact]
    public void Updates_are_checked_where_they_are_written()
    {
        SharedVariable w = Shared<float>([1, 2], "w", 2);
        Assert.Equal("w is f32[2]; its update is x: f64[2]. Cast it to the variable's dtype", Assert.Throws<TypeMismatch>(() => new Update(w, Vector("x", 2, DType.Float64))).Message);
        Assert.Equal("w is f32[2]; its update is x: f32[3]", Assert.Throws<TypeMismatch>(() => new Update(w, Vector("x", 3))).Message);
        Assert.Equal("w has two updates in one function", Assert.Throws<TypeMismatch>(() => Function.Compile([], [], [(w, w + 1), (w, w + 2)], Models.Plain)).Message);
        Expr x = Vector("x", "n");
        using Function set = Function.Compile([x], [], [(w, x)], Models.Plain);
        set.Call(Tensor.Of<float>([7, 8], 2));
        Assert.Equal([7f, 8f], w.Value.ToArray<float>());
        Assert.Throws<BindingError>(() => set.Call(Tensor.Of<float>([7, 8, 9], 3)));
        Assert.Equal([7f, 8f], w.Value.ToArray<float>());
    }
}

/// <summary>Compares values with what compiling may change.</summary>
internal static class Close
{
    /// <summary>
    /// Exact for integers and booleans; for floats relative to the element, or to the rounding of terms that cancelled: those are of the size of
    /// the greatest element, at most 1, unless their scale is given.
    /// </summary>
    public static void Assert(Literal expected, Literal actual, string what, double? scale = null)
    {
        Xunit.Assert.Equal(expected.Type, actual.Type);
        (expected, actual) = (Parts(expected), Parts(actual));
        double tolerance = expected.DType switch { DType.Float64 => 1e-13, DType.Float32 => 4e-6, DType.Float16 => 2e-3, DType.BFloat16 => 2e-2, _ => 0 };
        double[] all = expected.ToDoubles();
        double terms = scale ?? Math.Min(1, all.Where(double.IsFinite).Select(Math.Abs).DefaultIfEmpty(0).Max());
        for (long i = 0; i < expected.Count; i++)
        {
            double a = all[i], b = actual[i].ToDouble();
            bool close = a.Equals(b) || (tolerance > 0 && double.IsFinite(a) && Math.Abs(a - b) <= tolerance * Math.Abs(a) + tolerance * terms * 0.1);
            Xunit.Assert.True(close, $"{what}: element {i} is {b:r}, not {a:r}");
        }
    }

    /// <summary>A complex literal as its parts, along a last axis.</summary>
    private static Literal Parts(Literal value) => value.DType.IsComplex() ? Literal.FromBytes(value.DType.Real(), value.Sizes.Add(2), value.Bytes) : value;
}
