using System.Diagnostics;
using Symbolic.Codegen;
using Symbolic.Optimizer;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>What the tests run in a process of its own: this assembly, started with a word.</summary>
internal static class SecondProcess
{
    /// <summary>The entry point: <c>emit seed</c> prints the kernels of a model, <c>compile folder</c> compiles it with a cache.</summary>
    public static int Main(string[] arguments)
    {
        switch (arguments)
        {
            case ["emit", var seed]:
                Console.Write(Emit(int.Parse(seed, System.Globalization.CultureInfo.InvariantCulture)));
                return 0;
            case ["compile", var folder]:
                using (Function train = new Models.Perceptron().Train(new CompileOptions { CacheFolder = folder }))
                {
                    float loss = train.Call(Models.Perceptron.Batch(8, 1), Models.Perceptron.Labels(8, 1))[0].Item<float>();
                    Console.WriteLine($"{train.Report.FromCache} {loss:r}");
                    Console.WriteLine(train.Report);
                }
                return 0;
            default:
                Console.Error.WriteLine("this program is a set of tests: run it with dotnet test");
                return 1;
        }
    }

    /// <summary>Runs this assembly in a process of its own; returns what it printed.</summary>
    public static string Run(params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in (string[])["exec", typeof(SecondProcess).Assembly.Location, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? output : throw new InvalidOperationException($"exit code {process.ExitCode}: {errors.Result}{output}");
    }

    /// <summary>The plan and the kernels of a model, after whatever else the seed makes the process do before.</summary>
    public static string Emit(int seed)
    {
        // Other serials, other hash codes, other memory: none of it may show.
        var random = new Random(seed);
        var others = new List<Expr>();
        for (int i = 0; i < 50 * seed; i++)
        {
            Expr x = Matrix($"x{random.Next(5)}", "n", random.Next(2, 30));
            others.Add(Tanh(Dot(x, x.Transpose()) + random.Next(10)));
        }
        if (seed % 2 == 1)
        {
            GC.Collect();
        }
        var model = new Models.Perceptron();
        if (seed > 1)
        {
            // The same nodes, made in another order.
            _ = model.Updates.Reverse().Select(u => u.Value * 2).ToList();
        }
        Seq<Expr> results = [model.Loss, .. model.Updates.Map(u => u.Value)];
        Seq<Variable> variables = [((Ops.Leaf)model.X.Op).Variable, ((Ops.Leaf)model.Y.Op).Variable, model.W, model.B, model.V, model.C];
        Closing closing = Closing.Of(variables, results);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(Pipeline.Optimize(closing.Program), 1, [2, 3, 4, 5]), new CodegenOptions(256));
        GC.KeepAlive(others);
        return PlanText.Write(generated.Plan) + string.Join('\n', generated.Sources);
    }
}

public sealed class SameTextTests
{
    [Fact]
    public void One_model_gives_the_same_text_in_three_processes()
    {
        string here = SecondProcess.Emit(0);
        Assert.Contains("class Kernels", here, StringComparison.Ordinal);
        Assert.Equal(here, SecondProcess.Run("emit", "1"));
        Assert.Equal(here, SecondProcess.Run("emit", "4"));
    }
}
