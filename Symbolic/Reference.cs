using System.Diagnostics;

namespace Symbolic;

/// <summary>
/// The reference interpreter: computes each op from its meaning, element by element, in the op's own dtype. Slow and obvious;
/// every compiled kernel is tested against it.
/// </summary>
public static class Reference
{
    /// <summary>The values of the outputs, given those of the variables they depend on.</summary>
    public static Literal[] Evaluate(IReadOnlyList<Expr> outputs, IReadOnlyDictionary<Variable, Literal> inputs)
    {
        var sizes = new SizeBinding();
        foreach ((Variable variable, Literal value) in inputs)
        {
            if (value.DType != variable.Type.DType)
            {
                throw new BindingError($"{variable.Name} is declared as {variable.Type}; got a value {value.Type}");
            }
            sizes.Bind(variable.Name, variable.Type, value.Sizes.AsSpan());
        }
        return Run(outputs, sizes, leaf => leaf switch
        {
            Ops.Leaf { Variable: var variable } => inputs.TryGetValue(variable, out Literal? value) ? value : throw new BindingError($"no value is given for {variable.Name}: {variable.Type}"),
            _ => throw new UnreachableException($"{leaf}"),
        });
    }

    /// <summary>The results of a lambda for these arguments.</summary>
    public static Literal[] Evaluate(Lambda lambda, IReadOnlyList<Literal> arguments)
    {
        var sizes = new SizeBinding();
        for (int i = 0; i < arguments.Count; i++)
        {
            sizes.Bind($"parameter {i}", lambda.Parameters[i], arguments[i].Sizes.AsSpan());
        }
        return Run(lambda.Results, sizes, leaf => leaf switch
        {
            Ops.Parameter { Index: var index } => arguments[index],
            _ => throw new UnreachableException($"{leaf}"),
        });
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
                Ops.Loop loop => Repeat(loop, arguments),
                Ops.IfElse branch => Evaluate(arguments[0][0].AsBool ? branch.Then : branch.Else, arguments[1..]),
                EffectOp effect => Perform(effect, arguments),
                CompositeOp composite => Compose(composite, node, arguments),
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
        if (node.Type is not TensorType type)
        {
            return;
        }
        foreach (DimSymbol symbol in type.Shape.SelectMany(d => d.Symbols))
        {
            if (symbol is ValueSymbol value && !sizes.Knows(symbol))
            {
                sizes.Set(symbol, Run([value.Value], sizes, leaf)[0][0].ToInt64(), value.Value.Label);
            }
        }
    }

    private static Literal[] Repeat(Ops.Loop loop, Literal[] arguments)
    {
        Literal[] carried = arguments[..loop.Carried];
        for (int step = 0; step < loop.Count; step++)
        {
            carried = Evaluate(loop.Body, [Literal.Scalar(ScalarValue.Of(DType.Int64, (long)step)), .. carried, .. arguments[loop.Carried..]]);
        }
        return carried;
    }

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
        Seq<long> result = sizes.Evaluate(node.Shape);
        Seq<LoopIndex> at = Enumerable.Range(0, node.Rank).Select(axis => new LoopIndex($"i{axis}", node.Shape[axis])).ToSeq();
        var formula = new Formula(node.Inputs.Map(x => x.Tensor), node.Tensor, (operand, index) => new Element.Read(operand, index, node.Inputs[operand].DType), new IndexNames());
        Element meaning = op.Define(formula, at.Map(i => (Dim)i));
        var point = new ReferencePoint(sizes, arguments);
        return Literal.Build(node.DType, result, position =>
        {
            for (int axis = at.Count - 1; axis >= 0; axis--)
            {
                point.Set(at[axis], position % result[axis]);
                position /= result[axis];
            }
            return point.Evaluate(meaning).Cast(node.DType);
        });
    }
}

/// <summary>Evaluates a meaning at one index.</summary>
internal sealed class ReferencePoint(SizeBinding sizes, Literal[] operands)
{
    private readonly Dictionary<DimSymbol, long> indices = [];

    public void Set(LoopIndex index, long value) => indices[index] = value;

    public ScalarValue Evaluate(Element element) => element switch
    {
        Element.Number number => number.Value,
        Element.IndexValue index => ScalarValue.Of(DType.Int64, ValueOf(index.Index)),
        Element.Read read => Read(read),
        Element.Call { Function: Intrinsic.Select } call => Evaluate(Evaluate(call.Arguments[0]).AsBool ? call.Arguments[1] : call.Arguments[2]),
        Element.Call call => ReferenceIntrinsics.Apply(call.Function, call.DType, call.Arguments.Map(Evaluate)),
        Element.Reduce reduce => Reduce(reduce),
        _ => throw new UnreachableException($"{element}"),
    };

    private long ValueOf(Dim dim) => dim.Evaluate(symbol => symbol is LoopIndex ? indices[symbol] : sizes[symbol]);

    private ScalarValue Read(Element.Read read)
    {
        Literal operand = operands[read.Operand];
        long position = 0;
        for (int axis = 0; axis < read.At.Count; axis++)
        {
            long index = ValueOf(read.At[axis]);
            if (index < 0 || index >= operand.Sizes[axis])
            {
                throw new UnreachableException($"a meaning reads index {read.At[axis]} = {index} of an axis of {operand.Sizes[axis]}");
            }
            position = position * operand.Sizes[axis] + index;
        }
        return operand[position];
    }

    private ScalarValue Reduce(Element.Reduce reduce)
    {
        long[] extents = [.. reduce.Over.Select(index => ValueOf(index.Extent))];
        long count = extents.Aggregate(1L, (a, b) => a * b);
        ScalarValue? best = null;
        ScalarValue result = ReferenceIntrinsics.Identity(reduce.Kind, reduce.DType);
        for (long position = 0; position < count; position++)
        {
            long rest = position;
            for (int axis = extents.Length - 1; axis >= 0; axis--)
            {
                Set(reduce.Over[axis], rest % extents[axis]);
                rest /= extents[axis];
            }
            ScalarValue value = Evaluate(reduce.Body);
            if (reduce.Kind == Reduction.ArgMax)
            {
                if (best is not { } champion || ReferenceIntrinsics.Beats(value, champion))
                {
                    best = value;
                    result = ScalarValue.Of(DType.Int64, position);
                }
            }
            else
            {
                result = ReferenceIntrinsics.Combine(reduce.Kind, result, value);
            }
        }
        return result;
    }
}
