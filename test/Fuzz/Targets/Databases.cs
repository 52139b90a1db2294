using System.IO.Compression;
using System.Text;
using Symbolic.Caffe;
using Symbolic.Fuzz.Mutations;

namespace Symbolic.Fuzz.Targets;

/// <summary>An LMDB, walked to its end.</summary>
internal sealed class LmdbTarget : CaffeTarget
{
    public override string Name => "lmdb";

    public override string Extension => ".mdb";

    public override IEnumerable<byte[]> Own()
    {
        using Stream packed = typeof(LmdbTarget).Assembly.GetManifestResourceStream("mixed.mdb.gz")!;
        using var unpacked = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionMode.Decompress))
        {
            zip.CopyTo(unpacked);
        }
        return [unpacked.ToArray()];
    }

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Pages.Damage(valid, other, random);

    public override void Read(string file)
    {
        using LmdbFile database = LmdbFile.Open(file, ModelFiles.Anywhere);
        var cursor = new LmdbCursor(database);
        while (cursor.MoveNext())
        {
            _ = cursor.Key.Length + cursor.Value.Length;
        }
    }
}

/// <summary>Images or labels in MNIST's format, compressed or not.</summary>
internal sealed class IdxTarget : CaffeTarget
{
    public override string Name => "idx";

    public override string Extension => "-ubyte";

    public override IEnumerable<byte[]> Own()
    {
        byte[] images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, .. Enumerable.Range(0, 12).Select(i => (byte)i)];
        using var packed = new MemoryStream();
        using (var zip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            zip.Write([0, 0, 8, 3, 0, 0, 4, 0, 0, 0, 0, 32, 0, 0, 0, 32, .. new byte[1 << 20]]);
        }
        return [images, packed.ToArray()];
    }

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Bytes.Damage(valid, other, random);

    public override void Read(string file) => IdxFile.Read(file, 3, ModelFiles.Anywhere);
}
