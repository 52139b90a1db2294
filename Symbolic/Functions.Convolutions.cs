namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>
    /// Convolution (cross-correlation) of images [n,c,h,w] with kernels [o,c/groups,i,j], zero padded.
    /// </summary>
    public static Expr Convolve(Expr image, Expr kernel, Seq<int>? stride = null, Seq<int>? padding = null, Seq<int>? dilation = null, int groups = 1)
    {
        if (kernel.Rank < 3 || !kernel.Shape[2..].IsKnown)
        {
            throw new TypeMismatch($"convolution wants kernels [o,c,...] whose window sizes are known numbers; got {kernel.Label}");
        }
        Window window = Window.Of(kernel.Shape[2..].Sizes.Select(s => (int)s).ToSeq(), stride, padding, dilation);
        return Expr.Of(new Convolution(window, groups), image, kernel);
    }
}
