using Symbolic.Caffe.Fillers;
using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>Tops that the user feeds; one shape for all, or one per top.</summary>
internal sealed class InputLayer : LayerType
{
    public override string Name => "Input";

    public override Arity Bottoms => Arity.Exactly(0);

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        var shapes = layer.Parameter.InputParam?.Shape;
        if (shapes is null || (shapes.Count != 1 && shapes.Count != layer.TopCount))
        {
            throw layer.Error($"must specify 'shape' once, or once per top blob ({shapes?.Count ?? 0} vs. {layer.TopCount})");
        }
        return Enumerable.Range(0, layer.TopCount).Select(top => layer.Input(top, shapes[shapes.Count == 1 ? 0 : top].Dim.ToSeq())).ToSeq();
    }
}

/// <summary>A top that is itself a learned blob, of any shape; zeros at first.</summary>
internal sealed class ParameterLayer : LayerType
{
    public override string Name => "Parameter";

    public override Arity Bottoms => Arity.Exactly(0);

    public override Seq<Expr> Build(LayerScope layer)
    {
        Seq<long> sizes = layer.Parameter.ParameterParam?.Shape?.Dim.ToSeq() ?? [];
        return sizes.Any(size => size < 0) ? throw layer.Error($"has a negative size in its shape [{string.Join(",", sizes)}]") : [layer.Weight(sizes, null)];
    }
}

/// <summary>Tops made by fillers: constants, or random values that are new in each run.</summary>
internal sealed class DummyDataLayer : LayerType
{
    public override string Name => "DummyData";

    public override Arity Bottoms => Arity.Exactly(0);

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        DummyDataParameter parameter = layer.Parameter.DummyDataParam ?? throw layer.Error("dummy_data_param is missing");
        int fillers = parameter.DataFiller.Count;
        if (fillers > 1 && fillers != layer.TopCount)
        {
            throw layer.Error($"Number of data fillers must be 0, 1 or equal to the number of tops: {layer.TopCount}; you specified {fillers} data fillers.");
        }
        return Enumerable.Range(0, layer.TopCount).Select(top => FillerDraw.Of(
            fillers == 0 ? new FillerParameter() : parameter.DataFiller[fillers == 1 ? 0 : top], Sizes(layer, parameter, top), layer.DType, layer.Random, message => layer.Error(message))).ToSeq();
    }

    private static Seq<long> Sizes(LayerScope layer, DummyDataParameter parameter, int top)
    {
        if (parameter.Shape.Count > 0)
        {
            if (parameter.Num.Count + parameter.Channels.Count + parameter.Height.Count + parameter.Width.Count > 0)
            {
                throw layer.Error("Both shape and legacy fields were specified");
            }
            Seq<long> sizes = parameter.Shape[Index(parameter.Shape.Count, "shape")].Dim.ToSeq();
            return sizes.All(size => size >= 0) ? sizes : throw layer.Error($"has a negative size in its shape [{string.Join(",", sizes)}]");
        }
        return [parameter.Num[Index(parameter.Num.Count, "num")], parameter.Channels[Index(parameter.Channels.Count, "channels")],
            parameter.Height[Index(parameter.Height.Count, "height")], parameter.Width[Index(parameter.Width.Count, "width")]];

        int Index(int count, string field) => count == 1 ? 0 : count == layer.TopCount ? top
            : throw layer.Error($"Must specify '{field}' once, or once per top blob ({layer.TopCount}); specified {count} times.");
    }
}
