using System.Diagnostics;

namespace Symbolic;

/// <summary>
/// Evaluates a meaning at many indices. It is made into nested delegates once, in which loop indices are numbered places and all
/// other sizes are numbers, so that an element costs no look-up by name.
/// </summary>
internal sealed class ReferenceMeaning(SizeBinding sizes, Literal[] operands)
{
    private readonly Dictionary<LoopIndex, int> places = [];
    private long[] indices = new long[8];

    /// <summary>The elements at all values of the indices, in row-major order.</summary>
    public Literal Tabulate(DType dtype, Seq<long> extents, Seq<LoopIndex> at, Element meaning)
    {
        int[] axes = [.. at.Select(Place)];
        Func<ScalarValue> element = Compile(meaning);
        return Literal.Build(dtype, extents, position =>
        {
            Spread(position, axes, extents);
            return element();
        });
    }

    private int Place(LoopIndex index)
    {
        if (!places.TryGetValue(index, out int place))
        {
            place = places.Count;
            places.Add(index, place);
            if (place == indices.Length)
            {
                Array.Resize(ref indices, 2 * place);
            }
        }
        return place;
    }

    /// <summary>Sets the indices to what a row-major position is along each axis.</summary>
    private void Spread(long position, int[] axes, Seq<long> extents)
    {
        for (int axis = axes.Length - 1; axis >= 0; axis--)
        {
            (position, indices[axes[axis]]) = Math.DivRem(position, extents[axis]);
        }
    }

    private Func<ScalarValue> Compile(Element element)
    {
        switch (element)
        {
            case Element.Number { Value: var value }:
                return () => value;
            case Element.IndexValue { Index: var index }:
                Func<long> number = Compile(index);
                return () => ScalarValue.Of(DType.Int64, number());
            case Element.Read read:
                return Compile(read);
            case Element.Call call:
                return Compile(call);
            case Element.Reduce reduce:
                return Compile(reduce);
            default:
                throw new UnreachableException($"{element}");
        }
    }

    private Func<ScalarValue> Compile(Element.Call call)
    {
        (Intrinsic function, DType dtype) = (call.Function, call.DType);
        Func<ScalarValue>[] x = [.. call.Arguments.Select(Compile)];
        return (function, x) switch
        {
            (Intrinsic.Select, [var condition, var then, var otherwise]) => () => condition().AsBool ? then() : otherwise(),
            (_, [var a]) => () => ReferenceIntrinsics.Apply(function, dtype, [a()]),
            (_, [var a, var b]) => () => ReferenceIntrinsics.Apply(function, dtype, [a(), b()]),
            (_, [var a, var b, var c, var d]) => () => ReferenceIntrinsics.Apply(function, dtype, [a(), b(), c(), d()]),
            _ => throw new UnreachableException($"{call}"),
        };
    }

    private Func<ScalarValue> Compile(Element.Read read)
    {
        Literal operand = operands[read.Operand];
        Func<long>[] at = [.. read.At.Select(Compile)];
        return () =>
        {
            long position = 0;
            for (int axis = 0; axis < at.Length; axis++)
            {
                long index = at[axis](), size = operand.Sizes[axis];
                if (index < 0 || index >= size)
                {
                    throw new UnreachableException($"a meaning reads index {read.At[axis]} = {index} of an axis of {size}");
                }
                position = position * size + index;
            }
            return operand[position];
        };
    }

    private Func<ScalarValue> Compile(Element.Reduce reduce)
    {
        int[] axes = [.. reduce.Over.Select(Place)];
        Func<long>[] extents = [.. reduce.Over.Select(index => Compile(index.Extent))];
        Func<ScalarValue> body = Compile(reduce.Body);
        return () =>
        {
            Seq<long> sizes = Seq<long>.Owning(Array.ConvertAll(extents, extent => extent()));
            long count = sizes.Aggregate(1L, (a, b) => a * b);
            ScalarValue? champion = null;
            ScalarValue result = ReferenceIntrinsics.Identity(reduce.Kind, reduce.DType);
            for (long position = 0; position < count; position++)
            {
                Spread(position, axes, sizes);
                ScalarValue value = body();
                if (reduce.Kind != Reduction.ArgMax)
                {
                    result = ReferenceIntrinsics.Combine(reduce.Kind, result, value);
                }
                else if (champion is not { } best || ReferenceIntrinsics.Beats(value, best))
                {
                    champion = value;
                    result = ScalarValue.Of(DType.Int64, position);
                }
            }
            return result;
        };
    }

    private Func<long> Compile(Dim size)
    {
        Dim known = size.Substitute(symbol => symbol is LoopIndex or ElementIndex ? null : sizes[symbol]);
        if (known.IsConstant)
        {
            long number = known.Constant;
            return () => number;
        }
        long offset = known.Offset;
        (long Coefficient, Func<long>[] Factors)[] terms = [.. known.Terms.Select(term => (term.Coefficient, term.Factors.Select(Compile).ToArray()))];
        return terms is [(1, [var only])] && offset == 0 ? only : () =>
        {
            long sum = offset;
            foreach ((long coefficient, Func<long>[] factors) in terms)
            {
                long product = coefficient;
                foreach (Func<long> factor in factors)
                {
                    product = checked(product * factor());
                }
                sum = checked(sum + product);
            }
            return sum;
        };
    }

    private Func<long> Compile(DimAtom atom)
    {
        if (atom is SymbolAtom { Symbol: ElementIndex element })
        {
            Func<ScalarValue> value = Compile(element.Value);
            Func<long> extent = Compile(element.Extent);
            return () => Math.Max(0, Math.Min(value().ToInt64(), extent() - 1));
        }
        if (atom is SymbolAtom { Symbol: var symbol })
        {
            int place = Place((LoopIndex)symbol);
            return () => indices[place];
        }
        Func<long> left = Compile(atom.Operands[0]), right = Compile(atom.Operands[1]);
        return atom switch
        {
            DivAtom => () => Dim.FloorDivide(left(), right()),
            ModAtom => () =>
            {
                (long a, long b) = (left(), right());
                return a - b * Dim.FloorDivide(a, b);
            }
            ,
            MinAtom => () => Math.Min(left(), right()),
            MaxAtom => () => Math.Max(left(), right()),
            _ => throw new UnreachableException($"{atom}"),
        };
    }
}
