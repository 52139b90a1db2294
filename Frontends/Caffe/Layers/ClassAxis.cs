using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>Scores along a class axis beside labels with one entry per place: [outer, classes, inner] and [outer, inner].</summary>
internal sealed record ClassAxis(Expr Scores, Expr Labels, int Axis)
{
    /// <summary>Number of classes.</summary>
    public Dim Classes => Scores.Shape[Axis];

    /// <summary>The shape of the labels: that of the scores without the class axis.</summary>
    public Shape Places => Labels.Shape;

    /// <summary>Brings the labels of a layer, whatever their shape, to one per place of its scores.</summary>
    public static ClassAxis Of(LayerScope layer, Expr scores, Expr labels, int axis)
    {
        int along = layer.Axis(axis, scores);
        Shape places = scores.Shape.Without([along]);
        return places.Elements.Equals(labels.Shape.Elements)
            ? new ClassAxis(scores, labels.Reshape(places), along)
            : throw layer.Error("number of labels must match number of predictions; e.g., if the class axis is 1 and prediction shape is (N, C, H, W), "
                + $"label count (number of labels) must be N*H*W, with integer values in {{0, 1, ..., C-1}}; got {scores.Label} and {labels.Label}");
    }

    /// <summary>
    /// The same with labels that are refused when the net runs if one that counts is no class. Caffe's release build reads outside its arrays there.
    /// </summary>
    /// <param name="counted">Which labels count, or null for all.</param>
    public ClassAxis WithClassesOnly(Expr? counted)
    {
        Expr labels = Labels.Cast(DType.Int64);
        return this with { Labels = Expr.Of(new Ops.Positions(FromEnd: false), counted is null ? labels : Switch<Expr>(counted, labels, 0), SizeOf(Classes)) };
    }

    /// <summary>Where the class of the scores is the one of the label, as booleans in the shape of the scores.</summary>
    public Expr IsLabel => EqualTo<Expr>(Spread(Labels.Cast(DType.Int64)), Iota(Scores.Shape, Axis));

    /// <summary>The entry of the label's class per place; 0 where a label is no class.</summary>
    public Expr OfLabel(Expr values) => Switch<Expr>(IsLabel, values, 0).Sum([Axis]);

    /// <summary>A value per place, repeated for every class.</summary>
    public Expr Spread(Expr perPlace) => perPlace.BroadcastTo(Scores.Shape, Enumerable.Range(0, Scores.Rank).Where(a => a != Axis).ToSeq());
}
