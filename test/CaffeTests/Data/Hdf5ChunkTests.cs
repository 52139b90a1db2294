using System.Buffers.Binary;
using System.IO.Compression;
using PureHDF;
using Symbolic.Caffe;
using Symbolic.Caffe.Hdf5;
using Symbolic.Test.Solvers;

namespace Symbolic.Test;

/// <summary>Arrays in chunks, as h5py writes them when it compresses: files put together here byte by byte, which another reader (PureHDF) reads too.</summary>
public class Hdf5ChunkTests
{
    private const int Rows = 5, Columns = 7, ChunkRows = 2, ChunkColumns = 3;

    [Theory]
    [InlineData(false, false, false)]
    [InlineData(true, false, false)]
    [InlineData(true, true, false)]
    [InlineData(false, true, true)]
    public void ChunksBecomeTheArray(bool deflates, bool shuffles, bool isSparse)
    {
        using var folder = new TemporaryFolder();
        float[] values = [.. Enumerable.Range(0, Rows * Columns).Select(i => (i * 1.5f) - 9)];
        // Of a sparse array the second row of chunks was never written.
        float[] expected = [.. values.Select((value, i) => isSparse && i / Columns / ChunkRows == 1 ? 0 : value)];
        File.WriteAllBytes(folder.Path("c.h5"), Build(values, deflates, shuffles, isSparse));
        using (Hdf5Reader reader = Hdf5Reader.Open(folder.Path("c.h5"), ModelFiles.Anywhere))
        {
            Assert.Equal(["x"], reader.Arrays("/"));
            Hdf5Array array = reader.Read("x");
            Assert.Equal([Rows, Columns], array.Shape);
            Assert.Equal(expected, array.Values);
        }
        using var other = H5File.OpenRead(folder.Path("c.h5"));
        Assert.Equal(expected, other.Dataset("x").Read<float[]>());
    }

    [Fact]
    public void DamageIsRefused()
    {
        using var folder = new TemporaryFolder();
        byte[] good = Build(new float[Rows * Columns], true, true, false);
        var random = new Random(1);
        for (int trial = 0; trial < 1000; trial++)
        {
            byte[] bytes = [.. good];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }
            File.WriteAllBytes(folder.Path("c.h5"), bytes);
            Assert.True(Record.Exception(() =>
            {
                using Hdf5Reader reader = Hdf5Reader.Open(folder.Path("c.h5"), ModelFiles.Anywhere);
                foreach (string name in reader.Arrays("/"))
                {
                    reader.Read(name);
                }
            }) is null or InvalidDataException);
        }
    }

    private static byte[] Build(float[] values, bool deflates, bool shuffles, bool isSparse)
    {
        // Chunks first, from byte 1024 on; what describes them lies before.
        var chunks = new List<(int Row, int Column, byte[] Bytes)>();
        for (int row = 0; row < Rows; row += ChunkRows)
        {
            for (int column = 0; column < Columns && !(isSparse && row == ChunkRows); column += ChunkColumns)
            {
                chunks.Add((row, column, Packed(values, row, column, deflates, shuffles)));
            }
        }
        const int rootAt = 64, datasetAt = 160, treeAt = 400, dataAt = 1024;
        byte[] file = new byte[dataAt + chunks.Sum(chunk => chunk.Bytes.Length)];
        void Put(int at, params byte[] bytes) => bytes.CopyTo(file, at);
        void Long(int at, long value) => BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(at), value);

        // Superblock of version 0, whose root entry leads to a header with one link.
        Put(0, [0x89, .. "HDF"u8, 0x0D, 0x0A, 0x1A, 0x0A, 2, 8, 8, 0]);
        Long(12, 0);
        Long(20, -1);
        Long(28, file.Length);
        Long(36, rootAt);
        byte[] link = [1, 0, 1, (byte)'x', .. BitConverter.GetBytes((long)datasetAt)];
        byte[] root = Header([(0x02, [0, 0, .. BitConverter.GetBytes(-1L), .. BitConverter.GetBytes(-1L)]), (0x0A, [0, 0]), (0x06, link)]);
        Put(rootAt, root);
        byte[] space = [1, 2, 0, 0, 0, 0, 0, 0, .. BitConverter.GetBytes((long)Rows), .. BitConverter.GetBytes((long)Columns)];
        byte[] type = [0x11, 0x20, 31, 0, 4, 0, 0, 0, 0, 0, 32, 0, 23, 8, 0, 23, 127, 0, 0, 0];
        byte[] layout = [3, 2, 3, .. BitConverter.GetBytes((long)treeAt), .. BitConverter.GetBytes(ChunkRows), .. BitConverter.GetBytes(ChunkColumns), .. BitConverter.GetBytes(4)];
        var filters = new List<byte[]>();
        if (shuffles)
        {
            filters.Add([2, 0, 0, 0, 1, 0, 4, 0, 0, 0]);
        }
        if (deflates)
        {
            filters.Add([1, 0, 0, 0, 1, 0, 6, 0, 0, 0]);
        }
        List<(byte, byte[])> messages = [(0x01, space), (0x03, type), (0x05, [3, 0x0A]), (0x08, layout)];
        if (filters.Count > 0)
        {
            messages.Add((0x0B, [2, (byte)filters.Count, .. filters.SelectMany(filter => filter)]));
        }
        Put(datasetAt, Header([.. messages]));
        Put(treeAt, [.. "TREE"u8, 1, 0, (byte)chunks.Count, 0]);
        Long(treeAt + 8, -1);
        Long(treeAt + 16, -1);
        int key = treeAt + 24, data = dataAt;
        foreach ((int row, int column, byte[] bytes) in chunks)
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(key), bytes.Length);
            Long(key + 8, row);
            Long(key + 16, column);
            Long(key + 32, data);
            Put(data, bytes);
            key += 40;
            data += bytes.Length;
        }
        Long(key + 8, Rows + 1);
        return file;
    }

    // An object header of version 2, with the checksums that readers of damaged files do not need left zero.
    private static byte[] Header((byte Type, byte[] Body)[] messages)
    {
        byte[] body = [.. messages.SelectMany(message => (byte[])[message.Type, (byte)message.Body.Length, 0, 0, .. message.Body])];
        return [.. "OHDR"u8, 2, 0, (byte)body.Length, .. body, 0, 0, 0, 0];
    }

    private static byte[] Packed(float[] values, int row, int column, bool deflates, bool shuffles)
    {
        byte[] bytes = new byte[ChunkRows * ChunkColumns * 4];
        for (int i = 0; i < ChunkRows * ChunkColumns; i++)
        {
            (int y, int x) = (row + (i / ChunkColumns), column + (i % ChunkColumns));
            BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(4 * i), y < Rows && x < Columns ? values[(y * Columns) + x] : 99);
        }
        if (shuffles)
        {
            bytes = [.. Enumerable.Range(0, bytes.Length).Select(i => bytes[(i % (bytes.Length / 4) * 4) + (i / (bytes.Length / 4))])];
        }
        if (!deflates)
        {
            return bytes;
        }
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zlib.Write(bytes);
        }
        return packed.ToArray();
    }
}
