using Symbolic.Ops;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Bench.Models;

/// <summary>Caffe's LeNet (20 and 50 filters, 500 hidden units) by expression, with its training step: SGD, momentum, weight decay.</summary>
internal sealed class LeNet
{
    private const double Rate = 0.01, Momentum = 0.9, Decay = 0.0005;
    private readonly List<SharedVariable> weights = [];
    private readonly Random random = new(1);

    /// <summary>The net for batches of this size.</summary>
    public LeNet(int batch)
    {
        Batch = batch;
        Pictures = Tensor4("pictures", batch, 1, 28, 28);
        Labels = Vector("labels", batch, DType.Int64);
        Expr pooled1 = MaxPool(Convolution(Pictures, 1, 20), Window.Of([2, 2], [2, 2]));
        Expr pooled2 = MaxPool(Convolution(pooled1, 20, 50), Window.Of([2, 2], [2, 2]));
        Expr hidden = Relu<Expr>(Linear(pooled2.Flatten(), 800, 500));
        Scores = Linear(hidden, 500, 10);
        Loss = CrossEntropy(Scores, Labels).Mean();
    }

    /// <summary>Pictures per step.</summary>
    public int Batch { get; }

    /// <summary>Input f32[batch,1,28,28].</summary>
    public Expr Pictures { get; }

    /// <summary>Input i64[batch].</summary>
    public Expr Labels { get; }

    /// <summary>f32[batch,10].</summary>
    public Expr Scores { get; }

    /// <summary>The mean cross entropy.</summary>
    public Expr Loss { get; }

    /// <summary>Compiles forward, backward and update.</summary>
    public Function CompileStep(CompileOptions options)
    {
        Expr[] gradients = Grad(Loss, [.. weights.Select(w => w.Expr)]);
        Update[] updates = [.. weights.SelectMany((w, i) =>
        {
            SharedVariable velocity = Shared(Tensor.Zeros(DType.Float32, w.Type.Shape.Sizes), w.Name + "_velocity");
            Expr moved = Rate * (gradients[i] + Decay * w) + Momentum * velocity;
            return new Update[] { (velocity, moved), (w, w - moved) };
        })];
        return Function.Compile([Pictures, Labels], [Loss], updates.ToSeq(), options);
    }

    /// <summary>Compiles the forward pass.</summary>
    public Function CompileForward(CompileOptions options) => Function.Compile([Pictures], [Scores], options: options);

    /// <summary>Random pictures and labels.</summary>
    public Tensor[] Data()
    {
        float[] pixels = [.. Enumerable.Range(0, Batch * 784).Select(_ => random.NextSingle())];
        long[] labels = [.. Enumerable.Range(0, Batch).Select(_ => random.NextInt64(10))];
        return [Tensor.Of<float>(pixels, Batch, 1, 28, 28), Tensor.Of<long>(labels, Batch)];
    }

    private Expr Convolution(Expr input, int from, int to) =>
        Convolve(input, Weight($"conv{to}", from * 25, to, from, 5, 5)) + Weight($"bias{to}", 0, to).Reshape([1, to, 1, 1]);

    private Expr Linear(Expr input, int from, int to) => Dot(input, Weight($"ip{to}", from, from, to)) + Weight($"bias{to}", 0, to);

    private Expr Weight(string name, int fanIn, params ReadOnlySpan<long> sizes)
    {
        long count = 1;
        foreach (long size in sizes)
        {
            count *= size;
        }
        float range = fanIn == 0 ? 0 : MathF.Sqrt(3f / fanIn);
        float[] values = [.. Enumerable.Range(0, (int)count).Select(_ => range * (2 * random.NextSingle() - 1))];
        SharedVariable weight = Shared(Tensor.Of<float>(values, sizes), name);
        weights.Add(weight);
        return weight;
    }
}
