using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Solvers;

/// <summary>The reference run of LeNet, with its relative paths made those of the reference data.</summary>
internal static class LenetRun
{
    public static Solver Solver(TemporaryFolder folder, string weights, Action<SolverParameter>? change = null, SolverOptions? options = null)
    {
        SolverParameter parameter = Prototxt.Read<SolverParameter>(ReferenceData.File("caffe", "lenet_run", "lenet_solver.prototxt")).Message;
        parameter.NetParam = Net();
        parameter.ClearNet();
        parameter.SnapshotPrefix = folder.Path("lenet");
        change?.Invoke(parameter);
        return Caffe.Solver.Create(parameter, (options ?? new SolverOptions()) with { Weights = [ReferenceData.File("caffe", "lenet_run", weights)] });
    }

    /// <summary>The net, with the databases of the reference data.</summary>
    public static NetParameter Net()
    {
        NetParameter net = Prototxt.ReadNet(ReferenceData.File("caffe", "lenet_run", "lenet_train_test.prototxt")).Message;
        foreach (LayerParameter layer in net.Layer.Where(layer => layer.DataParam is not null))
        {
            layer.DataParam.Source = ReferenceData.File("caffe", layer.DataParam.Source);
        }
        return net;
    }
}
