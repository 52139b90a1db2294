using System.Text.Json;
using Symbolic.Conformance.Theano.Cases;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano;

/// <summary>Theano's reference cases: every line of every <c>cases/*.jsonl</c> is a case.</summary>
internal static class TheanoJudge
{
    private static readonly HashSet<string> Later = new(StringComparer.Ordinal) { "scan", "linalg" };

    public static IEnumerable<Case> Cases(CommandLine line)
    {
        string folder = Path.Combine(line.Folder, "cases");
        if (!Directory.Exists(folder))
        {
            yield break;
        }
        var tally = new Tally();
        foreach (string file in Directory.EnumerateFiles(folder, "*.jsonl").Order(StringComparer.Ordinal))
        {
            foreach ((string id, string family, JsonElement json) in CaseReader.Lines(file))
            {
                yield return new Case(id, family, () => tally.Add(family, Judge(json)));
            }
        }
        tally.Print(Console.Out);
    }

    private static Verdict Judge(JsonElement json)
    {
        string family = json.GetProperty("family").GetString()!;
        if (Later.Contains(family))
        {
            return Verdict.Unsupported($"the family {family} is not compared yet");
        }
        string expression = json.GetProperty("expr").GetString()!;
        try
        {
            Verdict verdict = new CaseRun(CaseReader.Read(json)).Judge();
            return verdict.Outcome == Outcome.Pass ? verdict : verdict with { Detail = $"{verdict.Detail}; {expression}" };
        }
        catch (MissingFeature missing)
        {
            return Verdict.Unsupported($"{missing.Message}; {expression}");
        }
        catch (PythonError error) when (error.Missing is { } name)
        {
            return Verdict.Unsupported($"{name}; {expression}");
        }
        catch (Exception error) when (error is not OutOfMemoryException)
        {
            return Verdict.Fail($"{error.GetType().Name}: {error.Message.ReplaceLineEndings(" | ")}; {expression}");
        }
    }
}
