using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// The one place where a contraction gets its schedule: from its shape and the options alone, so that the same program has the same bits
/// wherever these are the same. The label that plans and profiles show says which.
/// </summary>
internal static class Scheduling
{
    /// <summary>All schedules, the most special first.</summary>
    private static readonly Schedule[] BySpeciality = [.. ConvolutionScheduling.All, Schedule.MatrixVector, Schedule.Panels];

    /// <summary>
    /// The product with its schedule: the first that applies and wins. A schedule that the options force wins wherever it applies; products to
    /// which it does not apply stay on panels.
    /// </summary>
    public static Product Scheduled(Product product, CodegenOptions options)
    {
        Schedule chosen = BySpeciality.First(schedule => Applies(schedule, product, options)
            && (options.Schedule is { } forced ? schedule == forced || schedule == Schedule.Panels : Wins(schedule, product, options)));
        return product with { Schedule = chosen, VectorBits = chosen is Schedule.Panels or Schedule.MatrixVector ? VectorBits(product, options) : options.VectorBits, Label = $"{product.Label} by {Name(chosen)}" };
    }

    /// <summary>The width in which fewer lanes of the last tiles idle; the wider one at a tie and where extents are known only later.</summary>
    private static int VectorBits(Product product, CodegenOptions options)
    {
        int narrow = options.VectorBits, wide = options.ProductBits ?? narrow;
        if (wide == narrow || Product.Extent(product.Columns) is not { IsConstant: true } columns)
        {
            return wide;
        }
        Dim rows = Product.Extent(product.Rows), depth = Product.Extent(product.Depth);
        return new[] { wide, narrow }.MinBy(bits => Library.PanelChoice.Cycles(rows.IsConstant ? rows.Constant : 64, columns.Constant, depth.IsConstant ? depth.Constant : 256, bits / 8 / product.DType.Size(), bits / 8, product.Borders.Count > 0 ? product.Columns[^1].Extent.Constant : 0));
    }

    private static bool IsMatrixVector(Product product)
    {
        OperandSteps? row = OperandSteps.Of(product.RowOperand, product.Rows, product.Depth), columns = OperandSteps.Of(product.ColumnOperand, product.Columns, product.Depth);
        return product.Borders.Count == 0 && Product.Extent(product.Rows).Is(1) && row is { IsMatrix: true } && columns is { IsMatrix: true }
            && (columns.LineStep!.Is(1) || (columns.DepthStep!.Is(1) && row.DepthStep!.Is(1)));
    }

    /// <summary>Whether a schedule can run a product at all.</summary>
    private static bool Applies(Schedule schedule, Product product, CodegenOptions options) => schedule switch
    {
        Schedule.Panels => true,
        Schedule.MatrixVector => IsMatrixVector(product),
        _ when ConvolutionScheduling.All.Contains(schedule) => product.Convolution is { } convolution && ConvolutionScheduling.Applies(schedule, convolution),
        _ => throw new UnreachableException($"{schedule} of {product} with {options}"),
    };

    /// <summary>Whether a schedule that applies is expected to be the fastest.</summary>
    private static bool Wins(Schedule schedule, Product product, CodegenOptions options) => schedule switch
    {
        Schedule.Panels or Schedule.MatrixVector => true,
        _ when ConvolutionScheduling.All.Contains(schedule) => product.Convolution is { } convolution && ConvolutionScheduling.Wins(schedule, convolution, options),
        _ => throw new UnreachableException($"{schedule} of {product} with {options}"),
    };

    private static string Name(Schedule schedule) => schedule switch
    {
        Schedule.Panels => "panels",
        Schedule.MatrixVector => "matrix-vector",
        Schedule.Winograd4 => "Winograd 4x4",
        Schedule.Winograd2 => "Winograd 2x2",
        Schedule.Direct => "direct convolution",
        Schedule.Transposed => "transposed convolution",
        Schedule.Depthwise => "planes",
        _ => throw new UnreachableException($"{schedule}"),
    };
}
