using System.Diagnostics;

namespace Symbolic.Runtime;

/// <summary>Copies elements between two layouts of the same sizes. Allocates nothing.</summary>
internal static unsafe class StridedCopy
{
    /// <summary>Copies all elements; strides are in elements.</summary>
    public static void Run(byte* from, ReadOnlySpan<long> fromStrides, byte* to, ReadOnlySpan<long> toStrides, ReadOnlySpan<long> sizes, int elementSize)
    {
        Span<Axis> axes = stackalloc Axis[sizes.Length + 1];
        int rank = Merge(sizes, fromStrides, toStrides, axes);
        if (rank < 0)
        {
            return;
        }
        Axis inner = axes[rank];
        while (true)
        {
            if (inner.From == 1 && inner.To == 1)
            {
                Buffer.MemoryCopy(from, to, inner.Size * elementSize, inner.Size * elementSize);
            }
            else
            {
                Row(from, to, inner, elementSize);
            }
            int axis = rank - 1;
            while (axis >= 0 && ++axes[axis].Index == axes[axis].Size)
            {
                axes[axis].Index = 0;
                from -= (axes[axis].Size - 1) * axes[axis].From * elementSize;
                to -= (axes[axis].Size - 1) * axes[axis].To * elementSize;
                axis--;
            }
            if (axis < 0)
            {
                return;
            }
            from += axes[axis].From * elementSize;
            to += axes[axis].To * elementSize;
        }
    }

    /// <summary>Joins neighbouring axes that both sides walk in one stride; returns the index of the last axis, or -1 if there is no element.</summary>
    private static int Merge(ReadOnlySpan<long> sizes, ReadOnlySpan<long> fromStrides, ReadOnlySpan<long> toStrides, Span<Axis> axes)
    {
        int rank = -1;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (sizes[axis] == 0)
            {
                return -1;
            }
            if (sizes[axis] == 1)
            {
                continue;
            }
            var next = new Axis { Size = sizes[axis], From = fromStrides[axis], To = toStrides[axis] };
            if (rank >= 0 && axes[rank].From == next.From * next.Size && axes[rank].To == next.To * next.Size)
            {
                next.Size *= axes[rank].Size;
                axes[rank] = next;
            }
            else
            {
                axes[++rank] = next;
            }
        }
        if (rank < 0)
        {
            axes[++rank] = new Axis { Size = 1, From = 1, To = 1 };
        }
        return rank;
    }

    private static void Row(byte* from, byte* to, Axis axis, int elementSize)
    {
        switch (elementSize)
        {
            case 1:
                Row<byte>(from, to, axis);
                break;
            case 2:
                Row<ushort>(from, to, axis);
                break;
            case 4:
                Row<uint>(from, to, axis);
                break;
            case 8:
                Row<ulong>(from, to, axis);
                break;
            case 16:
                Row<UInt128>(from, to, axis);
                break;
            default:
                throw new UnreachableException($"elements of {elementSize} bytes");
        }
    }

    private static void Row<T>(byte* from, byte* to, Axis axis) where T : unmanaged
    {
        var source = (T*)from;
        var target = (T*)to;
        for (long i = 0; i < axis.Size; i++)
        {
            target[i * axis.To] = source[i * axis.From];
        }
    }

    private struct Axis
    {
        public long Size;
        public long From;
        public long To;
        public long Index;
    }
}
