namespace Symbolic.Codegen;

/// <summary>
/// Where a product is better computed as its transpose. Lanes are the columns of the result that lie side by side, so an operand whose columns do not is
/// packed; where the other operand is smaller, or needs no packing in that role, the two change places, and each finished tile is turned instead. In a dense
/// layer's forward pass that packs the batch and reads the weights in place. Every sum is the same, term by term.
/// </summary>
internal static class Turning
{
    /// <summary>The extent to reckon with where it is known only later: a batch of rows.</summary>
    private const long Usual = 64;

    /// <summary>The product turned, or null where it is better as it is.</summary>
    public static Product? Of(Product product)
    {
        if (product.Borders.Count > 0 || OperandSteps.Of(product.RowOperand, product.Rows, product.Depth) is not { IsMatrix: true } row
            || OperandSteps.Of(product.ColumnOperand, product.Columns, product.Depth) is not { IsMatrix: true } column || column.LineStep!.Is(1) || !column.DepthStep!.Is(1))
        {
            return null;
        }
        double rows = Count(product.Rows), columns = Count(product.Columns), depth = Count(product.Depth);
        // Elements that are packed, and half of those that are turned, which lie in the first-level cache.
        double packed = columns * depth, turned = (row.LineStep!.Is(1) ? 0 : rows * depth) + (rows * columns / 2);
        return turned < packed
            ? product with { IsTurned = true, Rows = product.Columns, Columns = product.Rows, RowOperand = product.ColumnOperand, ColumnOperand = product.RowOperand }
            : null;
    }

    private static double Count(Seq<LoopIndex> indices) => Product.Extent(indices) is { IsConstant: true } extent ? extent.Constant : Usual;
}
