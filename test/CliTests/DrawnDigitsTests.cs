using System.Security.Cryptography;
using Symbolic.Cli.Demo.Digits;

namespace Symbolic.Test;

public class DrawnDigitsTests
{
    [Fact]
    public void APictureDoesNotDependOnWhatElseIsDrawn()
    {
        DigitSet all = DrawnDigits.Draw(seed: 1, first: 0, count: 600), one = DrawnDigits.Draw(seed: 1, first: 517, count: 1);
        Assert.Equal(all.Picture(517), one.Picture(0));
        Assert.Equal(all.Labels[517], one.Labels[0]);
        Assert.NotEqual(all.Pixels, DrawnDigits.Draw(seed: 2, first: 0, count: 600).Pixels);
    }

    [Fact]
    public void TheSameBitsOnEveryMachine() =>
        Assert.Equal("D14618CE7A93E154", Convert.ToHexString(SHA256.HashData(DrawnDigits.Draw(seed: 1, first: 0, count: 500).Pixels))[..16]);

    [Fact]
    public void EveryDigitIsAboutAsFrequent()
    {
        int[] counts = new int[10];
        foreach (byte label in DrawnDigits.Draw(seed: 1, first: 0, count: 4000).Labels)
        {
            counts[label]++;
        }
        Assert.All(counts, n => Assert.InRange(n, 320, 480));
    }

    [Fact]
    public void TheyAreNeitherTrivialNorHopeless()
    {
        // The nearest mean picture is the simplest model there is: on MNIST it reads 82 %.
        DigitSet train = DrawnDigits.Draw(seed: 1, first: 0, count: 3000), test = DrawnDigits.Draw(seed: 1, first: 100_000, count: 1000);
        double[][] mean = [.. Enumerable.Range(0, 10).Select(d => Mean(train, d))];
        double read = Enumerable.Range(0, test.Count).Count(i => Nearest(mean, test.Picture(i)) == test.Labels[i]) / (double)test.Count;
        Assert.InRange(read, 0.3, 0.6);
    }

    private static double[] Mean(DigitSet set, int digit)
    {
        double[] sum = new double[28 * 28];
        int[] members = [.. Enumerable.Range(0, set.Count).Where(i => set.Labels[i] == digit)];
        foreach (int i in members)
        {
            for (int p = 0; p < sum.Length; p++)
            {
                sum[p] += set.Picture(i)[p] / (double)members.Length;
            }
        }
        return sum;
    }

    private static int Nearest(double[][] means, ReadOnlySpan<byte> picture)
    {
        double[] distance = new double[means.Length];
        for (int d = 0; d < means.Length; d++)
        {
            for (int p = 0; p < picture.Length; p++)
            {
                distance[d] += (picture[p] - means[d][p]) * (picture[p] - means[d][p]);
            }
        }
        return Array.IndexOf(distance, distance.Min());
    }
}
