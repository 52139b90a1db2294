using System.Buffers.Binary;
using StbImageSharp;
using Symbolic.Caffe;
using Symbolic.Caffe.Images;

namespace Symbolic.Test;

/// <summary>Decoding of pictures, beside another decoder (StbImageSharp), and of damaged ones.</summary>
public class PictureTests
{
    private static string[] Jpegs => Directory.GetFiles(ReferenceData.File("caffe", "weights", "kpzhang93_MTCNN"), "*.jpg", SearchOption.AllDirectories);

    [DataFact]
    public void JpegsAreWithinRoundingOfAnotherDecoder()
    {
        Assert.NotEmpty(Jpegs);
        foreach (string path in Jpegs)
        {
            byte[] file = File.ReadAllBytes(path);
            Picture color = PictureFile.Decode(file, PictureColor.Color, path), gray = PictureFile.Decode(file, PictureColor.Gray, path);
            ImageResult other = ImageResult.FromMemory(file, ColorComponents.RedGreenBlue), otherGray = ImageResult.FromMemory(file, ColorComponents.Grey);
            Assert.Equal((other.Width, other.Height, 3), (color.Width, color.Height, color.Channels));
            int[] differences = new int[256];
            for (int i = 0; i < other.Data.Length; i++)
            {
                differences[Math.Abs(color.Pixels[(i / 3 * 3) + 2 - (i % 3)] - other.Data[i])]++;
            }
            // Two decoders that each round a little: four fifths equal, none far off.
            Assert.True(differences[0] > other.Data.Length * 4 / 5, string.Join(' ', differences[..8]));
            Assert.Equal(0, differences[5..].Sum());
            Assert.All(Enumerable.Range(0, gray.Pixels.Length), i => Assert.InRange(gray.Pixels[i] - otherGray.Data[i], -1, 1));
        }
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 2)]
    [InlineData(0, 4)]
    [InlineData(0, 8)]
    [InlineData(0, 16)]
    [InlineData(2, 8)]
    [InlineData(2, 16)]
    [InlineData(3, 1)]
    [InlineData(3, 4)]
    [InlineData(3, 8)]
    [InlineData(4, 8)]
    [InlineData(6, 8)]
    [InlineData(6, 16)]
    public void EveryKindOfPngIsAsAnotherDecoderHasIt(int kind, int depth)
    {
        foreach ((int width, int height, int seed) in new[] { (1, 1, 1), (7, 5, 2), (13, 9, 3), (16, 16, 4) })
        {
            byte[] file = MakePng(kind, depth, width, height, seed);
            Picture ours = PictureFile.Decode(file, PictureColor.Color, "p");
            ImageResult other = ImageResult.FromMemory(file, ColorComponents.RedGreenBlue);
            for (int i = 0; i < other.Data.Length; i++)
            {
                Assert.Equal(other.Data[i], ours.Pixels[(i / 3 * 3) + 2 - (i % 3)]);
            }
            if (depth <= 8)
            {
                Picture unchanged = PictureFile.Decode(file, PictureColor.Unchanged, "p");
                Assert.Equal(kind switch { 0 => 1, 2 or 3 => 3, _ => 4 }, unchanged.Channels);
            }
            else
            {
                Assert.Contains("must be unsigned byte", Assert.Throws<InvalidDataException>(() => PictureFile.Decode(file, PictureColor.Unchanged, "p")).Message, StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void WhatWeWriteComesBack()
    {
        byte[] pixels = new byte[6 * 4 * 3];
        new Random(5).NextBytes(pixels);
        Picture picture = PictureFile.Decode(PngFile.Encode(pixels, 6, 4, 3), PictureColor.Color, "p");
        Assert.Equal(pixels, PngFile.Encode(pixels, 6, 4, 3) is var file ? [.. ImageResult.FromMemory(file, ColorComponents.RedGreenBlue).Data] : []);
        Assert.Equal((pixels[0], pixels[1], pixels[2]), (picture.Pixels[2], picture.Pixels[1], picture.Pixels[0]));
        Assert.Equal(PngFile.Encode(pixels, 6, 4, 3), picture.ToPng());
    }

    [DataTheory]
    [InlineData(1, 0, 0, 1)]
    [InlineData(6, 0, 343, 0)]
    [InlineData(3, 449, 343, 1)]
    [InlineData(8, 449, 0, 0)]
    public void ExifTurnsPictures(int orientation, int x, int y, int isUpright)
    {
        byte[] file = File.ReadAllBytes(Jpegs.Single(path => path.EndsWith("test1.jpg", StringComparison.Ordinal)));
        byte[] exif = [0xFF, 0xE1, 0, 34, .. "Exif\0\0MM\0*\0\0\0\u0008"u8, 0, 1, 1, 18, 0, 3, 0, 0, 0, 1, 0, (byte)orientation, 0, 0, 0, 0, 0, 0];
        Picture plain = PictureFile.Decode(file, PictureColor.Color, "p"), turned = PictureFile.Decode([.. file[..2], .. exif, .. file[2..]], PictureColor.Color, "p");
        Assert.Equal(isUpright == 1 ? (plain.Width, plain.Height) : (plain.Height, plain.Width), (turned.Width, turned.Height));
        Assert.Equal(plain.Pixels.AsSpan(((y * plain.Width) + x) * 3, 3), turned.Pixels.AsSpan(0, 3));
        Assert.Equal(plain.Pixels, PictureFile.Decode([.. file[..2], .. exif, .. file[2..]], PictureColor.Unchanged, "p").Pixels);
    }

    [Theory]
    [InlineData(24)]
    [InlineData(32)]
    public void BitmapsAreRead(int bits)
    {
        byte[] file = new byte[54 + (2 * 8)];
        "BM"u8.CopyTo(file);
        foreach ((int at, int value) in new[] { (10, 54), (14, 40), (18, 2), (22, 2), (28, bits) })
        {
            BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(at), value);
        }
        for (int i = 54; i < file.Length; i++)
        {
            file[i] = (byte)(i * 3);
        }
        Picture picture = PictureFile.Decode(file, PictureColor.Color, "b");
        Assert.Equal((2, 2, 3), (picture.Width, picture.Height, picture.Channels));
        // The last row comes first.
        Assert.Equal(file.AsSpan(62, 3), picture.Pixels.AsSpan(0, 3));
        Assert.Equal(file.AsSpan(54 + (bits / 8), 3), picture.Pixels.AsSpan(9, 3));
    }

    [DataFact]
    public void DamageEndsInAnErrorOrAPicture()
    {
        byte[][] files = [File.ReadAllBytes(Jpegs[0]), File.ReadAllBytes(ReferenceData.File("caffe", "golden", "data_layers", "img", "im0.png")), MakePng(3, 4, 13, 9, 1)];
        var random = new Random(3);
        for (int trial = 0; trial < 600; trial++)
        {
            byte[] bytes = [.. files[trial % files.Length]];
            for (int change = random.Next(1, 4); change > 0; change--)
            {
                bytes[random.Next(random.Next(2) == 0 ? Math.Min(700, bytes.Length) : bytes.Length)] = (byte)random.Next(256);
            }
            bytes = random.Next(3) == 0 ? bytes[..random.Next(1, bytes.Length)] : bytes;
            Assert.True(Record.Exception(() => PictureFile.Decode(bytes, (PictureColor)(trial % 3), "p")) is null or InvalidDataException);
        }
    }

    [Fact]
    public void DamageUnderRightChecksumsEndsInAnErrorOrAPicture()
    {
        var random = new Random(4);
        int pictures = 0;
        for (int trial = 0; trial < 600; trial++)
        {
            byte[] file = MakePng(new[] { 0, 2, 3, 4, 6 }[trial % 5], 8, random.Next(1, 20), random.Next(1, 20), trial, (type, data) =>
            {
                if (data.Length > 0 && random.Next(2) == 0)
                {
                    data[random.Next(data.Length)] ^= (byte)(1 << random.Next(8));
                }
            });
            Exception? error = Record.Exception(() => PictureFile.Decode(file, PictureColor.Color, "p"));
            Assert.True(error is null or InvalidDataException, $"{error}");
            pictures += error is null ? 1 : 0;
        }
        Assert.InRange(pictures, 100, 500);
    }

    [Fact]
    public void PicturesThatClaimToBeHugeAreRefused()
    {
        byte[] file = MakePng(0, 8, 4, 4, 1);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(16), 30000);
        BinaryPrimitives.WriteInt32BigEndian(file.AsSpan(20), 30000);
        Assert.Contains("claims to be a picture of 30000 x 30000 pixels in", Assert.Throws<InvalidDataException>(() => PictureFile.Decode(file, PictureColor.Color, "p")).Message, StringComparison.Ordinal);
        Assert.Contains("is no PNG, JPEG or BMP picture", Assert.Throws<InvalidDataException>(() => PictureFile.Decode("GIF89a"u8.ToArray(), PictureColor.Color, "p")).Message, StringComparison.Ordinal);
    }

    /// <summary>Lengths that a reader of signed numbers would go back by, for ever or to before the file.</summary>
    [Theory]
    [InlineData(0xFFFFFFF4)]
    [InlineData(0x80000000)]
    [InlineData(0xFFFFFFFF)]
    [InlineData(100000)]
    public void ChunksEndWithinTheFile(uint length)
    {
        byte[] file = MakePng(0, 8, 4, 4, 1);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(33), length);
        Assert.Equal($"x.png: damaged at byte 33: a chunk of {length} bytes", Assert.Throws<InvalidDataException>(() => PictureFile.Decode(file, PictureColor.Color, "x.png")).Message);
    }

    // A PNG of random samples under random filters, written by the chunk writer of the product, which has only two kinds itself.
    private static byte[] MakePng(int kind, int depth, int width, int height, int seed, Action<string, byte[]>? damage = null)
    {
        var random = new Random(seed);
        int channels = kind switch { 2 => 3, 4 => 2, 6 => 4, _ => 1 };
        byte[] header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = ((byte)depth, (byte)kind);
        using var packed = new MemoryStream();
        using (var zlib = new System.IO.Compression.ZLibStream(packed, System.IO.Compression.CompressionLevel.Fastest, leaveOpen: true))
        {
            for (int y = 0; y < height; y++)
            {
                byte[] row = new byte[((width * channels * depth) + 7) / 8];
                random.NextBytes(row);
                // A filter would turn indices of a palette of 16 into others.
                zlib.WriteByte((byte)(kind == 3 ? 0 : random.Next(5)));
                zlib.Write(row);
            }
        }
        byte[] palette = new byte[3 * (1 << Math.Min(depth, 8))];
        random.NextBytes(palette);
        (string, byte[])[] chunks = kind == 3 ? [("IHDR", header), ("PLTE", palette), ("IDAT", packed.ToArray()), ("IEND", [])] : [("IHDR", header), ("IDAT", packed.ToArray()), ("IEND", [])];
        using var file = new MemoryStream();
        file.Write([0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A]);
        foreach ((string type, byte[] data) in chunks)
        {
            damage?.Invoke(type, data);
            byte[] word = new byte[4], typeAndData = [.. System.Text.Encoding.ASCII.GetBytes(type), .. data];
            BinaryPrimitives.WriteInt32BigEndian(word, data.Length);
            file.Write(word);
            file.Write(typeAndData);
            BinaryPrimitives.WriteUInt32BigEndian(word, PngFile.Checksum(typeAndData));
            file.Write(word);
        }
        return file.ToArray();
    }
}
