namespace Symbolic.Codegen;

/// <summary>
/// Products over several images, of which each is a matrix but not all together, such as 1x1 convolutions of arrays [n,c,y,x]: an index of images among the columns
/// makes the operand step unevenly, so that it would be packed. As a batch of products, one per image, it is read in place.
/// </summary>
internal static class ImagesApart
{
    /// <summary>Fewest columns per image: so many that what the last tile of each leaves idle is little.</summary>
    private const long FewestColumns = 128;

    /// <summary>Whether the first index of the columns should be one of the batch.</summary>
    public static bool Pays(Element columnOperand, Seq<LoopIndex> columns, Seq<LoopIndex> depth)
    {
        if (columns.Count < 2 || OperandSteps.Of(columnOperand, columns, depth) is { IsMatrix: true })
        {
            return false;
        }
        Seq<LoopIndex> rest = columns.RemoveAt(0);
        return Product.Extent(rest).IsAtLeast(FewestColumns) && OperandSteps.Of(columnOperand, rest, depth) is { IsMatrix: true } steps && steps.LineStep!.Is(1);
    }
}
