using System.Buffers.Binary;
using System.Text;
using Symbolic.Caffe;
using Symbolic.Caffe.LevelDb;
using Symbolic.Caffe.Schema;
using Symbolic.Test.Solvers;

namespace Symbolic.Test;

/// <summary>LevelDB: Caffe's own, and small ones put together here.</summary>
public class LevelDbTests
{
    private static string Mnist => ReferenceData.File("caffe", "mnist", "mnist_test_leveldb");

    [DataFact]
    public void ItemsAreThoseOfTheLmdb()
    {
        using LevelDbSource ours = LevelDbSource.Open(Mnist);
        using LmdbSource lmdb = LmdbSource.Open(ReferenceData.File("caffe", "mnist", "mnist_test_lmdb"));
        for (int item = 0; item < 2005; item++)
        {
            Assert.Equal(item % 2000, ours.Position);
            Assert.Equal(lmdb.Next(), ours.Next());
        }
        Assert.Equal(2000, ours.Count);
        foreach (long items in new[] { 0L, 1999, 2000, 7, 123456789012 })
        {
            ours.Seek(items);
            lmdb.Seek(items);
            Assert.Equal((lmdb.Position, lmdb.Next()), (ours.Position, ours.Next()));
        }
    }

    [Fact]
    public void LogsAreReadLatestWriteFirst()
    {
        using var folder = new TemporaryFolder();
        Write(folder, [.. Batch(1, ("b", "old"), ("a", "1")), .. Batch(3, ("b", "new"), ("c", null), ("d", "4"), ("d", null))]);
        Assert.Equal(["a=1", "b=new"], Items(folder));
        // A record that the end of the file cuts off was never written.
        byte[] log = File.ReadAllBytes(folder.Path("000003.log"));
        File.WriteAllBytes(folder.Path("000003.log"), log[..^3]);
        Assert.Equal(["a=1", "b=old"], Items(folder));
    }

    [Fact]
    public void LongRecordsGoOverBlocks()
    {
        using var folder = new TemporaryFolder();
        string large = string.Concat(Enumerable.Range(0, 20000).Select(i => $"{i:D5}"));
        Write(folder, Batch(1, ("a", "1"), ("large", large), ("z", "2")));
        Assert.Equal(["a=1", $"large={large}", "z=2"], Items(folder));
    }

    [DataFact]
    public void DamageIsRefused()
    {
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.EnumerateFiles(Mnist))
        {
            File.Copy(file, folder.Path(Path.GetFileName(file)));
        }
        byte[] table = File.ReadAllBytes(folder.Path("000005.ldb")), manifest = File.ReadAllBytes(folder.Path("MANIFEST-000007"));
        foreach ((string file, byte[] bytes, string message) in new (string, byte[], string)[]
        {
            ("000005.ldb", Changed(table, 1000), "the checksum of the block at byte 0 is wrong"),
            ("000005.ldb", Changed(table, table.Length - 1), "its last bytes are not those of one"),
            ("000005.ldb", Changed(table, table.Length - 44), "000005.ldb"),
            ("000005.ldb", table[..40], "40 bytes"),
            ("MANIFEST-000007", Changed(manifest, 12), "the checksum is wrong"),
            ("CURRENT", "../000005.ldb\n"u8.ToArray(), "is no pointer to the MANIFEST"),
            ("CURRENT", [], "is no pointer to the MANIFEST"),
        })
        {
            byte[] good = File.ReadAllBytes(folder.Path(file));
            File.WriteAllBytes(folder.Path(file), bytes);
            string said = Assert.Throws<InvalidDataException>(() =>
            {
                using LevelDbSource source = LevelDbSource.Open(folder.Path("."));
                return source.Count;
            }).Message;
            Assert.Contains(message, said, StringComparison.Ordinal);
            File.WriteAllBytes(folder.Path(file), good);
        }
        File.Delete(folder.Path("000005.ldb"));
        Assert.Throws<FileNotFoundException>(() => LevelDbSource.Open(folder.Path(".")));
    }

    private static byte[] Changed(byte[] bytes, int at)
    {
        byte[] changed = [.. bytes];
        changed[at] ^= 0x55;
        return changed;
    }

    private static string[] Items(TemporaryFolder folder)
    {
        using LevelDbCursor cursor = LevelDbFolder.Open(folder.Path("."), ModelFiles.Anywhere).Walk();
        var items = new List<string>();
        while (cursor.MoveNext())
        {
            items.Add($"{Encoding.UTF8.GetString(cursor.Key)}={Encoding.UTF8.GetString(cursor.Value)}");
        }
        return [.. items];
    }

    // A database that is nothing but a log, as LevelDB leaves it before anything was compacted.
    private static void Write(TemporaryFolder folder, params byte[][] batches)
    {
        byte[] edit = [1, 26, .. "leveldb.BytewiseComparator"u8, 2, 3, 9, 0, 3, 4, 4, 0];
        File.WriteAllText(folder.Path("CURRENT"), "MANIFEST-000002\n");
        File.WriteAllBytes(folder.Path("MANIFEST-000002"), Log([edit]));
        File.WriteAllBytes(folder.Path("000003.log"), Log(batches));
    }

    private static byte[][] Batch(ulong sequence, params (string Key, string? Value)[] items)
    {
        var batch = new MemoryStream();
        byte[] header = new byte[12];
        BinaryPrimitives.WriteUInt64LittleEndian(header, sequence);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), items.Length);
        batch.Write(header);
        foreach ((string key, string? value) in items)
        {
            batch.WriteByte((byte)(value is null ? 0 : 1));
            foreach (string text in value is null ? [key] : new[] { key, value })
            {
                for (int length = text.Length; ; length >>= 7)
                {
                    batch.WriteByte((byte)(length < 128 ? length : (length & 127) | 128));
                    if (length < 128)
                    {
                        break;
                    }
                }
                batch.Write(Encoding.UTF8.GetBytes(text));
            }
        }
        return [batch.ToArray()];
    }

    private static byte[] Log(byte[][] records)
    {
        var log = new MemoryStream();
        foreach (byte[] record in records)
        {
            for (int at = 0, piece = 0; ; piece++)
            {
                int room = 32768 - (int)(log.Length % 32768);
                if (room < 7)
                {
                    log.Write(new byte[room]);
                    room = 32768;
                }
                int size = Math.Min(room - 7, record.Length - at);
                bool isLast = at + size == record.Length;
                byte kind = (byte)((piece == 0, isLast) switch { (true, true) => 1, (true, false) => 2, (false, false) => 3, (false, true) => 4 });
                byte[] header = new byte[7];
                BinaryPrimitives.WriteUInt32LittleEndian(header, Checksum.Masked([kind], record.AsSpan(at, size)));
                BinaryPrimitives.WriteUInt16LittleEndian(header.AsSpan(4), (ushort)size);
                header[6] = kind;
                log.Write(header);
                log.Write(record, at, size);
                at += size;
                if (isLast)
                {
                    break;
                }
            }
        }
        return log.ToArray();
    }
}
