using Symbolic.Caffe.Schema;
using Symbolic.Ops;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>For each whole number in a blob the row of that number of a learned matrix, plus a bias. No gradient goes to the numbers.</summary>
internal sealed class EmbedLayer : LayerType
{
    public override string Name => "Embed";

    public override Seq<Expr> Build(LayerScope layer)
    {
        EmbedParameter parameter = layer.Parameter.EmbedParam ?? throw layer.Error("embed_param is missing");
        Expr x = layer.Bottom;
        long outputs = layer.Number(parameter.NumOutput, "num_output", least: 1), rows = layer.Number(parameter.InputDim, "input_dim", least: 1);
        Expr weights = layer.Weight([rows, outputs], parameter.WeightFiller);
        Expr y = Rows.At(weights, x.Flatten(0));
        if (parameter.BiasTerm)
        {
            y += layer.Weight([outputs], parameter.BiasFiller).BroadcastTo(y.Shape, [1]);
        }
        return [y.Reshape([.. x.Shape, outputs])];
    }
}

/// <summary>The items of a batch at the positions that a second blob lists; one may come several times or not at all.</summary>
internal sealed class BatchReindexLayer : LayerType
{
    public override string Name => "BatchReindex";

    public override Arity Bottoms => Arity.Exactly(2);

    public override Seq<Expr> Build(LayerScope layer) => layer.Bottoms[1].Rank == 1 && layer.Bottom.Rank > 0
        ? [Rows.At(layer.Bottom, layer.Bottoms[1])]
        : throw layer.Error($"wants a batch and a list of positions; got {layer.Bottom.Label} and {layer.Bottoms[1].Label}");
}

/// <summary>Of each blob but the last the items for which the last is not 0: a batch whose size only a run tells.</summary>
internal sealed class FilterLayer : LayerType
{
    public override string Name => "Filter";

    public override Arity Bottoms => Arity.AtLeast(2);

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        Expr selector = layer.Bottoms[^1];
        Seq<Expr> items = layer.Bottoms[..^1];
        if (layer.TopCount != items.Count)
        {
            throw layer.Error($"gives one top for each bottom but the selector; got {layer.TopCount} tops of {layer.Bottoms.Count} bottoms");
        }
        if (selector.Rank == 0 || selector.Shape[1..].Any(size => !size.Is(1)))
        {
            throw layer.Error($"Selector blob must have all dimensions == 1 except the first; got {selector.Label}");
        }
        if (items.FirstOrDefault(x => x.Rank == 0 || !x.Shape[0].Equals(selector.Shape[0])) is { } other)
        {
            throw layer.Error($"Each bottom should have the same 0th dimension as the selector blob; got {other.Label} and {selector.Label}");
        }
        Expr dropped = EqualTo<Expr>(selector.Flatten(0), 0);
        Dim kept = SizeFrom(Not<Expr>(dropped).Sum(), selector.Shape[0]);
        // Sorting is stable: what is kept comes first, in its order.
        Expr positions = ArgSort(dropped.Cast(DType.Int32)).Slice(0, 0, kept);
        return items.Map(x => Rows.At(x, positions));
    }
}

/// <summary>Rows of a blob by their numbers, which are data; one outside the blob fails the run.</summary>
internal static class Rows
{
    public static Expr At(Expr x, Expr numbers) => Expr.Of(new Gather(0), x, StopGradient(numbers).Cast(DType.Int64));
}
