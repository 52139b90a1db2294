using Symbolic.Caffe;

namespace Symbolic.Conformance.Caffe;

/// <summary>One array of Caffe's that a run of training is compared with.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Values">Caffe's.</param>
/// <param name="Tolerance">How near ours must be.</param>
/// <param name="MayPart">Whether other courses are asked about it.</param>
internal sealed record Expected(string Name, double[] Values, Tolerance Tolerance, bool MayPart);

/// <summary>
/// Judges training, where rounding may decide much. Two rules look at numbers that miss their tolerance, each by running again:
/// <para>
/// From weights each of which is at most one rounding away from the given ones. Where pooling decides between nearly equal values these courses
/// part, and Caffe's is one of them: a number passes if it is no farther from the range of our courses than that range is wide.
/// </para>
/// <para>
/// From weights one of whose blobs is shifted. If no loss changes, its gradient is 0 but for rounding (a bias in front of BatchNorm), and solvers
/// that divide a gradient by its own size walk it anywhere: such a blob, and what follows it (a running mean), may differ by as
/// far as such steps reach.
/// </para>
/// </summary>
internal sealed class Courses(CaffeFolder folder, Findings findings, Func<Action<Net>, Dictionary<string, double[]>> run)
{
    /// <summary>What the judge says of numbers that the first rule let through.</summary>
    public const string Rule = "among courses of weights one rounding away";

    private const string Losses = "loss";
    private const float Shift = 0.01f;

    private readonly List<Dictionary<string, double[]>> courses = [];
    private List<Dictionary<string, double[]>>? shifted;
    private int parameters;

    /// <summary>Compares Caffe's numbers with ours.</summary>
    /// <param name="expected">Caffe's.</param>
    /// <param name="others">How many other courses may be asked.</param>
    /// <param name="reach">How far steps of the solver may carry a weight without a gradient; 0 where they are gradients times a rate.</param>
    public void Judge(IEnumerable<Expected> expected, int others, double reach = 0)
    {
        courses.Add(run(net => parameters = net.Parameters.Count));
        int parted = 0, free = 0;
        foreach (Expected one in expected)
        {
            if (!courses[0].TryGetValue(one.Name, out double[]? ours) || ours.Length != one.Values.Length)
            {
                findings.Differ(ours is null ? $"we have no {one.Name}" : $"{one.Name}: {ours.Length} values instead of {one.Values.Length}");
                continue;
            }
            double[] judged = [.. ours];
            for (int i = 0; i < ours.Length; i++)
            {
                double value = one.Values[i], allowed = one.Tolerance.At(value);
                if (!one.MayPart || value.Equals(ours[i]) || Math.Abs(value - ours[i]) <= allowed)
                {
                    continue;
                }
                if (IsAmongCourses(one.Name, i, value, allowed, others))
                {
                    parted++;
                    judged[i] = value;
                }
                else if (Math.Abs(value - ours[i]) <= allowed + Freedom(one.Name, i, reach))
                {
                    free++;
                    judged[i] = value;
                }
            }
            findings.Compare(one.Name, one.Values, judged, one.Tolerance);
        }
        folder.LetThrough(Rule, parted);
        folder.LetThrough("weights of no gradient, and what follows them", free);
    }

    private bool IsAmongCourses(string name, int i, double value, double allowed, int others)
    {
        while (courses.Count <= others)
        {
            int seed = courses.Count;
            courses.Add(run(net => Perturb(net, seed)));
        }
        double least = courses.Min(course => course[name][i]), most = courses.Max(course => course[name][i]), width = most - least + allowed;
        return value >= least - width && value <= most + width;
    }

    /// <summary>Moves each weight to a neighbour or not.</summary>
    public static void Perturb(Net net, int seed)
    {
        var random = new Random(seed);
        foreach (Parameter parameter in net.Parameters)
        {
            parameter.SetValues(Array.ConvertAll(parameter.ToFloats(), value => Neighbour(value, random)));
        }
    }

    private static float Neighbour(float value, Random random) => random.Next(3) switch
    {
        0 => MathF.BitDecrement(value),
        1 => MathF.BitIncrement(value),
        _ => value,
    };

    /// <summary>How far a number goes while the blobs without a gradient go as far as they may.</summary>
    private double Freedom(string name, int i, double reach)
    {
        if (reach == 0)
        {
            return 0;
        }
        shifted ??= [.. Enumerable.Range(0, parameters)
            .Select(p => run(net => net.Parameters[p].SetValues(Array.ConvertAll(net.Parameters[p].ToFloats(), v => v + Shift))))
            .Where(course => course[Losses].Zip(courses[0][Losses]).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerances.Values.At(pair.Second)))];
        return shifted.Sum(course => Math.Abs(course[name][i] - courses[0][name][i])) / Shift * reach;
    }
}
