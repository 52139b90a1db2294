using System.IO.Compression;

namespace Symbolic.Caffe.Hdf5;

/// <summary>What was done to each chunk before it was written, to be undone (specification IV.A.2.l): deflate, shuffle, a checksum.</summary>
internal sealed class Hdf5Filters(Hdf5Source source, Seq<int> filters)
{
    private const int Deflate = 1, Shuffle = 2, Fletcher = 3, ChecksumSize = 4;

    public static Hdf5Filters Of(Hdf5Header header, Hdf5Source source)
    {
        var filters = new List<int>();
        if (header.First(Hdf5Message.Filters) is { } message)
        {
            var cursor = new Hdf5Cursor(message, source, "filters");
            int version = cursor.U8(), count = cursor.U8();
            cursor.Take(version == 1 ? 6 : 0);
            for (int i = 0; i < count; i++)
            {
                int id = cursor.U16();
                int name = version == 1 || id >= 256 ? cursor.U16() : 0;
                cursor.U16();
                int values = cursor.U16();
                cursor.Take(version == 1 ? (name + 7) / 8 * 8 : name);
                cursor.Take(values * 4);
                cursor.Take(version == 1 && values % 2 == 1 ? 4 : 0);
                filters.Add(id);
            }
        }
        return new Hdf5Filters(source, filters.ToSeq());
    }

    /// <summary>The bytes of a chunk as they were.</summary>
    /// <param name="bytes">As they are in the file.</param>
    /// <param name="size">How many they were.</param>
    /// <param name="elementSize">The size of an element, for shuffle.</param>
    /// <param name="skipped">A bit for each filter that this chunk did without.</param>
    /// <param name="path">The array, for errors.</param>
    public byte[] Undo(byte[] bytes, int size, int elementSize, uint skipped, string path)
    {
        for (int i = filters.Count - 1; i >= 0; i--)
        {
            if (i < 32 && (skipped & (1u << i)) != 0)
            {
                continue;
            }
            bytes = filters[i] switch
            {
                Deflate => Inflated(bytes, size + ChecksumSize, path),
                Shuffle => Sorted(bytes, elementSize),
                Fletcher => bytes.Length >= ChecksumSize ? bytes[..^ChecksumSize] : throw source.Bad($"'{path}': a chunk of {bytes.Length} bytes"),
                var id => throw source.Unread($"'{path}' is compressed by filter {id}; deflate, shuffle and fletcher32 are read"),
            };
        }
        return bytes;
    }

    private byte[] Inflated(byte[] bytes, int most, string path)
    {
        try
        {
            using var stream = new ZLibStream(new MemoryStream(bytes), CompressionMode.Decompress);
            using var whole = new MemoryStream();
            byte[] part = new byte[1 << 14];
            for (int read; (read = stream.Read(part)) > 0;)
            {
                source.Spend(read, $"'{path}'");
                whole.Write(part, 0, read);
                if (whole.Length > most)
                {
                    throw source.Bad($"'{path}': a chunk unpacks to more than its {most} bytes");
                }
            }
            return whole.ToArray();
        }
        catch (InvalidDataException error) when (!error.Message.StartsWith(source.Name, StringComparison.Ordinal))
        {
            throw source.Bad($"'{path}': the compression of a chunk: {error.Message}");
        }
    }

    // All first bytes of the elements, then all second ones, and so on; what does not fill an element is at the end.
    private static byte[] Sorted(byte[] bytes, int elementSize)
    {
        int count = bytes.Length / elementSize;
        byte[] sorted = [.. bytes];
        for (int i = 0; i < count; i++)
        {
            for (int b = 0; b < elementSize; b++)
            {
                sorted[(i * elementSize) + b] = bytes[(b * count) + i];
            }
        }
        return sorted;
    }
}
