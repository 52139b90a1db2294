namespace Symbolic.Conformance.Caffe;

/// <summary>
/// Judges deep nets, where rounding adds up: numbers that miss their tolerance are looked at beside our own float64 run. Such a number
/// passes if ours is as near to float64 as the tolerance asks, or misses it by no more than twice what Caffe's misses it by, there or, as root
/// mean square, over the whole array: which of two float32 sums of one element is nearer is luck. Gradients are also taken with weights one rounding
/// away, as in <see cref="Courses"/>: which of two nearly equal values a pooling window takes decides where they go. What is allowed is that of the
/// forced schedule, if any: <see cref="Compiling.Amplification"/>.
/// </summary>
internal static class SecondOpinion
{
    private const double AsCaffe = 2;
    private const int OtherCourses = 3;

    /// <summary>Compares the numbers of a float32 run, and only where some are far off asks for those of float64.</summary>
    /// <param name="folder">Counts what is let through.</param>
    /// <param name="findings">Takes the result.</param>
    /// <param name="run">Runs the net in a dtype; the same checks in the same order.</param>
    /// <param name="perturbed">Runs it in float32 with weights one rounding away, as a seed says; null where that changes little.</param>
    public static void Judge(CaffeFolder folder, Findings findings, Func<DType, List<Check>> run, Func<int, List<Check>>? perturbed = null)
    {
        List<Check> ours = [.. run(DType.Float32).Select(check => check with { Allowed = check.Allowed * Compiling.Amplification })];
        List<Check>? exact = ours.TrueForAll(check => check.IsNear) ? null : run(DType.Float64);
        int let = 0, parted = 0;
        List<List<Check>> courses = [ours];
        Dictionary<string, double> caffes = exact is null ? [] : Misses(ours, exact, (check, truth) => check.Expected - truth);
        Dictionary<string, double> misses = exact is null ? [] : Misses(ours, exact, (check, truth) => check.Actual - truth);
        for (int i = 0; i < ours.Count; i++)
        {
            Check check = ours[i];
            if (check.IsNear || exact is null)
            {
                findings.Compare(check.Name, check.Expected, check.Actual, check.Allowed);
                continue;
            }
            double truth = exact[i].Actual, off = Math.Abs(check.Actual - truth);
            if (off <= Math.Max(check.Allowed, AsCaffe * Math.Abs(check.Expected - truth)) || misses[ArrayOf(check)] <= AsCaffe * caffes[ArrayOf(check)])
            {
                let++;
                continue;
            }
            while (perturbed is not null && courses.Count <= OtherCourses)
            {
                courses.Add(perturbed(courses.Count));
            }
            double least = courses.Min(course => course[i].Actual), most = courses.Max(course => course[i].Actual), width = most - least + check.Allowed;
            if (perturbed is not null && check.Expected >= least - width && check.Expected <= most + width)
            {
                parted++;
                continue;
            }
            findings.Compare($"{check.Name} ({truth:g7} in float64)", check.Expected, check.Actual, check.Allowed);
        }
        folder.LetThrough("as near to float64 as Caffe", let);
        folder.LetThrough(Courses.Rule, parted);
    }

    private static string ArrayOf(Check check) => check.Name.IndexOf('[', StringComparison.Ordinal) is var at and >= 0 ? check.Name[..at] : check.Name;

    /// <summary>The root mean square of what each array misses float64 by.</summary>
    private static Dictionary<string, double> Misses(List<Check> checks, List<Check> exact, Func<Check, double, double> miss) => checks.Zip(exact)
        .GroupBy(pair => ArrayOf(pair.First), StringComparer.Ordinal)
        .ToDictionary(array => array.Key, array => Math.Sqrt(array.Average(pair => Math.Pow(miss(pair.First, pair.Second.Actual), 2))), StringComparer.Ordinal);
}
