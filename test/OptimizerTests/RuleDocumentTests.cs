using System.Text;

namespace Symbolic.Test;

/// <summary>docs/rules.md is printed from the table of rules. SYMBOLIC_REGENERATE=1 writes it anew.</summary>
public class RuleDocumentTests
{
    private const string Head = """
        # The rules

        Printed from the tables in `Optimizer/Rules` by `RuleDocumentTests` (`SYMBOLIC_REGENERATE=1 dotnet test test/OptimizerTests` writes it anew).
        *exact*: the same bits for all inputs; *rounds*: the same real function, with other rounding or a wider range; *assumes*: equal
        on a domain only, and off unless asked for. Where the right side is no lighter than the left, the last column says why rewriting ends.
        How to add one: [adding-a-rule.md](adding-a-rule.md).
        """;

    [Fact]
    public void TheDocumentIsWhatTheTablesSay()
    {
        string path = Path.Combine(Root(), "docs", "rules.md"), text = Document();
        if (Environment.GetEnvironmentVariable("SYMBOLIC_REGENERATE") == "1")
        {
            File.WriteAllText(path, text);
        }
        Assert.True(File.ReadAllText(path) == text, "docs/rules.md is stale: run SYMBOLIC_REGENERATE=1 dotnet test test/OptimizerTests");
    }

    private static string Document()
    {
        var text = new StringBuilder(Head.Replace("\r", "", StringComparison.Ordinal)).Append('\n');
        foreach ((string table, RuleSet rules) in Rules.Tables)
        {
            text.Append($"\n## {table}\n\n| rule | from | to | trust | ends since |\n|---|---|---|---|---|\n");
            foreach (Rule rule in rules)
            {
                text.Append($"| {rule.Name} | {Cell(rule.Text.Left)} | {Cell(rule.Text.Right)} | {rule.Trust} | {rule.Grows ?? ""} |\n");
            }
        }
        return text.ToString();
    }

    private static string Cell(string side)
    {
        string[] parts = side.Split(", where ", 2);
        return $"`{parts[0]}`" + (parts.Length > 1 ? $" where {parts[1]}" : "");
    }

    private static string Root()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Symbolic.sln")))
        {
            folder = folder.Parent;
        }
        return folder?.FullName ?? throw new DirectoryNotFoundException("the tests run outside of the repository");
    }
}
