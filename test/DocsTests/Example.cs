using System.Reflection;
using System.Runtime.Loader;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Symbolic.Test;

/// <summary>A program that stands in a document: compiled as a project with implicit usings would, and run.</summary>
internal static class Example
{
    private const string ImplicitUsings = "global using System; global using System.Collections.Generic; global using System.IO; global using System.Linq; global using System.Threading; global using System.Threading.Tasks;";

    /// <summary>The text between a fence of C# and its end: the only one in the document.</summary>
    public static string In(string document)
    {
        string[] parts = document.Split("```");
        return Assert.Single(parts, part => part.StartsWith("csharp\n", StringComparison.Ordinal))["csharp\n".Length..];
    }

    /// <summary>Compiles and runs it.</summary>
    /// <returns>What it wrote.</returns>
    public static string Run(string program)
    {
        string[] platform = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator);
        var compilation = CSharpCompilation.Create(
            "ReadmeExample",
            [CSharpSyntaxTree.ParseText(ImplicitUsings), CSharpSyntaxTree.ParseText(program)],
            platform.Select(path => MetadataReference.CreateFromFile(path)),
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, nullableContextOptions: NullableContextOptions.Enable));
        using var assembly = new MemoryStream();
        var result = compilation.Emit(assembly);
        Assert.True(result.Success, string.Join('\n', result.Diagnostics.Where(d => d.Severity >= DiagnosticSeverity.Warning)));
        assembly.Position = 0;
        MethodInfo main = AssemblyLoadContext.Default.LoadFromStream(assembly).EntryPoint!;
        TextWriter before = Console.Out;
        using var output = new StringWriter();
        Console.SetOut(output);
        try
        {
            main.Invoke(null, [Array.Empty<string>()]);
        }
        finally
        {
            Console.SetOut(before);
        }
        return output.ToString();
    }
}
