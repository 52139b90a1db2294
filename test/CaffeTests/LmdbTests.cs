using System.Buffers.Binary;
using System.Diagnostics;
using System.IO.Compression;
using System.Text;
using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>LMDB files: those of Caffe's tools, one with every kind of page, and damaged ones.</summary>
public class LmdbTests
{
    // Written by LMDB 0.9.24: 60 items put in random order; keys of 500 characters make the tree three pages deep; the values
    // are of 3, 5000 (on overflow pages), 0 and 700 bytes in turn.
    private static readonly byte[] Mixed = Unzip("mixed.mdb.gz");

    [Fact]
    public void EveryKindOfPageIsRead()
    {
        using var folder = new Folder();
        using LmdbFile file = LmdbFile.Open(folder.Database(Mixed), ModelFiles.Anywhere);
        Assert.Equal((60, 3), (file.Entries, file.Depth));
        var cursor = new LmdbCursor(file);
        for (int item = 0; item < 60; item++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal($"{item:D8}".PadRight(500, '.'), Encoding.ASCII.GetString(cursor.Key));
            int[] lengths = [3, 5000, 0, 700];
            byte[] value = new byte[lengths[item % 4]];
            for (int i = 0; i < value.Length; i++)
            {
                value[i] = (byte)((item * 7) + (i * 13));
            }
            Assert.Equal(value, cursor.Value.ToArray());
        }
        Assert.False(cursor.MoveNext());
    }

    [DataFact]
    public void CaffesDatabasesAreReadInOrder()
    {
        foreach ((string[] path, int count) in new (string[], int)[]
        {
            (["mnist", "mnist_train_lmdb"], 8000), (["mnist", "mnist_test_lmdb"], 2000), (["golden", "data_layers", "img_raw_lmdb"], 3),
            (["golden", "data_layers", "img_encoded_lmdb"], 3), (["golden", "data_layers", "img_resized_gray_lmdb"], 5), (["golden", "tools", "feat_ip2_lmdb"], 100),
        })
        {
            using LmdbFile file = LmdbFile.Open(ReferenceData.File(["caffe", .. path]), ModelFiles.Anywhere);
            Assert.Equal(count, file.Entries);
            var cursor = new LmdbCursor(file);
            byte[] last = [];
            for (int item = 0; item < count; item++)
            {
                Assert.True(cursor.MoveNext());
                Assert.True(last.AsSpan().SequenceCompareTo(cursor.Key) < 0);
                Assert.StartsWith(path[^1] == "feat_ip2_lmdb" ? $"{item:D10}" : $"{item:D8}", Encoding.ASCII.GetString(cursor.Key), StringComparison.Ordinal);
                Assert.True(Datum.Parser.ParseFrom(cursor.Value.ToArray()).CalculateSize() > 0);
                last = cursor.Key.ToArray();
            }
            Assert.False(cursor.MoveNext());
        }
    }

    [DataFact]
    public void ItemsComeAroundAndCanBeSought()
    {
        using LmdbSource test = LmdbSource.Open(ReferenceData.File("caffe", "mnist", "mnist_test_lmdb"));
        using MnistSource all = MnistSource.Open(ReferenceData.File("caffe", "mnist"), "t10k");
        Assert.Equal((2000, 10000), (test.Count, all.Count));
        foreach (long position in new[] { 0L, 1999, 0, 1000, 137, 1998 })
        {
            test.Seek(position);
            for (int i = 0; i < 4; i++)
            {
                long item = (position + i) % 2000;
                Assert.Equal(item, test.Position);
                all.Seek(8000 + item);
                Datum expected = all.Next(), datum = test.Next();
                Assert.Equal((expected.Data, expected.Label, 1, 28, 28), (datum.Data, datum.Label, datum.Channels, datum.Height, datum.Width));
            }
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => test.Seek(-1));
    }

    public static TheoryData<string, int, byte[], string> Damages => new()
    {
        { "magic", 16, [0], "is no LMDB file of this byte order: its magic number is 0xbeefc000" },
        { "version", 20, [2], "has LMDB data version 2; version 1 (LMDB 0.9) is read" },
        { "page size", 40, [0x01, 0x10], "damaged at page 0: a page size of 4097" },
        { "page size 0", 40, [0, 0], "damaged at page 0: a page size of 0" },
        { "huge page size", 40, [0, 0, 0, 0x80], "damaged at page 0: a page size of 2147483647" },
        { "meta page number", 0, [5], "damaged at page 0: it calls itself page 5" },
        { "meta page kind", 10, [2], "damaged at page 0: its kind is 0x02, expected 0x08" },
        { "second meta page", 4096 + 10, [4], "damaged at page 1: its kind is 0x04, expected 0x08" },
        { "flags", 4096 + 16 + 72 + 4, [4], "damaged at page 1: the items are sorted or doubled in a way that Caffe does not use (flags 0x0004)" },
        { "depth", 4096 + 16 + 72 + 6, [200], "damaged at page 1: 60 items in a tree of depth 200 from page" },
        { "depth too small", 4096 + 16 + 72 + 6, [2], "its kind is 0x01, expected 0x02" },
        { "depth too large", 4096 + 16 + 72 + 6, [4], "its kind is 0x02, expected 0x01" },
        { "no root", 4096 + 16 + 72 + 40, [255, 255, 255, 255, 255, 255, 255, 255], "damaged at page 1: 60 items in a tree of depth 3 from page 18446744073709551615" },
        { "root outside", 4096 + 16 + 72 + 40, [0, 0, 0, 1], "damaged at page 16777" },
        { "root is the meta page", 4096 + 16 + 72 + 40, [1, 0], "damaged at page 1: its kind is 0x08, expected 0x01" },
        { "fewer items than it says", 4096 + 16 + 72 + 32, [61], "the tree holds 60 items, but the file says 61" },
        { "more items than it says", 4096 + 16 + 72 + 32, [59], "more items than the 59 that the file says" },
        { "last page", 4096 + 16 + 120, [0, 0, 0, 1], "is it cut off?" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void DamageIsNamedWithFileAndPage(string what, int at, byte[] bytes, string message)
    {
        byte[] damaged = [.. Mixed];
        bytes.CopyTo(damaged, at);
        using var folder = new Folder();
        string path = folder.Database(damaged);
        string said = Assert.Throws<InvalidDataException>(() => Walk(path)).Message;
        Assert.True(said.StartsWith(Path.Combine(path, "data.mdb") + ": ", StringComparison.Ordinal) && said.Contains(message, StringComparison.Ordinal), $"{what}: {said}");
    }

    [Fact]
    public void NodesOutsideTheirPageAreRefused()
    {
        (int leaf, int branch, int overflow) = (PageOfKind(LmdbFile.LeafFlag), PageOfKind(LmdbFile.BranchFlag), PageOfKind(LmdbFile.OverflowFlag));
        using var folder = new Folder();
        int Node(int page) => (4096 * page) + BinaryPrimitives.ReadUInt16LittleEndian(Mixed.AsSpan((4096 * page) + 16));
        foreach ((int at, byte[] bytes, string message) in new (int, byte[], string)[]
        {
            ((4096 * leaf) + 12, [17, 0], $"page {leaf}: its list of nodes ends at byte 17"),
            ((4096 * leaf) + 12, [8, 0], $"page {leaf}: its list of nodes ends at byte 8"),
            ((4096 * leaf) + 12, [0, 0x20], $"page {leaf}: its list of nodes ends at byte 8192"),
            ((4096 * leaf) + 12, [16, 0], $"page {leaf}: it is empty"),
            ((4096 * leaf) + 16, [0xFC, 0x0F], $"page {leaf}: node 0 begins at byte 4092"),
            ((4096 * leaf) + 16, [3, 0], $"page {leaf}: node 0 begins at byte 3"),
            (Node(leaf), [0, 0, 0, 0x7F], $"page {leaf}: node 0 with a key of 500 and a value of 21307064"),
            (Node(leaf) + 4, [2, 0], $"page {leaf}: node 0 is a database within the database (flags 0x0002)"),
            (Node(leaf) + 6, [0xFF, 0xFF], $"page {leaf}: node 0 with a key of 65535"),
            (Node(branch), [0xFF, 0xFF, 0xFF, 0xFF], "4294967295: 1 pages from here do not lie in the file's"),
            (Node(branch), [(byte)branch, 0, 0, 0], $"page {branch}: its kind is 0x01, expected 0x02"),
            ((4096 * overflow) + 12, [1, 0, 0, 0], $"page {overflow}: a value of 5000 bytes in 1 overflow pages"),
            ((4096 * overflow) + 12, [0, 0, 0, 0], $"page {overflow}: a value of 5000 bytes in 0 overflow pages"),
            ((4096 * overflow) + 12, [0xFF, 0xFF, 0xFF, 0xFF], $"page {overflow}: 4294967295 pages from here do not lie in the file's"),
        })
        {
            byte[] damaged = [.. Mixed];
            bytes.CopyTo(damaged, at);
            string said = Assert.Throws<InvalidDataException>(() => Walk(folder.Database(damaged))).Message;
            Assert.True(said.Contains(message, StringComparison.Ordinal), $"{message}: {said}");
        }
    }

    [Fact]
    public void PagesWithTwoParentsEnd()
    {
        // All branches of a page lead to its first child: without a bound, a deep tree of such pages is walked for ever.
        byte[] damaged = [.. Mixed];
        int root = (int)BinaryPrimitives.ReadUInt64LittleEndian(Mixed.AsSpan(4096 + 16 + 72 + 40));
        damaged.AsSpan(4096 + 16 + 72 + 32, 8).Fill(0x7F);
        for (int page = 2; page < damaged.Length / 4096; page++)
        {
            Span<byte> bytes = damaged.AsSpan(4096 * page, 4096);
            if (bytes[10] == LmdbFile.BranchFlag && BinaryPrimitives.ReadUInt64LittleEndian(bytes) == (ulong)page)
            {
                int nodes = (BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]) - 16) / 2;
                ushort first = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
                for (int node = 1; node < 100; node++)
                {
                    BinaryPrimitives.WriteUInt16LittleEndian(bytes[(16 + (2 * node))..], first);
                }
                BinaryPrimitives.WriteUInt16LittleEndian(bytes[12..], 16 + 200);
                Assert.True(nodes > 0);
            }
        }
        using var folder = new Folder();
        Assert.Contains("the pages form no tree", Assert.Throws<InvalidDataException>(() => Walk(folder.Database(damaged))).Message, StringComparison.Ordinal);
        Assert.True(root > 1);
    }

    [Fact]
    public void CutOffAndFlippedFilesEndInAnErrorOrInItems()
    {
        using var folder = new Folder();
        Stopwatch clock = Stopwatch.StartNew();
        var random = new Random(11);
        int refused = 0;
        for (int i = 0; i < 400; i++)
        {
            byte[] damaged = i % 10 == 0 ? Mixed[..random.Next(Mixed.Length)] : [.. Mixed];
            for (int flips = random.Next(1, 5); flips > 0 && damaged.Length > 0 && i % 10 != 0; flips--)
            {
                // Most bytes are values; the headers are at the beginning of pages.
                int at = (4096 * random.Next(damaged.Length / 4096)) + random.Next(random.Next(2) == 0 ? 160 : 4096);
                damaged[at] ^= (byte)(1 << random.Next(8));
            }
            try
            {
                Walk(folder.Database(damaged));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }
        Assert.InRange(refused, 50, 399);
        Assert.True(clock.Elapsed.TotalSeconds < 60, $"{clock.Elapsed}");
    }

    [Fact]
    public void OtherFilesAreNoDatabase()
    {
        using var folder = new Folder();
        Assert.Throws<InvalidDataException>(() => Walk(folder.Database([])));
        Assert.Throws<InvalidDataException>(() => Walk(folder.Database(new byte[100])));
        Assert.Throws<InvalidDataException>(() => Walk(folder.Database(new byte[10_000])));
        Assert.Throws<FileNotFoundException>(() => LmdbSource.Open(Path.Combine(folder.Path, "absent")));
        string path = folder.Database(Mixed);
        LmdbFile file = LmdbFile.Open(path, ModelFiles.Anywhere);
        var cursor = new LmdbCursor(file);
        Assert.True(cursor.MoveNext());
        file.Dispose();
        Assert.Throws<ObjectDisposedException>(() => cursor.Value.Length);
        Assert.Throws<ObjectDisposedException>(() => cursor.MoveNext());
    }

    [Fact]
    public void ItemsThatAreNoDatumAreNamed()
    {
        using var folder = new Folder();
        using LmdbSource source = LmdbSource.Open(folder.Database(Mixed));
        string said = Assert.Throws<InvalidDataException>(() => source.Next()).Message;
        Assert.Contains("item '00000000....", said, StringComparison.Ordinal);
    }

    private static void Walk(string path)
    {
        using LmdbFile file = LmdbFile.Open(path, ModelFiles.Anywhere);
        var cursor = new LmdbCursor(file);
        long bytes = 0;
        while (cursor.MoveNext())
        {
            bytes += cursor.Key.Length + cursor.Value.ToArray().Length;
        }
    }

    // The first such page that the tree still uses: one that the walk reaches.
    private static int PageOfKind(int flag)
    {
        int root = (int)BinaryPrimitives.ReadUInt64LittleEndian(Mixed.AsSpan(4096 + 16 + 72 + 40));
        int page = root;
        while (true)
        {
            ReadOnlySpan<byte> bytes = Mixed.AsSpan(4096 * page, 4096);
            int firstNode = BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]);
            int child = (int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[firstNode..]);
            if (flag == LmdbFile.OverflowFlag && bytes[10] == LmdbFile.LeafFlag)
            {
                int second = BinaryPrimitives.ReadUInt16LittleEndian(bytes[18..]);
                return (int)BinaryPrimitives.ReadUInt64LittleEndian(bytes[(second + 8 + 500)..]);
            }
            if (bytes[10] == flag && (flag == LmdbFile.LeafFlag || Mixed[(4096 * child) + 10] == LmdbFile.LeafFlag))
            {
                return page;
            }
            page = child;
        }
    }

    private static byte[] Unzip(string name)
    {
        using Stream resource = typeof(LmdbTests).Assembly.GetManifestResourceStream(name)!;
        using var zip = new GZipStream(resource, CompressionMode.Decompress);
        var bytes = new MemoryStream();
        zip.CopyTo(bytes);
        return bytes.ToArray();
    }

    private sealed class Folder : IDisposable
    {
        private int databases;

        public string Path { get; } = Directory.CreateTempSubdirectory().FullName;

        public string Database(byte[] bytes)
        {
            string path = System.IO.Path.Combine(Path, $"{databases++}");
            Directory.CreateDirectory(path);
            File.WriteAllBytes(System.IO.Path.Combine(path, "data.mdb"), bytes);
            return path;
        }

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
