using Symbolic.Peers.Works;

namespace Symbolic.Peers.Onnx;

/// <summary>Models of a single layer.</summary>
internal static class OnnxLayers
{
    /// <summary>Writes a convolution; gives the sizes of its input and output.</summary>
    public static (long[] Input, long[] Output) Write(ConvWork work, string path)
    {
        ConvShape shape = work.Shape;
        var model = new OnnxModel(shape.Image);
        string weights = model.Constant(Filled(1, shape.Weights), shape.Weights), bias = model.Constant(Filled(2, [shape.Out]), shape.Out);
        string output = model.Node("Conv", [OnnxModel.Input, weights, bias], "output", ("kernel_shape", new long[] { shape.Kernel, shape.Kernel }), ("strides", new long[] { shape.Stride, shape.Stride }),
            ("pads", new long[] { shape.Pad, shape.Pad, shape.Pad, shape.Pad }), ("group", shape.Groups));
        model.Write(output, shape.Result, path);
        return (shape.Image, shape.Result);
    }

    private static float[] Filled(int array, long[] sizes)
    {
        var values = new float[sizes.Aggregate(1L, (product, size) => product * size)];
        Numbers.Fill(values, array);
        return values;
    }
}
