using System.Numerics;

namespace Symbolic.Conformance.Theano.Truth;

/// <summary>
/// What an expression is in exact arithmetic, one element at a time: the meanings of its ops over <see cref="BigFloat"/>s, before any
/// rewriting. Values between are neither rounded nor do they overflow; integers do not wrap.
/// </summary>
internal sealed class TrueValue
{
    private readonly Dictionary<Variable, Literal> values;
    private readonly Func<Variable, long, BigFloat?>? moved;
    private readonly SizeBinding sizes = new();
    private readonly Dictionary<(Expr, long), BigFloat> known = [];
    private readonly Dictionary<Expr, (Element Meaning, Seq<LoopIndex> At)> meanings = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, Expr> expanded = new(ReferenceEqualityComparer.Instance);

    /// <summary>With variables at these values, but for the elements that <paramref name="moved"/> gives.</summary>
    public TrueValue(IReadOnlyDictionary<Variable, Literal> values, Func<Variable, long, BigFloat?>? moved = null)
    {
        this.values = new(values);
        this.moved = moved;
        foreach ((Variable variable, Literal value) in values)
        {
            sizes.Bind(variable.Name, variable.Type, value.Sizes.AsSpan());
        }
    }

    /// <summary>The element of a result at a row-major position.</summary>
    /// <exception cref="NoTruth">Something in the graph has no evaluation here.</exception>
    public BigFloat At(Expr expr, long position)
    {
        if (known.TryGetValue((expr, position), out BigFloat value))
        {
            return value;
        }
        value = expr.Op switch
        {
            Ops.Leaf leaf => Read(leaf.Variable, position),
            Ops.Constant constant => BigFloat.Of(constant.Value[position].ToDouble()),
            CompositeOp composite => At(Expanded(expr, composite), position),
            FormulaOp formula => Evaluate(expr, formula, position),
            _ => throw new NoTruth($"{expr.Op.Name} has no true value here"),
        };
        known[(expr, position)] = value;
        return value;
    }

    /// <summary>Sizes of a result.</summary>
    public Seq<long> Sizes(Shape shape) => shape.Dims.Map(Size);

    private BigFloat Read(Variable variable, long position) => moved?.Invoke(variable, position) is { } instead
        ? instead
        : values.TryGetValue(variable, out Literal? literal) ? BigFloat.Of(literal[position].ToDouble()) : throw new NoTruth($"{variable.Name} has no value");

    private Expr Expanded(Expr expr, CompositeOp op)
    {
        if (!expanded.TryGetValue(expr, out Expr? simpler))
        {
            expanded[expr] = simpler = op.Expand(expr.Inputs);
        }
        return simpler;
    }

    private BigFloat Evaluate(Expr expr, FormulaOp op, long position)
    {
        if (!meanings.TryGetValue(expr, out (Element Meaning, Seq<LoopIndex> At) meaning))
        {
            Seq<LoopIndex> at = expr.Shape.Select((size, axis) => new LoopIndex($"i{axis}", size)).ToSeq();
            var formula = new Formula(expr.Inputs.Map(input => input.Tensor), expr.Tensor, (operand, index) => new Element.Read(operand, index, expr.Inputs[operand].DType), new IndexNames());
            meanings[expr] = meaning = (op.Define(formula, at.Map(index => (Dim)index)), at);
        }
        var indices = new Dictionary<LoopIndex, long>();
        Spread(position, meaning.At, Sizes(expr.Shape), indices);
        return Evaluate(meaning.Meaning, expr.Inputs, indices);
    }

    private static void Spread(long position, Seq<LoopIndex> at, Seq<long> extents, Dictionary<LoopIndex, long> indices)
    {
        for (int axis = at.Count - 1; axis >= 0; axis--)
        {
            (position, indices[at[axis]]) = Math.DivRem(position, extents[axis]);
        }
    }

    private BigFloat Evaluate(Element element, Seq<Expr> inputs, Dictionary<LoopIndex, long> indices)
    {
        switch (element)
        {
            case Element.Number(var value):
                return BigFloat.Of(value.ToDouble());
            case Element.IndexValue(var index):
                return BigFloat.Of(Number(index, inputs, indices), 0);
            case Element.Read read:
                Seq<long> extents = Sizes(inputs[read.Operand].Shape);
                long position = 0;
                for (int axis = 0; axis < extents.Count; axis++)
                {
                    position = position * extents[axis] + Number(read.At[axis], inputs, indices);
                }
                return At(inputs[read.Operand], position);
            case Element.Reduce reduce:
                return Reduced(reduce, inputs, indices);
            case Element.Call { Function: Intrinsic.Select, Arguments: [var condition, var then, var otherwise] }:
                return Evaluate(Evaluate(condition, inputs, indices).IsZero ? otherwise : then, inputs, indices);
            case Element.Call call:
                return TrueIntrinsics.Apply(call.Function, call.DType, [.. call.Arguments.Select(argument => Evaluate(argument, inputs, indices))]);
            default:
                throw new NoTruth($"{element.GetType().Name} has no true value here");
        }
    }

    private BigFloat Reduced(Element.Reduce reduce, Seq<Expr> inputs, Dictionary<LoopIndex, long> indices)
    {
        Seq<long> extents = reduce.Over.Map(index => Number(index.Extent, inputs, indices));
        long count = extents.Aggregate(1L, (a, b) => a * b);
        BigFloat result = reduce.Kind switch
        {
            Reduction.Product or Reduction.All => BigFloat.One,
            Reduction.Max => -BigFloat.Infinity,
            Reduction.Min => BigFloat.Infinity,
            _ => BigFloat.Zero,
        };
        BigFloat? champion = null;
        for (long position = 0; position < count; position++)
        {
            Spread(position, reduce.Over, extents, indices);
            BigFloat value = Evaluate(reduce.Body, inputs, indices);
            switch (reduce.Kind)
            {
                case Reduction.Sum:
                    result += value;
                    break;
                case Reduction.Product:
                    result *= value;
                    break;
                case Reduction.Max:
                    result = TrueIntrinsics.Apply(Intrinsic.Max, reduce.DType, [result, value]);
                    break;
                case Reduction.Min:
                    result = TrueIntrinsics.Apply(Intrinsic.Min, reduce.DType, [result, value]);
                    break;
                case Reduction.All when value.IsZero:
                    result = BigFloat.Zero;
                    break;
                case Reduction.Any when !value.IsZero:
                    result = BigFloat.One;
                    break;
                case Reduction.ArgMax when champion is not { } best || (value.IsNaN && !best.IsNaN) || value > best:
                    champion = value;
                    result = BigFloat.Of(position, 0);
                    break;
            }
        }
        return result;
    }

    private long Size(Dim size) => Number(size, [], []);

    private long Number(Dim dim, Seq<Expr> inputs, Dictionary<LoopIndex, long> indices) => dim.Evaluate(symbol => symbol switch
    {
        LoopIndex index => indices[index],
        ValueSymbol computed => (long)At(computed.Value, 0).ToInteger(),
        ElementIndex element => Math.Clamp((long)Evaluate(element.Value, inputs, indices).ToInteger(), 0, Math.Max(Number(element.Extent, inputs, indices) - 1, 0)),
        _ => sizes[symbol],
    });
}
