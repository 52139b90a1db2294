using BenchmarkDotNet.Attributes;
using Symbolic.Bench.Models;
using Symbolic.Runtime;

namespace Symbolic.Bench.Benchmarks;

/// <summary>LeNet's training step and forward pass.</summary>
public class LeNetBenchmarks : IDisposable
{
    private Function? step, forward;
    private Tensor[] data = [];
    private readonly Tensor[] loss = [Tensor.Zeros(DType.Float32)];
    private Tensor[] pictures = [], scores = [];

    /// <summary>Pictures per step.</summary>
    [Params(1, 64)]
    public int Batch { get; set; }

    /// <summary>Threads.</summary>
    [Params(1, 2)]
    public int Threads { get; set; }

    /// <summary>Compiles.</summary>
    [GlobalSetup]
    public void Compile()
    {
        var net = new LeNet(Batch);
        data = net.Data();
        pictures = [data[0]];
        scores = [Tensor.Zeros(DType.Float32, Batch, 10)];
        step = net.CompileStep(new CompileOptions { Threads = Threads });
        forward = net.CompileForward(new CompileOptions { Threads = Threads });
    }

    /// <summary>Forward, backward, update.</summary>
    [Benchmark]
    public void Step() => step!.Run(data, loss);

    /// <summary>Forward.</summary>
    [Benchmark]
    public void Forward() => forward!.Run(pictures, scores);

    /// <inheritdoc/>
    [GlobalCleanup]
    public void Dispose()
    {
        step?.Dispose();
        forward?.Dispose();
        GC.SuppressFinalize(this);
    }
}
