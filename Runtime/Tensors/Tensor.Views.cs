namespace Symbolic.Runtime;

public sealed unsafe partial class Tensor
{
    /// <summary>A view of <paramref name="length"/> indices of an axis from <paramref name="start"/> on, every <paramref name="step"/>-th; a negative step goes backwards.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The axis does not exist, or an index lies outside it.</exception>
    public Tensor Slice(int axis, long start, long length, long step = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(axis);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(axis, Rank);
        ArgumentOutOfRangeException.ThrowIfZero(step);
        Int128 last = start + (Int128)step * (length - 1);
        if (length < 0 || (length > 0 && (start < 0 || start >= Sizes[axis] || last < 0 || last >= Sizes[axis])))
        {
            throw new ArgumentOutOfRangeException(nameof(start), $"{length} indices from {start} in steps of {step} do not lie in axis {axis} of {Type}");
        }
        long offset = length == 0 ? Offset : Offset + start * Strides[axis];
        return new Tensor(DType, Sizes.With(axis, length), Strides.With(axis, length <= 1 ? Strides[axis] : step * Strides[axis]), offset, storage);
    }

    /// <summary>A view with the axes in another order; in reverse order where none is given.</summary>
    /// <exception cref="ArgumentException">The order does not name each axis once.</exception>
    public Tensor Transpose(params ReadOnlySpan<int> order)
    {
        Seq<int> axes = order.IsEmpty ? Enumerable.Range(0, Rank).Reverse().ToSeq() : Seq.Create(order);
        return axes.Order().SequenceEqual(Enumerable.Range(0, Rank))
            ? new Tensor(DType, axes.Map(a => Sizes[a]), axes.Map(a => Strides[a]), Offset, storage)
            : throw new ArgumentException($"[{string.Join(",", axes)}] is no order of the axes of {Type}", nameof(order));
    }

    /// <summary>The same elements in row-major order under other sizes: a view if this tensor is row-major, else a copy.</summary>
    /// <exception cref="ArgumentException">The sizes have another product.</exception>
    public Tensor Reshape(params ReadOnlySpan<long> sizes)
    {
        Seq<long> wanted = Seq.Create(sizes);
        if (CountOf(wanted) != Count)
        {
            throw new ArgumentException($"{Type} of {Count} elements cannot have sizes [{string.Join(",", wanted)}]", nameof(sizes));
        }
        Tensor source = IsRowMajor ? this : Copy();
        return new Tensor(DType, wanted, RowMajor(wanted), source.Offset, source.storage);
    }

    /// <summary>Copies the elements of a tensor of the same dtype and sizes into this one, whatever the strides of both.</summary>
    /// <exception cref="ArgumentException">The types differ.</exception>
    public void CopyFrom(Tensor other)
    {
        if (other.DType != DType || !other.Sizes.Equals(Sizes))
        {
            throw new ArgumentException($"{other.Type} copied to {Type}", nameof(other));
        }
        // A view written over another view of the same elements must not read what it has just written.
        Tensor source = Overlaps(other) && !(IsRowMajor && other.IsRowMajor) ? other.Copy() : other;
        StridedCopy.Run(source.Address, source.Strides.AsSpan(), Address, Strides.AsSpan(), Sizes.AsSpan(), DType.Size());
        GC.KeepAlive(source.storage);
        GC.KeepAlive(storage);
    }
}
