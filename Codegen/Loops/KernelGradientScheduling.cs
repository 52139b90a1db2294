using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>Which gradients with respect to kernels run by the schedule of their own, and in which vectors.</summary>
internal static class KernelGradientScheduling
{
    /// <summary>Fewer lanes than these leave more of a vector idle than packing costs.</summary>
    private const long FewestLanes = 6;

    /// <summary>The shape if it should run so, or must and can; else null.</summary>
    public static KernelGradientShape? Choose(KernelGradientShape? shape, DType dtype, CodegenOptions options) =>
        shape is not null && (options.Schedule is { } forced ? forced == Schedule.KernelGradient : Layout(shape, options.VectorBits, dtype).Lanes >= FewestLanes) ? shape : null;

    /// <summary>The width with which fewer lanes idle; the wider one at a tie. Sums have the same bits at any.</summary>
    public static int VectorBits(KernelGradientShape shape, DType dtype, CodegenOptions options)
    {
        int narrow = options.VectorBits, wide = options.ProductBits ?? narrow;
        return new[] { wide, narrow }.MinBy(bits =>
        {
            KernelGradientLayout layout = Layout(shape, bits, dtype);
            return layout.Vectors * layout.Width * layout.Rows;
        });
    }

    private static KernelGradientLayout Layout(KernelGradientShape shape, int bits, DType dtype) => new(shape.Geometry, Math.Max(1, bits / 8 / dtype.Size()));
}
