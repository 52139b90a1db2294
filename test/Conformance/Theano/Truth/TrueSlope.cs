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
        BigFloat step = BigFloat.One.Scale((x.IsZero ? -1100 : x.Magnitude) - 160);
        BigFloat wide = Difference(variable, position, x, step), narrow = Difference(variable, position, x, step.Scale(-20));
        bool agree = wide.IsFinite && narrow.IsFinite && (wide.CompareTo(narrow) == 0 || (wide - narrow).Abs() <= narrow.Abs().Scale(-100));
        return agree ? narrow : throw new NoTruth("the differences at two distances do not agree");
    }

    private BigFloat Difference(Variable variable, long position, BigFloat x, BigFloat step)
    {
        var up = new TrueValue(values, (variable, position, x + step));
        var down = new TrueValue(values, (variable, position, x - step));
        BigFloat sum = BigFloat.Zero;
        for (int i = 0; i < costs.Count; i++)
        {
            bool elementwise = IsElementwise(costs[i], variable.Expr);
            long count = up.Sizes(costs[i].Shape).Aggregate(1L, (a, b) => a * b);
            for (long at = elementwise ? position : 0; at < (elementwise ? position + 1 : count); at++)
            {
                BigFloat apart = up.At(costs[i], at) - down.At(costs[i], at);
                sum += apart.IsZero ? BigFloat.Zero : apart * up.At(cotangents[i], at);
            }
        }
        return sum / step.Scale(1);
    }

    /// <summary>Whether an element of the result reads only the same element of the variable.</summary>
    private static bool IsElementwise(Expr cost, Expr variable) => cost.Shape.Equals(variable.Shape)
        && Traversal.Order([cost]).All(node => node.Inputs.Count == 0 || node.Op is Pointwise || node.Inputs.All(input => input.Inputs.Count == 0 && input.Rank == 0));
}
