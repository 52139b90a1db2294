using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Solvers;

/// <summary>The solver types by name, in which case matters.</summary>
internal static class UpdateRules
{
    private static readonly Dictionary<string, Func<SolverParameter, UpdateRule>> ByName = new(StringComparer.Ordinal)
    {
        ["AdaDelta"] = parameter => new AdaDeltaRule(parameter),
        ["AdaGrad"] = parameter => new AdaGradRule(parameter),
        ["Adam"] = parameter => new AdamRule(parameter),
        ["Nesterov"] = parameter => new NesterovRule(parameter),
        ["RMSProp"] = parameter => new RmsPropRule(parameter),
        ["SGD"] = parameter => new SgdRule(parameter),
    };

    /// <summary>The names, sorted.</summary>
    public static IEnumerable<string> Names => ByName.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether there is a type of this name.</summary>
    public static bool Knows(string name) => ByName.ContainsKey(name);

    /// <summary>The rule of a solver whose fields were checked.</summary>
    public static UpdateRule Of(SolverParameter parameter) => ByName[parameter.Type](parameter);
}

/// <summary>Momentum: h = rate·g + m·h, w = w − h (sgd_solver.cpp).</summary>
internal sealed class SgdRule(SolverParameter parameter) : UpdateRule(parameter)
{
    protected override (Seq<Expr>, Expr) Change(Expr gradient, Seq<Expr> histories, Expr rate)
    {
        Expr history = rate * gradient + Solver.Momentum * histories[0];
        return ([history], history);
    }
}

/// <summary>Nesterov's momentum: the step back of the old history and forward of the new, w = w − ((1 + m)·h' − m·h) (nesterov_solver.cpp).</summary>
internal sealed class NesterovRule(SolverParameter parameter) : UpdateRule(parameter)
{
    protected override (Seq<Expr>, Expr) Change(Expr gradient, Seq<Expr> histories, Expr rate)
    {
        Expr history = rate * gradient + Solver.Momentum * histories[0];
        return ([history], (1 + Solver.Momentum) * history - Solver.Momentum * histories[0]);
    }
}

/// <summary>Rates that shrink with the squares seen: h = h + g², w = w − rate·g / (√h + δ) (adagrad_solver.cpp; Duchi, Hazan, Singer 2011).</summary>
internal sealed class AdaGradRule(SolverParameter parameter) : UpdateRule(parameter)
{
    protected override (Seq<Expr>, Expr) Change(Expr gradient, Seq<Expr> histories, Expr rate)
    {
        Expr history = histories[0] + gradient * gradient;
        return ([history], rate * (gradient / (Sqrt<Expr>(history) + Solver.Delta)));
    }
}

/// <summary>AdaGrad with a moving mean of squares: h = d·h + (1 − d)·g² (rmsprop_solver.cpp; Tieleman, Hinton 2012).</summary>
internal sealed class RmsPropRule(SolverParameter parameter) : UpdateRule(parameter)
{
    protected override (Seq<Expr>, Expr) Change(Expr gradient, Seq<Expr> histories, Expr rate)
    {
        Expr history = (1 - Solver.RmsDecay) * (gradient * gradient) + Solver.RmsDecay * histories[0];
        return ([history], rate * (gradient / (Sqrt<Expr>(history) + Solver.Delta)));
    }
}

/// <summary>
/// Steps whose size is the root of past steps' mean square over past gradients' mean square, both of decay momentum
/// (adadelta_solver.cpp; Zeiler 2012). The first history is of gradients, the second of steps.
/// </summary>
internal sealed class AdaDeltaRule(SolverParameter parameter) : UpdateRule(parameter)
{
    public override int Histories => 2;

    protected override (Seq<Expr>, Expr) Change(Expr gradient, Seq<Expr> histories, Expr rate)
    {
        float decay = Solver.Momentum;
        Expr squares = (1 - decay) * (gradient * gradient) + decay * histories[0];
        Expr step = gradient * Sqrt<Expr>((histories[1] + Solver.Delta) / (squares + Solver.Delta));
        return ([squares, (1 - decay) * (step * step) + decay * histories[1]], rate * step);
    }
}

/// <summary>
/// Moving means of gradients (decay momentum) and of their squares (momentum2), w = w − rate·c·m / (√v + δ) with
/// c = √(1 − b₂ᵗ) / (1 − b₁ᵗ) (adam_solver.cpp; Kingma, Ba 2015). The first history is of gradients, the second of squares.
/// </summary>
internal sealed class AdamRule(SolverParameter parameter) : UpdateRule(parameter)
{
    public override int Histories => 2;

    public override float Rate(float rate, int iteration)
    {
        int t = iteration + 1;
        return rate * (float)(Math.Sqrt(1 - Math.Pow(Solver.Momentum2, t)) / (1 - Math.Pow(Solver.Momentum, t)));
    }

    protected override (Seq<Expr>, Expr) Change(Expr gradient, Seq<Expr> histories, Expr rate)
    {
        Expr mean = (1 - Solver.Momentum) * gradient + Solver.Momentum * histories[0];
        Expr squares = (1 - Solver.Momentum2) * (gradient * gradient) + Solver.Momentum2 * histories[1];
        return ([mean, squares], rate * (mean / (Sqrt<Expr>(squares) + Solver.Delta)));
    }
}
