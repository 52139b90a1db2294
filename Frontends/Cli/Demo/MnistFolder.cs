using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.Demo.Digits;

namespace Symbolic.Cli.Demo;

/// <summary>The digits of a folder with MNIST's idx files.</summary>
internal static class MnistFolder
{
    private const int Side = 28;

    /// <summary>
    /// Reads the files named train and t10k. A folder that has only t10k gives its first four fifths to train on and the rest to test on.
    /// </summary>
    public static DemoData Read(string folder)
    {
        DigitSet test = Read(folder, "t10k");
        if (Directory.EnumerateFiles(folder, "train-*").Any())
        {
            return new(Read(folder, "train"), test, "MNIST", $"from {folder}");
        }
        int cut = test.Count * 4 / 5;
        return new(Part(test, 0, cut), Part(test, cut, test.Count), "MNIST", $"both parts of t10k, the only set in {folder}");
    }

    private static DigitSet Read(string folder, string set)
    {
        using var source = MnistSource.Open(folder, set);
        int count = (int)source.Count;
        byte[] pixels = new byte[count * Side * Side], labels = new byte[count];
        for (int i = 0; i < count; i++)
        {
            Datum digit = source.Next();
            if (digit.Height != Side || digit.Width != Side || digit.Label > 9)
            {
                throw new InvalidDataException($"{source.Name}: item {i} is {digit.Height} x {digit.Width} with label {digit.Label}; the demonstration's net reads digits of {Side} x {Side}");
            }
            digit.Data.Span.CopyTo(pixels.AsSpan(i * Side * Side));
            labels[i] = (byte)digit.Label;
        }
        return new(pixels, labels, Side, Side);
    }

    private static DigitSet Part(DigitSet set, int from, int to) =>
        new(set.Pixels[(from * Side * Side)..(to * Side * Side)], set.Labels[from..to], Side, Side);
}
