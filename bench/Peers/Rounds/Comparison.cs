using Symbolic.Peers.Works;

namespace Symbolic.Peers.Rounds;

/// <summary>Whether two contestants did the same work.</summary>
internal static class Comparison
{
    private const double Negligible = 0.01;

    /// <summary>Compares the digests of their results.</summary>
    /// <exception cref="ContestException">They differ by more than the work tolerates.</exception>
    public static void Check(Work work, Child ours, Child peer)
    {
        (string Name, double[] Digest)[] a = ours.Outputs(), b = peer.Outputs();
        if (a.Length != b.Length)
        {
            throw new ContestException($"{work.Name}: {ours.Contestant} has {a.Length} results, {peer.Contestant} {b.Length}");
        }
        // A gradient that is 0 but for rounding, as that of a bias before a batch normalisation, is compared with what the others are.
        double least = Negligible * b.Max(output => Length(output.Digest.Skip(2)) / Math.Sqrt(output.Digest.Length));
        foreach (((string name, double[] left), (string other, double[] right)) in a.Zip(b))
        {
            if (left.Length != right.Length || left[0] != right[0])
            {
                throw new ContestException($"{work.Name}: {name} has {left[0]} elements at {ours.Contestant}, {other} {right[0]} at {peer.Contestant}");
            }
            // Lengths of vectors: where two values are as good as equal, a maximum takes either, and a single gradient may go elsewhere.
            double apart = Length(left.Zip(right, (x, y) => x - y).Skip(2)) / Math.Max(Length(right.Skip(2)), Math.Max(least * Math.Sqrt(right.Length), double.Epsilon));
            double total = Math.Abs(left[1] - right[1]) / Math.Max(right[1], Math.Max(least * right[0], double.Epsilon));
            // Not (apart > tolerance): NaN is a difference too.
            if (!(apart <= work.Tolerance && total <= work.Tolerance))
            {
                throw new ContestException($"{work.Name}: {name} of {ours.Contestant} and {other} of {peer.Contestant} are {apart:g3} of their length apart, their sums of magnitudes {total:g3}; "
                    + $"at most {work.Tolerance:g3} is rounding");
            }
        }
    }

    private static double Length(IEnumerable<double> values) => Math.Sqrt(values.Sum(value => value * value));
}
