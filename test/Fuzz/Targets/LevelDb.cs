using Symbolic.Caffe;
using Symbolic.Caffe.LevelDb;
using Symbolic.Fuzz.Mutations;

namespace Symbolic.Fuzz.Targets;

/// <summary>A LevelDB of images, walked to its end.</summary>
internal sealed class LevelDbTarget : CaffeTarget
{
    public override string Name => "leveldb";

    public override string Extension => ".leveldb";

    /// <summary>One that is nothing but a log, and one whose items are in a table, with a plain and a Snappy block.</summary>
    public override IEnumerable<byte[]> Own()
    {
        byte[] datum = [0x08, 1, 0x10, 1, 0x18, 2, 0x22, 2, 7, 8, 0x28, 3];
        byte[] log = LevelDbFiles.Record([1, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0, 1, 1, (byte)'a', (byte)datum.Length, .. datum, 1, 1, (byte)'b', (byte)datum.Length, .. datum]);
        yield return LevelDbFiles.Join(Current, ("MANIFEST-000002", LevelDbFiles.Record([1, 26, .. "leveldb.BytewiseComparator"u8, 2, 3, 9, 0, 3, 4, 4, 2])), ("000003.log", log));

        byte[] plain = Entries([(Key('a'), datum), (Key('b'), datum)]), more = Entries([(Key('c'), datum)]);
        byte[] packed = [(byte)more.Length, (byte)((more.Length - 1) << 2), .. more];
        byte[] first = LevelDbFiles.Block(plain, 0), second = LevelDbFiles.Block(packed, 1);
        byte[] index = LevelDbFiles.Block(Entries([(Key('b'), [0, (byte)plain.Length]), (Key('c'), [(byte)first.Length, (byte)packed.Length])]), 0);
        byte[] footer = [0, 0, .. Number((ulong)(first.Length + second.Length)), .. Number((ulong)(index.Length - 5))];
        byte[] table = [.. first, .. second, .. index, .. footer, .. new byte[40 - footer.Length], 0x57, 0xFB, 0x80, 0x8B, 0x24, 0x75, 0x47, 0xDB];
        byte[] edit = [1, 26, .. "leveldb.BytewiseComparator"u8, 2, 9, 9, 0, 3, 10, 4, 3, 7, 0, 5, .. Number((ulong)table.Length), 9, .. Key('a'), 9, .. Key('c')];
        yield return LevelDbFiles.Join(Current, ("MANIFEST-000002", LevelDbFiles.Record(edit)), ("000005.ldb", table));
    }

    public override bool Takes(string file) => false;

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => LevelDbFiles.Damage(valid, other, random);

    public override void Read(string file)
    {
        DirectoryInfo folder = Directory.CreateDirectory($"{file}.d");
        List<(string Name, byte[] Content)> files = LevelDbFiles.Split(File.ReadAllBytes(file));
        foreach (FileInfo old in folder.GetFiles().Where(old => !files.Exists(f => f.Name == old.Name)))
        {
            old.Delete();
        }
        foreach ((string name, byte[] content) in files)
        {
            File.WriteAllBytes(Path.Combine(folder.FullName, name), content);
        }
        using LevelDbSource source = LevelDbSource.Open(folder.FullName);
        for (long item = source.Count; item > 0; item--)
        {
            source.Next();
        }
    }

    // A table or MANIFEST that CURRENT or the MANIFEST names and that is not there.
    public override bool IsClear(Exception error, string file) => base.IsClear(error, file) || (error is IOException and not EndOfStreamException && error.Message.Contains(file, StringComparison.Ordinal));

    private static (string, byte[]) Current => ("CURRENT", "MANIFEST-000002\n"u8.ToArray());

    // An internal key: the user's, then sequence 1 and kind "value".
    private static byte[] Key(char key) => [(byte)key, 1, 1, 0, 0, 0, 0, 0, 0];

    // Entries without shared prefixes, and one restart.
    private static byte[] Entries((byte[] Key, byte[] Value)[] entries) =>
        [.. entries.SelectMany(e => (byte[])[0, (byte)e.Key.Length, (byte)e.Value.Length, .. e.Key, .. e.Value]), 0, 0, 0, 0, 1, 0, 0, 0];

    private static byte[] Number(ulong value) => value < 128 ? [(byte)value] : [(byte)(value | 128), .. Number(value >> 7)];
}
