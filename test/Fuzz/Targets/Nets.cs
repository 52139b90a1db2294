using System.Text;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Fuzz.Mutations;

namespace Symbolic.Fuzz.Targets;

/// <summary>Nets built from their text: sizes, parameters and layers as a hostile model chooses them.</summary>
internal sealed class NetTarget : CaffeTarget
{
    public override string Name => "net";

    public override string Extension => ".prototxt";

    public override bool Takes(string file) => base.Takes(file) && Path.GetFileName(Path.GetDirectoryName(file)) is "layers" or "nets";

    public override IEnumerable<byte[]> Own() =>
        [Encoding.UTF8.GetBytes("""
            name: "n" input: 'x' input_shape { dim: 2 dim: 3 dim: 8 dim: 8 }
            layer { name: "c" type: "Convolution" bottom: "x" top: "c" param { lr_mult: 1 } convolution_param { num_output: 4 kernel_size: 3 pad: 1 stride: 2 weight_filler { type: 'xavier' } } }
            layer { name: "p" type: "Pooling" bottom: "c" top: "p" pooling_param { pool: MAX kernel_size: 2 stride: 2 } }
            layer { name: "i" type: "InnerProduct" bottom: "p" top: "i" inner_product_param { num_output: 5 weight_filler { type: "gaussian" std: 0.1 } } }
            layer { name: "s" type: "Softmax" bottom: "i" top: "s" }
            """)];

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Tokens.Damage(valid, other, random);

    public override void Read(string file)
    {
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(file);
        Net.Build(document.Message, new NetOptions { Phase = Phase.Train, Places = document.Places, Files = new ModelFiles(Path.GetDirectoryName(file)) }).Dispose();
    }

    // Data layers name files that are not there, or lie elsewhere.
    public override bool IsClear(Exception error, string file) => base.IsClear(error, file) || error is PrototxtError or IOException or UnauthorizedAccessException;
}
