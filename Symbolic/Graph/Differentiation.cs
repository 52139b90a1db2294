using System.Diagnostics;

namespace Symbolic;

/// <summary>
/// Reverse-mode differentiation by building more of the same graph, so that gradients of gradients need nothing new. It runs
/// before any rewriting, so that the stabilising rules see the forward and the backward graph together.
/// </summary>
public static class Differentiation
{
    /// <summary>
    /// The gradient of Σ outputs·outputGradients with respect to each input (any expression may be one): an expression,
    /// disconnected, or undefined. Without <paramref name="outputGradients"/> every output must be a scalar and gets 1. A complex number counts as a pair of
    /// real ones: the gradient is complex, its parts those with respect to the parts, and the product of an output with its gradient is Re(conj(g)·y).
    /// </summary>
    public static Derivative[] Gradient(Seq<Expr> inputs, Seq<Expr> outputs, Seq<Expr>? outputGradients = null)
    {
        var flowing = new Dictionary<Expr, Expr?[]>(ReferenceEqualityComparer.Instance);
        var undefined = new Dictionary<Expr, string>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < outputs.Count; i++)
        {
            Add(flowing, outputs[i], 0, Start(outputs[i], outputGradients?[i]));
        }
        HashSet<Expr> sources = new(inputs, ReferenceEqualityComparer.Instance);
        IReadOnlyList<Expr> order = Traversal.Order(outputs);
        HashSet<Expr> reaching = Reaching(order, sources);
        for (int n = order.Count - 1; n >= 0; n--)
        {
            Expr node = order[n];
            if (!reaching.Contains(node) || node.Inputs.Count == 0)
            {
                continue;
            }
            using Origin.Scope scope = Origin.From(node);
            flowing.TryGetValue(node, out Expr?[]? arrived);
            if (undefined.TryGetValue(node, out string? reason))
            {
                Spread(node, reason, reaching, undefined);
            }
            if (arrived is null)
            {
                continue;
            }
            if (node.Op is Ops.Item item)
            {
                Add(flowing, node.Inputs[0], item.Index, arrived[0]!);
                continue;
            }
            Derivative[] slopes = node.Op.Gradient(node, arrived);
            for (int i = 0; i < slopes.Length; i++)
            {
                Expr input = node.Inputs[i];
                if (!reaching.Contains(input))
                {
                    continue;
                }
                switch (slopes[i])
                {
                    case Derivative.Known(var slope):
                        if (input.DType.IsContinuous())
                        {
                            Add(flowing, input, 0, Fitted(node, input, slope));
                        }
                        break;
                    case Derivative.DisconnectedEntry:
                        break;
                    case Derivative.UndefinedEntry(var why):
                        undefined.TryAdd(input, $"{node.Label} has no gradient with respect to {input.Label}: {why}");
                        break;
                    default:
                        throw new UnreachableException($"{slopes[i]}");
                }
            }
        }
        return [.. inputs.Select(input => undefined.TryGetValue(input, out string? why) ? Derivative.Undefined(why)
            : flowing.TryGetValue(input, out Expr?[]? arrived) && arrived[0] is { } gradient ? gradient : Derivative.Disconnected)];
    }

    private static Expr Start(Expr output, Expr? given)
    {
        if (!output.DType.IsContinuous())
        {
            throw new GradientError($"the gradient of {output.Label} is asked for, which is not a float");
        }
        if (given is null && output.DType.IsComplex())
        {
            throw new GradientError($"the gradient of {output.Label} is asked for, which is complex: take a real number of it, such as its size, or give the gradient that arrives at it");
        }
        if (given is null)
        {
            return output.Rank == 0 ? Functions.FullLike(output, 1) : throw new GradientError($"the gradient of {output.Label} is asked for, which is not a scalar: sum it, or give the gradient that arrives at it");
        }
        Expr cast = given.Cast(output.DType);
        return cast.Shape.Equals(output.Shape) ? cast : Alignment.Fit(cast, output.Shape);
    }

    /// <summary>The nodes from which a source can be reached.</summary>
    private static HashSet<Expr> Reaching(IReadOnlyList<Expr> order, HashSet<Expr> sources)
    {
        var reaching = new HashSet<Expr>(sources, ReferenceEqualityComparer.Instance);
        foreach (Expr node in order)
        {
            foreach (Expr input in node.Inputs)
            {
                if (reaching.Contains(input))
                {
                    reaching.Add(node);
                    break;
                }
            }
        }
        return reaching;
    }

    private static void Spread(Expr node, string reason, HashSet<Expr> reaching, Dictionary<Expr, string> undefined)
    {
        foreach (Expr input in node.Inputs)
        {
            if (reaching.Contains(input) && (input.Type is TupleType || input.DType.IsContinuous()))
            {
                undefined.TryAdd(input, reason);
            }
        }
    }

    private static Expr Fitted(Expr node, Expr input, Expr slope)
    {
        Expr cast = slope.Cast(input.DType);
        return cast.Shape.Equals(input.Shape) ? cast : throw new UnreachableException($"{node.Op.Name} gave a gradient {cast.Type} for an input {input.Type}");
    }

    /// <summary>Adds a contribution; contributions are summed in the order in which the walk meets them.</summary>
    private static void Add(Dictionary<Expr, Expr?[]> flowing, Expr node, int item, Expr gradient)
    {
        if (!flowing.TryGetValue(node, out Expr?[]? slots))
        {
            flowing[node] = slots = new Expr?[node.Type is TupleType tuple ? tuple.Items.Count : 1];
        }
        slots[item] = slots[item] is { } sum ? sum + gradient : gradient;
    }
}
