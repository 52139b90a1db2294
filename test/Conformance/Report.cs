namespace Symbolic.Conformance;

/// <summary>
/// Runs cases and prints a line for each that is no pass, then the counts. A known gap that fails counts as skipped; one that
/// passes is a failure, so that the list of known gaps stays true.
/// </summary>
internal sealed class Report(TextWriter output, KnownGaps known)
{
    private int passed;
    private int failed;
    private int skipped;

    /// <summary>Runs the cases; true if none failed that is not known.</summary>
    public bool Run(IEnumerable<Case> cases)
    {
        foreach (Case one in cases)
        {
            Add(one, Judge(one));
        }
        output.WriteLine($"{passed} passed, {failed} failed, {skipped} skipped");
        return failed == 0;
    }

    private static Verdict Judge(Case one)
    {
        try
        {
            return one.Run();
        }
        catch (Exception error)
        {
            return Verdict.Fail($"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" | ")}");
        }
    }

    private void Add(Case one, Verdict verdict)
    {
        bool isKnown = known.Contains(one.Name);
        switch (verdict.Outcome)
        {
            case Outcome.Pass when isKnown:
                failed++;
                output.WriteLine($"FAIL {one.Name} {one.Type} passes, but stands in the list of known gaps");
                break;
            case Outcome.Pass:
                passed++;
                break;
            default:
                _ = isKnown ? skipped++ : failed++;
                output.WriteLine($"{(verdict.Outcome == Outcome.Unsupported ? "UNSUPPORTED" : "FAIL")} {one.Name} {one.Type} {verdict.Detail}{(isKnown ? " (known)" : "")}");
                break;
        }
    }
}
