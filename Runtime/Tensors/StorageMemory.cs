using System.Buffers;
using System.Runtime.InteropServices;

namespace Symbolic.Runtime;

/// <summary>A storage as memory that a literal can hold: so the weights of a frozen net exist once, in the variables that were frozen.</summary>
/// <exception cref="OverflowException">The storage has more bytes than a span.</exception>
internal sealed unsafe class StorageMemory(Storage storage) : MemoryManager<byte>
{
    private readonly int bytes = checked((int)storage.Bytes);

    /// <summary>The storage behind some memory, if it is one's as a whole, and aligned as tensors are.</summary>
    public static Storage? Of(ReadOnlyMemory<byte> memory) =>
        MemoryMarshal.TryGetMemoryManager(memory, out StorageMemory? manager, out int start, out int length)
            && start == 0 && length == manager.bytes && (nuint)manager.Storage.Address % Storage.Alignment == 0
            ? manager.Storage
            : null;

    /// <inheritdoc/>
    public override Span<byte> GetSpan() => Storage.Span<byte>(0, bytes);

    /// <summary>It never moves; the handle keeps it alive.</summary>
    public override MemoryHandle Pin(int elementIndex = 0) => new(Storage.Address + elementIndex, pinnable: this);

    /// <inheritdoc/>
    public override void Unpin()
    {
    }

    /// <summary>The collector frees it.</summary>
    protected override void Dispose(bool disposing)
    {
    }

    private Storage Storage { get; } = storage;
}
