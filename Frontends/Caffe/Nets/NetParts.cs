using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>A value that the user or a data layer feeds.</summary>
public sealed record NetInput(string Name, Variable Variable);

/// <summary>A blob that nothing consumes: what a run of the net shows.</summary>
/// <param name="Name">The blob's name.</param>
/// <param name="Value">Its expression.</param>
/// <param name="LossWeight">Its factor in the objective, 0 where it does not count.</param>
public sealed record NetOutput(string Name, Expr Value, float LossWeight);

/// <summary>A data layer: its batches and the inputs they fill, one for each top.</summary>
public sealed record NetData(string Layer, IBatches Batches, Seq<NetInput> Tops);

/// <summary>A learned blob, once however many layers share it.</summary>
public sealed class Parameter
{
    internal Parameter(SharedVariable variable, string layer, int index, string? name)
    {
        Variable = variable;
        Layer = layer;
        Index = index;
        Name = name;
    }

    /// <summary>The values.</summary>
    public SharedVariable Variable { get; }

    /// <summary>The layer that owns it.</summary>
    public string Layer { get; }

    /// <summary>Its number among the layer's parameters.</summary>
    public int Index { get; }

    /// <summary>The name by which layers share it, if any.</summary>
    public string? Name { get; }

    /// <summary>Factor of the learning rate; 0 freezes it.</summary>
    public float LrMult { get; internal set; } = 1;

    /// <summary>Factor of the weight decay.</summary>
    public float DecayMult { get; internal set; } = 1;

    /// <summary>Its sizes.</summary>
    public Seq<int> Sizes => Variable.Type.Shape.Sizes.Select(size => (int)size).ToSeq();

    /// <summary>Sets the values, row-major, converted to the parameter's dtype.</summary>
    /// <exception cref="ArgumentException">There are more or fewer than the parameter has.</exception>
    public void SetValues(ReadOnlySpan<float> values)
    {
        if (Variable.Type.DType == DType.Float64)
        {
            Variable.SetValues<double>(Array.ConvertAll(values.ToArray(), value => (double)value));
        }
        else
        {
            Variable.SetValues(values);
        }
    }

    /// <summary>The values, row-major, rounded to float32.</summary>
    public float[] ToFloats() => Variable.Type.DType == DType.Float64
        ? Array.ConvertAll(Variable.Value.ToArray<double>(), value => (float)value)
        : Variable.Value.ToArray<float>();

    internal bool SaysLrMult { get; set; }

    internal bool SaysDecayMult { get; set; }

    /// <summary>As in messages: layer and number.</summary>
    public override string ToString() => $"{Layer}[{Index}]";
}

/// <summary>A parameter as one layer sees it: shared permissively, it may have other sizes there.</summary>
public sealed record LayerBlob(Parameter Parameter, Seq<int> Sizes);

/// <summary>A layer of a built net.</summary>
/// <param name="Parameter">What the file says.</param>
/// <param name="Bottoms">What goes in, as it is at this point of the net.</param>
/// <param name="Tops">What comes out, as it is at this point of the net.</param>
/// <param name="Blobs">Its parameters.</param>
public sealed record NetLayer(LayerParameter Parameter, Seq<Expr> Bottoms, Seq<Expr> Tops, Seq<LayerBlob> Blobs)
{
    /// <summary>Its name, which need not be unique.</summary>
    public string Name => Parameter.Name;

    /// <summary>Its type.</summary>
    public string Type => Parameter.Type;
}
