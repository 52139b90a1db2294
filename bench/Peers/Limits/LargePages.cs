using System.Runtime.InteropServices;
using Symbolic.Runtime;

namespace Symbolic.Peers.Limits;

/// <summary>Zeroed memory in huge pages where the system has them to give: the limit is what the machine can do, not what its page tables allow.</summary>
internal sealed unsafe class LargePages : IDisposable
{
    private const nuint Page = 2 << 20;

    /// <summary>Room for so many floats.</summary>
    public LargePages(long floats)
    {
        nuint bytes = ((nuint)floats * sizeof(float) + Page - 1) / Page * Page;
        Floats = (float*)NativeMemory.AlignedAlloc(bytes, Page);
        HugePages.Advise((byte*)Floats, (long)bytes);
        NativeMemory.Clear(Floats, bytes);
    }

    /// <summary>The first.</summary>
    public float* Floats { get; }

    /// <inheritdoc/>
    public void Dispose() => NativeMemory.AlignedFree(Floats);
}
