using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>
/// Memory in one piece for what all launches of a binding keep of constants: a net's panels are read one launch's behind the other's, and together they are large enough for large pages, which alone most are not.
/// </summary>
/// <param name="bytes">Bytes of all that will be taken.</param>
internal sealed class PanelMemory(long bytes)
{
    private readonly Storage whole = Storage.InLargePages(bytes);
    private long taken;

    /// <summary>Bytes that so many take.</summary>
    public static long Aligned(long bytes) => (bytes + Storage.Alignment - 1) & -Storage.Alignment;

    /// <summary>Takes some.</summary>
    public Storage Take(long bytes)
    {
        Storage part = whole.Part(taken, bytes);
        taken += Aligned(bytes);
        return part;
    }
}
