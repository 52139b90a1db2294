namespace Symbolic;

/// <summary>Our own mistake: a graph that says something which does not hold. A graph that a user builds cannot be ill-formed.</summary>
public sealed class IllFormed : Exception
{
    /// <summary>What does not hold, and of which node.</summary>
    public IllFormed(string message) : base(message) { }
}

/// <summary>
/// Checks what every pass must leave true: nodes are interned, have the types that their ops infer and read only parameters, and
/// each size can be found when the program is bound.
/// </summary>
public static class Verifier
{
    /// <summary>Checks a closed program and every graph nested in it.</summary>
    /// <exception cref="IllFormed">Something does not hold.</exception>
    public static void Check(Lambda program)
    {
        var known = program.Parameters.SelectMany(type => type.Shape).Select(SizeSymbols.Alone).OfType<DimSymbol>().ToHashSet();
        foreach (DimSymbol symbol in program.Symbols())
        {
            if (symbol is not CountSymbol && !known.Contains(symbol))
            {
                throw new IllFormed($"the size {symbol} of the program over ({string.Join(", ", program.Parameters)}) is no axis of a parameter");
            }
        }
        var seen = new HashSet<Lambda> { program };
        var waiting = new Stack<Lambda>([program]);
        while (waiting.TryPop(out Lambda? lambda))
        {
            foreach (Expr node in Traversal.Order(lambda.Results))
            {
                Check(node, lambda);
                foreach (Lambda inner in node.Op.Lambdas)
                {
                    if (seen.Add(inner))
                    {
                        waiting.Push(inner);
                    }
                }
            }
            foreach (Expr result in lambda.Results)
            {
                if (result.Type is not TensorType)
                {
                    throw new IllFormed($"a result is {result.Label}: results are tensors, taken out of tuples by item");
                }
            }
        }
    }

    private static void Check(Expr node, Lambda lambda)
    {
        if (node.Op is Ops.Leaf)
        {
            throw new IllFormed($"{node.Label} is a variable inside a closed graph");
        }
        if (node.Op is Ops.Parameter parameter && (parameter.Index < 0 || parameter.Index >= lambda.Parameters.Count || parameter.Type != lambda.Parameters[parameter.Index]))
        {
            throw new IllFormed($"parameter {parameter.Index}: {parameter.Type} is none of ({string.Join(", ", lambda.Parameters)})");
        }
        Expr again;
        try
        {
            again = Expr.Of(node.Op, node.Inputs.AsSpan());
        }
        catch (TypeMismatch mismatch)
        {
            throw new IllFormed($"{node.Label} has inputs that its op refuses: {mismatch.Message}");
        }
        if (!ReferenceEquals(again, node))
        {
            throw new IllFormed($"{node.Label} exists twice; nodes are made by Expr.Of alone");
        }
        ExprType inferred = node.Op is Ops.Item item ? item.Of(node.Inputs[0].Type) : node.Op.Infer(node.Inputs.Select(input => input.Tensor).ToArray());
        if (!inferred.Equals(node.Type))
        {
            throw new IllFormed($"{node.Label} is of type {inferred} by the rule of {node.Op.Name}");
        }
    }
}
