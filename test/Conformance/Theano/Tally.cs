namespace Symbolic.Conformance.Theano;

/// <summary>How the cases of each family ended, and how many each rule let through.</summary>
internal sealed class Tally
{
    private readonly Dictionary<string, int[]> families = new(StringComparer.Ordinal);

    public Verdict Add(string family, Verdict verdict)
    {
        if (!families.TryGetValue(family, out int[]? counts))
        {
            families[family] = counts = new int[Enum.GetValues<Outcome>().Length];
        }
        counts[(int)verdict.Outcome]++;
        return verdict;
    }

    public void Print(TextWriter output)
    {
        foreach ((string family, int[] counts) in families)
        {
            output.WriteLine($"{family}: {counts[(int)Outcome.Pass]} of {counts.Sum()} pass, {counts[(int)Outcome.Fail]} fail, {counts[(int)Outcome.Unsupported]} unsupported");
        }
        foreach (IGrouping<string, Exceptions.Rule> rule in Exceptions.All.Where(rule => rule.Cases > 0).GroupBy(rule => rule.Name))
        {
            output.WriteLine($"rule {rule.Key} let {rule.Sum(r => r.Cases)} cases through: {rule.First().Reason}");
        }
    }
}
