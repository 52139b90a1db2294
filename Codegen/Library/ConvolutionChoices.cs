namespace Symbolic.Codegen.Library;

/// <summary>
/// Sizes of chunks of a convolution that are worth a trial. Where a schedule is cut changes neither what is summed nor in which order, so all give
/// the same bits; it decides how often kernels and borders are read again, and how well threads share the work.
/// </summary>
public static unsafe class ConvolutionChoices
{
    /// <summary>Chunks of half, twice and a quarter of the work.</summary>
    private const long Halves = 1, Doubles = 2, Quarters = 3;

    /// <summary>
    /// Writes <see cref="KernelRoom.DescriptionLength"/> numbers that tell this convolution from others, then the choices that are cut in different ways, and returns how many
    /// these are.
    /// </summary>
    /// <param name="geometry">The convolution.</param>
    /// <param name="lanes">Elements of a vector.</param>
    /// <param name="choice">Where in the kernel's room the choice is.</param>
    /// <param name="sizes">The kernel's sizes and room.</param>
    /// <param name="chunks">How many chunks a phase has by these.</param>
    /// <param name="numbers">Where to write.</param>
    public static long List(in ConvolutionGeometry geometry, int lanes, long* choice, long* sizes, delegate*<int, long*, long> chunks, long* numbers)
    {
        ReadOnlySpan<long> description =
        [
            geometry.Groups, geometry.Images, geometry.Channels, geometry.Filters, geometry.Height, geometry.Width, geometry.OutHeight, geometry.OutWidth, Pair(geometry.TapsY, geometry.TapsX),
            Pair(geometry.StrideY, geometry.StrideX), Pair(geometry.DilationY, geometry.DilationX), Pair(geometry.UpY, geometry.UpX), Pair(geometry.Top, geometry.Left), geometry.ImageChannel, geometry.ImageColumn, lanes,
        ];
        description.CopyTo(new Span<long>(numbers, KernelRoom.DescriptionLength));
        long given = *choice, count = 0;
        long* listed = numbers + KernelRoom.DescriptionLength, cuts = stackalloc long[KernelRoom.MostChoices];
        for (long tried = 0; tried <= Quarters; tried++)
        {
            *choice = tried;
            long cut = chunks(1, sizes);
            if (!new ReadOnlySpan<long>(cuts, (int)count).Contains(cut))
            {
                (cuts[count], listed[count]) = (cut, tried);
                count++;
            }
        }
        *choice = given;
        return count;

        static long Pair(long y, long x) => (y << 32) ^ (x & uint.MaxValue);
    }

    /// <summary>The work of a chunk by a choice, given that of the schedule's own.</summary>
    public static long Work(in ConvolutionGeometry geometry, long own) => geometry.Choice switch
    {
        Halves => own / 2,
        Doubles => own * 2,
        Quarters => own / 4,
        _ => own,
    };

    /// <summary>A choice in words.</summary>
    internal static string Describe(long choice) => choice switch
    {
        Halves => "half chunks",
        Doubles => "double chunks",
        Quarters => "quarter chunks",
        _ => "chunks as they are",
    };
}
