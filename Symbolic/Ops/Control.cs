namespace Symbolic.Ops;

using static Functions;

/// <summary>One result of an op with several.</summary>
public sealed record Item(int Index) : Op
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <summary>The type of the item of a tuple.</summary>
    public TensorType Of(ExprType tuple) => tuple is TupleType several && Index >= 0 && Index < several.Items.Count
        ? several.Items[Index]
        : throw Mismatch($"{Index} does not exist in {tuple}");

    /// <summary>Unused: an item's input is a tuple, which <see cref="Expr.Of"/> hands to <see cref="Of"/>.</summary>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs) => throw new System.Diagnostics.UnreachableException($"item {Index} of a tensor");

    /// <summary>Differentiation routes the gradient of an item to its place among the tuple's itself.</summary>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => throw new System.Diagnostics.UnreachableException($"{node}");

    /// <summary>None: the samples of loops and branches cover items.</summary>
    public override IEnumerable<Sample> Samples => [];
}

/// <summary>
/// Runs a body a fixed number of times: inputs are the initial carried values, then captures; the body takes
/// (step: i64[], carried values, captures) and yields the next carried values. The results are the last ones.
/// </summary>
public sealed record Loop(int Count, Lambda Body) : Op
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <summary>Number of carried values.</summary>
    public int Carried => Body.Results.Count;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        if (Count < 0 || Body.Parameters.Count <= Carried)
        {
            throw Mismatch($"wants a count of at least 0 and a body that takes the step and what it carries; got {Count} and ({string.Join(", ", Body.Parameters)}) -> ({string.Join(", ", Body.Results.Map(r => r.Tensor))})");
        }
        Seq<TensorType> wanted = Body.Parameters[1..];
        bool fits = Body.Parameters[0].Equals(new TensorType(DType.Int64, Shape.Scalar)) && inputs.SequenceEqual(wanted.AsSpan())
            && Body.Results.Map(r => r.Tensor).Equals(wanted[..Carried]);
        return fits
            ? new TupleType(wanted[..Carried])
            : throw Mismatch($"with a body ({string.Join(", ", Body.Parameters)}) -> ({string.Join(", ", Body.Results.Map(r => r.Tensor))}) wants the step, then carried values and captures of those types; got {string.Join(", ", inputs.ToArray().Select(t => t.ToString()))}");
    }

    /// <summary>
    /// Runs forward once more keeping every carried value, then backward through the steps; the body's gradient is taken
    /// symbolically once.
    /// </summary>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients)
    {
        Seq<TensorType> types = Body.Parameters[1..];
        int carried = Carried;
        int[] active = [.. Enumerable.Range(0, types.Count).Where(i => types[i].DType.IsContinuous())];
        int[] activeCarried = [.. active.Where(i => i < carried)];
        Seq<TensorType> histories = types[..carried].Map(t => t with { Shape = new([Count, .. t.Shape]) });

        var forward = new Loop(Count, Lambda.Of([Body.Parameters[0], .. types[..carried], .. histories, .. types[carried..]], p =>
        {
            Seq<Expr> now = p[1..(1 + carried)], past = p[(1 + carried)..(1 + 2 * carried)], captures = p[(1 + 2 * carried)..];
            Seq<Expr> next = Body.Apply([p[0], .. now, .. captures]);
            return [.. next, .. past.Select((h, j) => WithRow(h, p[0], now[j]))];
        }));
        Expr kept = Expr.Of(forward, [.. node.Inputs[..carried], .. histories.Map(h => Zeros(h)), .. node.Inputs[carried..]]);

        Seq<TensorType> gradients = active.Select(i => types[i]).ToSeq();
        var backward = new Loop(Count, Lambda.Of([Body.Parameters[0], .. gradients, .. histories, .. types[carried..]], p =>
        {
            Seq<Expr> flowing = p[1..(1 + active.Length)], past = p[(1 + active.Length)..(1 + active.Length + carried)], captures = p[(1 + active.Length + carried)..];
            Expr step = (Count - 1) - p[0];
            Seq<Expr> now = past.Map(h => Row(h, step));
            Seq<Expr> all = [.. now, .. captures];
            Seq<Expr> next = Body.Apply([step, .. all]);
            Derivative[] slopes = Differentiation.Gradient(active.Select(i => all[i]).ToSeq(), activeCarried.Select(i => next[i]).ToSeq(), flowing[..activeCarried.Length]);
            return Enumerable.Range(0, active.Length).Select(a => slopes[a] switch
            {
                Derivative.Known(var slope) => active[a] < carried ? slope : flowing[a] + slope,
                Derivative.UndefinedEntry(var reason) => throw new GradientError($"the gradient of a loop is undefined: {reason}"),
                _ => active[a] < carried ? Zeros(gradients[a]) : flowing[a],
            }).ToSeq();
        }));
        Expr[] start = [.. active.Select(i => i < carried && resultGradients[i] is { } given ? given : Zeros(types[i]))];
        Expr result = Expr.Of(backward, [.. start, .. Enumerable.Range(0, carried).Select(j => kept.Item(carried + j)), .. node.Inputs[carried..]]);
        var all = Enumerable.Repeat(Derivative.Disconnected, types.Count).ToArray();
        for (int a = 0; a < active.Length; a++)
        {
            all[active[a]] = result.Item(a);
        }
        return all;
    }

    /// <inheritdoc/>
    public override IEnumerable<Lambda> Lambdas => [Body];

    /// <inheritdoc/>
    public override Op WithLambdas(IReadOnlyList<Lambda> lambdas) => this with { Body = lambdas[0] };

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => this with { Body = Body.MapDims(map) };

    /// <summary>None: ops with several results are covered by the tests of control flow.</summary>
    public override IEnumerable<Sample> Samples => [];

    /// <summary>Row <paramref name="i"/> of a stack of values.</summary>
    private static Expr Row(Expr stack, Expr i) => Expr.Of(new Gather(0), stack, i.Reshape([1])).Reshape(stack.Shape[1..]);

    /// <summary>A stack of values with row <paramref name="i"/> replaced.</summary>
    private static Expr WithRow(Expr stack, Expr i, Expr value) => Switch<Expr>(EqualTo<Expr>(Iota(stack.Shape, 0), i), value, stack);
}

/// <summary>
/// Computes only the branch that the condition (bool[]) chooses: inputs are the condition and the captures, which both
/// branches take as parameters.
/// </summary>
public sealed record IfElse(Lambda Then, Lambda Else) : Op
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Seq<TensorType> then = Then.Results.Map(r => r.Tensor), otherwise = Else.Results.Map(r => r.Tensor);
        bool fits = inputs.Length > 0 && inputs[0].Equals(new TensorType(DType.Bool, Shape.Scalar)) && Then.Parameters.Equals(Else.Parameters)
            && inputs[1..].SequenceEqual(Then.Parameters.AsSpan());
        if (!fits)
        {
            throw Mismatch($"wants a condition bool[] and captures ({string.Join(", ", Then.Parameters)}) for both branches; got {string.Join(", ", inputs.ToArray().Select(t => t.ToString()))}");
        }
        return then.Equals(otherwise) ? new TupleType(then) : throw Mismatch($"wants branches of the same types; got ({string.Join(", ", then)}) and ({string.Join(", ", otherwise)})");
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients)
    {
        Seq<TensorType> types = Then.Parameters;
        int[] active = [.. Enumerable.Range(0, types.Count).Where(i => types[i].DType.IsContinuous())];
        int[] given = [.. Enumerable.Range(0, resultGradients.Length).Where(i => resultGradients[i] is not null)];
        Seq<TensorType> flowing = given.Select(i => resultGradients[i]!.Tensor).ToSeq();
        Lambda Branch(Lambda branch) => Lambda.Of([.. types, .. flowing], p =>
        {
            Seq<Expr> results = branch.Apply(p[..types.Count]);
            Derivative[] slopes = Differentiation.Gradient(active.Select(i => p[i]).ToSeq(), given.Select(i => results[i]).ToSeq(), p[types.Count..]);
            return Enumerable.Range(0, active.Length).Select(a => slopes[a] switch
            {
                Derivative.Known(var slope) => slope,
                Derivative.UndefinedEntry(var reason) => throw new GradientError($"the gradient of a branch is undefined: {reason}"),
                _ => Zeros(types[active[a]]),
            }).ToSeq();
        });
        var all = Enumerable.Repeat(Derivative.Disconnected, node.Inputs.Count).ToArray();
        if (active.Length > 0)
        {
            Expr chosen = Expr.Of(new IfElse(Branch(Then), Branch(Else)), [.. node.Inputs, .. given.Select(i => resultGradients[i]!)]);
            for (int a = 0; a < active.Length; a++)
            {
                all[1 + active[a]] = chosen.Item(a);
            }
        }
        return all;
    }

    /// <inheritdoc/>
    public override IEnumerable<Lambda> Lambdas => [Then, Else];

    /// <inheritdoc/>
    public override Op WithLambdas(IReadOnlyList<Lambda> lambdas) => new IfElse(lambdas[0], lambdas[1]);

    /// <inheritdoc/>
    public override Op MapDims(Func<Dim, Dim> map) => new IfElse(Then.MapDims(map), Else.MapDims(map));

    /// <summary>None: ops with several results are covered by the tests of control flow.</summary>
    public override IEnumerable<Sample> Samples => [];
}
