namespace Symbolic;

/// <summary>A user's mistake in the data of a call: sizes or values that contradict the types declared.</summary>
public sealed class BindingError : Exception
{
    /// <summary>A contradiction described in the user's words.</summary>
    public BindingError(string message) : base(message) { }
}

/// <summary>
/// The sizes of one call: a number for each size symbol, found by comparing declared types with the sizes of the values given.
/// </summary>
public sealed class SizeBinding
{
    private readonly Dictionary<DimSymbol, (long Value, string Where)> values = [];

    /// <summary>The number bound to a symbol.</summary>
    public long this[DimSymbol symbol] => values.TryGetValue(symbol, out (long Value, string Where) known)
        ? known.Value
        : throw new BindingError($"the size {symbol} is not determined by the inputs: it must be an axis of one of them");

    /// <summary>Whether the symbol has a number yet.</summary>
    public bool Knows(DimSymbol symbol) => values.ContainsKey(symbol);

    /// <summary>Binds a symbol to a number found elsewhere, such as the value of a scalar.</summary>
    public void Set(DimSymbol symbol, long value, string where)
    {
        if (value < symbol.Lower || value > symbol.Upper)
        {
            throw new BindingError($"{where} gives the size {symbol} = {value}, which is not between {symbol.Lower} and {symbol.Upper?.ToString() ?? "∞"}");
        }
        if (symbol.Limit is { } limit && limit.Symbols.All(Knows) && value >= Evaluate(limit))
        {
            throw new BindingError($"{where} gives the size {symbol} = {value}, which must be less than {limit} = {Evaluate(limit)}");
        }
        if (values.TryGetValue(symbol, out (long Value, string Where) known))
        {
            if (known.Value != value)
            {
                throw new BindingError($"{where} gives {symbol} = {value}, but {known.Where} gives {symbol} = {known.Value}");
            }
            return;
        }
        values[symbol] = (value, where);
    }

    /// <summary>
    /// Binds the symbols of one declared type to the sizes of the value given for it. Sizes that are known numbers must agree;
    /// composed sizes are left for <see cref="Check"/>.
    /// </summary>
    public void Bind(string name, TensorType declared, ReadOnlySpan<long> sizes)
    {
        if (sizes.Length != declared.Rank)
        {
            throw new BindingError($"{name} is declared as {declared}; got a value of sizes [{string.Join(",", sizes.ToArray())}]");
        }
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            Dim size = declared.Shape[axis];
            if (size.IsConstant && size.Constant != sizes[axis])
            {
                throw new BindingError($"{name} is declared as {declared}; got a value of sizes [{string.Join(",", sizes.ToArray())}]: axis {axis} has {sizes[axis]}, not {size}");
            }
            if (size.Linear(SingleSymbol(size)) is var (stride, rest) && stride.Is(1) && rest.Is(0))
            {
                Set(SingleSymbol(size)!, sizes[axis], $"axis {axis} of {name}");
            }
        }
    }

    /// <summary>Checks composed sizes such as 2*n of a declared type, once all symbols are bound.</summary>
    public void Check(string name, TensorType declared, ReadOnlySpan<long> sizes)
    {
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (Evaluate(declared.Shape[axis]) != sizes[axis])
            {
                throw new BindingError($"{name} is declared as {declared}; axis {axis} has {sizes[axis]} elements, not {declared.Shape[axis]} = {Evaluate(declared.Shape[axis])}");
            }
        }
    }

    /// <summary>Checks that an expression's sizes hold as equated.</summary>
    public void CheckEquation(TensorType from, Shape to, string? origin)
    {
        for (int axis = 0; axis < to.Rank; axis++)
        {
            long left = Evaluate(from.Shape[axis]), right = Evaluate(to[axis]);
            if (left != right)
            {
                string built = origin is null ? "" : $" built at {origin}";
                if (left == 0 && to[axis].Is(1))
                {
                    throw new BindingError($"a position{built} lies outside its axis: {from.Shape[axis]} elements are there, which should be 1, but are 0");
                }
                if (left == 0 && to[axis].Equals(Dim.Max(from.Shape[axis], 1)))
                {
                    throw new BindingError($"a maximum or minimum{built} is taken along an axis of {from.Shape[axis]} elements, which are 0: there is none");
                }
                string hint = left == 1 || right == 1
                    ? $". A size that is 1 only when run does not broadcast: declare that axis with the known size 1"
                    : $". Declare both axes with one name if they are always equal";
                throw new BindingError($"an elementwise operation{built} needs {from.Shape[axis]} = {to[axis]}, but {from.Shape[axis]} is {left} and {to[axis]} is {right}{hint}");
            }
        }
    }

    /// <summary>The number that a size expression has.</summary>
    public long Evaluate(Dim size) => size.Evaluate(symbol => this[symbol]);

    /// <summary>The numbers that a shape has.</summary>
    public Seq<long> Evaluate(Shape shape) => shape.Dims.Map(Evaluate);

    private static DimSymbol SingleSymbol(Dim size) => size.Symbols.Count == 1 ? size.Symbols.First() : NoSymbol;

    private static readonly DimSymbol NoSymbol = new NamedSymbol("(none)");
}
