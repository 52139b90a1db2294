using System.Buffers.Binary;
using System.IO.Compression;
using Symbolic.Caffe.Images;
using Symbolic.Fuzz.Mutations;

namespace Symbolic.Fuzz.Targets;

/// <summary>Pictures of all three formats, decoded in all three ways.</summary>
internal sealed class PictureTarget : CaffeTarget
{
    public override string Name => "picture";

    public override string Extension => ".picture";

    public override bool Takes(string file) => Path.GetExtension(file) is ".png" or ".jpg" or ".jpeg" or ".bmp";

    public override IEnumerable<byte[]> Own() => [Png(2, 3), Png(0, 1), Png(6, 4), Png(3, 1), Bmp(), Jpeg()];

    public override byte[] Damage(byte[] valid, byte[] other, Random random) => Bytes.Damage(valid, other, random);

    public override void Read(string file)
    {
        byte[] bytes = File.ReadAllBytes(file);
        PictureFile.Decode(bytes, PictureColor.Color, file);
        PictureFile.Decode(bytes, PictureColor.Gray, file);
        PictureFile.Decode(bytes, PictureColor.Unchanged, file);
    }

    private static byte[] Png(byte kind, int channels)
    {
        using var rows = new MemoryStream();
        using (var zip = new ZLibStream(rows, CompressionLevel.Optimal, leaveOpen: true))
        {
            for (int y = 0; y < 5; y++)
            {
                // Each of the five filters once, but none where the bytes are places in a palette of four.
                zip.Write([(byte)(kind == 3 ? 0 : y), .. Enumerable.Range(0, 7 * channels).Select(i => (byte)(i * y % (kind == 3 ? 4 : 256)))]);
            }
        }
        return
        [
            0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A,
            .. Chunk("IHDR"u8, [0, 0, 0, 7, 0, 0, 0, 5, 8, kind, 0, 0, 0]), .. kind == 3 ? Chunk("PLTE"u8, [0, 0, 0, 1, 2, 3, 4, 5, 6, 255, 255, 255]) : [],
            .. Chunk("IDAT"u8, rows.ToArray()), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> name, byte[] content)
    {
        byte[] length = new byte[4], checksum = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, content.Length);
        BinaryPrimitives.WriteUInt32BigEndian(checksum, Crc32([.. name, .. content]));
        return [.. length, .. name, .. content, .. checksum];
    }

    // The checksum of PNG's annex D, bit by bit.
    private static uint Crc32(byte[] bytes)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in bytes)
        {
            crc ^= b;
            for (int bit = 0; bit < 8; bit++)
            {
                crc = (crc >> 1) ^ (0xEDB88320 & (0 - (crc & 1)));
            }
        }
        return ~crc;
    }

    private static byte[] Bmp() =>
    [
        (byte)'B', (byte)'M', 70, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
        1, 2, 3, 4, 5, 6, 0, 0, 7, 8, 9, 10, 11, 12, 0, 0,
    ];

    // A gray block of 8 by 8: quantisation by 1, one code for "no difference", one for "no more coefficients" (ITU-T T.81).
    private static byte[] Jpeg() =>
    [
        0xFF, 0xD8, 0xFF, 0xDB, 0, 67, 0, .. Enumerable.Repeat((byte)1, 64), 0xFF, 0xC0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0,
        0xFF, 0xC4, 0, 20, 0, 1, .. new byte[15], 0, 0xFF, 0xC4, 0, 20, 0x10, 1, .. new byte[15], 0, 0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 63, 0, 0x3F, 0xFF, 0xD9,
    ];
}
