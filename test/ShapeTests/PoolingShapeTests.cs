using Symbolic.Ops;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Pooling and its gradients, also where windows overlap, stick out or tie.</summary>
public sealed class PoolingShapeTests
{
    public const int CasesPerBatch = 16, Seeds = 30;

    [Theory]
    [MemberData(nameof(Batches))]
    public void Pooling_is_what_its_definition_says(int seed)
    {
        var random = new Random(4000 + seed);
        using var batch = new Batch(Enumerable.Range(0, CasesPerBatch).Select(i => Some(random, i)), Draw.Options(random, null));
        batch.Check(random);
    }

    public static TheoryData<int> Batches() => new(Enumerable.Range(0, Seeds));

    private static Case Some(Random random, int number)
    {
        int rank = Draw.One(random, 1, 2, 2, 2, 3);
        DType dtype = random.Next(4) == 0 ? DType.Float64 : DType.Float32;
        int[] size = [.. Enumerable.Range(0, rank).Select(_ => Draw.One(random, 1, 2, 2, 3, 3, 4))];
        Shape spatial = new(size.Select(taps => (Dim)Math.Max(taps, Draw.Size(random, rank == 3 ? 7 : 19))).ToSeq());
        Window window = Window.Pooling(spatial, size.ToSeq(), size.Select(taps => random.Next(3) == 0 ? taps : Draw.One(random, 1, 2, 3)).ToSeq(), size.Select(taps => random.Next(Math.Min(2, taps))).ToSeq(), ceiling: random.Next(2) == 0);
        Expr x = new Variable($"x{number}", dtype, [Draw.Size(random, 5), Draw.Size(random, 17), .. spatial]).Expr;
        bool max = random.Next(2) == 0, ties = random.Next(4) == 0;
        Expr y = max ? MaxPool(x, window, ties) : AveragePool(x, window, Draw.One(random, Averaging.WithPadding, Averaging.WithoutPadding));
        string text = $"{(max ? ties ? "max pooling with all ties" : "max pooling" : "average pooling")} {window} {dtype}";
        double tolerance = max ? 0 : 1e-6;
        if (random.Next(2) == 0)
        {
            return new Case(text, [x], y, tolerance);
        }
        Expr dy = new Variable($"dy{number}", dtype, [.. y.Shape]).Expr;
        return new Case($"gradient of {text}", [x, dy], Grad((y * dy).Sum(), x), tolerance);
    }
}
