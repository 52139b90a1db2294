namespace Symbolic.Codegen;

/// <summary>
/// A direct convolution and the nest that alone reads its result, plane by plane, such as the maxima of its windows and their positions, as one kernel: what lies between is never stored whole, see
/// <see cref="Library.DirectPlanes{TLanes, TVector, T, TProduct, TNest}"/>.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Buffers">The buffers of both, but for the one between.</param>
/// <param name="Label">What it computes, for profiles.</param>
/// <param name="Inner">The convolution.</param>
/// <param name="Outer">The nest.</param>
internal sealed record Planes(string Name, Seq<KernelBuffer> Buffers, string Label, Product Inner, Nest Outer) : Kernel(Name, Buffers, Label)
{
    public override Seq<DimSymbol> Sizes => Inner.Sizes;

    public override int Phases => 2;

    public override Dim Work => Inner.Work + Outer.Work;

    /// <summary>The kernel for two, or null where they are none of this kind.</summary>
    /// <param name="inner">A kernel.</param>
    /// <param name="innerBuffers">The buffers that it takes.</param>
    /// <param name="outer">The next one.</param>
    /// <param name="outerBuffers">The buffers that it takes.</param>
    /// <param name="between">The buffer that the one writes and the other reads.</param>
    /// <param name="shapeOf">The shape of a buffer.</param>
    public static (Planes Kernel, Seq<int> Buffers)? Of(Kernel inner, Seq<int> innerBuffers, Kernel outer, Seq<int> outerBuffers, int between, Func<int, Shape> shapeOf)
    {
        if (inner is not Product { Schedule: Schedule.Direct, Convolution: { } shape, Stores: [{ Buffer: var stored } store] } first || innerBuffers[stored] != between || !ConvolutionScheduling.HasRowLanes(shape)
            || outer is not Nest { Visit: null } second || !second.InPlane.Contains(outerBuffers.IndexOf(between)) || !first.Sizes.Equals(second.Sizes) || !AreDense(store.Offset, first, shape))
        {
            return null;
        }
        Dim planes = shape.Images * shape.Geometry.Groups * shape.Geometry.Filters;
        Seq<long> steps = second.Pieces.Map(piece => StepsOf(piece, planes, buffer => shapeOf(outerBuffers[buffer])) ?? 0);
        if (steps.Count == 0 || steps.Contains(0))
        {
            return null;
        }
        var joined = new JoinedBuffers(inner, innerBuffers, outer, outerBuffers, between);
        // Behind the buffers stand the kernel's own memory and, for a chunk, the planes at hand.
        int Position(int buffer) => joined.Position(buffer, joined.Numbers.Count + 1);
        var own = new KernelBuffer(first.DType, IsWritten: true);
        Seq<KernelBuffer> known = [.. joined.Buffers, own, own];
        Product convolution = first.Renumbered(slot => Position(innerBuffers[slot])) with { Buffers = known };
        Nest nest = second.Renumbered(slot => Position(outerBuffers[slot])) with { Buffers = known, PlaneSteps = steps };
        return (new Planes(first.Name, joined.Buffers, $"{first.Label} and {second.Label}, plane by plane", convolution, nest), joined.Numbers);
    }

    /// <summary>Whether a convolution stores plane by plane, those of an image's filters side by side.</summary>
    private static bool AreDense(Dim stored, Product product, ConvolutionShape shape)
    {
        Library.ConvolutionGeometry g = shape.Geometry;
        long plane = g.OutHeight * g.OutWidth, image = g.Groups * g.Filters * plane;
        return ConvolutionShape.Steps(stored, [.. product.Batch, .. product.Down, .. product.Lanes]) is (0, var steps)
            && Are(product.Batch, steps, g.Filters * plane, g.Groups) && Are(product.Down, steps[product.Batch.Count..], plane, g.Filters)
            && product.Lanes.Count switch
            {
                1 => (shape.Images.Is(1) || image == plane) && steps[^1] == 1,
                2 => steps[^2] == image && steps[^1] == 1 && product.Lanes[^1].Extent.Is(plane),
                _ => false,
            };

        static bool Are(Seq<LoopIndex> indices, long[] steps, long step, long extent) => indices.Count == 0 ? extent == 1 : indices is [var index] && index.Extent.Is(extent) && (extent == 1 || steps[0] == step);
    }

    /// <summary>How many steps of a piece's outermost loop are a plane of all that it stores; null where a plane is no number of steps.</summary>
    private static long? StepsOf(Piece piece, Dim planes, Func<int, Shape> shapeOf)
    {
        if (piece.Lanes == Lanes.Tiles || ElementWriter.OfColumns(piece) is not null || piece.Loops is not [var outermost, _, ..])
        {
            return null;
        }
        long? steps = null;
        foreach (Store store in piece.Stores)
        {
            Dim plane = shapeOf(store.Buffer).Skip(2).Aggregate((Dim)1, (all, extent) => all * extent);
            if (store.Offset.Linear(outermost) is not ({ IsConstant: true, Constant: > 0 } stride, _) || !plane.IsConstant || plane.Constant % stride.Constant != 0 || (steps ?? (plane.Constant / stride.Constant)) != plane.Constant / stride.Constant)
            {
                return null;
            }
            steps = plane.Constant / stride.Constant;
        }
        return steps is { } all && outermost.Extent.Equals(planes * all) ? steps : null;
    }
}
