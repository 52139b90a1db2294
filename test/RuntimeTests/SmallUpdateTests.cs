using Symbolic.Codegen;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Updates of small parameters are gathered into batches wherever that cannot show.</summary>
public sealed class SmallUpdateTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Updates_of_many_small_parameters_are_one_step(int threads)
    {
        const int Count = 40;
        SharedVariable[] weights = [.. Enumerable.Range(0, Count).Select(i => Shared<float>([.. Enumerable.Range(0, 10 * (i % 3 + 1)).Select(j => i + (0.25f * j))], $"w{i}", 10 * (i % 3 + 1)))];
        SharedVariable[] moved = [.. weights.Select((w, i) => Shared<float>(new float[10 * (i % 3 + 1)], $"m{i}", 10 * (i % 3 + 1)))];
        Update[] updates = [.. weights.SelectMany((w, i) =>
        {
            Expr next = 0.9f * moved[i] + 0.1f * w;
            return (Update[])[(moved[i], next), (w, w - next)];
        })];
        using Function step = Function.Compile([], [], [.. updates], Models.Plain with { Threads = threads, Profile = true });
        step.Call();
        step.Call();
        KernelProfile batch = Assert.Single(step.Profile.Kernels);
        Assert.Equal("batch", batch.Kernel);
        Assert.StartsWith($"of {Count}: 14 of add f32[10] sub f32[10]", batch.Label, StringComparison.Ordinal);
        for (int i = 0; i < Count; i++)
        {
            for (int j = 0; j < 10 * (i % 3 + 1); j++)
            {
                float w = i + (0.25f * j), m = 0.1f * w;
                float second = (0.9f * m) + (0.1f * (w - m));
                Assert.Equal(second, moved[i].Value.ToArray<float>()[j], 1e-5f * (1 + w));
                Assert.Equal(w - m - second, weights[i].Value.ToArray<float>()[j], 1e-5f * (1 + w));
            }
        }
    }

    [Fact]
    public void A_batch_waits_for_nobody_it_depends_on_and_ends_ahead_of_whoever_depends_on_it()
    {
        TensorType type = new(DType.Float32, [100]);
        // Each variable becomes the sum of itself and the one before it: its old value is read ahead of its own update.
        Lambda chain = Lambda.Of([.. Enumerable.Repeat(type, 6)], p => [p[0] + 1, p[1] + p[0].Flip([0]), p[2] + p[1].Flip([0]), p[3] * 2, p[4] * 2, p[5] * 2]);
        Plan plan = Generator.Generate(new ProgramBody(chain, 0, [0, 1, 2, 3, 4, 5]), new CodegenOptions(256)).Plan;
        Assert.Equal(plan, PlanText.Parse(PlanText.Write(plan)));
        foreach (Step.Batch batch in plan.Steps.OfType<Step.Batch>())
        {
            int[] touched = [.. batch.Launches.SelectMany(launch => launch.Buffers.Distinct())];
            Assert.Equal(touched.Length, touched.Distinct().Count());
        }
        Assert.Contains(plan.Steps, step => step is Step.Batch);
        SharedVariable[] v = [.. Enumerable.Range(0, 6).Select(i => Shared<float>([.. Enumerable.Range(0, 100).Select(j => (float)(i + j))], $"v{i}", 100))];
        float[][] old = [.. v.Select(x => x.Value.ToArray<float>())];
        using Function f = Function.Compile([], [], [.. chain.Apply([.. v.Select(x => x.Expr)]).Select((next, i) => new Update(v[i], next))], Models.Plain with { Threads = 2 });
        f.Call();
        Assert.Equal(old[0].Select(x => x + 1), v[0].Value.ToArray<float>());
        Assert.Equal(old[1].Select((x, j) => x + old[0][99 - j]), v[1].Value.ToArray<float>());
        Assert.Equal(old[2].Select((x, j) => x + old[1][99 - j]), v[2].Value.ToArray<float>());
        Assert.Equal(old[5].Select(x => x * 2), v[5].Value.ToArray<float>());
    }

    [Fact]
    public void What_is_large_or_alone_stays_a_launch()
    {
        TensorType large = new(DType.Float32, [100_000]), small = new(DType.Float32, [100]);
        Lambda body = Lambda.Of([large, large, small], p => [p[0] * 2, p[1] * 2, p[2] * 2]);
        Assert.All(Generator.Generate(new ProgramBody(body, 0, [0, 1, 2]), new CodegenOptions(256)).Plan.Steps, step => Assert.IsType<Step.Launch>(step));
    }
}
