using Symbolic.Caffe;
using Symbolic.Peers.Works;
using Symbolic.Peers.Works.Nets;
using Symbolic.Runtime;
using Symbolic.Test;
using static Symbolic.Functions;

namespace Symbolic.Peers.Contestants.Ours;

/// <summary>Whole nets from Caffe's files.</summary>
internal static class NetFunctions
{
    /// <summary>The work made ready, or null where it is of another kind.</summary>
    public static IPrepared? Of(Work work, CompileOptions options)
    {
        if ((work as AspectWork)?.Net is { } measured)
        {
            return Of(measured, options);
        }
        if (work is not NetWork { Source: var source } asked)
        {
            return null;
        }
        Net net = Net.Build(source.Load(asked.Batch, asked.Trains, asked.Phase), new NetOptions { Phase = asked.Phase });
        FormulaWeights.Set(net, source.Scale.Gain, source.Scale.Slope);
        Tensor images = Tensor.Zeros(DType.Float32, [asked.Batch, .. source.Image]);
        NetNumbers.FillImages(images.AsSpan<float>(), source);
        return asked.Trains ? Step(net, asked, images, options) : Forward(net, images, options);
    }

    private static OurPrepared Forward(Net net, Tensor images, CompileOptions options) =>
        new(Function.Compile(net.Inputs.Map(input => input.Variable.Expr), [net.Outputs[0].Value], options: options with { Freeze = true }), [images]);

    private static OurPrepared Step(Net net, NetWork work, Tensor images, CompileOptions options)
    {
        HashSet<string> statistics = [.. net.Layers.Where(layer => layer.Type == "BatchNorm").Select(layer => layer.Name)];
        SharedVariable[] weights = [.. net.Parameters.Where(parameter => !statistics.Contains(parameter.Layer)).Select(parameter => parameter.Variable)];
        Expr[] slopes = Grad(net.Objective, [.. weights.Select(weight => weight.Expr)]);
        SharedVariable[] velocities = [.. weights.Select(weight => new SharedVariable(DType.Float32, weight.Type.Shape.Sizes.ToSeq(), $"velocity of {weight.Name}"))];
        var updates = new List<Update>(net.Updates);
        for (int i = 0; i < weights.Length; i++)
        {
            Expr moved = NetWork.Rate * (slopes[i] + NetWork.Decay * weights[i].Expr) + NetWork.Momentum * velocities[i].Expr;
            updates.Add((velocities[i], moved));
            updates.Add((weights[i], weights[i].Expr - moved));
        }
        Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), [net.Objective], updates.ToSeq(), options);
        Tensor labels = Tensor.Of<float>([.. Enumerable.Range(0, work.Batch).Select(i => (float)NetNumbers.Label(i, work.Source))], work.Batch);
        return new(function, [images, labels], velocities);
    }
}
