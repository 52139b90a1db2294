namespace Symbolic.Ops;

using static Functions;

/// <summary>An op that goes along each lane of one axis and carries a number from element to element: from the first to the last, or in reverse.</summary>
public abstract record RunningOp(int Axis, bool Reverse) : ProcedureOp, IArithmetic
{
    /// <summary>Number of inputs, all of one type, which is that of the result.</summary>
    protected virtual int Arity => 1;

    /// <inheritdoc/>
    public sealed override ExprType Infer(ReadOnlySpan<TensorType> inputs)
    {
        Expect(Arity, inputs);
        foreach (TensorType input in inputs)
        {
            if (Axis < 0 || Axis >= input.Rank || !input.Equals(inputs[0]))
            {
                throw Mismatch($"wants inputs of one type with an axis {Axis}; got {string.Join(" and ", inputs.ToArray().Select(t => t.ToString()))}");
            }
        }
        return inputs[0];
    }

    /// <inheritdoc/>
    public sealed override void Compute(ProcedureCall call) => Numbers.Compute(call.Inputs[0].DType, this, call);

    void IArithmetic.Compute<TStored, TNumber, TNumbers>(ProcedureCall call)
    {
        (long outer, long size, long inner) = call.Inputs[0].Around(Axis);
        Elements<TStored> x = call.Inputs[0].As<TStored>(), last = call.Inputs[call.Inputs.Count - 1].As<TStored>(), y = call.Results[0].As<TStored>();
        for (long o = 0; o < outer; o++)
        {
            for (long i = 0; i < inner; i++)
            {
                TNumber carried = this is CumProd ? TNumber.One : TNumber.Zero;
                long at = (o * size + (Reverse ? size - 1 : 0)) * inner + i;
                for (long k = 0; k < size; k++)
                {
                    TNumber own = TNumbers.Read(x[at]);
                    carried = this switch
                    {
                        CumSum => carried + own,
                        CumProd => carried * own,
                        _ => own * carried + TNumbers.Read(last[at]),
                    };
                    y[at] = TNumbers.Write(carried);
                    at += Reverse ? -inner : inner;
                }
            }
        }
    }

    /// <summary>Moves elements by one in the direction of going, or against it; zero takes the free place.</summary>
    protected Expr Shifted(Expr x, bool onward) => Expr.Of(new Shift(Axis, onward == Reverse ? -1 : 1), x);

    /// <summary>Samples over common shapes.</summary>
    protected static IEnumerable<Sample> Over(Func<int, bool, Op> op, int arity)
    {
        foreach ((long[] sizes, int axis, bool reverse) in ((long[], int, bool)[])[([7], 0, false), ([3, 5], 1, true), ([5, 3], 0, false), ([2, 9, 3], 1, true), ([2, 0], 1, false), ([1, 33], 0, false)])
        {
            yield return new Sample(op(axis, reverse), Enumerable.Range(0, arity).Select(_ => SampleInput.Uniform(sizes, -2, 2)).ToSeq());
        }
        // Zeros are where a derivative by division would fail.
        yield return new Sample(op(0, false), Enumerable.Range(0, arity).Select(i => SampleInput.Of([5], 1.5, 0, -2, i, 3)).ToSeq());
        yield return new Sample(op(0, false), Enumerable.Range(0, arity).Select(_ => SampleInput.Edges(0)).ToSeq(), Smooth: false);
        foreach (DType dtype in DTypes.All.Where(dtype => !dtype.IsContinuous()))
        {
            yield return new Sample(op(1, false), Enumerable.Range(0, arity).Select(_ => SampleInput.Whole(dtype, [2, 9], 0, dtype == DType.Bool ? 1 : 5)).ToSeq());
        }
    }
}

/// <summary>Sums of the elements along an axis up to each one, it included; in reverse, from each one to the end. 16-bit floats accumulate in float32.</summary>
public sealed record CumSum(int Axis, bool Reverse) : RunningOp(Axis, Reverse)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients) => [Expr.Of(new CumSum(Axis, !Reverse), resultGradients[0]!)];

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Over((axis, reverse) => new CumSum(axis, reverse), 1);
}

/// <summary>Products of the elements along an axis up to each one, it included; in reverse, from each one to the end. 16-bit floats accumulate in float32.</summary>
public sealed record CumProd(int Axis, bool Reverse) : RunningOp(Axis, Reverse)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <summary>
    /// y[i] = x[i]·y[i − 1] is a recurrence, and so is its adjoint, g[i] = dy[i] + x[i + 1]·g[i + 1], with dx[i] = g[i]·y[i − 1]: no division, so that
    /// zeros need no care, and gradients of gradients are right too.
    /// </summary>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients)
    {
        Expr g = Expr.Of(new Recurrence(Axis, !Reverse), Conj(Shifted(node.Inputs[0], onward: false)), resultGradients[0]!);
        return [g * Conj(Before(node))];
    }

    /// <summary>The products up to each element, it not included.</summary>
    internal Expr Before(Expr products)
    {
        Expr position = Iota(products.Shape, Axis);
        Expr isFirst = EqualTo<Expr>(position, Reverse ? SizeOf(products.Shape[Axis] - 1) : Constant(ScalarValue.Of(DType.Int64, 0L)));
        return Switch<Expr>(isFirst, 1, Shifted(products, onward: true));
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Over((axis, reverse) => new CumProd(axis, reverse), 1);
}

/// <summary>The linear recurrence h[i] = a[i]·h[i − 1] + b[i] along an axis from h = 0; in reverse, h[i] = a[i]·h[i + 1] + b[i]. Inputs are a and b.</summary>
public sealed record Recurrence(int Axis, bool Reverse) : RunningOp(Axis, Reverse)
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    protected override int Arity => 2;

    /// <inheritdoc/>
    public override Derivative[] Gradient(Expr node, Expr?[] resultGradients)
    {
        Expr g = Expr.Of(new Recurrence(Axis, !Reverse), Conj(Shifted(node.Inputs[0], onward: false)), resultGradients[0]!);
        return [g * Conj(Shifted(node, onward: true)), g];
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples => Over((axis, reverse) => new Recurrence(axis, reverse), 2);
}
