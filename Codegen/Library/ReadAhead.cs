using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>What a loop will read, asked for early: where much is computed between its reads a processor's own prefetching falls behind.</summary>
public static unsafe class ReadAhead
{
    /// <summary>Has the line of the cache at an address on its way to the first level; the address need not be anybody's.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Line(void* at)
    {
        if (Sse.IsSupported)
        {
            Sse.Prefetch0(at);
        }
    }
}
