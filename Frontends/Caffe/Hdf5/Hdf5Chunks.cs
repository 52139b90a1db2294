using System.Buffers.Binary;
using System.IO.Compression;

namespace Symbolic.Caffe.Hdf5;

/// <summary>
/// Arrays that are stored in pieces of one size, listed in a tree and perhaps compressed (specification III.A.1 with nodes of type 1, IV.A.2.l):
/// deflate, byte shuffling, and a checksum behind, which is not looked at.
/// </summary>
internal sealed class Hdf5Chunks
{
    private const int MostLevels = 16, NodeEntries = 24, MostFilters = 8;
    private const int Deflate = 1, Shuffle = 2, Fletcher = 3;

    private readonly Hdf5File file;
    private readonly int[] sizes, chunk;
    private readonly int element;
    private readonly List<int> filters = [];
    private readonly byte[] values;
    private readonly HashSet<long> seen = [];

    private Hdf5Chunks(Hdf5File file, int[] sizes, int[] chunk, int element, Hdf5Cursor? pipeline)
    {
        (this.file, this.sizes, this.chunk, this.element) = (file, sizes, chunk, element);
        values = new byte[sizes.Aggregate((long)element, (bytes, size) => bytes * size)];
        if (pipeline is not null)
        {
            ReadFilters(pipeline);
        }
    }

    /// <summary>The bytes of an array whose total size, and that of a chunk, have been checked. What was never written is 0.</summary>
    public static byte[] Read(Hdf5File file, int[] sizes, int[] chunk, int element, ulong tree, Hdf5Cursor? pipeline)
    {
        var chunks = new Hdf5Chunks(file, sizes, chunk, element, pipeline);
        if (tree != Hdf5File.Undefined)
        {
            chunks.Node(tree, MostLevels);
        }
        return chunks.values;
    }

    private void ReadFilters(Hdf5Cursor pipeline)
    {
        (int version, int count) = (pipeline.Byte(), pipeline.Byte());
        if (version is not (1 or 2) || count > MostFilters)
        {
            throw file.Bad($"{count} filters of version {version}");
        }
        pipeline.Skip(version == 1 ? 6 : 0);
        for (int i = 0; i < count; i++)
        {
            int id = pipeline.Short(), nameLength = version == 1 || id >= 256 ? pipeline.Short() : 0;
            pipeline.Skip(2);
            int parameters = pipeline.Short();
            pipeline.Skip((version == 1 ? (nameLength + 7) & ~7 : nameLength) + (4 * parameters) + (version == 1 && parameters % 2 == 1 ? 4 : 0));
            if (id is not (Deflate or Shuffle or Fletcher))
            {
                throw file.Bad($"the filter {id}; deflate (1), shuffle (2) and Fletcher's checksum (3) are read");
            }
            filters.Add(id);
        }
    }

    private void Node(ulong address, int levels)
    {
        Hdf5Cursor head = file.Structure(address, NodeEntries, "a tree of chunks");
        head.Expect("TREE");
        (int type, int level, int entries) = (head.Byte(), head.Byte(), head.Short());
        if (type != 1 || level >= levels)
        {
            throw file.Bad($"a tree of chunks of type {type} at level {level}");
        }
        int key = 8 + (8 * (sizes.Length + 1));
        Hdf5Cursor node = file.Structure(address + NodeEntries, (ulong)((entries * (key + 8)) + key), "a tree of chunks");
        for (int i = 0; i < entries; i++)
        {
            (uint stored, uint mask) = (node.Int(), node.Int());
            ulong[] offset = [.. Enumerable.Range(0, sizes.Length).Select(_ => node.Long())];
            node.Skip(8);
            ulong child = node.Long();
            if (level > 0)
            {
                Node(child, level);
            }
            else
            {
                Copy(Decoded(child, stored, mask), offset);
            }
        }
    }

    private byte[] Decoded(ulong address, uint stored, uint mask)
    {
        byte[] bytes = file.Bytes(address, stored, "a chunk");
        long size = chunk.Aggregate((long)element, (product, length) => product * length);
        for (int filter = filters.Count - 1; filter >= 0; filter--)
        {
            if ((mask >> filter & 1) == 0)
            {
                bytes = filters[filter] switch
                {
                    Deflate => Inflated(bytes, size),
                    Shuffle => Unshuffled(bytes),
                    _ => bytes[..Math.Max(0, bytes.Length - 4)],
                };
            }
        }
        return bytes.Length == size ? bytes : throw file.Bad($"a chunk of {bytes.Length} bytes instead of {size}");
    }

    private byte[] Inflated(byte[] packed, long size)
    {
        try
        {
            using var zip = new ZLibStream(new MemoryStream(packed), CompressionMode.Decompress);
            byte[] bytes = new byte[size];
            int read = zip.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return read == size && zip.ReadByte() < 0 ? bytes : throw file.Bad($"a chunk that is not of {size} bytes once it is decompressed");
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(file.Name, StringComparison.Ordinal))
        {
            throw file.Bad($"the compression of a chunk: {error.Message}");
        }
    }

    // All first bytes of the elements, then all second ones, and so on.
    private byte[] Unshuffled(byte[] bytes)
    {
        byte[] plain = [.. bytes];
        int count = bytes.Length / element;
        for (int b = 0; b < element; b++)
        {
            for (int i = 0; i < count; i++)
            {
                plain[(i * element) + b] = bytes[(b * count) + i];
            }
        }
        return plain;
    }

    /// <summary>Puts a chunk in its place, row by row; what reaches beyond the array is cut off.</summary>
    private void Copy(byte[] bytes, ulong[] offset)
    {
        long number = 0;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            if (offset[axis] >= (ulong)sizes[axis] || offset[axis] % (ulong)chunk[axis] != 0)
            {
                throw file.Bad($"a chunk at ({string.Join(", ", offset)}) of an array of ({string.Join(", ", sizes)})");
            }
            number = (number * ((sizes[axis] + chunk[axis] - 1) / chunk[axis])) + ((long)offset[axis] / chunk[axis]);
        }
        if (!seen.Add(number))
        {
            throw file.Bad($"two chunks at ({string.Join(", ", offset)})");
        }
        int last = sizes.Length - 1;
        int run = element * Math.Min(chunk[last], sizes[last] - (int)offset[last]);
        int[] at = new int[sizes.Length];
        for (long from = 0; from < bytes.Length; from += (long)chunk[last] * element)
        {
            long to = 0;
            bool inside = true;
            for (int axis = 0; axis < sizes.Length; axis++)
            {
                long place = (long)offset[axis] + at[axis];
                inside &= place < sizes[axis];
                to = (to * sizes[axis]) + place;
            }
            if (inside)
            {
                bytes.AsSpan((int)from, run).CopyTo(values.AsSpan((int)(to * element), run));
            }
            for (int axis = last - 1; axis >= 0 && ++at[axis] == chunk[axis]; axis--)
            {
                at[axis] = 0;
            }
        }
    }
}
