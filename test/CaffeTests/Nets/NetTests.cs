using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Test.Nets;

public class NetTests
{
    [Fact]
    public void InputsAsFieldsAreInputLayers()
    {
        using Net shapes = Build("input: 'a' input: 'b' input_shape { dim: 2 dim: 3 } input_shape { dim: 4 }");
        Assert.Equal(["f32[2,3]", "f32[4]"], shapes.Inputs.Select(input => $"{input.Variable.Type}"));
        using Net dims = Build("input: 'a' input_dim: 1 input_dim: 3 input_dim: 5 input_dim: 6");
        Assert.Equal(["f32[1,3,5,6]"], dims.Inputs.Select(input => $"{input.Variable.Type}"));
        Assert.Throws<PrototxtError>(() => Build("input: 'a' input_dim: 1 input_dim: 3"));
    }

    [Fact]
    public void ABlobWorkedOnInPlaceHasItsLastValueAndIsOneOutput()
    {
        using Net net = Build("""
            input: 'x' input_shape { dim: 2 dim: 3 }
            layer { name: 'r' type: 'ReLU' bottom: 'x' top: 'x' }
            layer { name: 's' type: 'Sigmoid' bottom: 'x' top: 'x' }
            """);
        Assert.Equal("sigmoid", net.Blobs["x"].Op.Name.ToLowerInvariant());
        Assert.Equal(["x"], net.Outputs.Select(output => output.Name));
    }

    [Fact]
    public void ABlobIsAnExpressionToGoOnWith()
    {
        using Net net = Build("""
            input: 'x' input_shape { dim: 1 dim: 2 }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 1 weight_filler { value: 3 } } }
            """);
        Expr slope = Functions.Grad((net.Blobs["y"] * net.Blobs["y"]).Sum(), net.Blobs["x"]);
        Literal value = Reference.Evaluate([slope], Values(net, [1, 2]))[0];
        Assert.Equal([54, 54], value.ToDoubles());
    }

    [Fact]
    public void PropagateDownStopsGradients()
    {
        using Net net = Build("""
            input: 'x' input_shape { dim: 1 dim: 2 }
            layer { name: 'a' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 2 weight_filler { value: 3 } } }
            layer { name: 'b' type: 'InnerProduct' bottom: 'y' top: 'z' propagate_down: false loss_weight: 1 inner_product_param { num_output: 1 weight_filler { value: 1 } } }
            """);
        Derivative[] slopes = Differentiation.Gradient(net.Parameters.Select(p => p.Variable.Expr).ToSeq(), [net.Objective]);
        // The value is that of the whole net all the same.
        Assert.Equal([18], Reference.Evaluate([net.Objective], Values(net, [1, 2]))[0].ToDoubles());
        double[][] values = [.. slopes.Select(slope => slope is Derivative.Known(var known) ? Reference.Evaluate([known], Values(net, [1, 2]))[0].ToDoubles() : [])];
        Assert.All(values[..2], value => Assert.All(value, element => Assert.Equal(0, element)));
        Assert.Equal([9, 9], values[2]);
    }

    [Fact]
    public void ATestNetUsesTheParametersOfTheTrainingNet()
    {
        const string text = """
            input: 'x' input_shape { dim: 1 dim: 2 }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 2 } }
            layer { name: 'only' type: 'InnerProduct' bottom: 'y' top: 'z' include { phase: TEST } inner_product_param { num_output: 1 } }
            """;
        using Net train = Net.Build(Prototxt.Parse<NetParameter>(text, "n").Message, new NetOptions { Phase = Phase.Train });
        using Net test = Net.Build(Prototxt.Parse<NetParameter>(text, "n").Message, new NetOptions { Phase = Phase.Test, SharedWith = train });
        Assert.Same(train.Parameters[0].Variable, test.Parameters[0].Variable);
        Assert.Equal((2, 4), (train.Parameters.Count, test.Parameters.Count));
    }

    [Fact]
    public void ASizeOfTheBatchMayStayOpen()
    {
        NetParameter parameter = Prototxt.Parse<NetParameter>("""
            input: 'x' input_shape { dim: 7 dim: 4 } input: 'label' input_shape { dim: 7 }
            layer { name: 'ip' type: 'InnerProduct' bottom: 'x' top: 'y' inner_product_param { num_output: 3 } }
            layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'y' bottom: 'label' top: 'loss' }
            """, "n").Message;
        using Net net = Net.Build(parameter, new NetOptions { Batch = new NamedSymbol("n") });
        Assert.Equal("f32[n,3]", $"{net.Blobs["y"].Type}");
        Assert.Equal("f32[]", $"{net.Objective.Type}");
    }

    [Fact]
    public void AnUnderflowingProbabilityCostsWhatCaffeSaysAndStillLearns()
    {
        using Net net = Build("""
            input: 'x' input_shape { dim: 1 dim: 2 } input: 'label' input_shape { dim: 1 }
            layer { name: 'loss' type: 'SoftmaxWithLoss' bottom: 'x' bottom: 'label' top: 'loss' }
            """);
        var values = new Dictionary<Variable, Literal>
        {
            [net.Inputs[0].Variable] = Literal.Of<float>([0, 500], 1, 2),
            [net.Inputs[1].Variable] = Literal.Of<float>([0], 1),
        };
        Expr slope = Functions.Grad(net.Objective, net.Blobs["x"]);
        Literal[] got = Reference.Evaluate([net.Blobs["loss"], slope], values);
        Assert.Equal(-Math.Log(1.17549435e-38), got[0].ToDoubles()[0], 4);
        Assert.Equal([-1, 1], got[1].ToDoubles());
    }

    [Theory]
    [InlineData("", -1)]
    [InlineData("", 2)]
    [InlineData("loss_param { ignore_label: 7 }", 8)]
    public void ALabelThatIsNoClassIsRefused(string parameter, float label)
    {
        using Net net = Build($"input: 'x' input: 'y' input_shape {{ dim: 2 dim: 2 }} input_shape {{ dim: 2 }} layer {{ name: 'loss' type: 'SoftmaxWithLoss' bottom: 'x' bottom: 'y' top: 'z' {parameter} }}");
        using Function loss = Function.Compile([.. net.Inputs.Select(input => input.Variable.Expr)], [net.Objective]);
        Tensor x = Tensor.Zeros(DType.Float32, 2, 2);
        Assert.Contains($"{label} at 1, which is outside an axis of 2 elements", Assert.Throws<BindingError>(() => loss.Call(x, Tensor.Of<float>([1, label], 2))).Message, StringComparison.Ordinal);
        float other = parameter.Length > 0 ? 7 : 0;
        Assert.Equal(MathF.Log(2), loss.Call(x, Tensor.Of<float>([1, other], 2))[0].Item<float>(), 1e-6f);
    }

    /// <summary>The autoencoder's file has several layers of one name, told apart by phase and stage.</summary>
    [DataTheory]
    [InlineData(Phase.Train, "")]
    [InlineData(Phase.Test, "test-on-train")]
    [InlineData(Phase.Test, "test-on-test")]
    public void TheAutoencoderBuildsInEveryState(Phase phase, string stage)
    {
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(ReferenceData.File("caffe", "models", "BVLC_caffe", "examples", "mnist", "mnist_autoencoder.prototxt"));
        string[] opened = ["mnist_train_lmdb", "mnist_test_lmdb"];
        using Net net = Net.Build(document.Message, new NetOptions
        {
            Phase = phase,
            Stages = stage.Length > 0 ? [stage] : [],
            Places = document.Places,
            DataSource = (layer, _) => LmdbSource.Open(ReferenceData.File("caffe", "mnist", opened[layer.DataParam.Source.Contains("test", StringComparison.Ordinal) ? 1 : 0])),
        });
        Assert.Equal(["f32[100,1,28,28]"], net.Inputs.Select(input => $"{input.Variable.Type}"));
        Assert.Equal(["cross_entropy_loss", "l2_error"], net.Outputs.Select(output => output.Name));
        Assert.Equal([1f, 0f], net.Outputs.Select(output => output.LossWeight));
        Assert.Equal(16, net.Parameters.Count);
    }

    private static Net Build(string text) => Net.Build(Prototxt.Parse<NetParameter>(text, "net.prototxt").Message);

    private static Dictionary<Variable, Literal> Values(Net net, float[] x)
    {
        var values = net.Parameters.ToDictionary(p => (Variable)p.Variable, p => p.Variable.Value.ToLiteral());
        values[net.Inputs[0].Variable] = Literal.Of<float>(x, 1, x.Length);
        return values;
    }
}
