using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Nets;

public class ModelTests
{
    /// <summary>Every net of the reference models is a graph in both phases; those for training have a gradient for every weight.</summary>
    [DataFact]
    public void EveryModelBuilds()
    {
        var trained = new List<string>();
        foreach (string file in ModelFile.Nets())
        {
            NetParameter message = ModelFile.Read(file, 2);
            ModelFile.WithoutFillers(message);
            if (file.EndsWith("linreg.prototxt", StringComparison.Ordinal))
            {
                Assert.Contains("layers of type Python are not supported", Assert.Throws<PrototxtError>(() => Net.Build(message)).Message, StringComparison.Ordinal);
                continue;
            }
            using Net net = Net.Build(message, new NetOptions { Phase = Phase.Train });
            if (net.Outputs.Any(output => output.LossWeight != 0))
            {
                Seq<Expr> weights = net.Parameters.Where(p => p.LrMult != 0).Select(p => p.Variable.Expr).ToSeq();
                Assert.All(Differentiation.Gradient(weights, [net.Objective]), slope => Assert.IsType<Derivative.Known>(slope));
                trained.Add(file);
            }
            // The autoencoder says by stages what it is tested on.
            using Net test = Net.Build(message, new NetOptions { Phase = Phase.Test, Stages = ["test-on-train"], SharedWith = net });
        }
        Assert.True(trained.Count >= 15, string.Join("\n", trained));
    }

    /// <summary>Each kind of example learns a batch by heart, with the solver that comes with it or with a plain one.</summary>
    [DataTheory]
    [InlineData("BVLC_caffe/examples/mnist/lenet_train_test.prototxt", "type: 'Adam' base_lr: 0.001 momentum: 0.9")]
    [InlineData("BVLC_caffe/examples/mnist/mnist_autoencoder.prototxt", "type: 'AdaGrad' base_lr: 0.01")]
    [InlineData("BVLC_caffe/examples/siamese/mnist_siamese_train_test.prototxt", "base_lr: 0.01 momentum: 0.9")]
    [InlineData("BVLC_caffe/examples/cifar10/cifar10_quick_train_test.prototxt", "type: 'RMSProp' base_lr: 0.001")]
    [InlineData("BVLC_caffe/examples/cifar10/cifar10_full_train_test.prototxt", "type: 'AdaDelta' base_lr: 1 momentum: 0.95 delta: 1e-6")]
    [InlineData("BVLC_caffe/examples/cifar10/cifar10_full_sigmoid_train_test_bn.prototxt", "type: 'Nesterov' base_lr: 0.01 momentum: 0.9")]
    [InlineData("BVLC_caffe/examples/hdf5_classification/train_val.prototxt", "base_lr: 0.1 momentum: 0.9 weight_decay: 0.0005")]
    [InlineData("BVLC_caffe/examples/hdf5_classification/nonlinear_train_val.prototxt", "base_lr: 0.1 momentum: 0.9 weight_decay: 0.0005")]
    public void ExamplesTrain(string file, string rule)
    {
        SolverParameter parameter = Prototxt.Parse<SolverParameter>($"{rule} lr_policy: 'fixed' max_iter: 12 snapshot_after_train: false", "solver").Message;
        parameter.NetParam = ModelFile.Read(file, 4);
        using Solver solver = Solver.Create(parameter);
        var random = new Random(1);
        foreach (NetInput input in solver.Net.Inputs)
        {
            bool isLabel = input.Variable.Type.Rank == 1;
            foreach (ref float value in solver.Input(input.Name).AsSpan<float>())
            {
                value = isLabel ? random.Next(2) : random.NextSingle();
            }
        }
        var losses = new List<float>();
        solver.IterationDone += report => losses.Add(report.Loss);
        Assert.True(solver.Solve());
        Assert.All(losses, loss => Assert.True(float.IsFinite(loss)));
        Assert.True(losses[^1] < losses[0], $"{file}: {losses[0]} to {losses[^1]}");
    }
}
