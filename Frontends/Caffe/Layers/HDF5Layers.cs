using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Layers;

/// <summary>Rows of arrays in HDF5 files; each top is the array of its name.</summary>
internal sealed class HDF5DataLayer : BatchesLayer
{
    public override string Name => "HDF5Data";

    public override Arity Tops => Arity.AtLeast(1);

    protected override IBatches Open(LayerScope layer, PrototxtPlaces places) =>
        Hdf5Batches.Open(layer.Parameter, (ulong)layer.Options.Seed, places, layer.Options.Files);
}

/// <summary>Two blobs that go to an HDF5 file. The net only says so; who runs it writes.</summary>
internal sealed class HDF5OutputLayer : LayerType
{
    public override string Name => "HDF5Output";

    public override Arity Bottoms => Arity.Exactly(2);

    public override Arity Tops => Arity.Exactly(0);

    public override Seq<Expr> Build(LayerScope layer)
    {
        HDF5OutputParameter parameter = layer.Parameter.Hdf5OutputParam ?? throw layer.Error("hdf5_output_param is missing");
        if (parameter.FileName.Length == 0)
        {
            throw layer.Error("hdf5_output_param needs a file_name", parameter);
        }
        layer.Sink = new NetSink(layer.Parameter.Name, parameter.FileName, layer.Bottoms[0], layer.Bottoms[1]);
        return [];
    }
}
