using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// Where a contraction gets its schedule (one that is a convolution in <see cref="ConvolutionScheduling"/>): from its shape and the options
/// alone, so that the same program has the same bits wherever these are the same. The label that plans and profiles show says which.
/// </summary>
internal static class Scheduling
{
    /// <summary>
    /// The product with its schedule and width. A schedule that the options force wins wherever it applies; products to which it does not apply stay on
    /// panels.
    /// </summary>
    /// <param name="product">The product.</param>
    /// <param name="isPacked">Whether the operand of the columns is a constant, which is packed once for all calls.</param>
    /// <param name="convolved">The schedule by which it runs as a convolution; chosen earlier, since the others want their operands prepared.</param>
    /// <param name="options">What may be used.</param>
    public static Product Scheduled(Product product, bool isPacked, Schedule? convolved, CodegenOptions options)
    {
        if (product.Gradient is { } gradient)
        {
            Schedule by = KernelGradientScheduling.Choose(gradient, product.DType, options)!.Value;
            return product with { Schedule = by, VectorBits = KernelGradientScheduling.VectorBits(by, gradient, product.DType, options), Label = $"{product.Label} by {Name(by, gradient)}{Cut(by, gradient)}" };
        }
        Schedule? alongMemory = convolved is not null ? null
            : options.Schedule is null or Schedule.MatrixVector && IsMatrixVector(product) ? Schedule.MatrixVector
            : !isPacked && IsInner(product, options.Schedule) ? Schedule.InnerProducts : null;
        if (convolved is null && alongMemory is null && !isPacked && Turning.Of(product) is { } turned)
        {
            return turned with { Schedule = Schedule.Panels, VectorBits = VectorBits(turned, options), Label = $"{product.Label} by {Name(Schedule.Panels)}, turned" };
        }
        Schedule chosen = convolved ?? alongMemory ?? Schedule.Panels;
        return product with { Schedule = chosen, VectorBits = convolved is { } schedule ? ConvolutionScheduling.VectorBits(schedule, product.Convolution!, options) : VectorBits(product, options), Label = $"{product.Label} by {Name(chosen)}{Cut(chosen, product)}" };
    }

    /// <summary>What narrow vectors, of which a tile holds fewer, must gain by their last tiles.</summary>
    private const double NarrowMargin = 1.05;

    /// <summary>Vectors of a run of columns from which on most of it fills tiles, which are read in place.</summary>
    private const long TiledRun = 3;

    /// <summary>The width in which fewer lanes of the last tiles idle; the wider one where that is little and where extents are known only later.</summary>
    private static int VectorBits(Product product, CodegenOptions options)
    {
        int narrow = options.VectorBits, wide = options.ProductBits ?? narrow;
        if (wide == narrow || Product.Extent(product.Columns) is not { IsConstant: true } columns)
        {
            return wide;
        }
        // Columns that are packed come in runs: wide vectors that a run does not fill would be packed element by element.
        long run = Run(product), lanes = wide / 8 / product.DType.Size();
        if (run < columns.Constant && (product.Runs is null || run < TiledRun * lanes) && run % lanes != 0 && (run < lanes || run % (lanes / 2) == 0) && OperandSteps.Of(product.ColumnOperand, product.Columns, product.Depth) is not { IsMatrix: true })
        {
            return narrow;
        }
        Dim rows = Product.Extent(product.Rows), depth = Product.Extent(product.Depth);
        return Cycles(narrow) * NarrowMargin < Cycles(wide) ? narrow : wide;

        double Cycles(int bits) => Library.PanelChoice.Cycles(rows.IsConstant ? rows.Constant : 64, columns.Constant, depth.IsConstant ? depth.Constant : 256, bits / 8 / product.DType.Size(), bits / 8,
            product.Borders.Count > 0 ? product.Columns[^1].Extent.Constant : 0);
    }

    /// <summary>How many of the last columns lie evenly apart in the operand: those of the last index, and of those before it that continue it.</summary>
    private static long Run(Product product)
    {
        Seq<LoopIndex> columns = product.Columns;
        int first = Math.Max(0, columns.Count - 1);
        while (first > 0 && OperandSteps.Of(product.ColumnOperand, columns[(first - 1)..], product.Depth) is { LineStep: not null })
        {
            first--;
        }
        return Product.Extent(columns[first..]).Constant;
    }

    private static bool IsMatrixVector(Product product)
    {
        OperandSteps? row = OperandSteps.Of(product.RowOperand, product.Rows, product.Depth), columns = OperandSteps.Of(product.ColumnOperand, product.Columns, product.Depth);
        return product.Borders.Count == 0 && Product.Extent(product.Rows).Is(1) && row is { IsMatrix: true } && columns is { IsMatrix: true }
            && (columns.LineStep!.Is(1) || (columns.DepthStep!.Is(1) && row.DepthStep!.Is(1)));
    }

    /// <summary>Rows from which on tiles of columns fill vectors well enough.</summary>
    private const long ManyRows = 32;

    /// <summary>Terms for which joining partial sums is little.</summary>
    private const long LongDepth = 256;

    /// <summary>Whether both operands lie along the depth, which is long, and rows are few; whatever their numbers, if so forced.</summary>
    private static bool IsInner(Product product, Schedule? forced)
    {
        Dim rows = Product.Extent(product.Rows), depth = Product.Extent(product.Depth);
        return forced is null or Schedule.InnerProducts && product.Borders.Count == 0 && product.DType is DType.Float32 or DType.Float64
            && rows.IsConstant && depth.IsConstant && Product.Extent(product.Columns) is { IsConstant: true } columns
            && (forced is not null || (rows.Constant is > 1 and < ManyRows && depth.Constant >= LongDepth && columns.Constant >= rows.Constant))
            && OperandSteps.Of(product.RowOperand, product.Rows, product.Depth) is { IsMatrix: true } row && row.DepthStep!.Is(1)
            && OperandSteps.Of(product.ColumnOperand, product.Columns, product.Depth) is { IsMatrix: true } column && column.DepthStep!.Is(1);
    }

    private static string Name(Schedule schedule) => schedule switch
    {
        Schedule.Panels => "panels",
        Schedule.MatrixVector => "matrix-vector",
        Schedule.InnerProducts => "inner products",
        Schedule.Winograd4 => "Winograd 4x4",
        Schedule.Winograd2 => "Winograd 2x2",
        Schedule.WinogradComplex => "Winograd at complex points",
        Schedule.Winograd7 => "Winograd 7x7",
        Schedule.Direct => "direct convolution",
        Schedule.Transposed => "transposed convolution",
        Schedule.Depthwise => "planes",
        _ => throw new UnreachableException($"{schedule}"),
    };

    /// <summary>How Winograd's algorithm is cut, where not by tiles.</summary>
    private static string Cut(Schedule schedule, Product product) =>
        schedule is Schedule.Winograd7 or Schedule.Winograd4 or Schedule.WinogradComplex or Schedule.Winograd2 && ConvolutionScheduling.IsByFilters(schedule, product.Convolution!) ? ", by filters" : "";

    private static string Cut(Schedule schedule, KernelGradientShape shape) =>
        schedule is Schedule.WinogradGradient or Schedule.WinogradGradientComplex or Schedule.WinogradGradient7 && KernelGradientScheduling.IsByKernels(schedule, shape.Geometry) ? ", by kernels" : "";

    private static string Name(Schedule schedule, KernelGradientShape shape) => schedule switch
    {
        Schedule.KernelGradient => "blocks of pixels",
        Schedule.PooledGradient => "places of maxima",
        Schedule.WinogradGradient => $"Winograd {shape.Geometry.TapsY}x{shape.Geometry.TapsX}",
        Schedule.WinogradGradientComplex => $"Winograd {shape.Geometry.TapsY}x{shape.Geometry.TapsX} at complex points",
        Schedule.WinogradGradient7 => $"Winograd {shape.Geometry.TapsY}x{shape.Geometry.TapsX} on tiles of 7x7",
        _ => throw new UnreachableException($"{schedule} of {shape}"),
    };
}
