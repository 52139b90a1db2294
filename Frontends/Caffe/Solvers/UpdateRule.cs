using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Solvers;

/// <summary>
/// How a solver turns gradients into new weights, as expressions in the order of Caffe's arithmetic: clip, divide by iter_size,
/// regularise (sgd_solver.cpp, ApplyUpdate), then the step that tells one solver type from another.
/// </summary>
internal abstract class UpdateRule(SolverParameter parameter)
{
    /// <summary>A weight with its gradient and the state that its update keeps.</summary>
    public readonly record struct Learned(Parameter Parameter, Expr Gradient, Seq<SharedVariable> Histories);

    /// <summary>What an update leaves: as many histories as the rule keeps, and the weight.</summary>
    public readonly record struct Step(Seq<Expr> Histories, Expr Weight);

    /// <summary>How many blobs a parameter has in the state of the solver: first those of all parameters, then the second ones of all.</summary>
    public virtual int Histories => 1;

    /// <summary>Whether gradients are scaled down where they are long.</summary>
    public bool Clips => parameter.ClipGradients >= 0;

    /// <summary>The solver as the file says it.</summary>
    protected SolverParameter Solver => parameter;

    /// <summary>The Euclidean length of all gradients together.</summary>
    public static Expr Length(IEnumerable<Expr> gradients) =>
        Sqrt<Expr>(gradients.Select(g => (g * g).Sum()).Aggregate(Full(DType.Float32, Shape.Scalar, 0), (sum, square) => sum + square));

    /// <summary>The factor that brings the gradients to the length that the solver allows.</summary>
    public Expr Shrink(Expr length) => Switch<Expr>(length > parameter.ClipGradients, parameter.ClipGradients / length, FullLike(length, 1));

    /// <summary>The rate that updates see in an iteration, from that of the policy.</summary>
    public virtual float Rate(float rate, int iteration) => rate;

    /// <summary>The new histories and the new weight.</summary>
    /// <param name="learned">What is updated; its gradient is the sum over the batches of an iteration.</param>
    /// <param name="rate">The rate of the iteration, float32 scalar.</param>
    /// <param name="shrink">The factor of clipping, if any.</param>
    public Step Update(Learned learned, Expr rate, Expr? shrink)
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
        (Seq<Expr> histories, Expr change) = Change(gradient, learned.Histories.Map(history => history.Expr), local);
        return new Step(histories, weight - change);
    }

    /// <summary>The new histories, and what is subtracted from the weight.</summary>
    protected abstract (Seq<Expr> Histories, Expr Change) Change(Expr gradient, Seq<Expr> histories, Expr rate);
}
