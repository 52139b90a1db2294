using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Solvers;

/// <summary>
/// The learning rate of each iteration by Caffe's policies (sgd_solver.cpp, GetLearningRate), each in float32 as there.
/// </summary>
internal sealed class LearningRate
{
    private readonly SolverParameter parameter;
    private readonly Func<int, float> policy;

    /// <summary>The policy that a solver names.</summary>
    /// <param name="parameter">The solver as the file says it.</param>
    /// <param name="error">Makes the error about a field.</param>
    public LearningRate(SolverParameter parameter, Func<string, string, Exception> error)
    {
        this.parameter = parameter;
        policy = parameter.LrPolicy switch
        {
            "fixed" => _ => parameter.BaseLr,
            "step" => iteration => Scaled(Math.Pow(parameter.Gamma, Step = iteration / parameter.Stepsize)),
            "exp" => iteration => Scaled(Math.Pow(parameter.Gamma, iteration)),
            "inv" => iteration => Scaled(Math.Pow(1 + parameter.Gamma * iteration, -parameter.Power)),
            "multistep" => MultiStep,
            "poly" => iteration => Scaled(Math.Pow(1 - iteration / (float)parameter.MaxIter, parameter.Power)),
            "sigmoid" => iteration => Scaled(1 / (1 + Math.Exp(-parameter.Gamma * (float)(iteration - parameter.Stepsize)))),
            var unknown => throw error("lr_policy", $"Unknown learning rate policy: {unknown} (known: exp, fixed, inv, multistep, poly, sigmoid, step)"),
        };
        if (parameter.LrPolicy is "step" or "sigmoid" && parameter.Stepsize <= 0)
        {
            throw error("stepsize", $"lr_policy {parameter.LrPolicy} wants a stepsize above 0; got {parameter.Stepsize}");
        }
        if (parameter.LrPolicy is "step" or "exp" or "inv" or "multistep" or "sigmoid" && parameter.Gamma < 0)
        {
            throw error("gamma", $"lr_policy {parameter.LrPolicy} wants a gamma of at least 0; got {parameter.Gamma}");
        }
    }

    /// <summary>How many steps down were taken; kept in snapshots.</summary>
    public int Step { get; set; }

    /// <summary>The rate of an iteration. Iterations come in order: the multistep policy counts.</summary>
    public float At(int iteration) => policy(iteration);

    private float MultiStep(int iteration)
    {
        if (Step < parameter.Stepvalue.Count && iteration >= parameter.Stepvalue[Step])
        {
            Step++;
        }
        return Scaled(Math.Pow(parameter.Gamma, Step));
    }

    private float Scaled(double factor) => parameter.BaseLr * (float)factor;
}
