namespace Symbolic;

/// <summary>
/// An elementwise op. Below the friendly layer all inputs have the shape of the result; broadcasts and casts are nodes
/// which <see cref="Alignment"/> inserts.
/// </summary>
public abstract record Pointwise : FormulaOp
{
    /// <summary>Number of inputs.</summary>
    public abstract int Arity { get; }

    /// <summary>True if the two inputs may be exchanged.</summary>
    public virtual bool IsCommutative => false;

    /// <summary>The dtypes that inputs of the given dtypes are cast to; by default their promotion.</summary>
    public virtual Seq<DType> OperandTypes(Seq<DType> given)
    {
        DType common = given.Aggregate(Promotion.Of);
        return given.Map(_ => common);
    }

    /// <summary>The dtype of the result for operands of these (already agreed) dtypes.</summary>
    public virtual DType ResultType(Seq<DType> operands) => operands[^1];

    /// <summary>One element of the result from the same element of each input.</summary>
    public abstract Element Meaning(Seq<Element> x);

    /// <inheritdoc/>
    public sealed override TensorType InferTensor(ReadOnlySpan<TensorType> inputs)
    {
        Expect(Arity, inputs);
        Seq<DType> given = Seq.Create(inputs).Map(input => input.DType);
        Seq<DType> wanted = OperandTypes(given);
        for (int i = 0; i < inputs.Length; i++)
        {
            if (given[i] != wanted[i] || !inputs[i].Shape.Equals(inputs[0].Shape))
            {
                throw Mismatch($"wants inputs of one shape and of dtypes {string.Join(", ", wanted.Map(d => d.Text()))}; got {string.Join(" and ", inputs.ToArray().Select(t => t.ToString()))}");
            }
        }
        return new TensorType(ResultType(given), inputs[0].Shape);
    }

    /// <inheritdoc/>
    public sealed override Element Define(Formula formula, Seq<Dim> at)
    {
        var elements = new Element[Arity];
        for (int i = 0; i < elements.Length; i++)
        {
            elements[i] = formula.Read(i, at);
        }
        return Meaning(Seq.Create<Element>(elements));
    }
}

/// <summary>An elementwise function of one input whose derivative is a factor.</summary>
public abstract record Unary : Pointwise
{
    /// <inheritdoc/>
    public sealed override int Arity => 1;

    /// <summary>One element of the result.</summary>
    protected abstract Element Meaning(Element x);

    /// <summary>dy/dx, given the input and the result already computed; where x is complex and y real, the slopes along both parts of x as one number.</summary>
    protected abstract Derivative Slope(Expr x, Expr y);

    /// <inheritdoc/>
    public sealed override Element Meaning(Seq<Element> x) => Meaning(x[0]);

    /// <summary>dy times the slope, mirrored where the function is one from complex numbers to complex numbers.</summary>
    public override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy) =>
        [Slope(x[0], y) switch { Derivative.Known(var slope) => dy * (y.DType.IsComplex() ? Functions.Conj(slope) : slope), var other => other }];
}

/// <summary>A unary function of floats, perhaps of complex numbers too: integers are cast to a float first.</summary>
public abstract record FloatUnary : Unary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given) => [Promotion.ToFloat(given[0])];
}

/// <summary>An elementwise function of two inputs.</summary>
public abstract record Binary : Pointwise
{
    /// <inheritdoc/>
    public sealed override int Arity => 2;

    /// <summary>One element of the result.</summary>
    protected abstract Element Meaning(Element a, Element b);

    /// <summary>Gradients with respect to both inputs.</summary>
    protected abstract (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy);

    /// <inheritdoc/>
    public sealed override Element Meaning(Seq<Element> x) => Meaning(x[0], x[1]);

    /// <inheritdoc/>
    public sealed override Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy)
    {
        (Derivative a, Derivative b) = Gradient(x[0], x[1], y, dy);
        return [a, b];
    }
}

/// <summary>A function of two real numbers: integers are cast to floats first.</summary>
public abstract record FloatBinary : Binary
{
    /// <inheritdoc/>
    public override Seq<DType> OperandTypes(Seq<DType> given)
    {
        DType common = Promotion.ToFloat(given[0], given[1]);
        return [common, common];
    }
}

/// <summary>A comparison: numbers in, booleans out, flat almost everywhere.</summary>
public abstract record Comparison : Binary
{
    /// <inheritdoc/>
    public override DType ResultType(Seq<DType> operands) => DType.Bool;

    /// <inheritdoc/>
    protected override (Derivative A, Derivative B) Gradient(Expr a, Expr b, Expr y, Expr dy) => (Derivative.Disconnected, Derivative.Disconnected);
}
