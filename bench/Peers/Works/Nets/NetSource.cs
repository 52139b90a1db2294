using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Peers.Works.Nets;

/// <summary>A net: a model file, or layers given as text.</summary>
/// <param name="Model">The file below the folder of models; text where it has no such ending.</param>
/// <param name="Image">Sizes of one input without the batch.</param>
/// <param name="Classes">How many labels there are.</param>
internal sealed record NetSource(string Model, long[] Image, int Classes)
{
    private const string Ending = ".prototxt";

    /// <summary>A Scale layer's factors are Gain + Slope·u of the formula's numbers u; small ones keep a deep net's numbers small.</summary>
    public (float Gain, float Slope) Scale { get; init; } = (1, 0.5f);

    /// <summary>Whether an input is in [0, 1) as pixels of digits are, instead of [-1, 1).</summary>
    public bool Positive { get; init; }

    /// <summary>
    /// The net with inputs of this batch in the place of whatever fed it, without what only reports. To be trained it ends in a loss,
    /// and normalises by the batch.
    /// </summary>
    public NetParameter Load(int batch, bool trains, Phase phase)
    {
        NetParameter read = Model.EndsWith(Ending, StringComparison.Ordinal) ? Prototxt.ReadNet(ModelFolder.File(Model)).Message : Prototxt.Parse<NetParameter>(Model, "net").Message;
        var net = new NetParameter { Name = read.Name };
        var data = new LayerParameter { Name = "input", Type = "Input", Top = { "data" }, InputParam = new InputParameter { Shape = { Sizes([batch, .. Image]) } } };
        net.Layer.Add(data);
        foreach (LayerParameter layer in NetFilter.Layers(read, new NetOptions { Phase = phase }))
        {
            if (layer.Type is not ("Data" or "Input" or "Accuracy"))
            {
                net.Layer.Add(layer.Clone());
            }
        }
        if (trains)
        {
            data.Top.Add("label");
            data.InputParam.Shape.Add(Sizes([batch]));
            EndInLoss(net.Layer[^1]);
            foreach (LayerParameter layer in net.Layer.Where(layer => layer.Type == "BatchNorm"))
            {
                layer.BatchNormParam.UseGlobalStats = false;
            }
        }
        return net;
    }

    private static void EndInLoss(LayerParameter last)
    {
        if (last.Type == "Softmax")
        {
            last.Type = "SoftmaxWithLoss";
            last.Bottom.Add("label");
        }
    }

    private static BlobShape Sizes(long[] sizes) => new() { Dim = { sizes } };
}
