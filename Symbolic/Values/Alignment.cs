namespace Symbolic;

/// <summary>
/// Makes the operands of a pointwise op agree by inserting nodes: literals get a dtype, dtypes are promoted by casts,
/// axes of known size 1 are broadcast, and two sizes not known to be equal become an equation checked before any kernel runs.
/// </summary>
internal static class Alignment
{
    public static Expr Apply(Pointwise op, ReadOnlySpan<Term<Expr>> inputs)
    {
        Expr[] operands = Resolve(op, inputs);
        Seq<DType> dtypes = op.OperandTypes(operands.Select(x => x.DType).ToSeq());
        Shape shape = Common(op, operands);
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] = Fit(operands[i].Cast(dtypes[i]), shape);
        }
        return Expr.Of(op, operands);
    }

    /// <summary>Gives each literal the dtype of the family that the other operands ask for.</summary>
    private static Expr[] Resolve(Pointwise op, ReadOnlySpan<Term<Expr>> inputs)
    {
        DType? other = null;
        foreach (Term<Expr> input in inputs)
        {
            // The condition of a switch says nothing about the dtype of its branches.
            if (input is Expr expr && !(op is Ops.Switch && ReferenceEquals(input, inputs[0])))
            {
                other = other is { } known ? Promotion.Of(known, expr.DType) : expr.DType;
            }
        }
        var operands = new Expr[inputs.Length];
        for (int i = 0; i < operands.Length; i++)
        {
            operands[i] = inputs[i] switch
            {
                Expr expr => expr,
                WeakLiteral<Expr> literal => Functions.Constant(literal.As(
                    Promotion.Literal(other ?? (literal.IsInteger ? DType.Int64 : DType.Float32), literal.IsInteger ? LiteralKind.Integer : LiteralKind.Float))),
                var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
            };
        }
        return operands;
    }

    /// <summary>The shape that all operands are brought to; axes are matched from the last one.</summary>
    private static Shape Common(Pointwise op, Expr[] operands)
    {
        int rank = operands.Max(x => x.Rank);
        var dims = new Dim[rank];
        for (int axis = 0; axis < rank; axis++)
        {
            Dim? size = null;
            foreach (Expr operand in operands)
            {
                int own = axis - (rank - operand.Rank);
                if (own < 0 || operand.Shape[own].Is(1))
                {
                    continue;
                }
                Dim candidate = operand.Shape[own];
                if (size is null || (candidate.IsConstant && !size.IsConstant))
                {
                    size = candidate;
                }
                else if (candidate.IsConstant && size.IsConstant && !candidate.Equals(size))
                {
                    throw new TypeMismatch($"{op.Name} wants shapes that agree or are 1 from the last axis on; got {string.Join(" and ", operands.Select(x => x.Label))}: sizes {size} and {candidate} differ");
                }
            }
            dims[axis] = size ?? 1;
        }
        return new Shape(Seq.Create<Dim>(dims));
    }

    /// <summary>Brings one operand to the shape: drops its axes of size 1, broadcasts, and equates the sizes that differ by name.</summary>
    public static Expr Fit(Expr x, Shape shape)
    {
        if (x.Shape.Equals(shape))
        {
            return x;
        }
        int lead = shape.Rank - x.Rank;
        int[] kept = [.. Enumerable.Range(0, x.Rank).Where(axis => !x.Shape[axis].Is(1) || shape[lead + axis].Is(1))];
        Shape core = x.Shape.Only(kept.ToSeq());
        Expr squeezed = x.Reshape(core);
        Shape target = shape.Only(kept.Select(axis => lead + axis).ToSeq());
        Expr equated = target.Equals(core) ? squeezed : squeezed.Equate(target);
        return equated.BroadcastTo(shape, kept.Select(axis => lead + axis).ToSeq());
    }
}
