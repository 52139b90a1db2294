using Symbolic.Peers.Works;
using TorchSharp;
using static TorchSharp.torch;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>The works on plain arrays, into room that is there already where an operation in place exists.</summary>
internal static class TorchArrays
{
    /// <summary>The work made ready, or null where it is of another kind.</summary>
    public static IPrepared? Of(Work work) => work switch
    {
        GemmWork gemm => Product(gemm),
        GemvWork gemv => Product(gemv),
        ChainWork { Heavy: true } chain => Chain(chain),
        SoftmaxWork softmax => Over(softmax.Rows, softmax.Columns, x => x.softmax(1)),
        SumWork sum => Over(sum.Rows, sum.Columns, x => x.sum(sum.Axis)),
        TransposeWork transpose => Transpose(transpose),
        CallWork call => Call(call),
        _ => null,
    };

    // With beta 0 the old values are not read: the product goes straight into its place.
    private static TorchPrepared Product(GemmWork work)
    {
        Tensor a = work.TransposedA ? TorchPrepared.Filled(0, 1, work.K, work.M) : TorchPrepared.Filled(0, 1, work.M, work.K);
        Tensor b = work.TransposedB ? TorchPrepared.Filled(1, 1, work.N, work.K) : TorchPrepared.Filled(1, 1, work.K, work.N);
        Tensor left = work.TransposedA ? a.t() : a, right = work.TransposedB ? b.t() : b, y = zeros(work.M, work.N);
        return new(() => y.addmm_(left, right, 0, 1), [a, b, left, right, y]);
    }

    private static TorchPrepared Product(GemvWork work)
    {
        Tensor a = TorchPrepared.Filled(0, 1, work.Rows, work.Columns), x = TorchPrepared.Filled(1, 1, work.VectorFirst ? work.Rows : work.Columns);
        Tensor matrix = work.VectorFirst ? a.t() : a, y = zeros(work.VectorFirst ? work.Columns : work.Rows);
        return new(() => y.addmv_(matrix, x, 0, 1), [a, x, matrix, y]);
    }

    private static TorchPrepared Chain(ChainWork work)
    {
        Tensor a = TorchPrepared.Filled(0, 1, work.Count), b = TorchPrepared.Filled(1, 1, work.Count), y = zeros(work.Count);
        Scalar two = 2f, half = 0.5f, one = 1f;
        return new(() =>
        {
            y.copy_(a).addcmul_(a, b, one).tanh_().mul_(b).exp_().add_(two).log_().sub_(a);
            return y.mul_(y).add_(b).mul_(half).sub_(a);
        }, [a, b, y]);
    }

    private static TorchPrepared Over(long rows, long columns, Func<Tensor, Tensor> made)
    {
        Tensor x = TorchPrepared.Filled(0, 1, rows, columns);
        return new(() => made(x), [x]);
    }

    private static TorchPrepared Transpose(TransposeWork work)
    {
        Tensor x = TorchPrepared.Filled(0, 1, work.Rows, work.Columns), turned = x.t(), y = zeros(work.Columns, work.Rows);
        return new(() => y.copy_(turned), [x, turned, y]);
    }

    private static TorchPrepared Call(CallWork work)
    {
        Tensor a = TorchPrepared.Filled(0, 1, work.Count), b = TorchPrepared.Filled(1, 1, work.Count);
        return new(() =>
        {
            using Tensor product = a * b, sum = product.add_(a);
            return sum.sum();
        }, [a, b]);
    }
}
