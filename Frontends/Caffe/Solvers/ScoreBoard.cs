using Symbolic.Runtime;

namespace Symbolic.Caffe.Solvers;

/// <summary>Adds up what a net shows over several runs, element by element in float32 as Caffe does.</summary>
internal sealed class ScoreBoard(Net net)
{
    private float[]? sums;

    /// <summary>Number of runs added.</summary>
    public int Runs { get; private set; }

    /// <summary>The elements of outputs as they are after one run.</summary>
    public static IEnumerable<Score> Of(Net net, Tensor[] outputs) =>
        net.Outputs.SelectMany((output, i) => outputs[i].ToArray<float>().Select(value => new Score(output.Name, value, output.LossWeight)));

    /// <summary>Adds the outputs of a run.</summary>
    public void Add(ReadOnlySpan<Tensor> outputs)
    {
        float[] values = [.. Of(net, outputs.ToArray()).Select(score => score.Value)];
        sums ??= new float[values.Length];
        for (int i = 0; i < values.Length; i++)
        {
            sums[i] = Runs == 0 ? values[i] : sums[i] + values[i];
        }
        Runs++;
    }

    /// <summary>The means over the runs.</summary>
    public Seq<Score> Means()
    {
        int at = 0;
        return net.Outputs.SelectMany(output => Enumerable.Range(0, (int)output.Value.Shape.Elements.Constant)
            .Select(_ => new Score(output.Name, sums![at++] / Runs, output.LossWeight))).ToSeq();
    }

    /// <summary>A score as in Caffe's log: <c>loss = 0.5 (* 1 = 0.5 loss)</c>.</summary>
    public static string Text(Score score) => $"{score.Name} = {CppNumber.Text(score.Value)}"
        + (score.LossWeight == 0 ? "" : $" (* {CppNumber.Text(score.LossWeight)} = {CppNumber.Text(score.LossWeight * score.Value)} loss)");
}
