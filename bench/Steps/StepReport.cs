using System.Diagnostics;
using System.Globalization;
using Symbolic.Bench.Models;
using Symbolic.Runtime;

namespace Symbolic.Bench.Steps;

/// <summary>
/// The figures that the roadmap watches, in a minute: LeNet's training step at batch 64 with one and two threads, and the wall
/// time of compiling it, with an empty cache and from the cache, each in a fresh process.
/// </summary>
internal static class StepReport
{
    /// <summary>The word by which a fresh process of this program is asked to compile once.</summary>
    public const string CompileOnce = "compile-once";

    private const int Batch = 64;

    /// <summary>Measures and prints.</summary>
    public static void Run()
    {
        foreach (int threads in new[] { 1, 2 })
        {
            Step(threads);
        }
        Compile();
    }

    /// <summary>Compiles once and prints the wall time from Compile to its return.</summary>
    public static void Once(string cache)
    {
        var net = new LeNet(Batch);
        long start = Stopwatch.GetTimestamp();
        using Function step = net.CompileStep(new CompileOptions { CacheFolder = cache });
        Console.WriteLine(Stopwatch.GetElapsedTime(start).TotalMilliseconds.ToString(CultureInfo.InvariantCulture));
    }

    private static void Step(int threads)
    {
        var net = new LeNet(Batch);
        Tensor[] data = net.Data(), loss = [Tensor.Zeros(DType.Float32)];
        using Function step = net.CompileStep(new CompileOptions { Threads = threads }), forward = net.CompileForward(new CompileOptions { Threads = threads });
        Console.WriteLine($"LeNet b{Batch}, {threads} thread{(threads == 1 ? " " : "s")}: step     {Timing.Of(() => step.Run(data, loss), 8)}");
        Tensor[] scores = [Tensor.Zeros(DType.Float32, Batch, 10)], pictures = [data[0]];
        Console.WriteLine($"LeNet b{Batch}, {threads} thread{(threads == 1 ? " " : "s")}: forward  {Timing.Of(() => forward.Run(pictures, scores), 3)}");
    }

    private static void Compile()
    {
        string cache = Directory.CreateTempSubdirectory("symbolic-bench-").FullName;
        try
        {
            Console.WriteLine($"compile, empty cache: {Fresh(cache),6:0} ms");
            for (int i = 0; i < 3; i++)
            {
                Console.WriteLine($"compile, from cache:  {Fresh(cache),6:0} ms");
            }
        }
        finally
        {
            Directory.Delete(cache, recursive: true);
        }
    }

    private static double Fresh(string cache)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, [typeof(StepReport).Assembly.Location, CompileOnce, cache]) { RedirectStandardOutput = true };
        if (!Path.GetFileNameWithoutExtension(Environment.ProcessPath!).Equals("dotnet", StringComparison.Ordinal))
        {
            start.ArgumentList.RemoveAt(0);
        }
        using Process process = Process.Start(start)!;
        string text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? double.Parse(text, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"a fresh process ended with {process.ExitCode}");
    }
}
