using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// The share of places whose label is among the top_k scores. Another class that scores as high as the label's counts as
/// better, so ties are wrong, as in accuracy_layer.cpp. A second top has the share per class.
/// </summary>
internal sealed class AccuracyLayer : LayerType
{
    public override string Name => "Accuracy";

    public override Arity Bottoms => Arity.Exactly(2);

    public override Arity Tops => Arity.Between(1, 2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        int most = layer.Number(layer.Parameter.AccuracyParam?.TopK ?? 1, "top_k", least: 1);
        ClassAxis classes = ClassAxis.Of(layer, StopGradient(layer.Bottom), StopGradient(layer.Bottoms[1]), layer.Parameter.AccuracyParam?.Axis ?? 1);
        Expr atLeast = (classes.Scores >= classes.Spread(classes.OfLabel(classes.Scores))).Cast(layer.DType).Sum([classes.Axis]);
        // The label's own class is among those that score at least as high.
        Expr right = atLeast <= most;
        Expr counts = layer.Parameter.AccuracyParam is { HasIgnoreLabel: true, IgnoreLabel: var ignored }
            ? NotEqualTo<Expr>(classes.Labels.Cast(DType.Int32), ignored)
            : Full(DType.Bool, classes.Places, 1);
        Expr hits = And<Expr>(right, counts).Cast(layer.DType);
        Expr accuracy = Share(hits.Sum(), counts.Cast(layer.DType).Sum());
        return layer.TopCount == 1 ? [accuracy] : [accuracy, PerClass(classes, hits, counts.Cast(layer.DType))];
    }

    private static Expr PerClass(ClassAxis classes, Expr hits, Expr counts)
    {
        Seq<int> places = Enumerable.Range(0, classes.Scores.Rank).Where(axis => axis != classes.Axis).ToSeq();
        Expr OfClass(Expr perPlace) => Switch<Expr>(classes.IsLabel, classes.Spread(perPlace), 0).Sum(places);
        return Share(OfClass(hits), OfClass(counts));
    }

    /// <summary>Hits per count, 0 where nothing counted.</summary>
    private static Expr Share(Expr hits, Expr counts) => hits / Maximum<Expr>(counts, 1);
}
