using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test.Nets;

/// <summary>A net file of the reference models with its data layers replaced by inputs, so that it needs no data.</summary>
internal static class ModelFile
{
    private static readonly string[] DataLayers = ["Data", "HDF5Data", "ImageData", "WindowData"];

    /// <summary>All net files, as paths below the models.</summary>
    public static IEnumerable<string> Nets()
    {
        string root = ReferenceData.File("caffe", "models");
        return Directory.GetFiles(root, "*.prototxt", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(root, file))
            .Where(file => !file.Contains("solver", StringComparison.Ordinal)).Order(StringComparer.Ordinal);
    }

    /// <summary>The net in a file, for batches of so many items.</summary>
    public static NetParameter Read(string file, int batch)
    {
        NetParameter net = Prototxt.ReadNet(ReferenceData.File(["caffe", "models", .. file.Split('/')])).Message;
        foreach (LayerParameter layer in net.Layer.Where(layer => DataLayers.Contains(layer.Type)))
        {
            Fed(layer, file, batch);
        }
        return net;
    }

    /// <summary>Takes out the fillers: millions of random numbers that a test which computes nothing does not need.</summary>
    public static void WithoutFillers(NetParameter net)
    {
        foreach (LayerParameter layer in net.Layer)
        {
            if (layer.ConvolutionParam is { } convolution)
            {
                (convolution.WeightFiller, convolution.BiasFiller) = (null, null);
            }
            if (layer.InnerProductParam is { } product)
            {
                (product.WeightFiller, product.BiasFiller) = (null, null);
            }
        }
    }

    private static void Fed(LayerParameter layer, string file, int batch)
    {
        int crop = (int)Math.Max(layer.TransformParam?.CropSize ?? 0, layer.WindowDataParam?.CropSize ?? 0);
        long[] item = file switch
        {
            _ when crop > 0 => [3, crop, crop],
            _ when file.Contains("hdf5", StringComparison.Ordinal) => [4],
            _ when file.Contains("siamese", StringComparison.Ordinal) => [2, 28, 28],
            _ when file.Contains("mnist", StringComparison.Ordinal) => [1, 28, 28],
            _ when file.Contains("cifar10", StringComparison.Ordinal) => [3, 32, 32],
            _ => [3, 227, 227],
        };
        layer.Type = "Input";
        layer.InputParam = new InputParameter();
        for (int top = 0; top < layer.Top.Count; top++)
        {
            var shape = new BlobShape();
            shape.Dim.AddRange(top == 0 ? [batch, .. item] : [batch]);
            layer.InputParam.Shape.Add(shape);
        }
    }
}
