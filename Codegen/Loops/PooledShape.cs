using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// The gradient with respect to a convolution's results where these go into maximum pooling, as its values and positions: it is zero but where a window has its maximum, so that who sums over it alone need not see it stored.
/// </summary>
/// <param name="Window">Extents and steps.</param>
/// <param name="ValueBuffer">The position of the values' buffer.</param>
/// <param name="ValueOrigin">The offset in it of the first window's.</param>
/// <param name="PositionBuffer">The position of the buffer of positions.</param>
/// <param name="PositionOrigin">The offset in it of the first window's.</param>
internal sealed record PooledShape(PooledWindow Window, int ValueBuffer, long ValueOrigin, int PositionBuffer, long PositionOrigin)
{
    /// <summary>What stands for the buffer of such a gradient.</summary>
    private const int NoBuffer = -2;

    /// <summary>Takes its buffer away from each such gradient that only the gradient with respect to kernels reads, where that is expected to be faster by the windows.</summary>
    public static void LeaveUnstored(Outline outline, CodegenOptions options)
    {
        if (options.Target != Target.Cpu)
        {
            return;
        }
        foreach (Expr put in outline.Order.Where(node => node.Op is Ops.WindowPut && outline.HasBuffer(node) && !outline.IsResult(node)))
        {
            if (outline.ReadersOf(put) is [var reader] && outline.IsContraction(reader) && ReferenceEquals(reader.Inputs[1], put))
            {
                outline.Unstore(put, () => Roles.Of(reader, reader, outline, new Inlining(outline, _ => 0), options).Gradient?.Pooled is not null);
            }
        }
    }

    /// <summary>Whether a contraction's second operand is such a gradient without a buffer.</summary>
    public static bool IsUnstored(Expr contraction, Outline outline) => contraction.Inputs[1] is { Op: Ops.WindowPut } put && !outline.HasBuffer(put);

    /// <summary>An element of one, as if it had a buffer.</summary>
    public static Element Unstored(Expr put, Seq<Dim> index) => new Element.Read(NoBuffer, [Layout.Offset(null, put.Shape, index)], put.DType);

    /// <summary>Where its values and positions lie, or null where that is not even, or the gradient with respect to kernels does not read it as it would lie.</summary>
    public static PooledShape? Of(Expr put, KernelGradientShape gradient, Inlining inlining)
    {
        ConvolutionGeometry g = gradient.Geometry;
        Ops.Window window = ((Ops.WindowPut)put.Op).Window;
        long plane = g.OutHeight * g.OutWidth, image = g.Groups * g.Filters * plane;
        bool isRead = gradient.ResultOrigin == 0 && put.Rank == 4 && put.Inputs.All(input => input.Shape.Skip(1).All(extent => extent.IsConstant))
            && g.ResultColumn is 0 or 1 && Is(g.ResultRow, g.OutWidth) && Is(g.ResultFilter, plane) && Is(g.ResultGroup, g.Filters * plane) && Is(g.ResultStep, image);
        if (!isRead || Places(put.Inputs[0], inlining) is not { } values || Places(put.Inputs[1], inlining) is not { } positions)
        {
            return null;
        }
        var pooled = new PooledWindow
        {
            Rows = put.Inputs[0].Shape[2].Constant,
            Columns = put.Inputs[0].Shape[3].Constant,
            SizeY = window.Size[0],
            SizeX = window.Size[1],
            StrideY = window.Stride[0],
            StrideX = window.Stride[1],
            DilationY = window.Dilation[0],
            DilationX = window.Dilation[1],
            Top = window.Before[0],
            Left = window.Before[1],
            ValueGroup = g.Filters * values.Steps[1],
            ValueStep = values.Steps[0],
            ValueFilter = values.Steps[1],
            ValueRow = values.Steps[2],
            ValueColumn = values.Steps[3],
            PositionGroup = g.Filters * positions.Steps[1],
            PositionStep = positions.Steps[0],
            PositionFilter = positions.Steps[1],
            PositionRow = positions.Steps[2],
            PositionColumn = positions.Steps[3],
        };
        return new PooledShape(pooled, values.Buffer, values.Origin, positions.Buffer, positions.Origin);

        // A step of 0 is that of an index which is not there.
        static bool Is(long step, long dense) => step == 0 || step == dense;
    }

    private static (int Buffer, long Origin, long[] Steps)? Places(Expr array, Inlining inlining)
    {
        Seq<LoopIndex> space = Inlining.Space(array.Shape);
        return inlining.At(array, space.Map(i => (Dim)i)) is Element.Read read && ConvolutionShape.Steps(read.At[0], [.. space]) is { } at ? (read.Operand, at.Origin, at.Steps) : null;
    }
}
