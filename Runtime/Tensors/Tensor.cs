namespace Symbolic.Runtime;

/// <summary>
/// An array of elements of one dtype: storage, offset, sizes and strides. Its memory is 64-byte aligned, immovable, and freed
/// without Dispose. Several tensors may view one storage.
/// </summary>
public sealed unsafe partial class Tensor
{
    private const int MostAxes = 32;

    private readonly Storage storage;

    private Tensor(DType dtype, Seq<long> sizes, Seq<long> strides, long offset, Storage storage)
    {
        DType = dtype;
        Sizes = sizes;
        Strides = strides;
        Offset = offset;
        Count = CountOf(sizes);
        this.storage = storage;
        IsRowMajor = IsLaidOutInOrder(sizes, strides);
    }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Size per axis.</summary>
    public Seq<long> Sizes { get; }

    /// <summary>Elements from one index of an axis to the next, per axis; may be 0 or negative in views.</summary>
    public Seq<long> Strides { get; }

    /// <summary>Element of the storage at which this tensor begins.</summary>
    public long Offset { get; }

    /// <summary>Number of elements.</summary>
    public long Count { get; }

    /// <summary>Number of axes.</summary>
    public int Rank => Sizes.Count;

    /// <summary>Whether the elements lie without gaps in row-major order.</summary>
    public bool IsRowMajor { get; }

    /// <summary>Its dtype and sizes.</summary>
    public TensorType Type => new(DType, Shape.Of(Sizes));

    /// <summary>The first element; the memory lives as long as the tensor.</summary>
    internal byte* Address => storage.Address + Offset * DType.Size();

    /// <summary>A tensor of zeros (false for bool).</summary>
    /// <exception cref="ArgumentException">A size is negative, or there are more than 32 axes.</exception>
    public static Tensor Zeros(DType dtype, params ReadOnlySpan<long> sizes) => Allocate(dtype, Seq.Create(sizes), zeroed: true);

    /// <summary>A tensor with a copy of values in row-major order: <c>Tensor.Of&lt;float&gt;([1, 2, 3, 4], 2, 2)</c>.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the sizes.</exception>
    public static Tensor Of<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> sizes) where T : unmanaged
    {
        Tensor made = Allocate(DTypes.Of<T>(), Seq.Create(sizes), zeroed: false);
        if (made.Count != values.Length)
        {
            throw new ArgumentException($"{values.Length} values for a tensor {made.Type} of {made.Count}", nameof(values));
        }
        values.CopyTo(made.AsSpan<T>());
        return made;
    }

    /// <summary>A tensor without axes that holds one value.</summary>
    public static Tensor Scalar<T>(T value) where T : unmanaged => Of([value]);

    /// <summary>A copy of a literal.</summary>
    public static Tensor From(Literal literal)
    {
        Tensor made = Allocate(literal.DType, literal.Sizes, zeroed: false);
        literal.Bytes.CopyTo(made.Bytes());
        return made;
    }

    /// <summary>The elements of a literal, to read alone: where they lie if that is the memory of a tensor, else a copy.</summary>
    internal static Tensor Over(Literal literal) => StorageMemory.Of(literal.Memory) is { } storage
        ? new Tensor(literal.DType, literal.Sizes, RowMajor(literal.Sizes), 0, storage)
        : From(literal);

    /// <summary>The elements of a row-major tensor as a literal where they lie: they must not change as long as it is used.</summary>
    internal Literal AsLiteral()
    {
        long bytes = Count * DType.Size();
        return Literal.OfMemory(DType, Sizes, new StorageMemory(bytes == storage.Bytes ? storage : storage.Part(Offset * DType.Size(), bytes)).Memory);
    }

    /// <summary>A copy as a literal.</summary>
    public Literal ToLiteral() => Literal.FromBytes(DType, Sizes, (IsRowMajor ? this : Copy()).Bytes());

    /// <summary>The elements in row-major order, to read and to write.</summary>
    /// <exception cref="InvalidOperationException">The dtype is not that of <typeparamref name="T"/>, the tensor is a view that is not row-major, or it has more elements than a span.</exception>
    public Span<T> AsSpan<T>() where T : unmanaged
    {
        Expect<T>();
        if (!IsRowMajor)
        {
            throw new InvalidOperationException($"a view {Type} with strides [{string.Join(",", Strides)}] is not row-major and has no span; Copy() makes it so");
        }
        return Count <= int.MaxValue
            ? storage.Span<T>(Offset * DType.Size(), (int)Count)
            : throw new InvalidOperationException($"{Type} has {Count:N0} elements, more than a span can; take slices");
    }

    /// <summary>A row-major copy of the elements, whatever the strides.</summary>
    /// <exception cref="InvalidOperationException">The dtype is not that of <typeparamref name="T"/>.</exception>
    public T[] ToArray<T>() where T : unmanaged
    {
        Expect<T>();
        return (IsRowMajor ? this : Copy()).AsSpan<T>().ToArray();
    }

    /// <summary>The only element.</summary>
    /// <exception cref="InvalidOperationException">There is not exactly one, or the dtype is not that of <typeparamref name="T"/>.</exception>
    public T Item<T>() where T : unmanaged
    {
        Expect<T>();
        return Count == 1 ? *(T*)Address : throw new InvalidOperationException($"{Type} has {Count} elements, not one");
    }

    /// <summary>A row-major tensor with the same elements and memory of its own.</summary>
    public Tensor Copy()
    {
        Tensor made = Allocate(DType, Sizes, zeroed: false);
        made.CopyFrom(this);
        return made;
    }

    /// <summary>Its type and the first few elements.</summary>
    public override string ToString()
    {
        // No more is copied than is shown.
        Tensor shown = this;
        while (shown.Rank > 1)
        {
            shown = shown.Sizes[0] == 0 ? Zeros(DType, 0) : shown.Slice(0, 0, 1).Reshape([.. shown.Sizes[1..]]);
        }
        Literal first = shown.Rank == 0 ? shown.ToLiteral() : shown.Slice(0, 0, Math.Min(8, shown.Sizes[0])).ToLiteral();
        return $"{Type} {string.Join(" ", Enumerable.Range(0, (int)first.Count).Select(i => first[i].Text()))}{(Count > first.Count ? " ..." : "")}";
    }

    /// <summary>A row-major tensor whose contents are about to be written.</summary>
    internal static Tensor Allocate(DType dtype, Seq<long> sizes, bool zeroed)
    {
        if (sizes.Count > MostAxes)
        {
            throw new ArgumentException($"a tensor has at most {MostAxes} axes, not {sizes.Count}", nameof(sizes));
        }
        long bytes;
        try
        {
            bytes = checked(CountOf(sizes) * dtype.Size());
        }
        catch (OverflowException)
        {
            throw new ArgumentException($"{dtype.Text()}[{string.Join(",", sizes)}] has more bytes than 64 bits count", nameof(sizes));
        }
        return new Tensor(dtype, sizes, RowMajor(sizes), 0, zeroed ? Storage.Zeroed(bytes) : Storage.Uninitialized(bytes));
    }

    /// <summary>Hands out the bytes of a row-major tensor in order, a mebibyte at a time, as many as there are.</summary>
    internal void EachRun(Action<Span<byte>> visit)
    {
        const long Run = 1 << 20;
        long bytes = Count * DType.Size();
        for (long at = 0; at < bytes; at += Run)
        {
            visit(storage.Span<byte>((Offset * DType.Size()) + at, (int)Math.Min(Run, bytes - at)));
        }
    }

    /// <summary>Whether any byte of one may be a byte of the other.</summary>
    internal bool Overlaps(Tensor other)
    {
        if (!ReferenceEquals(storage, other.storage) || Count == 0 || other.Count == 0)
        {
            return false;
        }
        (long first, long last) = Extent();
        (long otherFirst, long otherLast) = other.Extent();
        return first <= otherLast && otherFirst <= last;
    }

    private Span<byte> Bytes() => storage.Span<byte>(Offset * DType.Size(), checked((int)(Count * DType.Size())));

    /// <summary>The least and the greatest byte of the storage that an element covers.</summary>
    private (long First, long Last) Extent()
    {
        long first = Offset, last = Offset;
        for (int axis = 0; axis < Rank; axis++)
        {
            long reach = (Sizes[axis] - 1) * Strides[axis];
            first += Math.Min(reach, 0);
            last += Math.Max(reach, 0);
        }
        return (first * DType.Size(), (last + 1) * DType.Size() - 1);
    }

    private void Expect<T>() where T : unmanaged
    {
        if (DTypes.Of<T>() != DType)
        {
            throw new InvalidOperationException($"a tensor {Type} read as {DTypes.Of<T>().Text()}");
        }
    }

    private static long CountOf(Seq<long> sizes)
    {
        long count = 1;
        bool isEmpty = false;
        foreach (long size in sizes.AsSpan())
        {
            if (size < 0)
            {
                throw new ArgumentException($"a size cannot be negative: [{string.Join(",", sizes)}]", nameof(sizes));
            }
            isEmpty |= size == 0;
            count = size == 0 ? count : checked(count * size);
        }
        return isEmpty ? 0 : count;
    }

    private static Seq<long> RowMajor(Seq<long> sizes)
    {
        var strides = new long[sizes.Count];
        long step = 1;
        for (int axis = strides.Length - 1; axis >= 0; axis--)
        {
            strides[axis] = step;
            step *= Math.Max(1, sizes[axis]);
        }
        return Seq.Create<long>(strides);
    }

    private static bool IsLaidOutInOrder(Seq<long> sizes, Seq<long> strides)
    {
        long step = 1;
        for (int axis = sizes.Count - 1; axis >= 0; axis--)
        {
            if (sizes[axis] == 0)
            {
                return true;
            }
            if (sizes[axis] != 1 && strides[axis] != step)
            {
                return sizes.IndexOf(0) >= 0;
            }
            step *= sizes[axis];
        }
        return true;
    }
}
