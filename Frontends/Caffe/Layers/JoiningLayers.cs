using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>Blobs one behind the other along an axis.</summary>
internal sealed class ConcatLayer : LayerType
{
    public override string Name => "Concat";

    public override Arity Bottoms => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        ConcatParameter parameter = layer.Parameter.ConcatParam ?? new ConcatParameter();
        Expr first = layer.Bottom;
        int axis = OldAxis.Of(layer, parameter.HasAxis, parameter.Axis, parameter.HasConcatDim, parameter.ConcatDim, "concat_dim");
        foreach (Expr x in layer.Bottoms)
        {
            if (x.Rank != first.Rank)
            {
                throw layer.Error($"All inputs must have the same #axes.; got {first.Label} and {x.Label}");
            }
            if (!x.Shape.Without([axis]).Equals(first.Shape.Without([axis])))
            {
                throw layer.Error($"All inputs must have the same shape, except at concat_axis.; got {first.Label} and {x.Label} for axis {axis}");
            }
        }
        return [Concatenate(layer.Bottoms, axis)];
    }
}

/// <summary>Parts of a blob along an axis: cut at the points given, or into equal ones.</summary>
internal sealed class SliceLayer : LayerType
{
    public override string Name => "Slice";

    public override Arity Tops => Arity.AtLeast(1);

    public override Seq<Expr> Build(LayerScope layer)
    {
        SliceParameter parameter = layer.Parameter.SliceParam ?? new SliceParameter();
        Expr x = layer.Bottom;
        int axis = OldAxis.Of(layer, parameter.HasAxis, parameter.Axis, parameter.HasSliceDim, parameter.SliceDim, "slice_dim");
        long size = layer.Size(x, axis);
        long[] points = parameter.SlicePoint.Count > 0 ? Points(layer, parameter, size) : Even(layer, size);
        return Enumerable.Range(0, layer.TopCount).Select(top => x.Slice(axis, points[top], points[top + 1])).ToSeq();
    }

    private static long[] Points(LayerScope layer, SliceParameter parameter, long size)
    {
        if (parameter.SlicePoint.Count != layer.TopCount - 1)
        {
            throw layer.Error($"{layer.TopCount} tops want {layer.TopCount - 1} slice_points; got {parameter.SlicePoint.Count}");
        }
        long[] points = [0, .. parameter.SlicePoint.Select(point => (long)point), size];
        for (int i = 1; i < points.Length; i++)
        {
            if (points[i] <= points[i - 1])
            {
                throw layer.Error($"slice_points must increase and lie within the axis of {size}; got [{string.Join(", ", parameter.SlicePoint)}]");
            }
        }
        return points;
    }

    private static long[] Even(LayerScope layer, long size) => size % layer.TopCount == 0
        ? [.. Enumerable.Range(0, layer.TopCount + 1).Select(i => i * (size / layer.TopCount))]
        : throw layer.Error($"Number of top blobs ({layer.TopCount}) should evenly divide input slice axis ({size})");
}

/// <summary>The part of a blob that is as large as a second one, from offsets on; axes before the given one are left whole.</summary>
internal sealed class CropLayer : LayerType
{
    public override string Name => "Crop";

    public override Arity Bottoms => Arity.Exactly(2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        CropParameter parameter = layer.Parameter.CropParam ?? new CropParameter();
        Expr x = layer.Bottom, like = layer.Bottoms[1];
        int first = layer.Axis(parameter.Axis, x);
        if (like.Rank != x.Rank)
        {
            throw layer.Error($"wants two blobs with as many axes; got {x.Label} and {like.Label}");
        }
        if (parameter.Offset.Count > 1 && parameter.Offset.Count + first != x.Rank)
        {
            throw layer.Error($"number of offset values specified must be equal to the number of dimensions following axis.; got {parameter.Offset.Count} for axis {first} of {x.Label}");
        }
        for (int axis = first; axis < x.Rank; axis++)
        {
            long offset = parameter.Offset.Count switch { 0 => 0, 1 => parameter.Offset[0], _ => parameter.Offset[axis - first] };
            Dim end = like.Shape[axis] + offset;
            if ((x.Shape[axis] - end).Upper < 0)
            {
                throw layer.Error($"the crop for dimension {axis} is out-of-bounds with size {like.Shape[axis]} and offset {offset} of {x.Shape[axis]}");
            }
            x = x.Slice(axis, offset, end);
        }
        return [x];
    }
}

/// <summary>The axis of Concat and Slice, which older files say in another field.</summary>
internal static class OldAxis
{
    public static int Of(LayerScope layer, bool hasAxis, int axis, bool hasOld, uint old, string oldName) => !hasOld ? layer.Axis(axis, layer.Bottom)
        : hasAxis ? throw layer.Error($"Either axis or {oldName} should be specified; not both.")
        : old < layer.Bottom.Rank ? (int)old
        : throw layer.Error($"{oldName} {old} out of range for {layer.Bottom.Label}");
}
