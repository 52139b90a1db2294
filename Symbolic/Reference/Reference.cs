using System.Diagnostics;

namespace Symbolic;

/// <summary>
/// The reference interpreter: computes each op from its meaning, element by element, in the op's own dtype. Slow and obvious;
/// every compiled kernel is tested against it.
/// </summary>
public static class Reference
{
    /// <summary>The values of the outputs, given those of the variables they depend on.</summary>
    /// <exception cref="BindingError">A value is missing, or contradicts the type declared for it.</exception>
    public static Literal[] Evaluate(IReadOnlyList<Expr> outputs, IReadOnlyDictionary<Variable, Literal> inputs)
    {
        var sizes = new SizeBinding();
        Bind(sizes, [.. inputs.Select(input => (input.Key.Name, input.Key.Type, input.Value))]);
        return Run(outputs, sizes, leaf => leaf switch
        {
            Ops.Leaf { Variable: var variable } => inputs.TryGetValue(variable, out Literal? value) ? value : throw new BindingError($"no value is given for {variable.Name}: {variable.Type}"),
            _ => throw new UnreachableException($"{leaf}"),
        });
    }

    /// <summary>The results of a lambda for these arguments.</summary>
    /// <param name="lambda">The lambda.</param>
    /// <param name="arguments">A value for each parameter.</param>
    /// <param name="outer">Sizes that the parameters do not determine: those of the graph around it, or computed ones.</param>
    /// <exception cref="BindingError">An argument contradicts the type of its parameter, or a size is not determined.</exception>
    public static Literal[] Evaluate(Lambda lambda, IReadOnlyList<Literal> arguments, SizeBinding? outer = null)
    {
        if (arguments.Count != lambda.Parameters.Count)
        {
            throw new BindingError($"{arguments.Count} arguments are given for the parameters ({string.Join(", ", lambda.Parameters)})");
        }
        SizeBinding sizes = outer ?? new SizeBinding();
        Bind(sizes, [.. arguments.Select((argument, i) => ($"parameter {i}", lambda.Parameters[i], argument))]);
        return Run(lambda.Results, sizes, leaf => leaf switch
        {
            Ops.Parameter { Index: var index } => arguments[index],
            _ => throw new UnreachableException($"{leaf}"),
        });
    }

    /// <summary>The results of a closed program, whose computed sizes are found first.</summary>
    /// <exception cref="BindingError">As <see cref="Evaluate(Lambda, IReadOnlyList{Literal}, SizeBinding?)"/>.</exception>
    public static Literal[] Evaluate(Closing program, IReadOnlyList<Literal> arguments)
    {
        var sizes = new SizeBinding();
        foreach (ComputedSize size in program.Computed)
        {
            sizes.Set(size.Symbol, Evaluate(size.Value, arguments, sizes)[0][0].ToInt64(), size.Label);
        }
        return Evaluate(program.Program, arguments, sizes);
    }

    private static void Bind(SizeBinding sizes, (string Name, TensorType Type, Literal Value)[] given)
    {
        foreach ((string name, TensorType type, Literal value) in given)
        {
            if (value.DType != type.DType)
            {
                throw new BindingError($"{name} is declared as {type}; got a value {value.Type}");
            }
            sizes.Bind(name, type, value.Sizes.AsSpan());
        }
    }

    private static Literal[] Run(IReadOnlyList<Expr> outputs, SizeBinding sizes, Func<Op, Literal> leaf)
    {
        var values = new Dictionary<Expr, Literal[]>(ReferenceEqualityComparer.Instance);
        foreach (Expr node in Traversal.Order(outputs))
        {
            BindValues(node, sizes, leaf);
            Literal[] arguments = [.. node.Inputs.Where(x => x.Type is TensorType).Select(x => values[x][0])];
            values[node] = node.Op switch
            {
                Ops.Leaf or Ops.Parameter => [leaf(node.Op)],
                Ops.Constant constant => [constant.Value],
                Ops.Item item => [values[node.Inputs[0]][item.Index]],
                Ops.Loop loop => Repeat(loop, arguments, sizes),
                Ops.IfElse branch => Evaluate(arguments[0][0].AsBool ? branch.Then : branch.Else, arguments[1..], sizes),
                EffectOp effect => Perform(effect, arguments),
                CompositeOp composite => Compose(composite, node, arguments),
                ProcedureOp procedure => procedure.Evaluate(arguments, Known(node.Type, sizes)),
                Ops.Equate equate => Equated(node, equate, sizes, arguments[0]),
                FormulaOp formula => [Compute(formula, node, sizes, arguments)],
                _ => throw new UnreachableException($"{node}"),
            };
        }
        return [.. outputs.Select(output => values[output][0])];
    }

    /// <summary>Sizes that are values of expressions are computed when first met.</summary>
    private static void BindValues(Expr node, SizeBinding sizes, Func<Op, Literal> leaf)
    {
        foreach (DimSymbol symbol in SizeSymbols.Sizes(node).SelectMany(size => size.Symbols))
        {
            if (symbol is ValueSymbol value && !sizes.Knows(symbol))
            {
                sizes.Set(symbol, Run([value.Value], sizes, leaf)[0][0].ToInt64(), value.Value.Label);
            }
        }
    }

    private static Literal[] Repeat(Ops.Loop loop, Literal[] arguments, SizeBinding sizes)
    {
        Literal[] carried = arguments[..loop.Carried];
        for (int step = 0; step < loop.Count; step++)
        {
            carried = Evaluate(loop.Body, [Literal.Scalar(ScalarValue.Of(DType.Int64, (long)step)), .. carried, .. arguments[loop.Carried..]], sizes);
        }
        return carried;
    }

    private static Seq<TensorType> Known(ExprType type, SizeBinding sizes) =>
        (type is TupleType several ? several.Items : [(TensorType)type]).Map(tensor => tensor with { Shape = Shape.Of(sizes.Evaluate(tensor.Shape)) });

    private static Literal[] Perform(EffectOp effect, Literal[] arguments)
    {
        effect.Perform(arguments);
        return [arguments[0]];
    }

    private static Literal[] Compose(CompositeOp composite, Expr node, Literal[] arguments)
    {
        // Known sizes here: the values are at hand, so the expansion needs no symbols.
        Seq<TensorType> types = arguments.Select(a => a.Type).ToSeq();
        return Evaluate(Lambda.Of(types, p => [composite.Expand(p)]), arguments) is [var value] ? [value] : throw new UnreachableException($"{node}");
    }

    private static Literal[] Equated(Expr node, Ops.Equate equate, SizeBinding sizes, Literal argument)
    {
        sizes.CheckEquation(node.Inputs[0].Tensor, equate.To, Origin.Of(node)?.ToString());
        return [argument];
    }

    private static Literal Compute(FormulaOp op, Expr node, SizeBinding sizes, Literal[] arguments)
    {
        Seq<LoopIndex> at = Enumerable.Range(0, node.Rank).Select(axis => new LoopIndex($"i{axis}", node.Shape[axis])).ToSeq();
        var formula = new Formula(node.Inputs.Map(x => x.Tensor), node.Tensor, (operand, index) => new Element.Read(operand, index, node.Inputs[operand].DType), new IndexNames());
        Element meaning = op.Define(formula, at.Map(i => (Dim)i)).Cast(node.DType);
        return new ReferenceMeaning(sizes, arguments).Tabulate(node.DType, sizes.Evaluate(node.Shape), at, meaning);
    }
}
