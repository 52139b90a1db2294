using System.Buffers.Binary;
using System.Text;
using Symbolic.Caffe;
using Symbolic.Caffe.LevelDb;
using Symbolic.Caffe.Schema;
using Symbolic.Test.Solvers;

namespace Symbolic.Test;

/// <summary>Databases that we write: what was put in comes out, and their pages are laid out as LMDB's own.</summary>
public class DatumWriterTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(300)]
    [InlineData(5000)]
    public void ItemsComeBackFromLmdb(int count)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path("db");
        // Keys of 300 bytes put 13 children in a branch; values are empty, small, half a page and of several pages in turn.
        using (var writer = new LmdbWriter(path))
        {
            Fill(writer, count);
        }
        using LmdbFile file = LmdbFile.Open(path, ModelFiles.Anywhere);
        Assert.Equal(count, file.Entries);
        var cursor = new LmdbCursor(file);
        for (int item = 0; item < count; item++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(Key(item), cursor.Key.ToArray());
            Assert.Equal(Value(item), cursor.Value.ToArray());
        }
        Assert.False(cursor.MoveNext());
        byte[] data = File.ReadAllBytes(Path.Combine(path, "data.mdb"));
        Assert.Equal(0, data.Length % 4096);
        CheckPages(data, file);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5000)]
    public void ItemsComeBackFromLevelDb(int count)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path("db");
        using (var writer = new LevelDbWriter(path))
        {
            Fill(writer, count);
        }
        using LevelDbCursor cursor = LevelDbFolder.Open(path, ModelFiles.Anywhere).Walk();
        for (int item = 0; item < count; item++)
        {
            Assert.True(cursor.MoveNext());
            Assert.Equal(Key(item), cursor.Key.ToArray());
            Assert.Equal(Value(item), cursor.Value.ToArray());
        }
        Assert.False(cursor.MoveNext());
    }

    [DataFact]
    public void TheLmdbOfDigitsIsLaidOutAsCaffes()
    {
        using var folder = new TemporaryFolder();
        using LmdbSource digits = LmdbSource.Open(ReferenceData.File("caffe", "mnist", "mnist_test_lmdb"));
        using (var writer = new LmdbWriter(folder.Path("db")))
        {
            for (int item = 0; item < 2000; item++)
            {
                writer.Add($"{item:D8}", digits.Next());
            }
            writer.Complete();
        }
        byte[] caffes = File.ReadAllBytes(ReferenceData.File("caffe", "mnist", "mnist_test_lmdb", "data.mdb")), ours = File.ReadAllBytes(Path.Combine(folder.Path("db"), "data.mdb"));
        // In the valid meta page: page size, map, flags of both trees, and the shape of that of the items. LMDB leaves a fifth of each
        // leaf empty when it splits one; leaves that are filled in order are full.
        (ReadOnlyMemory<byte> theirs, ReadOnlyMemory<byte> mine) = (caffes.AsMemory(16, 136), ours.AsMemory(4096 + 16, 136));
        Assert.Equal(theirs.Span[..8], mine.Span[..8]);
        Assert.Equal(theirs.Span[24..30], mine.Span[24..30]);
        Assert.Equal(theirs.Span[72..80], mine.Span[72..80]);
        Assert.Equal((500, 400), (Number(theirs, 88), Number(mine, 88)));
        Assert.Equal(Number(theirs, 104), Number(mine, 104));
        Assert.Equal(ours.Length / 4096, Number(mine, 120) + 1);
        static long Number(ReadOnlyMemory<byte> meta, int at) => BinaryPrimitives.ReadInt64LittleEndian(meta.Span[at..]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void KeysMustAscendAndNothingIsLeftOfAnUnfinishedDatabase(bool isLevelDb)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Path("db");
        using (IDatumWriter writer = DatumWriter.Create(path, isLevelDb ? DataParameter.Types.DB.Leveldb : DataParameter.Types.DB.Lmdb))
        {
            writer.Add("b"u8, "1"u8);
            Assert.Contains("the key 'a' is not after 'b'", Assert.Throws<ArgumentException>(() => writer.Add("a"u8, "2"u8)).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentException>(() => writer.Add("b"u8, "2"u8));
            Assert.Throws<ArgumentException>(() => writer.Add([], "2"u8));
            Assert.Throws<IOException>(() => DatumWriter.Create(path, isLevelDb ? DataParameter.Types.DB.Leveldb : DataParameter.Types.DB.Lmdb));
        }
        Assert.False(Directory.Exists(path));
    }

    private static void Fill(IDatumWriter writer, int count)
    {
        for (int item = 0; item < count; item++)
        {
            writer.Add(Key(item), Value(item));
        }
        writer.Complete();
    }

    private static byte[] Key(int item) => Encoding.ASCII.GetBytes($"{item:D8}".PadRight(300, '.'));

    private static byte[] Value(int item)
    {
        byte[] value = new byte[new[] { 0, 3, 1700, 1800, 9000 }[item % 5]];
        new Random(item).NextBytes(value);
        return value;
    }

    // What mdb.c takes for granted: branches have two children or more and an empty first key, every page calls itself by its number.
    private static void CheckPages(byte[] data, LmdbFile file)
    {
        for (int page = 2; page < data.Length / 4096; page++)
        {
            ReadOnlySpan<byte> bytes = data.AsSpan(page * 4096, 4096);
            Assert.Equal(page, BinaryPrimitives.ReadInt64LittleEndian(bytes));
            int flags = BinaryPrimitives.ReadUInt16LittleEndian(bytes[10..]), lower = BinaryPrimitives.ReadUInt16LittleEndian(bytes[12..]), upper = BinaryPrimitives.ReadUInt16LittleEndian(bytes[14..]);
            if (flags == LmdbFile.OverflowFlag)
            {
                page += BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]) - 1;
                continue;
            }
            Assert.True(lower <= upper && lower > 16);
            if (flags == LmdbFile.BranchFlag)
            {
                Assert.True(lower >= 20);
                Assert.Equal(0, BinaryPrimitives.ReadUInt16LittleEndian(bytes[(BinaryPrimitives.ReadUInt16LittleEndian(bytes[16..]) + 6)..]));
            }
            else
            {
                Assert.Equal(LmdbFile.LeafFlag, flags);
            }
        }
        Assert.True(file.PageCount == data.Length / 4096);
    }
}
