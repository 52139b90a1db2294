namespace Symbolic;

/// <summary>
/// A closed graph: numbered parameters and results, nothing else free. A value like any other op parameter: two lambdas
/// are equal if their parameter types and (interned) results are, so nested graphs are equal by structure.
/// </summary>
public sealed record Lambda
{
    /// <summary>A lambda of these results over parameters of these types.</summary>
    /// <exception cref="TypeMismatch">A result is a tuple, or depends on a variable or on a parameter that is none of these.</exception>
    public Lambda(Seq<TensorType> parameters, Seq<Expr> results)
    {
        Parameters = parameters;
        Results = results;
        foreach (Expr result in results)
        {
            _ = result.Tensor;
        }
        foreach (Expr node in Traversal.Order(results))
        {
            if (node.Op is Ops.Leaf leaf)
            {
                throw new TypeMismatch($"a lambda must be closed: pass {leaf.Variable.Name}: {leaf.Variable.Type} as a capture");
            }
            if (node.Op is Ops.Parameter parameter && (parameter.Index < 0 || parameter.Index >= parameters.Count || parameter.Type != parameters[parameter.Index]))
            {
                throw new TypeMismatch($"a lambda over ({string.Join(", ", parameters)}) refers to parameter {parameter.Index}: {parameter.Type}");
            }
        }
    }

    /// <summary>Types of the parameters.</summary>
    public Seq<TensorType> Parameters { get; }

    /// <summary>What it yields.</summary>
    public Seq<Expr> Results { get; }

    /// <summary>Builds a lambda by applying a C# function to its parameters.</summary>
    public static Lambda Of(Seq<TensorType> parameters, Func<Seq<Expr>, Seq<Expr>> body)
    {
        var expressions = new Expr[parameters.Count];
        for (int i = 0; i < expressions.Length; i++)
        {
            expressions[i] = Expr.Of(new Ops.Parameter(i, parameters[i]));
        }
        return new Lambda(parameters, body(Seq.Create<Expr>(expressions)));
    }

    /// <summary>Every size symbol in it and in the graphs nested in it, each once, in structural order.</summary>
    public IReadOnlyList<DimSymbol> Symbols() =>
        [.. Parameters.SelectMany(type => type.Shape).Concat(SizeSymbols.Sizes(Results)).SelectMany(size => size.Symbols).Distinct()];

    /// <summary>The results with the parameters replaced by arguments of equal types.</summary>
    public Seq<Expr> Apply(Seq<Expr> arguments) =>
        Traversal.Rebuild(Results, (node, _) => node.Op is Ops.Parameter parameter ? arguments[parameter.Index] : null);

    /// <summary>This lambda with every size in it mapped.</summary>
    public Lambda MapDims(Func<Dim, Dim> map)
    {
        Seq<TensorType> parameters = Parameters.Map(type => type with { Shape = type.Shape.Map(map) });
        return new Lambda(parameters, Traversal.Rebuild(Results, (node, inputs) => Expr.Of(node.Op.MapDims(map), inputs)));
    }
}
