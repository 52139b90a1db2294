namespace Symbolic.Caffe.Layers;

/// <summary>What each window sees, as channels: [n, channels·window, positions...]; the step before a convolution's matrix product.</summary>
internal sealed class Im2colLayer : LayerType
{
    public override string Name => "Im2col";

    public override Seq<Expr> Build(LayerScope layer)
    {
        ConvolutionGeometry geometry = ConvolutionGeometry.Of(layer, layer.Parameter.ConvolutionParam ?? throw layer.Error("convolution_param is missing"));
        Expr images = geometry.Images(layer.Bottom);
        int rank = geometry.Window.Rank;
        Expr seen = Expr.Of(new Ops.Unfold(geometry.Window, 0), images);
        Seq<int> taps = Enumerable.Range(2 + rank, rank).ToSeq(), positions = Enumerable.Range(2, rank).ToSeq();
        Expr columns = seen.Transpose([0, 1, .. taps, .. positions]);
        Expr joined = columns.Reshape([columns.Shape[0], columns.Shape[1..(2 + rank)].Elements, .. columns.Shape[(2 + rank)..]]);
        return [geometry.Blob(joined, layer.Bottom)];
    }
}
