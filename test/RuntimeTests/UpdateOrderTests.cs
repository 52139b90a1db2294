using Symbolic.Codegen;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>When and where updates are written, and that it never shows.</summary>
public sealed class UpdateOrderTests
{
    private static readonly TensorType Weights = new(DType.Float32, Shape.Of([20, 30])), X = new(DType.Float32, Shape.Of([64, 20])), Y = new(DType.Float32, Shape.Of([64, 30]));

    [Fact]
    public void Momentum_needs_no_memory_of_the_weights_size_and_no_copy()
    {
        Lambda step = Lambda.Of([X, Y, Weights, Weights], p =>
        {
            Expr moved = 0.01 * Dot(p[0].Transpose(), p[1]) + 0.9 * p[3];
            return [p[2] - moved, moved];
        });
        Plan plan = Generator.Generate(new ProgramBody(step, 0, [2, 3]), new CodegenOptions(256)).Plan;
        Assert.DoesNotContain(plan.Steps, s => s is Step.Copy);
        Assert.DoesNotContain(plan.Buffers, b => b.Role == BufferRole.Temporary && b.Type.Equals(Weights));
    }

    [Fact]
    public void A_layer_is_updated_before_the_gradient_goes_on_to_the_layer_below()
    {
        TensorType square = new(DType.Float32, Shape.Of([64, 64]));
        const int Layers = 5;
        Lambda step = Lambda.Of([.. Enumerable.Repeat(square, Layers + 1)], p =>
        {
            Expr hidden = p[0];
            for (int layer = 1; layer <= Layers; layer++)
            {
                hidden = Tanh(Dot(hidden, p[layer]));
            }
            Derivative[] slopes = Differentiation.Gradient(p[1..], [hidden.Sum()]);
            return slopes.Select((slope, i) => p[i + 1] - 0.1 * ((Derivative.Known)slope).Expr).ToSeq();
        });
        Plan plan = Generator.Generate(new ProgramBody(step, 0, Enumerable.Range(1, Layers).ToSeq()), new CodegenOptions(256)).Plan;
        // What the first layer needs of its own is all that still lives when it is updated last.
        PlannedBuffer[] late = [.. plan.Buffers.Where(b => b.Role == BufferRole.Temporary && b.Type.Equals(square) && b.Last >= plan.Steps.Count - 2)];
        Assert.InRange(late.Length, 1, 4);
        Assert.True(plan.CommitFrom < plan.Steps.Count - Layers, $"updates begin at step {plan.CommitFrom} of {plan.Steps.Count}");
    }

    [Fact]
    public void Who_reads_a_variable_and_its_update_gets_the_old_and_the_new_value()
    {
        SharedVariable v = Shared<float>([1, 2], "v", 2), w = Shared<float>([10, 20], "w", 2), u = Shared<float>([100, 200], "u", 2);
        Expr moved = v * 0.5f + w;
        using Function f = Function.Compile([], [moved.Sum(), w.Expr.Sum()], [(v, moved), (w, w - moved), (u, u + v + moved.Flip([0]))], Models.Plain);
        float[] a = [1, 2], b = [10, 20], c = [100, 200];
        for (int step = 0; step < 3; step++)
        {
            float[] m = [a[0] * 0.5f + b[0], a[1] * 0.5f + b[1]];
            Assert.Equal([m[0] + m[1], b[0] + b[1]], f.Call().Select(o => o.Item<float>()));
            (a, b, c) = (m, [b[0] - m[0], b[1] - m[1]], [c[0] + a[0] + m[1], c[1] + a[1] + m[0]]);
            Assert.Equal(a, v.Value.ToArray<float>());
            Assert.Equal(b, w.Value.ToArray<float>());
            Assert.Equal(c, u.Value.ToArray<float>());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_can_fail_comes_before_every_update(bool readsTheUpdate)
    {
        SharedVariable v = Shared<float>([1, 2], "v", 2), w = Shared<float>([3, 4], "w", 2);
        Expr x = Vector("x", 2);
        Expr moved = v * 0.5f + x, judged = readsTheUpdate ? moved : x;
        Expr checkedSum = Require(judged, judged.Sum() < 100, "too large");
        using Function f = Function.Compile([x], [checkedSum], [(v, moved), (w, w - moved)], Models.Plain);
        Assert.ThrowsAny<Exception>(() => f.Call(Tensor.Of<float>([500, 500], 2)));
        Assert.Equal([1f, 2f], v.Value.ToArray<float>());
        Assert.Equal([3f, 4f], w.Value.ToArray<float>());
        f.Call(Tensor.Of<float>([5, 6], 2));
        Assert.Equal([5.5f, 7f], v.Value.ToArray<float>());
        Assert.Equal([-2.5f, -3f], w.Value.ToArray<float>());
    }

    [Fact]
    public void Chains_of_kernels_work_in_place()
    {
        TensorType type = new(DType.Float32, Shape.Of([50, 40]));
        // Sums of columns cut the chain into kernels of one pass each.
        Lambda chain = Lambda.Of([type], p =>
        {
            Expr x = p[0];
            for (int i = 0; i < 4; i++)
            {
                x = Tanh(x - x.Sum([0], keepDims: true));
            }
            return [x];
        });
        Plan plan = Generator.Generate(new ProgramBody(chain, 1, []), new CodegenOptions(256)).Plan;
        Assert.Equal(plan, PlanText.Parse(PlanText.Write(plan)));
        PlannedBuffer[] large = [.. plan.Buffers.Where(b => b.Role == BufferRole.Temporary && b.Type.Equals(type))];
        Assert.NotEmpty(large);
        Assert.Equal(large.Length - 1, large.Count(b => b.Over >= 0));

        Tensor input = Models.Random(3, 50, 40);
        Variable variable = new("x", DType.Float32, [50, 40]);
        using Function f = Function.Compile([variable.Expr], chain.Apply([variable.Expr]), null, Models.Plain with { Threads = 2 });
        Close.Assert(Reference.Evaluate(chain.Apply([variable.Expr]), new Dictionary<Variable, Literal> { [variable] = input.ToLiteral() })[0], f.Call(input)[0].ToLiteral(), "chain");
    }

    /// <summary>What goes over rows may have reduced one before it writes over it.</summary>
    [Fact]
    public void A_row_is_written_over_once_it_has_been_reduced()
    {
        Variable a = new("a", DType.Float32, [40, 70]), b = new("b", DType.Float32, [70, 40]);
        Seq<Variable> variables = [a, b];
        Lambda program = Lambda.Of(variables.Map(v => v.Type), p =>
        {
            Expr x = Dot(p[0], p[1]) / 70, away = x - x.Max([1], keepDims: true);
            return [Dot(away * away.Sum([1], keepDims: true), p[0])];
        });
        Plan plan = Generator.Generate(new ProgramBody(program, 1, []), new CodegenOptions(256)).Plan;
        Assert.Equal(3, plan.Steps.OfType<Step.Launch>().Count());
        Assert.Contains(plan.Buffers, buffer => buffer.Over >= 0);

        Tensor[] inputs = [Models.Random(3, 40, 70), Models.Random(4, 70, 40)];
        using Function f = Function.Compile(variables.Map(v => v.Expr), program.Apply(variables.Map(v => v.Expr)), null, Models.Plain with { Threads = 2 });
        Close.Assert(Reference.Evaluate(program, [inputs[0].ToLiteral(), inputs[1].ToLiteral()])[0], f.Call(inputs)[0].ToLiteral(), "rows", scale: 1000);
    }

    [Theory]
    [InlineData("buffer 0 temporary 0 steps 0 0 f32[4]\nbuffer 1 temporary 1 steps 0 0 f32[5] over 0")]
    [InlineData("buffer 0 temporary 0 steps 0 1 f32[4]\nbuffer 1 temporary 1 steps 0 1 f32[4] over 0")]
    [InlineData("buffer 0 parameter 0 steps 0 0 f32[4]\nbuffer 1 temporary 1 steps 0 0 f32[4] over 0")]
    [InlineData("buffer 0 temporary 0 steps 0 0 f32[4]\nbuffer 1 temporary 1 steps 0 0 f32[4] over 0\nbuffer 2 temporary 2 steps 0 0 f32[4] over 0")]
    public void A_plan_that_takes_over_memory_in_use_is_refused(string buffers) =>
        Assert.Contains("cannot lie over buffer 0", Assert.Throws<FormatException>(() => PlanText.Parse($"symbolic-plan 1\n{buffers}\noutputs []\ncommit 0\n")).Message, StringComparison.Ordinal);
}
