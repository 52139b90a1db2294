using System.Runtime.CompilerServices;

namespace Symbolic;

/// <summary>A size that a program computes: its symbol, and how it is found.</summary>
/// <param name="Symbol">The symbol in the program, with its upper bound if one is known.</param>
/// <param name="Original">The symbol that it replaces, for messages.</param>
/// <param name="Value">An integer scalar over the parameters of the program, and over the sizes listed before this one.</param>
/// <param name="Label">How messages call it.</param>
public sealed record ComputedSize(CountSymbol Symbol, ValueSymbol Original, Lambda Value, string Label);

/// <summary>
/// A graph over variables made into a closed program: variables become parameters by position, and size symbols are named by
/// position (<c>s0</c>, <c>s1</c>, ... for axes, <c>v0</c>, ... for computed sizes), so that nothing in it tells names, ages or hash
/// codes: one model closed in two processes is the same program.
/// </summary>
public sealed class Closing
{
    private Closing(Seq<Variable> inputs, Lambda program, Seq<(NamedSymbol Symbol, DimSymbol Original)> sizes, Seq<ComputedSize> computed)
    {
        Inputs = inputs;
        Program = program;
        Sizes = sizes;
        Computed = computed;
    }

    /// <summary>The variables, in the order of the program's parameters.</summary>
    public Seq<Variable> Inputs { get; }

    /// <summary>The program.</summary>
    public Lambda Program { get; }

    /// <summary>The sizes of the inputs' axes: each symbol of the program with the one that it replaces, for messages.</summary>
    public Seq<(NamedSymbol Symbol, DimSymbol Original)> Sizes { get; }

    /// <summary>The sizes that are values of expressions, in an order in which they can be computed.</summary>
    public Seq<ComputedSize> Computed { get; }

    /// <summary>Closes the roots over the inputs; an input that nothing reads is a parameter all the same.</summary>
    /// <exception cref="TypeMismatch">A variable that is read, or a size that is used, comes from none of the inputs.</exception>
    public static Closing Of(Seq<Variable> inputs, Seq<Expr> roots)
    {
        var positions = new Dictionary<Variable, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < inputs.Count; i++)
        {
            if (!positions.TryAdd(inputs[i], i))
            {
                throw new TypeMismatch($"{inputs[i].Name}: {inputs[i].Type} is given twice as an input");
            }
        }
        var renamed = new Dictionary<DimSymbol, Dim>();
        var sizes = new List<(NamedSymbol Symbol, DimSymbol Original)>();
        foreach (DimSymbol symbol in inputs.SelectMany(input => input.Type.Shape).Select(SizeSymbols.Alone).OfType<DimSymbol>())
        {
            if (symbol is not ValueSymbol && !renamed.ContainsKey(symbol))
            {
                var fresh = new NamedSymbol($"s{sizes.Count}", symbol.Lower, symbol.Upper);
                sizes.Add((fresh, symbol));
                renamed.Add(symbol, fresh);
            }
        }
        var values = new List<(ValueSymbol Original, CountSymbol Symbol)>();
        foreach (ValueSymbol symbol in Values(inputs.Map(input => input.Expr).Concat(roots), inputs))
        {
            var fresh = new CountSymbol($"v{values.Count}", symbol.UpperBound is { } bound ? Map(bound) : null);
            values.Add((symbol, fresh));
            renamed.Add(symbol, fresh);
        }
        Seq<TensorType> types = inputs.Map(input => Renamed(input.Type));
        return new Closing(inputs, Close(roots), sizes.ToSeq(), values.Select(value => new ComputedSize(value.Symbol, value.Original, Close([value.Original.Value]), value.Original.Value.Label)).ToSeq());

        Dim Map(Dim size) => size.Substitute(symbol => renamed.TryGetValue(symbol, out Dim? fresh)
            ? fresh
            : throw new TypeMismatch($"the size {symbol} is used, but is no axis of an input; the inputs are {Listed(inputs)}"));

        TensorType Renamed(TensorType type) => type with { Shape = type.Shape.Map(Map) };

        Lambda Close(Seq<Expr> graph) => new(types, Traversal.Rebuild(graph, (node, arguments) => node.Op switch
        {
            Ops.Leaf { Variable: var variable } => positions.TryGetValue(variable, out int position)
                ? Expr.Of(new Ops.Parameter(position, types[position]))
                : throw new TypeMismatch($"{variable.Name}: {variable.Type} is read, but is no input; the inputs are {Listed(inputs)}"),
            Ops.Parameter parameter => throw new TypeMismatch($"parameter {parameter.Index}: {parameter.Type} of a nested graph is used outside of it"),
            _ => Expr.Of(node.Op.MapDims(Map), arguments),
        }));
    }

    private static string Listed(Seq<Variable> inputs) => inputs.Count == 0 ? "none" : string.Join(", ", inputs.Select(input => input.Expr.Label));

    /// <summary>The variables that the roots and the sizes in them depend on, in the order of first need.</summary>
    public static Seq<Variable> Variables(Seq<Expr> roots)
    {
        Seq<Expr> sizes = Values(roots, null).Select(symbol => symbol.Value).ToSeq();
        return Traversal.Order(roots.Concat(sizes)).Select(node => node.Op).OfType<Ops.Leaf>().Select(leaf => leaf.Variable).ToSeq();
    }

    /// <summary>The sizes in a graph that are values of expressions, each after those that its own value and bound need.</summary>
    private static List<ValueSymbol> Values(Seq<Expr> roots, Seq<Variable>? inputs)
    {
        var found = new List<ValueSymbol>();
        var seen = new HashSet<DimSymbol>();
        void Visit(Seq<Expr> graph, Dim? bound)
        {
            RuntimeHelpers.EnsureSufficientExecutionStack();
            foreach (Dim size in SizeSymbols.Sizes(graph).Concat(bound is null ? [] : [bound]))
            {
                IEnumerable<ValueSymbol> values = size.Symbols.OfType<ValueSymbol>();
                // Within one size symbols stand by name and then by hash code; those that share a name are told apart by what they are.
                foreach (ValueSymbol symbol in inputs is null || values.Count() < 2 ? values : values.OrderBy(value => value.Name, StringComparer.Ordinal).ThenBy(value => IrText.Print(Of(inputs, [value.Value]).Program), StringComparer.Ordinal))
                {
                    if (seen.Add(symbol))
                    {
                        Visit([symbol.Value], symbol.UpperBound);
                        found.Add(symbol);
                    }
                }
            }
        }
        Visit(roots, null);
        return found;
    }
}
