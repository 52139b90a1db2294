namespace Symbolic.Conformance.Caffe;

/// <summary>
/// Judges deep nets, where rounding adds up: numbers that miss their tolerance are looked at beside our own float64 run. Such a number
/// passes if ours is as near to float64 as the tolerance asks, or misses it by no more than twice what Caffe's misses it by.
/// </summary>
internal static class SecondOpinion
{
    private const double AsCaffe = 2;

    /// <summary>Compares the numbers of a float32 run, and only where some are far off asks for those of float64.</summary>
    /// <param name="folder">Counts what is let through.</param>
    /// <param name="findings">Takes the result.</param>
    /// <param name="run">Runs the net in a dtype; the same checks in the same order.</param>
    public static void Judge(CaffeFolder folder, Findings findings, Func<DType, List<Check>> run)
    {
        List<Check> ours = run(DType.Float32);
        List<Check>? exact = ours.TrueForAll(check => check.IsNear) ? null : run(DType.Float64);
        int let = 0;
        for (int i = 0; i < ours.Count; i++)
        {
            Check check = ours[i];
            if (!check.IsNear && exact is not null)
            {
                double truth = exact[i].Actual, caffeOff = Math.Abs(check.Expected - truth), oursOff = Math.Abs(check.Actual - truth);
                if (oursOff <= Math.Max(check.Allowed, AsCaffe * caffeOff))
                {
                    let++;
                    continue;
                }
                findings.Compare($"{check.Name} ({truth:g7} in float64)", check.Expected, check.Actual, check.Allowed);
                continue;
            }
            findings.Compare(check.Name, check.Expected, check.Actual, check.Allowed);
        }
        if (let > 0)
        {
            folder.LetThrough("as near to float64 as Caffe", let);
        }
    }
}
