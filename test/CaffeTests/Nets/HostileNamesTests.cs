using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using Symbolic.Test.Solvers;

namespace Symbolic.Test.Nets;

/// <summary>Names of nets, layers, blobs and parameters come from files; none of them changes the code that is compiled, or leaves the folder of dumps.</summary>
public class HostileNamesTests
{
    [Theory]
    [InlineData("\"; } } class Evil { } //")]
    [InlineData("a\nevil();")]
    [InlineData("*/ evil(); /*")]
    [InlineData("{evil}")]
    [InlineData("\u2028evil();")]
    [InlineData("class")]
    [InlineData("../../../evil")]
    [InlineData("évil \U0001F600 \u202E")]
    public void TheCodeIsThatOfAHarmlessNet(string name) => Assert.Equal(Code("harmless"), Code(name));

    private static string[] Code(string name)
    {
        using var folder = new TemporaryFolder();
        NetParameter message = Prototxt.Parse<NetParameter>("""
            input: 'x' input_shape { dim: 2 dim: 1 dim: 6 dim: 6 }
            layer { name: 'c' type: 'Convolution' bottom: 'x' top: 'c' param { name: 'w' } convolution_param { num_output: 2 kernel_size: 3 weight_filler { type: 'xavier' } } }
            layer { name: 'i' type: 'InnerProduct' bottom: 'c' top: 'i' inner_product_param { num_output: 2 } }
            layer { name: 's' type: 'Softmax' bottom: 'i' top: 's' }
            """, "net.prototxt").Message;
        message.Name = name;
        message.Input[0] += name;
        foreach (LayerParameter layer in message.Layer)
        {
            layer.Name += name;
            layer.Bottom[0] += name;
            layer.Top[0] += name;
        }
        message.Layer[0].Param[0].Name = name;
        string dumps = Directory.CreateDirectory(folder.Path("in")).FullName;
        using Net net = Net.Build(message);
        var options = new CompileOptions { Name = name, UseCache = false, Dump = $"csharp:{dumps}" };
        using Function function = Function.Compile(net.Inputs.Map(input => input.Variable.Expr), net.Outputs.Map(output => output.Value), options: options);
        Assert.Equal(4, function.Call(Tensor.Zeros(DType.Float32, 2, 1, 6, 6))[0].Count);
        Assert.Empty(Directory.GetFiles(folder.Path(".")));
        return [.. Directory.GetFiles(dumps).Select(File.ReadAllText)];
    }
}
