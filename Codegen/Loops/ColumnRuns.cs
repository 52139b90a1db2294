namespace Symbolic.Codegen;

/// <summary>
/// Columns of a product that step evenly run by run only, such as the images of a 1x1 convolution of arrays [n,c,y,x]: each is a matrix but not all together. Tiles that lie in one
/// run are read in place and stored straight; only what is left of each run is packed.
/// </summary>
/// <param name="Columns">Columns of a run.</param>
/// <param name="Step">Elements of the operand from a run to the next.</param>
/// <param name="Steps">How a run lies.</param>
internal sealed record ColumnRuns(Dim Columns, Dim Step, OperandSteps Steps)
{
    /// <summary>Fewest columns of a run: so many that some tile fits.</summary>
    private const long FewestColumns = 32;

    /// <summary>The runs of an operand's columns, or null where it has none or all columns are one.</summary>
    public static ColumnRuns? Of(Element columnOperand, Seq<LoopIndex> columns, Seq<LoopIndex> depth)
    {
        if (columns.Count < 2 || OperandSteps.Of(columnOperand, columns, depth) is null or { IsMatrix: true })
        {
            return null;
        }
        Seq<LoopIndex> rest = columns.RemoveAt(0);
        return Product.Extent(rest).IsAtLeast(FewestColumns) && OperandSteps.Of(columnOperand, rest, depth) is { IsMatrix: true } steps && steps.LineStep!.Is(1)
            && Vectorizing.Pitch(steps.Line, columns[0]) is { } step
            ? new ColumnRuns(Product.Extent(rest), step, steps) : null;
    }
}
