using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Solvers;

/// <summary>
/// How a solver turns gradients into new weights, as expressions in the order of Caffe's arithmetic: clip, divide by iter_size,
/// regularise, update (sgd_solver.cpp, ApplyUpdate).
/// </summary>
internal sealed class UpdateRule(SolverParameter parameter)
{
    /// <summary>A weight with its gradient and the state that its update keeps.</summary>
    public readonly record struct Learned(Parameter Parameter, Expr Gradient, SharedVariable History);

    /// <summary>Whether gradients are scaled down where they are long.</summary>
    public bool Clips => parameter.ClipGradients >= 0;

    /// <summary>The Euclidean length of all gradients together.</summary>
    public static Expr Length(IEnumerable<Expr> gradients) =>
        Sqrt<Expr>(gradients.Select(g => (g * g).Sum()).Aggregate(Full(DType.Float32, Shape.Scalar, 0), (sum, square) => sum + square));

    /// <summary>The factor that brings the gradients to the length that the solver allows.</summary>
    public Expr Shrink(Expr length) => Switch<Expr>(length > parameter.ClipGradients, parameter.ClipGradients / length, FullLike(length, 1));

    /// <summary>The new history and the new weight: h = rate·g + momentum·h, w = w − h.</summary>
    /// <param name="learned">What is updated; its gradient is the sum over the batches of an iteration.</param>
    /// <param name="rate">The rate of the iteration, float32 scalar.</param>
    /// <param name="shrink">The factor of clipping, if any.</param>
    public (Expr History, Expr Weight) Update(Learned learned, Expr rate, Expr? shrink)
    {
        Expr weight = learned.Parameter.Variable;
        Expr gradient = shrink is null ? learned.Gradient : learned.Gradient * shrink;
        if (parameter.IterSize != 1)
        {
            gradient *= 1f / parameter.IterSize;
        }
        float decay = parameter.WeightDecay * learned.Parameter.DecayMult;
        if (decay != 0)
        {
            gradient += decay * (parameter.RegularizationType == "L1" ? Sign<Expr>(weight) : weight);
        }
        Expr local = learned.Parameter.LrMult == 1 ? rate : rate * learned.Parameter.LrMult;
        Expr history = local * gradient + parameter.Momentum * (Expr)learned.History;
        return (history, weight - history);
    }
}
