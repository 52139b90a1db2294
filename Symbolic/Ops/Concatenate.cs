namespace Symbolic.Ops;

/// <summary>Tensors one after the other along an axis; all other sizes agree. It takes any number of inputs but none.</summary>
public sealed record Concatenate(int Axis) : FormulaOp
{
    /// <inheritdoc/>
    public override bool TakesComplex => true;

    /// <inheritdoc/>
    public override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        if (inputs.Length == 0)
        {
            throw Mismatch("takes at least 1 input; got 0");
        }
        TensorType first = inputs[0];
        Dim size = 0;
        foreach (TensorType input in inputs)
        {
            bool fits = Axis >= 0 && Axis < first.Rank && input.DType == first.DType && input.Rank == first.Rank && input.Shape.Without([Axis]).Equals(first.Shape.Without([Axis]));
            if (!fits)
            {
                throw Mismatch($"wants tensors of one dtype whose sizes agree but along axis {Axis}; got {string.Join(", ", inputs.ToArray().AsEnumerable())}");
            }
            size += input.Shape[Axis];
        }
        return first with { Shape = [.. first.Shape[..Axis], size, .. first.Shape[(Axis + 1)..]] };
    }

    /// <summary>Where each input begins along the axis, and at last where the whole ends.</summary>
    private Seq<Dim> Borders(Formula formula)
    {
        var borders = new Dim[formula.Count + 1];
        borders[0] = 0;
        for (int i = 0; i < formula.Count; i++)
        {
            borders[i + 1] = borders[i] + formula.Operand(i).Shape[Axis];
        }
        return Seq.Create<Dim>(borders);
    }

    /// <inheritdoc/>
    public override Element Define(Formula formula, Seq<Dim> at)
    {
        Seq<Dim> borders = Borders(formula);
        Dim position = at[Axis];

        // Halves of the inputs, so that finding the one among many takes few comparisons.
        Element Among(int first, int count)
        {
            if (count == 1)
            {
                return formula.Read(first, [.. at[..Axis], position - borders[first], .. at[(Axis + 1)..]]);
            }
            int middle = first + (count / 2);
            Dim border = borders[middle];
            return border.IsAtLeast(position + 1) ? Among(first, count / 2)
                : position.IsAtLeast(border) ? Among(middle, count - (count / 2))
                : Element.Select(Element.Apply(Intrinsic.Less, new Element.IndexValue(position), new Element.IndexValue(border)), Among(first, count / 2), Among(middle, count - (count / 2)));
        }
        return Among(0, formula.Count);
    }

    /// <inheritdoc/>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy)
    {
        var slopes = new Derivative[x.Count];
        Dim start = 0;
        for (int i = 0; i < slopes.Length; i++)
        {
            Dim stop = start + x[i].Shape[Axis];
            slopes[i] = dy.Slice(Axis, start, stop);
            start = stop;
        }
        return slopes;
    }

    /// <inheritdoc/>
    public override IEnumerable<Sample> Samples =>
        [Sample.Of(new Concatenate(0), SampleInput.Uniform([3], -2, 2), SampleInput.Uniform([9], -2, 2)),
         Sample.Of(new Concatenate(1), SampleInput.Uniform([3, 17], -2, 2), SampleInput.Uniform([3, 1], -2, 2), SampleInput.Uniform([3, 8], -2, 2)),
         Sample.Of(new Concatenate(0), SampleInput.Uniform([2, 5], -2, 2), SampleInput.Uniform([0, 5], -2, 2), SampleInput.Uniform([33, 5], -2, 2), SampleInput.Uniform([1, 5], -2, 2)),
         Sample.Of(new Concatenate(1), SampleInput.Uniform([2, 3, 4], -2, 2), SampleInput.Uniform([2, 2, 4], -2, 2)), Sample.Of(new Concatenate(0), SampleInput.Uniform([7], -2, 2)),
         Sample.Of(new Concatenate(0), [.. Enumerable.Range(1, 20).Select(i => SampleInput.Uniform([i % 4], -2, 2))])];
}
