using System.Runtime.InteropServices;
using Symbolic.Peers.Works;
using TorchSharp;
using static TorchSharp.torch;

namespace Symbolic.Peers.Contestants.Libtorch;

/// <summary>Something for libtorch to do, and the tensors it leaves.</summary>
/// <param name="run">Runs once and gives what is to be compared; the caller disposes of what it is not given again.</param>
/// <param name="kept">What lives as long as this.</param>
/// <param name="learns">Whether gradients are wanted; else inference mode, which spares their bookkeeping.</param>
internal sealed class TorchPrepared(Func<Tensor> run, Tensor[] kept, bool learns = false) : IPrepared
{
    private readonly IDisposable? mode = learns ? null : inference_mode();
    private Tensor? last;

    /// <summary>What is compared beside the result of a run.</summary>
    public Func<IEnumerable<Output>> Beside { get; init; } = () => [];

    /// <summary>What layers compute in; a process has one.</summary>
    public static ScalarType Precision { get; set; } = ScalarType.Float32;

    /// <summary>A tensor of the formula's numbers.</summary>
    public static Tensor Filled(int array, float scale, params long[] sizes)
    {
        Tensor tensor = empty(sizes, ScalarType.Float32);
        Numbers.Fill(Floats(tensor), array, scale);
        return Precision == ScalarType.Float32 ? tensor : tensor.to_type(Precision, disposeAfter: true);
    }

    /// <summary>The memory of a contiguous tensor.</summary>
    public static Span<float> Floats(Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);

    /// <summary>The values of any tensor.</summary>
    public static float[] Values(Tensor tensor)
    {
        using Tensor row = tensor.detach().to_type(ScalarType.Float32).contiguous();
        return Floats(row).ToArray();
    }

    /// <inheritdoc/>
    public void Run()
    {
        Tensor now = run();
        if (!ReferenceEquals(now, last))
        {
            last?.Dispose();
            last = now;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<Output> Outputs() => [new Output("output 0", Values(last!)), .. Beside()];

    /// <inheritdoc/>
    public void Dispose()
    {
        last?.Dispose();
        foreach (Tensor tensor in kept)
        {
            tensor.Dispose();
        }
        mode?.Dispose();
    }
}
