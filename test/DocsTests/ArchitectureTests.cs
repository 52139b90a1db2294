using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>The example of docs/architecture.md at every level is what the compiler makes today. SYMBOLIC_REGENERATE=1 rewrites it.</summary>
public class ArchitectureTests
{
    private const string Document = "docs/architecture.md";
    private static readonly string[] Levels = ["graph", "optimized", "plan", "csharp"];

    [Fact]
    public void TheExampleIsWhatTheCompilerMakesToday()
    {
        Dictionary<string, string> made = Dumps();
        string text = Repository.Read(Document), fresh = Levels.Aggregate(text, (document, level) => WithBlock(document, level, made[level]));
        if (Environment.GetEnvironmentVariable("SYMBOLIC_REGENERATE") == "1")
        {
            File.WriteAllText(Path.Combine(Repository.Root, Document), fresh);
            return;
        }
        Assert.Equal(fresh, text);
    }

    [Fact]
    public void TheTableOfRoomsIsTheProjectsReferences()
    {
        string text = Repository.Read(Document);
        foreach (string project in new[] { "Symbolic", "Optimizer", "Codegen", "Runtime", "Frontends/Caffe", "Frontends/Cli" })
        {
            string file = Directory.GetFiles(Path.Combine(Repository.Root, project), "*.csproj").Single();
            var references = System.Xml.Linq.XElement.Load(file).Descendants("ProjectReference")
                .Select(r => Path.GetFileNameWithoutExtension((string)r.Attribute("Include")!)).Where(name => name != "CaffeSchema").Order().ToArray();
            string row = text.Split('\n').Single(line => line.StartsWith($"| `{project}` |", StringComparison.Ordinal));
            string[] named = [.. row.Split('|')[2].Split(',', StringSplitOptions.TrimEntries).Where(word => word != "nothing").Order()];
            Assert.Equal(references, named);
        }
    }

    private static Dictionary<string, string> Dumps()
    {
        string folder = Directory.CreateTempSubdirectory("symbolic-docs-").FullName;
        try
        {
            Expr x = Matrix("x", "n", 8);
            SharedVariable w = Shared<float>(new float[8], "w", 8);
            Expr cost = Log(1 + Exp(x * w)).Sum([1]);
            Expr slope = Grad(cost.Sum(), w);
            using var function = Function.Compile([x], [cost, slope], options: new CompileOptions { Name = "example", Threads = 1, VectorBits = 256, UseCache = false, Dump = $"all:{folder}" });
            return Directory.GetFiles(folder).ToDictionary(file => Path.GetFileName(file).Split('.')[1], File.ReadAllText);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // The fenced block that follows the mark of a level.
    private static string WithBlock(string document, string level, string content)
    {
        string mark = $"<!-- {level}: made by ArchitectureTests -->\n```";
        int start = document.IndexOf(mark, StringComparison.Ordinal);
        Assert.True(start >= 0, $"{Document} has no block for {level}");
        start = document.IndexOf('\n', start + mark.Length) + 1;
        int end = document.IndexOf("\n```", start - 1, StringComparison.Ordinal);
        return document[..start] + content.Trim('\n') + document[end..];
    }
}
