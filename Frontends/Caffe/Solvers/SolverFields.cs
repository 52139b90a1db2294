using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Solvers;

/// <summary>Checks of a solver's fields before anything is built (solver.cpp and sgd_solver.cpp of Caffe check them one by one).</summary>
internal static class SolverFields
{
    public static void Check(SolverParameter parameter, Func<string, string, Exception> error)
    {
        CheckType(parameter.Type, parameter, error);
        int nets = new[] { parameter.HasNet, parameter.NetParam is not null, parameter.HasTrainNet, parameter.TrainNetParam is not null }.Count(given => given);
        if (nets != 1)
        {
            throw error(nets == 0 ? "" : "net", nets == 0
                ? "SolverParameter must specify a train net using one of these fields: net, net_param, train_net, train_net_param"
                : "SolverParameter must not contain more than one of these fields specifying a train_net: net, net_param, train_net, train_net_param");
        }
        if (parameter.RegularizationType is not ("L1" or "L2"))
        {
            throw error("regularization_type", $"Unknown regularization type: {parameter.RegularizationType} (known: L1, L2)");
        }
        if (parameter.SnapshotDiff)
        {
            throw error("snapshot_diff", "snapshot_diff: true is not supported; snapshots hold weights without the last update");
        }
        foreach ((string field, long value, long least) in new[]
        {
            ("iter_size", (long)parameter.IterSize, 1L), ("average_loss", parameter.AverageLoss, 1), ("max_iter", parameter.MaxIter, 0), ("display", parameter.Display, 0),
            ("snapshot", parameter.Snapshot, 0), ("test_interval", parameter.TestInterval, 0),
        })
        {
            if (value < least)
            {
                throw error(field, $"{field} must be at least {least}; got {value}");
            }
        }
    }

    private static void CheckType(string type, SolverParameter parameter, Func<string, string, Exception> error)
    {
        if (!UpdateRules.Knows(type))
        {
            throw error("type", $"Unknown solver type: {type} (known types: {string.Join(", ", UpdateRules.Names)}){Spelling.DidYouMean(type, UpdateRules.Names)}");
        }
        if (type is "AdaGrad" or "RMSProp" && parameter.Momentum != 0)
        {
            throw error("momentum", $"Momentum cannot be used with {type}.");
        }
        if (type == "RMSProp" && parameter.RmsDecay is not (>= 0 and < 1))
        {
            throw error("rms_decay", $"rms_decay should lie between 0 and 1; got {parameter.RmsDecay}");
        }
        if (type is "AdaDelta" or "Adam" && parameter.Momentum is not (>= 0 and < 1))
        {
            throw error("momentum", $"momentum of {type} is a decay and lies in [0, 1); got {parameter.Momentum}");
        }
        if (type == "Adam" && parameter.Momentum2 is not (>= 0 and < 1))
        {
            throw error("momentum2", $"momentum2 lies in [0, 1); got {parameter.Momentum2}");
        }
    }
}
