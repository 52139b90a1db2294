using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test.Nets;

/// <summary>The memory of a training step of real nets, which is known without running it.</summary>
public class TrainingMemoryTests
{
    [DataTheory]
    [InlineData(64, "ip2", "BVLC_caffe", "examples", "mnist", "lenet.prototxt")]
    [InlineData(2, "fc8", "BVLC_caffe", "models", "bvlc_alexnet", "deploy.prototxt")]
    [InlineData(1, "fc1000", "KaimingHe_deep-residual-networks", "prototxt", "ResNet-50-deploy.prototxt")]
    public void The_arena_is_little_larger_than_what_one_step_needs(int batch, string scores, params string[] file)
    {
        NetParameter parameter = Prototxt.ReadNet(ReferenceData.File(["caffe", "models", .. file])).Message;
        parameter.Layer[0].InputParam.Shape[0].Dim[0] = batch;
        using Net net = Net.Build(parameter, new NetOptions { Phase = Phase.Train });
        Expr labels = Vector("labels", batch, DType.Int64);
        Expr loss = CrossEntropy(net.Blobs[scores], labels).Mean();
        Derivative[] slopes = Differentiation.Gradient(net.Parameters.Map(p => p.Variable.Expr), [loss]);
        var updates = new List<Update>(net.Updates);
        for (int i = 0; i < slopes.Length; i++)
        {
            if (slopes[i] is Derivative.Known(var slope))
            {
                SharedVariable weight = net.Parameters[i].Variable;
                var velocity = new SharedVariable(DType.Float32, weight.Type.Shape.Sizes.ToSeq(), $"{weight.Name} velocity");
                Expr moved = 0.01 * (slope + 0.0005 * weight) + 0.9 * velocity;
                updates.AddRange([(velocity, moved), (weight, weight - moved)]);
            }
        }
        using Function step = Function.Compile([net.Inputs[0].Variable.Expr, labels], [loss], updates.ToSeq(), new CompileOptions { UseCache = false });
        FunctionMemory memory = step.Memory(net.Inputs[0].Variable.Type.Shape.Sizes.ToSeq(), [batch]);
        Assert.InRange(memory.Arena, memory.LargestLiveSet, (long)(1.3 * memory.LargestLiveSet));
        Assert.True(memory.Arena < 0.6 * memory.Temporaries, memory.ToString());
    }
}
