using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// A 1x1 convolution and the depthwise convolution that alone reads it, as one kernel: what lies between is never stored whole, see
/// <see cref="DepthwiseStrips{TLanes, TVector, T, TInner, TRows, TColumns, TOuter}"/>.
/// </summary>
/// <param name="Name">Its name.</param>
/// <param name="Buffers">The buffers of both, but for the one between.</param>
/// <param name="Label">What it computes, for profiles.</param>
/// <param name="Inner">The 1x1 convolution.</param>
/// <param name="Outer">The depthwise convolution.</param>
internal sealed record Strips(string Name, Seq<KernelBuffer> Buffers, string Label, Product Inner, Product Outer) : Kernel(Name, Buffers, Label)
{
    public override Seq<DimSymbol> Sizes => Outer.Sizes;

    public override int Phases => 2;

    public override Dim Work => Inner.Work + Outer.Work;

    /// <summary>The kernel for two, or null where they are none of this kind or it is not worth it.</summary>
    /// <param name="inner">A kernel.</param>
    /// <param name="innerBuffers">The buffers that it takes.</param>
    /// <param name="outer">The next one.</param>
    /// <param name="outerBuffers">The buffers that it takes.</param>
    /// <param name="between">The buffer that the one writes and the other reads.</param>
    /// <param name="isConstant">Whether a buffer is a constant.</param>
    public static (Strips Kernel, Seq<int> Buffers)? Of(Kernel inner, Seq<int> innerBuffers, Kernel outer, Seq<int> outerBuffers, int between, Func<int, bool> isConstant)
    {
        if (inner is not Product { Schedule: Schedule.Panels } first || outer is not Product { Schedule: Schedule.Depthwise, Convolution: { FiltersAreLanes: true } shape } second
            || first.DType != second.DType || first.VectorBits != second.VectorBits || !first.Sizes.Equals(second.Sizes) || outerBuffers[shape.ImageBuffer] != between || !isConstant(outerBuffers[shape.KernelBuffer])
            || !StripLayout.Pays(shape.Geometry, Math.Max(1, first.VectorBits / 8 / first.DType.Size()), first.DType.Size()) || !IsPointwise(first, innerBuffers, between, isConstant) || !Lies(first.Stores[0].Offset, first, shape))
        {
            return null;
        }
        var joined = new JoinedBuffers(inner, innerBuffers, outer, outerBuffers, between);
        // What the two say of the buffer between is never asked; it stands where the shared memory is.
        Seq<KernelBuffer> known = joined.Buffers.Add(new KernelBuffer(first.DType, IsWritten: false));
        Product Renumbered(Product product, Seq<int> own) => product.Renumbered(slot => joined.Position(own[slot], joined.Numbers.Count)) with { Buffers = known };
        return (new Strips(second.Name, joined.Buffers, $"{first.Label} and {second.Label}, strip by strip", Renumbered(first, innerBuffers), Renumbered(second, outerBuffers)), joined.Numbers);
    }

    /// <summary>Whether a product is a matrix in place times a constant, with an epilogue that its strip can have.</summary>
    private static bool IsPointwise(Product product, Seq<int> buffers, int between, Func<int, bool> isConstant) =>
        product is { Batch.Count: 0, Borders.Count: 0, ColumnOperand: Element.Read { Operand: var kernel } } && isConstant(buffers[kernel])
        && OperandSteps.Of(product.RowOperand, product.Rows, product.Depth) is { IsMatrix: true } && product.Stores is [{ Buffer: var stored }] && buffers[stored] == between
        && EndingWriter.Of(product) is { Rows: null, Others: null, Gates: null };

    /// <summary>Whether its rows are the pixels of the images that the depthwise convolution reads, and its columns their channels.</summary>
    private static bool Lies(Dim stored, Product product, ConvolutionShape shape)
    {
        ConvolutionGeometry g = shape.Geometry;
        return shape.ImageOrigin == 0 && stored.Substitute(s => s is LoopIndex ? (Dim)0 : null).Is(0) && OperandSteps.Even(stored, product.Down) is { } pitch && pitch.Is(g.ImageColumn)
            && g.ImageGroup == 1 && g.ImageRow == g.Width * g.ImageColumn && (shape.Images.Is(1) || g.ImageStep == g.Height * g.ImageRow)
            && Product.Extent(product.Rows).Equals(shape.Images * g.Height * g.Width) && Product.Extent(product.Columns).Is(g.Groups);
    }
}
