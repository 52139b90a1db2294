using Microsoft.ML.OnnxRuntime;
using Symbolic.Peers.Onnx;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Contestants.OnnxRuntime;

/// <summary>A session with its input and output bound to memory of ours. Weights are constants, which it packs once.</summary>
internal sealed class OnnxPrepared : IPrepared
{
    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly OrtIoBinding binding;
    private readonly float[] input, output;
    private readonly OrtValue boundInput, boundOutput;

    /// <summary>Loads a model.</summary>
    public OnnxPrepared(string path, long[] inputSizes, long[] outputSizes, int threads)
    {
        using var options = new SessionOptions
        {
            IntraOpNumThreads = threads,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR,
        };
        session = new InferenceSession(path, options);
        input = GC.AllocateArray<float>(Count(inputSizes), pinned: true);
        output = GC.AllocateArray<float>(Count(outputSizes), pinned: true);
        Numbers.Fill(input, 0);
        boundInput = OrtValue.CreateTensorValueFromMemory(input, inputSizes);
        boundOutput = OrtValue.CreateTensorValueFromMemory(output, outputSizes);
        binding = session.CreateIoBinding();
        binding.BindInput(OnnxModel.Input, boundInput);
        binding.BindOutput(session.OutputMetadata.Keys.Single(), boundOutput);
    }

    /// <summary>The memory of the input.</summary>
    public Span<float> Input => input;

    /// <inheritdoc/>
    public void Run() => session.RunWithBinding(run, binding);

    /// <inheritdoc/>
    public IEnumerable<Output> Outputs() => [new Output("output 0", output)];

    /// <inheritdoc/>
    public void Dispose()
    {
        binding.Dispose();
        boundInput.Dispose();
        boundOutput.Dispose();
        run.Dispose();
        session.Dispose();
    }

    private static int Count(long[] sizes) => (int)sizes.Aggregate(1L, (product, size) => product * size);
}
