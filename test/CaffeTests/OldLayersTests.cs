using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>Layers of the formats before 2014-12 are refused wherever a net comes from.</summary>
public class OldLayersTests
{
    [Fact]
    public void ANetOfOldLayersIsNotTakenForAnEmptyOne()
    {
        PrototxtDocument<NetParameter> net = Prototxt.Parse<NetParameter>("name: 'old'\nlayers { name: 'a' type: RELU }", "net.prototxt");
        Assert.StartsWith("net.prototxt:2:1: 'layers' is", Assert.Throws<PrototxtError>(() => Net.Build(net.Message, new NetOptions { Places = net.Places })).Message, StringComparison.Ordinal);
        Assert.StartsWith("'layers' is", Assert.Throws<PrototxtError>(() => Net.Build(net.Message, new NetOptions())).Message, StringComparison.Ordinal);
    }
}
