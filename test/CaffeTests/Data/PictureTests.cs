using Symbolic.Caffe.Images;

namespace Symbolic.Test;

public class PictureTests
{
    private static readonly byte[] Start = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 7, 0, 0, 0, 5, 8, 2, 0, 0, 0, 1, 2, 3, 4];

    /// <summary>Lengths that a signed reader goes back by, for ever or to before the file.</summary>
    [Theory]
    [InlineData(0xFFFFFFF4)]
    [InlineData(0x80000000)]
    [InlineData(0xFFFFFFFF)]
    [InlineData(100)]
    public void ChunksEndWithinTheFile(uint length)
    {
        byte[] file = [.. Start, (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. "tEXt"u8, 0, 0, 0, 0, 0, 0, 0, 0];
        string said = Assert.Throws<InvalidDataException>(() => PictureFile.Decode(file, PictureColor.Color, "x.png")).Message;
        Assert.Equal("x.png: damaged at byte 33: a chunk that does not end within the file", said);
    }
}
