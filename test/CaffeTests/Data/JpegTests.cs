using StbImageSharp;
using Symbolic.Caffe.Images;

namespace Symbolic.Test;

/// <summary>JPEG pictures of every sampling, in one scan or in many.</summary>
public class JpegTests
{
    [Theory]
    [InlineData(1, 1, 0)]
    [InlineData(2, 1, 0)]
    [InlineData(1, 2, 3)]
    [InlineData(2, 2, 2)]
    [InlineData(4, 1, 0)]
    public void ProgressivePicturesAreTheSequentialOnes(int across, int down, int restartInterval)
    {
        foreach ((int width, int height) in new[] { (8, 8), (37, 21), (1, 1), (3, 50), (64, 16) })
        {
            (int, int)[] sampling = [(across, down), (1, 1), (1, 1)];
            short[][] coefficients = Coefficients(width, height, sampling);
            byte[] sequential = JpegWriter.Write(width, height, sampling, coefficients, isProgressive: false, restartInterval);
            byte[] progressive = JpegWriter.Write(width, height, sampling, coefficients, isProgressive: true, restartInterval);
            Picture one = PictureFile.Decode(sequential, PictureColor.Color, "s"), many = PictureFile.Decode(progressive, PictureColor.Color, "p");
            Assert.Equal((width, height), (one.Width, one.Height));
            Assert.Equal(one.Pixels, many.Pixels);
            Assert.Equal(PictureFile.Decode(sequential, PictureColor.Gray, "s").Pixels, PictureFile.Decode(progressive, PictureColor.Gray, "p").Pixels);
            // Beside the other decoder, which stretches chroma in its own way where it is sampled otherwise than 2 x 1 and 2 x 2, and in the
            // last two columns of 2 x 1 weighs the neighbours the wrong way round.
            ImageResult other = ImageResult.FromMemory(progressive, ColorComponents.Grey);
            byte[] gray = PictureFile.Decode(progressive, PictureColor.Gray, "p").Pixels;
            Assert.All(Enumerable.Range(0, gray.Length), i => Assert.InRange(gray[i] - other.Data[i], -1, 1));
            ImageResult colors = ImageResult.FromMemory(progressive, ColorComponents.RedGreenBlue);
            if (across <= 2 && down != 2 && width > 8)
            {
                Assert.All(Enumerable.Range(0, colors.Data.Length).Where(i => i / 3 % width < width - 2), i => Assert.InRange(many.Pixels[(i / 3 * 3) + 2 - (i % 3)] - colors.Data[i], -4, 4));
            }
        }
    }

    [Fact]
    public void GrayPicturesHaveOneChannel()
    {
        short[][] coefficients = Coefficients(20, 12, [(1, 1)]);
        Picture unchanged = PictureFile.Decode(JpegWriter.Write(20, 12, [(1, 1)], coefficients, isProgressive: true), PictureColor.Unchanged, "g");
        Picture color = PictureFile.Decode(JpegWriter.Write(20, 12, [(1, 1)], coefficients, isProgressive: false), PictureColor.Color, "g");
        Assert.Equal((1, 3), (unchanged.Channels, color.Channels));
        Assert.Equal(unchanged.Pixels, color.Pixels.Where((_, i) => i % 3 == 1));
    }

    [Fact]
    public void WhatIsCutOffIsRefused()
    {
        byte[] file = JpegWriter.Write(37, 21, [(2, 2), (1, 1), (1, 1)], Coefficients(37, 21, [(2, 2), (1, 1), (1, 1)]), isProgressive: false);
        for (int length = 1; length < file.Length - 3; length += 5)
        {
            Assert.Throws<InvalidDataException>(() => PictureFile.Decode(file[..length], PictureColor.Color, "c"));
        }
    }

    // Low frequencies large and high ones small and seldom, as pictures have them.
    private static short[][] Coefficients(int width, int height, (int Across, int Down)[] sampling)
    {
        var random = new Random((width * 100) + height);
        (int across, int down) = (sampling.Max(s => s.Across), sampling.Max(s => s.Down));
        (int unitsAcross, int unitsDown) = ((width + (8 * across) - 1) / (8 * across), (height + (8 * down) - 1) / (8 * down));
        return [.. sampling.Select(s =>
        {
            short[] component = new short[unitsAcross * unitsDown * s.Across * s.Down * 64];
            for (int i = 0; i < component.Length; i++)
            {
                int place = (i % 8) + (i / 8 % 8);
                component[i] = (short)(i % 64 == 0 ? random.Next(-300, 300) : random.Next(1 + place) == 0 ? random.Next(-60, 61) / (1 + place) : 0);
            }
            return component;
        })];
    }
}
