using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Solvers;

/// <summary>
/// One compiled function that runs a batch forward and backward and updates all weights. With iter_size above 1 the gradients
/// of several batches gather in shared variables first; two flags say which batch is the first and which the last.
/// </summary>
internal sealed class TrainingFunction : IDisposable
{
    private readonly Function function;
    private readonly Tensor[] inputs;
    private readonly Tensor[] outputs;
    private readonly Tensor rate = Tensor.Zeros(DType.Float32);
    private readonly Tensor? first, last;
    private readonly UpdateRule rule;
    private readonly DebugInfo? debug;
    private readonly int netOutputs;

    public TrainingFunction(Net net, NetFeed feed, UpdateRule rule, int batches, Seq<SharedVariable> histories, bool debugs, CompileOptions options)
    {
        this.rule = rule;
        netOutputs = net.Outputs.Count;
        Expr rateInput = Scalar("rate");
        Expr? firstInput = batches > 1 ? Scalar("first", DType.Bool) : null, lastInput = batches > 1 ? Scalar("last", DType.Bool) : null;
        Seq<Expr> gradients = Gradients(net);
        // Statistics move on with every batch, whichever it is of an iteration.
        var updates = new List<Update>(net.Updates);
        if (firstInput is not null)
        {
            gradients = gradients.Select((gradient, i) => Gathered(net.Parameters[i], gradient, firstInput, updates)).ToSeq();
        }
        debug = debugs ? DebugInfo.OfTraining(net, gradients) : null;
        // A frozen weight has no gradient in Caffe, not even towards the length that is clipped.
        int[] learning = [.. Enumerable.Range(0, gradients.Count).Where(i => net.Parameters[i].LrMult != 0)];
        Expr? length = rule.Clips ? UpdateRule.Length(learning.Select(i => gradients[i])) : null;
        Expr? shrink = length is null ? null : rule.Shrink(length);
        foreach (int i in learning)
        {
            SharedVariable weight = net.Parameters[i].Variable;
            Seq<SharedVariable> own = Enumerable.Range(0, rule.Histories).Select(h => histories[h * net.Parameters.Count + i]).ToSeq();
            UpdateRule.Step step = rule.Update(new(net.Parameters[i], gradients[i], own), rateInput, shrink);
            updates.AddRange(own.Select((history, h) => OnLast(history, step.Histories[h], lastInput)));
            updates.Add(OnLast(weight, step.Weight, lastInput));
        }
        Seq<Expr> flags = firstInput is null || lastInput is null ? [] : [firstInput, lastInput];
        Seq<Expr> shown = [net.Objective, .. net.Outputs.Map(output => output.Value), .. debug?.Values ?? [], .. length is null ? Seq<Expr>.Empty : [length]];
        function = Function.Compile([.. net.Inputs.Map(input => input.Variable.Expr), rateInput, .. flags], shown, updates.ToSeq(), options);
        if (batches > 1)
        {
            first = Tensor.Zeros(DType.Bool);
            last = Tensor.Zeros(DType.Bool);
        }
        inputs = [.. feed.Tensors, rate, .. first is null || last is null ? Array.Empty<Tensor>() : [first, last]];
        outputs = NetFunction.Room(net, shown);
    }

    /// <summary>The profile of the compiled function.</summary>
    public FunctionProfile Profile => function.Profile;

    /// <summary>The values of the net's outputs after the last run.</summary>
    public ReadOnlySpan<Tensor> Outputs => outputs.AsSpan(1, netOutputs);

    /// <summary>The length of the gradients before clipping, after the last run; NaN where nothing clips.</summary>
    public float Length => rule.Clips ? outputs[^1].Item<float>() : float.NaN;

    /// <summary>Prints what debug_info says of the last run, if it was asked for.</summary>
    public void PrintDebug(ICaffeLog log) => debug?.Print(log, outputs.AsSpan(1 + netOutputs));

    /// <summary>Runs one batch and gives its loss.</summary>
    public float Run(float learningRate, int iteration, bool isFirst, bool isLast, CancellationToken cancellation)
    {
        rate.AsSpan<float>()[0] = rule.Rate(learningRate, iteration);
        if (first is not null && last is not null)
        {
            first.AsSpan<bool>()[0] = isFirst;
            last.AsSpan<bool>()[0] = isLast;
        }
        function.Run(inputs, outputs, cancellation);
        return outputs[0].Item<float>();
    }

    /// <inheritdoc/>
    public void Dispose() => function.Dispose();

    /// <summary>The gradient of the objective per parameter; zeros where it does not depend on one.</summary>
    private static Seq<Expr> Gradients(Net net)
    {
        Seq<Expr> weights = net.Parameters.Map(p => p.Variable.Expr);
        Derivative[] slopes = Differentiation.Gradient(weights, [net.Objective]);
        return slopes.Select((slope, i) => slope switch
        {
            Derivative.Known(var gradient) => gradient,
            Derivative.UndefinedEntry(var reason) => throw new GradientError(reason),
            _ => Zeros(weights[i].Tensor),
        }).ToSeq();
    }

    private static Update OnLast(SharedVariable variable, Expr value, Expr? isLast) =>
        new(variable, isLast is null ? value : Switch<Expr>(isLast, value, variable.Expr));

    private static Expr Gathered(Parameter parameter, Expr gradient, Expr isFirst, List<Update> updates)
    {
        var gathered = new SharedVariable(DType.Float32, parameter.Variable.Type.Shape.Sizes.ToSeq(), $"{parameter.Layer}.{parameter.Index}.gradient");
        Expr sum = Switch<Expr>(isFirst, gradient, gathered.Expr + gradient);
        updates.Add(new Update(gathered, sum));
        return sum;
    }
}
