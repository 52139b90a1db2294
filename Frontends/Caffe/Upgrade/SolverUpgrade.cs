using System.Diagnostics;
using Symbolic.Caffe.Schema;
using OldType = Symbolic.Caffe.Schema.SolverParameter.Types.SolverType;

namespace Symbolic.Caffe;

/// <summary>Brings solvers that name their type by the field <c>solver_type</c> into today's format (upgrade_proto.cpp, UpgradeSolverAsNeeded).</summary>
public static class SolverUpgrade
{
    /// <summary>Whether a solver is written in the older format.</summary>
    public static bool IsNeeded(SolverParameter solver) => solver.HasSolverType;

    /// <summary>The solver in today's format; the same object if it already is.</summary>
    /// <param name="solver">The solver, which is not changed; nets inside it are shared and left as they are.</param>
    /// <param name="places">Where its messages stand; the new one is added. Null: nowhere.</param>
    /// <param name="file">What the log calls it.</param>
    /// <param name="log">Told of it in Caffe's words; null: nobody.</param>
    /// <exception cref="PrototxtError">Both <c>solver_type</c> and <c>type</c> are given.</exception>
    public static SolverParameter Apply(SolverParameter solver, PrototxtPlaces? places = null, string file = "", ICaffeLog? log = null)
    {
        if (!IsNeeded(solver))
        {
            return solver;
        }
        places ??= PrototxtPlaces.Nowhere;
        void Log(int line, string message) => log?.Write(new LogLine("upgrade_proto.cpp", line, message));
        Log(1119, $"Attempting to upgrade input file specified using deprecated 'solver_type' field (enum)': {file}");
        if (solver.HasType)
        {
            throw places.Error(solver, "solver_type", "Failed to upgrade solver: old solver_type field (enum) and new type field (string) cannot be both specified in solver proto text.");
        }
        SolverParameter upgraded = Upgrade.SharedCopy.Of(solver, places);
        upgraded.Type = solver.SolverType switch
        {
            OldType.Sgd => "SGD",
            OldType.Nesterov => "Nesterov",
            OldType.Adagrad => "AdaGrad",
            OldType.Rmsprop => "RMSProp",
            OldType.Adadelta => "AdaDelta",
            OldType.Adam => "Adam",
            var unknown => throw new UnreachableException($"solver_type {unknown}"),
        };
        upgraded.ClearSolverType();
        Log(1126, "Successfully upgraded file specified using deprecated 'solver_type' field (enum) to 'type' field (string).");
        Log(1128, "Note that future Caffe releases will only support 'type' field (string) for a solver's type.");
        return upgraded;
    }
}
