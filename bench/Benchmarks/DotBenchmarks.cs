using BenchmarkDotNet.Attributes;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Bench.Benchmarks;

/// <summary>Matrix products of the sizes that nets have, on one thread. GFLOP/s is 2·M·K·N / time.</summary>
public class DotBenchmarks : IDisposable
{
    private Function? dot;
    private Tensor[] inputs = [], output = [];

    /// <summary>The sizes M x K x N.</summary>
    [Params("64x64x64", "256x256x256", "512x512x512", "1024x1024x1024", "64x800x500", "784x128x1000", "20x25x576", "50x500x64", "1x1024x1024")]
    public string Sizes { get; set; } = "";

    /// <summary>Compiles.</summary>
    [GlobalSetup]
    public void Compile()
    {
        long[] sizes = [.. Sizes.Split('x').Select(long.Parse)];
        (long m, long k, long n) = (sizes[0], sizes[1], sizes[2]);
        Expr a = Matrix("a", m, k), b = Matrix("b", k, n);
        dot = Function.Compile([a, b], [Dot(a, b)], options: new CompileOptions { Threads = 1 });
        inputs = [Random(m, k), Random(k, n)];
        output = [Tensor.Zeros(DType.Float32, m, n)];
    }

    /// <summary>The product.</summary>
    [Benchmark]
    public void Product() => dot!.Run(inputs, output);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        dot?.Dispose();
        GC.SuppressFinalize(this);
    }

    private static Tensor Random(long rows, long columns)
    {
        var random = new Random(1);
        return Tensor.Of<float>([.. Enumerable.Range(0, (int)(rows * columns)).Select(_ => random.NextSingle() - 0.5f)], rows, columns);
    }
}
