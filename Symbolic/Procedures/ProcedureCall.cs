using System.Runtime.CompilerServices;

namespace Symbolic;

/// <summary>What a procedure computes with: numbers for all sizes, and where the arrays lie. Made once, and placed anew for each call.</summary>
/// <param name="Inputs">The inputs, row-major; only read.</param>
/// <param name="Results">The results, row-major; none overlaps an input or another.</param>
/// <param name="Scratch">Memory of as many bytes as the op asked for; its contents are whatever they are.</param>
public sealed record ProcedureCall(Seq<ProcedureArray> Inputs, Seq<ProcedureArray> Results, ProcedureArray Scratch);

/// <summary>One row-major array of a procedure's call.</summary>
public sealed unsafe class ProcedureArray
{
    private byte* address;

    /// <summary>An array that lies nowhere yet.</summary>
    /// <exception cref="OverflowException">64 bits do not count its bytes.</exception>
    public ProcedureArray(DType dtype, Seq<long> sizes)
    {
        DType = dtype;
        Sizes = sizes;
        Count = sizes.Aggregate(1L, (product, size) => checked(product * size));
        Bytes = checked(Count * dtype.Size());
    }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Size per axis.</summary>
    public Seq<long> Sizes { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>Number of bytes.</summary>
    public long Bytes { get; }

    /// <summary>Says where it lies now: <see cref="Bytes"/> bytes that stay there during the call.</summary>
    public void Place(nint memory) => address = (byte*)memory;

    /// <summary>Its elements as numbers of a C# type of the same size.</summary>
    public Elements<T> As<T>() where T : unmanaged => sizeof(T) == DType.Size()
        ? new Elements<T>((T*)address, Count)
        : throw new InvalidOperationException($"{DType.Text()} is read as {typeof(T).Name}");

    /// <summary>Its bytes from an offset on as numbers of a C# type: how scratch memory is divided.</summary>
    public Elements<T> From<T>(long offset, long count) where T : unmanaged => offset >= 0 && count >= 0 && offset <= Bytes && count <= (Bytes - offset) / sizeof(T)
        ? new Elements<T>((T*)(address + offset), count)
        : throw new InvalidOperationException($"{count} {typeof(T).Name} at {offset} of {Bytes} bytes");

    /// <summary>The array as seen from one axis: how many times lanes along it are laid out, its size, and the distance of its elements.</summary>
    public (long Outer, long Size, long Inner) Around(int axis)
    {
        long outer = 1, inner = 1;
        for (int i = 0; i < Sizes.Count; i++)
        {
            if (i < axis)
            {
                outer *= Sizes[i];
            }
            else if (i > axis)
            {
                inner *= Sizes[i];
            }
        }
        return (outer, Sizes[axis], inner);
    }
}

/// <summary>Elements in memory, counted in 64 bits; an index outside is an error, as in a span.</summary>
public readonly unsafe struct Elements<T> where T : unmanaged
{
    private readonly T* first;

    internal Elements(T* first, long count)
    {
        this.first = first;
        Count = count;
    }

    /// <summary>How many.</summary>
    public long Count { get; }

    /// <summary>One of them.</summary>
    public ref T this[long index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((ulong)index >= (ulong)Count)
            {
                throw new IndexOutOfRangeException();
            }
            return ref first[index];
        }
    }

    /// <summary>Some of them.</summary>
    /// <exception cref="BindingError">They are more than a span holds.</exception>
    public Span<T> Span(long start, long length)
    {
        if (start < 0 || length < 0 || start > Count - length)
        {
            throw new IndexOutOfRangeException();
        }
        return length <= int.MaxValue ? new Span<T>(first + start, (int)length) : throw new BindingError($"{length:N0} elements in a row are more than this op works on at once");
    }

    /// <summary>Copies them to as many others that do not overlap.</summary>
    public void CopyTo(Elements<T> others)
    {
        if (others.Count != Count)
        {
            throw new InvalidOperationException($"{Count} elements are copied to {others.Count}");
        }
        Buffer.MemoryCopy(first, others.first, others.Count * sizeof(T), Count * sizeof(T));
    }
}
