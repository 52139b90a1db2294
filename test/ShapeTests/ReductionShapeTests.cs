using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Reductions over any axes of any shape.</summary>
public sealed class ReductionShapeTests
{
    public const int CasesPerBatch = 20, Calls = 16, Seeds = 6;

    public static TheoryData<int> Batches() => new(Enumerable.Range(0, Seeds));

    [Theory]
    [MemberData(nameof(Batches))]
    public void Reductions_of_sizes_that_come_with_the_call(int seed)
    {
        var random = new Random(5000 + seed);
        using var batch = new Batch(Enumerable.Range(0, CasesPerBatch).Select(i => Some(random, i, axis => new NamedSymbol($"s{i}.{axis}"))), Draw.Options(random, null));
        Dictionary<string, long> Drawn(Func<int, long> size) => Enumerable.Range(0, CasesPerBatch).SelectMany(i => Enumerable.Range(0, 4).Select(axis => ($"s{i}.{axis}", size(axis)))).ToDictionary();
        for (int call = 0; call < Calls; call++)
        {
            batch.Check(random, Drawn(_ => Math.Max(1, Draw.Size(random, call % 4 == 0 ? 33 : 9))));
        }
        batch.Agree(random, Drawn(axis => 67 - 17 * axis));
    }

    [Theory]
    [MemberData(nameof(Batches))]
    public void Reductions_of_known_sizes(int seed)
    {
        var random = new Random(6000 + seed);
        using var batch = new Batch(Enumerable.Range(0, 2 * CasesPerBatch).Select(i => Some(random, i, axis => Math.Max(1, Draw.Size(random, axis < 2 ? 65 : 9)))), Draw.Options(random, null));
        batch.Check(random);
    }

    private static Case Some(Random random, int number, Func<int, Dim> size)
    {
        int rank = random.Next(1, 5);
        DType dtype = random.Next(4) == 0 ? DType.Float64 : DType.Float32;
        Dim[] shape = [.. Enumerable.Range(0, rank).Select(size)];
        Expr x = new Variable($"x{number}", dtype, shape).Expr, mapped = random.Next(3) == 0 ? x * x + 1 : x;
        Seq<int> axes = Enumerable.Range(0, rank).Where(_ => random.Next(2) == 0).ToSeq();
        if (axes.Count == 0)
        {
            axes = [random.Next(rank)];
        }
        bool keeps = random.Next(2) == 0;
        double rounding = dtype == DType.Float32 ? 4e-6 : 1e-13;
        string text = $"over [{string.Join(",", axes)}] of rank {rank} {dtype}";
        return random.Next(11) switch
        {
            0 or 1 => new Case($"sum {text}", [x], mapped.Sum(axes, keeps)),
            2 => new Case($"maximum {text}", [x], mapped.Max(axes, keeps)),
            3 => new Case($"minimum {text}", [x], mapped.Min(axes, keeps)),
            4 => new Case($"place of the maximum {text}", [x], mapped.ArgMax(axes, keeps)),
            5 => new Case($"mean {text}", [x], mapped.Mean(axes, keeps), rounding),
            6 => new Case($"variance {text}", [x], mapped.Var(axes, keeps), rounding),
            7 => new Case($"log of the sum of exponentials {text}", [x], x.LogSumExp(axes, keeps), rounding),
            8 => new Case($"softmax of axis {axes[0]} of rank {rank} {dtype}", [x], Softmax(x, axes[0]), rounding),
            9 => new Case($"logarithm of softmax of axis {axes[0]} of rank {rank} {dtype}", [x], LogSoftmax(x, axes[0]), rounding),
            _ => new Case($"running sum of axis {axes[0]} of rank {rank} {dtype}", [x], CumSum(x, axes[0])),
        };
    }
}
