namespace Symbolic.Caffe.Hdf5;

/// <summary>An array in pieces of equal size, found by a version 1 B-tree (specification III.A.1), or a single one.</summary>
internal sealed class Hdf5Chunks(Hdf5Source source, string path, Seq<int> shape, int elementSize, Hdf5Filters filters)
{
    private const int SingleChunk = 1, FilteredSingle = 2;

    private int[] chunk = [];
    private int chunkBytes;

    /// <summary>Reads the chunks that a layout message leads to into an array that has the fill value everywhere.</summary>
    public void Read(Hdf5Cursor layout, int version, byte[] elements)
    {
        int flags = version == 4 ? layout.U8() : 0;
        int axes = layout.U8() - 1;
        int width = version == 4 ? layout.U8() : 4;
        ulong tree = version == 4 ? 0 : layout.U64();
        if (axes != shape.Count || axes == 0 || width is not (1 or 2 or 4 or 8))
        {
            throw source.Bad($"'{path}' has {shape.Count} axes, its chunks {axes}");
        }
        ulong[] sizes = new ulong[axes];
        for (int axis = 0; axis < axes; axis++)
        {
            sizes[axis] = layout.Number(width);
        }
        ulong elementBytes = layout.Number(width);
        UInt128 bytes = sizes.Aggregate((UInt128)elementBytes, (product, size) => UInt128.Min(product, ulong.MaxValue) * size);
        UInt128 most = UInt128.Max((UInt128)elements.Length, 1 << 20) * 16;
        if (elementBytes != (ulong)elementSize || bytes == 0 || bytes > most || bytes > int.MaxValue)
        {
            throw source.Bad($"'{path}' of shape ({string.Join(", ", shape)}) has chunks of ({string.Join(", ", sizes)})");
        }
        (chunk, chunkBytes) = ([.. sizes.Select(size => (int)size)], (int)bytes);
        if (version == 3)
        {
            if (tree != Hdf5Source.Nowhere && elements.Length > 0)
            {
                Walk(tree, level: null, elements, [], []);
            }
            return;
        }
        int index = layout.U8();
        if (index != SingleChunk)
        {
            throw source.Unread($"'{path}' keeps its chunks in an index of the newest format (kind {index}); write the file with libver='earliest'");
        }
        bool isFiltered = (flags & FilteredSingle) != 0;
        ulong length = isFiltered ? layout.U64() : (ulong)chunkBytes;
        uint skipped = isFiltered ? layout.U32() : 0;
        ulong address = layout.U64();
        if (address != Hdf5Source.Nowhere && elements.Length > 0)
        {
            Put(address, length, skipped, new ulong[axes], elements);
        }
    }

    private void Walk(ulong address, int? level, byte[] elements, HashSet<ulong> seen, HashSet<string> places)
    {
        Hdf5Tree.Open(address, kind: 1, level, seen, source, out int ownLevel, out int count);
        int keySize = 8 + (8 * (shape.Count + 1));
        var cursor = new Hdf5Cursor(source.Read(address + Hdf5Tree.HeadSize, (ulong)(count * (keySize + 8)), "a node of chunks"), source, "a node of chunks");
        for (int i = 0; i < count; i++)
        {
            (uint length, uint skipped) = (cursor.U32(), cursor.U32());
            ulong[] place = new ulong[shape.Count];
            for (int axis = 0; axis < place.Length; axis++)
            {
                place[axis] = cursor.U64();
            }
            cursor.U64();
            ulong child = cursor.U64();
            if (ownLevel > 0)
            {
                Walk(child, ownLevel - 1, elements, seen, places);
                continue;
            }
            if (!places.Add(string.Join(',', place)) || Enumerable.Range(0, place.Length).Any(axis => place[axis] % (ulong)chunk[axis] != 0 || place[axis] >= (ulong)shape[axis]))
            {
                throw source.Bad($"'{path}' has a chunk at ({string.Join(", ", place)}) that is outside, between others, or there twice");
            }
            Put(child, length, skipped, place, elements);
        }
    }

    private void Put(ulong address, ulong length, uint skipped, ulong[] place, byte[] elements)
    {
        byte[] bytes = filters.Undo(source.Read(address, length, $"a chunk of '{path}'"), chunkBytes, elementSize, skipped, path);
        if (bytes.Length != chunkBytes)
        {
            throw source.Bad($"'{path}': a chunk of {bytes.Length} bytes instead of {chunkBytes}");
        }
        // Row by row of the last axis; what lies beyond the array's end is padding.
        int last = shape.Count - 1;
        int row = Math.Min(chunk[last], shape[last] - (int)place[last]) * elementSize;
        int[] at = new int[shape.Count];
        for (int from = 0; from < bytes.Length; from += chunk[last] * elementSize)
        {
            long to = 0;
            bool isInside = true;
            for (int axis = 0; axis <= last; axis++)
            {
                long index = (long)place[axis] + at[axis];
                isInside &= index < shape[axis];
                to = (to * shape[axis]) + index;
            }
            if (isInside)
            {
                bytes.AsSpan(from, row).CopyTo(elements.AsSpan((int)to * elementSize));
            }
            for (int axis = last - 1; axis >= 0 && ++at[axis] == chunk[axis]; axis--)
            {
                at[axis] = 0;
            }
        }
    }
}
