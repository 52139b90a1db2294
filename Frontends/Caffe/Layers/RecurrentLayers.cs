using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>
/// A layer over sequences, unrolled: x [steps,streams,...], marks [steps,streams] that are 0 where a new sequence begins, and
/// perhaps one static input [streams,...] that every step sees. With expose_hidden the state comes in and goes out as blobs;
/// else each run begins with the state in which the last one ended (recurrent_layer.cpp).
/// </summary>
internal abstract class RecurrentLayer : LayerType
{
    public override Arity Bottoms => Arity.Between(2, 3 + States);

    public override Arity Tops => Arity.Between(1, 1 + States);

    /// <summary>How many blobs the state has.</summary>
    protected abstract int States { get; }

    /// <summary>How many gates' inputs are computed of each input.</summary>
    protected abstract int Gates { get; }

    public override Seq<Expr> Build(LayerScope layer)
    {
        RecurrentParameter parameter = layer.Parameter.RecurrentParam ?? throw layer.Error("recurrent_param is missing");
        long hidden = layer.Number(parameter.NumOutput, "num_output", least: 1);
        bool exposes = parameter.ExposeHidden;
        Expr x = layer.Bottom, marks = layer.Bottoms[1];
        int given = layer.Bottoms.Count - (exposes ? States : 0);
        if (given is not (2 or 3) || layer.TopCount != (exposes ? 1 + States : 1) || x.Rank < 2 || !marks.Shape.Equals(x.Shape[..2]))
        {
            throw layer.Error($"wants x [steps,streams,...], marks [steps,streams], perhaps a static input, and with expose_hidden {States} state(s) in and out; "
                + $"got {string.Join(", ", layer.Bottoms.Select(bottom => bottom.Label))} and {layer.TopCount} top(s)");
        }
        long steps = layer.Size(x, 0), streams = layer.Size(x, 1);
        Expr inputs = Product(layer, x, 2, hidden * Gates, parameter.WeightFiller) + layer.Weight([hidden * Gates], parameter.BiasFiller);
        if (given == 3)
        {
            inputs += Product(layer, layer.Bottoms[2], 1, hidden * Gates, parameter.WeightFiller).BroadcastTo(inputs.Shape, [1, 2]);
        }
        Func<Seq<Expr>, Expr, Expr, (Seq<Expr> State, Expr Output)> cell = Cell(layer, parameter, hidden);
        Seq<Expr> state = exposes
            ? layer.Bottoms[given..].Map(blob => blob.Reshape([streams, hidden]))
            : Enumerable.Range(0, States).Select(s => layer.Kept(s, [streams, hidden])).ToSeq();
        var outputs = new List<Expr>();
        for (int step = 0; step < steps; step++)
        {
            Expr mark = StopGradient(At(marks, step)).BroadcastTo([streams, hidden], [0]);
            (state, Expr output) = cell(state, At(inputs, step), mark);
            outputs.Add(output);
        }
        Expr sequence = Stack(outputs.ToSeq());
        if (exposes)
        {
            return [sequence, .. state.Map(last => last.Reshape([1, streams, hidden]))];
        }
        for (int s = 0; s < States; s++)
        {
            layer.Keep(s, state[s]);
        }
        return [sequence];
    }

    /// <summary>Asks for the weights of the state and gives the function of one step: of state, inputs to the gates and mark.</summary>
    protected abstract Func<Seq<Expr>, Expr, Expr, (Seq<Expr> State, Expr Output)> Cell(LayerScope layer, RecurrentParameter parameter, long hidden);

    /// <summary>The product with new weights [outputs, inputs] of all axes from one on.</summary>
    protected static Expr Product(LayerScope layer, Expr x, int axis, long outputs, FillerParameter? filler)
    {
        long count = layer.SizesFrom(x, axis).Aggregate(1L, (a, b) => a * b);
        return Dot(x.Reshape([.. x.Shape[..axis], count]), layer.Weight([outputs, count], filler).Transpose());
    }

    private static Expr At(Expr sequence, int step) => sequence.Slice(0, step, step + 1L).Reshape(sequence.Shape[1..]);
}

/// <summary>h = tanh(W_hh·h + W_xh·x + b_h), o = tanh(W_ho·h + b_o) (rnn_layer.cpp).</summary>
internal sealed class RNNLayer : RecurrentLayer
{
    public override string Name => "RNN";

    protected override int States => 1;

    protected override int Gates => 1;

    protected override Func<Seq<Expr>, Expr, Expr, (Seq<Expr>, Expr)> Cell(LayerScope layer, RecurrentParameter parameter, long hidden)
    {
        Expr fromState = layer.Weight([hidden, hidden], parameter.WeightFiller), toOutput = layer.Weight([hidden, hidden], parameter.WeightFiller);
        Expr bias = layer.Weight([hidden], parameter.BiasFiller);
        return (state, inputs, mark) =>
        {
            Expr h = Tanh<Expr>(Dot(state[0] * mark, fromState.Transpose()) + inputs);
            return ([h], Tanh<Expr>(Dot(h, toOutput.Transpose()) + bias));
        };
    }
}

/// <summary>Long short-term memory (lstm_layer.cpp; Hochreiter, Schmidhuber 1997): gates of input, forgetting, output and candidate, in this order.</summary>
internal sealed class LSTMLayer : RecurrentLayer
{
    public override string Name => "LSTM";

    protected override int States => 2;

    protected override int Gates => 4;

    protected override Func<Seq<Expr>, Expr, Expr, (Seq<Expr>, Expr)> Cell(LayerScope layer, RecurrentParameter parameter, long hidden)
    {
        Expr weights = layer.Weight([4 * hidden, hidden], parameter.WeightFiller);
        return (state, inputs, mark) =>
        {
            (Expr c, Expr h) = LSTMUnitLayer.Step(state[1], Dot(state[0] * mark, weights.Transpose()) + inputs, mark);
            return ([h, c], h);
        };
    }
}

/// <summary>One step of an LSTM: of the cell [1,streams,hidden], the inputs of the four gates [1,streams,4·hidden] and the marks [1,streams].</summary>
internal sealed class LSTMUnitLayer : LayerType
{
    public override string Name => "LSTMUnit";

    public override Arity Bottoms => Arity.Exactly(3);

    public override Arity Tops => Arity.Exactly(2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        Expr cell = layer.Bottom, gates = layer.Bottoms[1], marks = layer.Bottoms[2];
        if (cell.Rank != 3 || !cell.Shape[0].Is(1) || !gates.Shape.Equals([1, cell.Shape[1], cell.Shape[2] * 4]) || !marks.Shape.Equals([1, cell.Shape[1]]))
        {
            throw layer.Error($"wants a cell [1,streams,hidden], gates [1,streams,4*hidden] and marks [1,streams]; got {cell.Label}, {gates.Label} and {marks.Label}");
        }
        (Expr c, Expr h) = Step(cell, gates, StopGradient(marks).BroadcastTo(cell.Shape, [0, 1]));
        return [c, h];
    }

    /// <summary>The new cell and what it puts out; the mark is 0 where what was before is forgotten.</summary>
    internal static (Expr Cell, Expr Output) Step(Expr cell, Expr gates, Expr mark)
    {
        Seq<Expr> parts = gates.SplitEvenly(4, -1);
        Expr c = mark * Sigmoid<Expr>(parts[1]) * cell + Sigmoid<Expr>(parts[0]) * Tanh<Expr>(parts[3]);
        return (c, Sigmoid<Expr>(parts[2]) * Tanh<Expr>(c));
    }
}
