using Symbolic.Caffe;

namespace Symbolic.Conformance.Caffe;

/// <summary>
/// Runs of training from weights each of which is at most one rounding away from the given ones. Where pooling decides between nearly
/// equal values, or Adam divides a gradient that is 0 but for rounding by its own size, these courses part, and Caffe's is one of them: a number
/// that misses its tolerance passes if it is no farther from the range of our courses than that range is wide.
/// </summary>
internal static class Courses
{
    private const string Rule = "among courses of weights one rounding away";

    /// <summary>Moves each weight of a net to a neighbour or not, as the seed says; seed 0 moves none.</summary>
    public static void Perturb(Net net, int seed)
    {
        var random = new Random(seed);
        foreach (Parameter learned in seed == 0 ? [] : net.Parameters)
        {
            learned.SetValues(Array.ConvertAll(learned.ToFloats(), value => random.Next(3) switch { 0 => MathF.BitDecrement(value), 1 => MathF.BitIncrement(value), _ => value }));
        }
    }

    /// <summary>Compares the numbers of a run, and only where some miss their tolerance asks for other courses.</summary>
    /// <param name="folder">Counts what is let through.</param>
    /// <param name="findings">Takes the result.</param>
    /// <param name="expected">Caffe's numbers, with their tolerance and whether courses may be asked about them.</param>
    /// <param name="run">Our numbers of a seed, by the same names.</param>
    /// <param name="others">How many other courses to ask.</param>
    public static void Judge(CaffeFolder folder, Findings findings, IEnumerable<(string Name, double[] Values, Tolerance Tolerance, bool MayPart)> expected,
        Func<int, Dictionary<string, double[]>> run, int others)
    {
        List<Dictionary<string, double[]>> courses = [run(0)];
        int let = 0;
        foreach ((string name, double[] values, Tolerance tolerance, bool mayPart) in expected)
        {
            if (!courses[0].TryGetValue(name, out double[]? ours) || ours.Length != values.Length)
            {
                findings.Differ(ours is null ? $"we have no {name}" : $"{name}: {ours.Length} values instead of {values.Length}");
                continue;
            }
            double[] judged = [.. ours];
            for (int i = 0; i < values.Length; i++)
            {
                if (!mayPart || values[i].Equals(ours[i]) || Math.Abs(values[i] - ours[i]) <= tolerance.At(values[i]))
                {
                    continue;
                }
                while (courses.Count <= others)
                {
                    courses.Add(run(courses.Count));
                }
                double least = courses.Min(course => course[name][i]), most = courses.Max(course => course[name][i]), width = most - least + tolerance.At(values[i]);
                if (values[i] >= least - width && values[i] <= most + width)
                {
                    judged[i] = values[i];
                    let++;
                }
            }
            findings.Compare(name, values, judged, tolerance);
        }
        if (let > 0)
        {
            folder.LetThrough(Rule, let);
        }
    }
}
