using System.IO.Compression;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>MNIST's own files, and files that only look like them.</summary>
public class IdxTests
{
    private static readonly byte[] Images = [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6];

    private static readonly byte[] Labels = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9];

    [DataFact]
    public void TheTestDigitsAreRead()
    {
        using MnistSource digits = MnistSource.Open(ReferenceData.File("caffe", "mnist"), "t10k");
        Assert.Equal(10_000, digits.Count);
        int[] labels = [.. Enumerable.Range(0, 10_000).Select(_ => digits.Next().Label)];
        Assert.Equal([7, 2, 1, 0, 4], labels[..5]);
        Assert.Equal(980, labels.Count(label => label == 0));
        Assert.Equal(0, digits.Position);
        Assert.Equal((1, 28, 28, 784), digits.Next() is var datum ? (datum.Channels, datum.Height, datum.Width, datum.Data.Length) : default);
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", "train-labels-idx1-ubyte")]
    [InlineData("train-images.idx3-ubyte", "train-labels-idx1-ubyte.gz")]
    [InlineData("train-images-idx3-ubyte.gz", "train-labels.idx1-ubyte.gz")]
    public void EverySpellingOfTheNamesIsFound(string images, string labels)
    {
        using MnistSource digits = Open(Images, Labels, images, labels);
        Datum first = digits.Next(), second = digits.Next(), third = digits.Next();
        Assert.Equal([4, 5, 6], second.Data.ToByteArray());
        Assert.Equal((7, 9, 1, 3), (first.Label, second.Label, second.Height, second.Width));
        Assert.Equal(first, third);
    }

    public static TheoryData<byte[], byte[], string> Damages => new()
    {
        { Images[..^1], Labels, "it is cut off: 5 elements of 6" },
        { [.. Images, 0], Labels, "it has more than its 6 elements" },
        { Images[..3], Labels, "it is cut off" },
        { Images[..10], Labels, "it is cut off" },
        { [], Labels, "it is cut off" },
        { Labels, Labels, "it begins with 0x00000801, not with 0x00000803 as idx files of bytes with 3 axes do" },
        { [0, 0, 13, 3, .. Images[4..]], Labels, "it begins with 0x00000D03" },
        { [0, 0, 8, 3, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], Labels, "it claims more than 268435456 elements" },
        { [0, 0, 8, 3, 0x0F, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 5], Labels, "it is cut off: 1 elements of 251658240" },
        { Images, [0, 0, 8, 1, 0, 0, 0, 1, 7], "(train): has 2 images of 1 x 3, and 1 labels" },
        { [0, 0, 8, 3, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3], [0, 0, 8, 1, 0, 0, 0, 0], "(train): has 0 images of 1 x 3, and 0 labels" },
        { [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 3], Labels, "(train): has 2 images of 0 x 3, and 2 labels" },
    };

    [Theory]
    [MemberData(nameof(Damages))]
    public void DamageIsNamed(byte[] images, byte[] labels, string message)
    {
        foreach (string zip in new[] { "", ".gz" })
        {
            Assert.Contains(message, Assert.Throws<InvalidDataException>(() =>
                Open(images, labels, "train-images-idx3-ubyte" + zip, "train-labels-idx1-ubyte" + zip)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void DamagedCompressionIsNamed()
    {
        byte[] zipped = Zip(Images);
        for (int i = 0; i < zipped.Length; i++)
        {
            foreach (byte[] damaged in new[] { zipped[..i], [.. zipped[..i], (byte)(zipped[i] ^ 0x55), .. zipped[(i + 1)..]] })
            {
                try
                {
                    Open(damaged, Labels, "train-images-idx3-ubyte", "train-labels-idx1-ubyte").Dispose();
                }
                catch (InvalidDataException error)
                {
                    Assert.Contains("train-images-idx3-ubyte: no idx file: ", error.Message, StringComparison.Ordinal);
                }
            }
        }
    }

    [Fact]
    public void ASmallFileThatUnzipsToMuchIsStopped()
    {
        byte[] bomb = Zip([.. Images, .. new byte[50_000_000]]);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("it has more than its 6 elements", Assert.Throws<InvalidDataException>(() =>
            Open(bomb, Labels, "train-images-idx3-ubyte", "train-labels-idx1-ubyte")).Message, StringComparison.Ordinal);
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 5_000_000);
    }

    [Fact]
    public void AnAbsentSetIsNamed() => Assert.EndsWith(" has no t10k-images-idx3-ubyte, with or without .gz",
        Assert.Throws<FileNotFoundException>(() => MnistSource.Open(Path.GetTempPath(), "t10k")).Message, StringComparison.Ordinal);

    private static MnistSource Open(byte[] images, byte[] labels, string imagesName, string labelsName)
    {
        string folder = Directory.CreateTempSubdirectory().FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, imagesName), imagesName.EndsWith(".gz", StringComparison.Ordinal) ? Zip(images) : images);
            File.WriteAllBytes(Path.Combine(folder, labelsName), labelsName.EndsWith(".gz", StringComparison.Ordinal) ? Zip(labels) : labels);
            return MnistSource.Open(folder, "train");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static byte[] Zip(byte[] bytes)
    {
        var zipped = new MemoryStream();
        using (var zip = new GZipStream(zipped, CompressionLevel.Fastest))
        {
            zip.Write(bytes);
        }
        return zipped.ToArray();
    }
}
