using System.Numerics;

namespace Symbolic.Conformance.Theano.Truth;

/// <summary>
/// The true derivative of Σ costs·cotangents by one element of an input: a central difference in exact arithmetic, taken at two
/// distances. It knows nothing of our gradients. Where the two distances do not agree there is a kink or an edge, and no truth.
/// </summary>
internal sealed class TrueSlope(IReadOnlyDictionary<Variable, Literal> values, Seq<Expr> costs, Seq<Expr> cotangents)
{
    public BigFloat At(Variable variable, long position)
    {
        BigFloat x = BigFloat.Of(values[variable][position].ToDouble());
        if (!x.IsFinite)
        {
            throw new NoTruth("no difference can be taken at infinity");
        }
        BigFloat step = BigFloat.One.Scale((x.IsZero ? -1100 : BigInteger.Min(x.Magnitude, 0)) - 160);
        return Agreed(Difference(variable, position, x, step), Difference(variable, position, x, step.Scale(-20)));
    }

    private BigFloat Difference(Variable variable, long position, BigFloat x, BigFloat step)
    {
        TrueValue Moved(BigFloat to) => new(values, (which, where) => which == variable && where == position ? to : null);
        TrueValue up = Moved(x + step), down = Moved(x - step);
        BigFloat sum = BigFloat.Zero;
        for (int i = 0; i < costs.Count; i++)
        {
            bool elementwise = up.Sizes(costs[i].Shape).Equals(up.Sizes(variable.Type.Shape)) && IsElementwise(costs[i]);
            long count = up.Sizes(costs[i].Shape).Aggregate(1L, (a, b) => a * b);
            for (long at = elementwise ? position : 0; at < (elementwise ? position + 1 : count); at++)
            {
                BigFloat apart = Apart(up.At(costs[i], at), down.At(costs[i], at));
                sum += apart.IsZero ? BigFloat.Zero : apart * up.At(cotangents[i], at);
            }
        }
        return sum / step.Scale(1);
    }

    /// <summary>The derivative of one element of a result along tangents of all inputs.</summary>
    public static BigFloat Along(IReadOnlyDictionary<Variable, Literal> values, IReadOnlyDictionary<Variable, Literal> tangents, Expr output, long at)
    {
        BigFloat Difference(BigFloat step)
        {
            TrueValue Moved(BigFloat by) => new(values, (which, where) => tangents.TryGetValue(which, out Literal? tangent)
                ? BigFloat.Of(values[which][where].ToDouble()) + (by * BigFloat.Of(tangent[where].ToDouble()))
                : null);
            return Apart(Moved(step).At(output, at), Moved(-step).At(output, at)) / step.Scale(1);
        }
        return Agreed(Difference(BigFloat.One.Scale(-400)), Difference(BigFloat.One.Scale(-420)));
    }

    /// <summary>The difference, which is 0 where it is no more than the last digits.</summary>
    private static BigFloat Apart(BigFloat up, BigFloat down)
    {
        BigFloat apart = up - down;
        return apart.IsFinite && !apart.IsZero && apart.Magnitude < up.Magnitude - BigFloat.Precision + 100 ? BigFloat.Zero : apart;
    }

    private static BigFloat Agreed(BigFloat wide, BigFloat narrow)
    {
        bool agree = wide.IsFinite && narrow.IsFinite && (wide.CompareTo(narrow) == 0 || (wide - narrow).Abs() <= narrow.Abs().Scale(-100));
        return agree ? narrow : throw new NoTruth("the differences at two distances do not agree");
    }

    /// <summary>Whether an element of a result of an input's sizes reads only the same element of the input.</summary>
    private static bool IsElementwise(Expr cost) => Traversal.Order([cost]).All(node =>
        node.Inputs.Count == 0 || node.Op is Pointwise or Ops.Equate || node.Inputs.All(input => input.Inputs.Count == 0 && input.Rank == 0));
}
