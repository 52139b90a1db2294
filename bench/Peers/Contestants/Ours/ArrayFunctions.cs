using Symbolic.Peers.Works;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Peers.Contestants.Ours;

/// <summary>The works on plain arrays.</summary>
internal static class ArrayFunctions
{
    /// <summary>The work made ready, or null where it is of another kind.</summary>
    public static IPrepared? Of(Work work, CompileOptions options) => work switch
    {
        GemmWork gemm => Product(gemm, options),
        GemvWork gemv => Product(gemv, options),
        ChainWork chain => Chain(chain, options),
        SoftmaxWork softmax => Over(options, softmax.Rows, softmax.Columns, x => Softmax(x, 1)),
        SumWork sum => Over(options, sum.Rows, sum.Columns, x => x.Sum([sum.Axis])),
        TransposeWork transpose => Over(options, transpose.Rows, transpose.Columns, x => x.Transpose()),
        CallWork call => Call(call, options),
        _ => null,
    };

    private static OurPrepared Product(GemmWork work, CompileOptions options)
    {
        Expr a = work.TransposedA ? Matrix("a", work.K, work.M) : Matrix("a", work.M, work.K), b = work.TransposedB ? Matrix("b", work.N, work.K) : Matrix("b", work.K, work.N);
        return OurPrepared.Of(options, Dot(work.TransposedA ? a.Transpose() : a, work.TransposedB ? b.Transpose() : b), a, b);
    }

    private static OurPrepared Product(GemvWork work, CompileOptions options)
    {
        Expr matrix = Matrix("a", work.Rows, work.Columns), vector = Vector("x", work.VectorFirst ? work.Rows : work.Columns);
        return OurPrepared.Of(options, work.VectorFirst ? Dot(vector, matrix) : Dot(matrix, vector), matrix, vector);
    }

    private static OurPrepared Chain(ChainWork work, CompileOptions options)
    {
        Expr a = Vector("a", work.Count), b = Vector("b", work.Count);
        if (!work.Heavy)
        {
            return OurPrepared.Of(options, Maximum<Expr>(((a * b + a) * 0.5) - b, 0) + a, a, b);
        }
        Expr logarithm = Log(Exp(Tanh(a * b + a) * b) + 2) - a;
        return OurPrepared.Of(options, ((logarithm * logarithm + b) * 0.5) - a, a, b);
    }

    private static OurPrepared Over(CompileOptions options, long rows, long columns, Func<Expr, Expr> made)
    {
        Expr x = Matrix("x", rows, columns);
        return OurPrepared.Of(options, made(x), x);
    }

    private static OurPrepared Call(CallWork work, CompileOptions options)
    {
        Expr a = Vector("a", work.Count), b = Vector("b", work.Count);
        return OurPrepared.Of(options, (a * b + a).Sum(), a, b);
    }
}
