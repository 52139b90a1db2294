using Symbolic.Codegen;
using Symbolic.Ops;
using static Symbolic.Functions;

namespace Symbolic.Runtime;

/// <summary>
/// Has the runtime jit, on another core and while the user's graph is still being built, what every compilation runs before a program comes
/// from the cache, and every first call: differentiation, closing, hashing, reading a plan, laying it out. In a fresh process jitting these takes
/// far longer than running them.
/// </summary>
internal static class WarmUp
{
    private static readonly Lazy<Task> Running = new(() => Environment.ProcessorCount > 1 ? Task.Run(Run) : Task.CompletedTask);

    /// <summary>Begins, once in a process.</summary>
    public static void Begin() => _ = Running.Value;

    /// <summary>What it does, for tests too.</summary>
    internal static void Run()
    {
        // First what a compilation comes to last: by then the main thread has jitted the rest itself.
        Plan plan = new(
            [
                new(Matrix(2), BufferRole.Parameter, 0, 0, 1), new(Matrix(2), BufferRole.Parameter, 1, 1, 1), new(Matrix(2), BufferRole.Output, 0, 1, 1),
                new(Matrix(2), BufferRole.Temporary, 0, 0, 1), new(Matrix(2), BufferRole.Constant, 0, 0, 0),
            ], [new Step.Copy(0, 3), new Step.Copy(3, 2)], 2, [2]);
        Seq<Literal> constants = [Literal.FromBytes(DType.Float32, [2, 2], new byte[16])];
        using var file = new MemoryStream();
        CacheEntry.Of(PlanText.Write(plan), constants, [], [], []).WriteTo(file);
        CacheFolder.HashOf(file, 0);
        file.Position = 0;
        CacheEntry entry = CacheEntry.Read(file);
        PlanText.Parse(PlanText.Write(plan with { Steps = [new Step.Launch("k0", 2, [0, 1, 2, 3], [], "dot f32[2,2]", 16, 64)], CommitFrom = 0, Buffers = plan.Buffers.Map(b => b with { First = 0, Last = 0 }) }));
        Lambda program = Net();
        CacheKey.Of(new ProgramBody(program, 1, [2, 3]), ProgramStore.Effects(program), new CompileOptions(), new CodegenOptions(256));
        var code = new ProgramCode(PlanText.Parse(entry.Plan), entry.ConstantsFrom([]), [], entry.Image);
        var sizes = new Dictionary<string, long>();
        var binding = new Binding(code, new ProgramLayout(code, sizes, 2), Device.Cpu, 2, null);
        Tensor value = code.Constants[0], result = Tensor.From(constants[0]);
        unsafe
        {
            binding.SetParameter(0, value.Address);
            binding.SetParameter(1, value.Address);
            binding.SetOutput(0, result.Address);
        }
        binding.Run(CancellationToken.None);
        GC.KeepAlive((code, result));
    }

    /// <summary>A convolution, pooling and a dense layer with their updates, over parameters: variables would count.</summary>
    private static Lambda Net()
    {
        TensorType filters = new(DType.Float32, Shape.Of([2, 1, 3, 3])), weights = Matrix(2);
        return Lambda.Of([new TensorType(DType.Float32, Shape.Of([2, 1, 4, 4])), new TensorType(DType.Int64, Shape.Of([2])), filters, weights], p =>
        {
            Expr hidden = Dot(Relu<Expr>(MaxPool(Convolve(p[0], p[2]), Window.Of([2, 2], [2, 2]))).Flatten(), p[3]) + p[3].Sum([0]);
            Expr loss = CrossEntropy(hidden, p[1]).Mean();
            Derivative[] slopes = Differentiation.Gradient([p[2], p[3]], [loss]);
            return [loss, .. slopes.Select((slope, i) => p[2 + i] - 0.1 * (((Derivative.Known)slope).Expr + 0.9 * p[2 + i]))];
        });
    }

    private static TensorType Matrix(long size) => new(DType.Float32, Shape.Of([size, size]));
}
