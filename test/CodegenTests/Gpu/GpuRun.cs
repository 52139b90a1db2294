using System.Linq.Expressions;
using System.Reflection;
using ILGPU;
using ILGPU.Runtime;
using ILGPU.Runtime.CPU;
using ILGPU.Runtime.Cuda;
using Symbolic.Codegen;
using GpuKernel = ILGPU.Runtime.Kernel;

namespace Symbolic.Test;

/// <summary>
/// Runs a program that was generated for a GPU on ILGPU's CPU accelerator, which is a debugger and not a backend: tiny sizes only;
/// or, with SYMBOLIC_GPU=cuda in the environment, on the first device that CUDA knows. One buffer each, steps one after the other.
/// Making one costs more than most kernels: a class of tests shares it.
/// </summary>
public sealed class GpuRun : IDisposable
{
    /// <summary>Whether the kernels run on a real device.</summary>
    public static readonly bool OnDevice = Environment.GetEnvironmentVariable("SYMBOLIC_GPU") == "cuda";

    private readonly Context context = Context.Create(builder =>
    {
        if (OnDevice)
        {
            builder.Cuda();
        }
        else
        {
            builder.CPU(new CPUDevice(numThreadsPerWarp: 2, numWarpsPerMultiprocessor: 1, numMultiprocessors: 1));
        }
    });
    private readonly Accelerator accelerator;

    public GpuRun() => accelerator = OnDevice ? context.CreateCudaAccelerator(0) : context.CreateCPUAccelerator(0);

    public void Dispose()
    {
        accelerator.Dispose();
        context.Dispose();
    }

    public static GeneratedProgram Generate(Lambda program) => Generator.Generate(new ProgramBody(program, program.Results.Count, []), CodegenOptions.Gpu);

    /// <summary>The emitted class.</summary>
    public static Type Kernels(GeneratedProgram generated) => Assembly.Load(KernelCompiler.CompileForGpu(generated.Sources)).GetType("Symbolic.Emitted.Kernels")!;

    public Literal[] Run(Lambda program, IReadOnlyList<Literal> arguments)
    {
        GeneratedProgram generated = Generate(program);
        Plan plan = generated.Plan;
        Type? kernels = generated.Sources.Count == 0 ? null : Kernels(generated);
        var sizes = new SizeBinding();
        for (int i = 0; i < arguments.Count; i++)
        {
            sizes.Bind($"parameter {i}", plan.Buffers.First(b => b.Role == BufferRole.Parameter && b.Index == i).Type, arguments[i].Sizes.AsSpan());
        }
        MemoryBuffer1D<byte, Stride1D.Dense>[] memory = [.. plan.Buffers.Select(b => accelerator.Allocate1D<byte>(Math.Max(16, sizes.Evaluate(b.Room) * b.Type.DType.Size())))];
        for (int i = 0; i < memory.Length; i++)
        {
            Literal? known = plan.Buffers[i].Role switch { BufferRole.Parameter => arguments[plan.Buffers[i].Index], BufferRole.Constant => generated.Constants[plan.Buffers[i].Index], _ => null };
            if (known is { Count: > 0 })
            {
                memory[i].View.SubView(0, known.Bytes.Length).CopyFromCPU(known.Bytes.ToArray());
            }
        }
        foreach (Step step in plan.Steps)
        {
            switch (step)
            {
                case Step.Launch launch:
                    Launch(launch, kernels!, plan, sizes, memory);
                    break;
                case Step.Copy copy:
                    memory[copy.From].View.CopyTo(memory[copy.To].View);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"{step}");
            }
        }
        accelerator.Synchronize();
        return [.. plan.Outputs.Map(o =>
        {
            PlannedBuffer buffer = plan.Buffers[o];
            byte[] bytes = memory[o].GetAsArray1D()[..(int)(sizes.Evaluate(buffer.Type.Shape.Elements) * buffer.Type.DType.Size())];
            return Literal.FromBytes(buffer.Type.DType, sizes.Evaluate(buffer.Type.Shape), bytes);
        })];
    }

    private void Launch(Step.Launch launch, Type kernels, Plan plan, SizeBinding sizes, MemoryBuffer1D<byte, Stride1D.Dense>[] memory)
    {
        MethodInfo method = kernels.GetMethod(launch.Kernel)!;
        object[] numbers = [.. launch.Sizes.Map(s => (object)sizes.Evaluate(s))];
        long points = (long)kernels.GetMethod($"{launch.Kernel}_points")!.Invoke(null, numbers)!;
        if (points == 0)
        {
            return;
        }
        GpuKernel kernel = accelerator.LoadKernel(method);
        Type[] parameters = [.. method.GetParameters().Select(p => p.ParameterType)];
        Type launcher = Expression.GetDelegateType([typeof(AcceleratorStream), typeof(KernelConfig), .. parameters, typeof(void)]);
        var create = (Delegate)typeof(GpuKernel).GetMethod(nameof(GpuKernel.CreateLauncherDelegate))!.MakeGenericMethod(launcher).Invoke(kernel, [])!;
        object[] views = [.. launch.Buffers.Select((b, i) => View(memory[b], parameters[i].GetGenericArguments()[0]))];
        create.DynamicInvoke([accelerator.DefaultStream, new KernelConfig(3, 2), .. views, .. numbers]);
        accelerator.Synchronize();
    }

    private static object View(MemoryBuffer1D<byte, Stride1D.Dense> memory, Type element) =>
        typeof(GpuRun).GetMethod(nameof(Cast), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(element).Invoke(null, [memory])!;

    private static ArrayView<T> Cast<T>(MemoryBuffer1D<byte, Stride1D.Dense> memory) where T : unmanaged => memory.View.BaseView.Cast<T>();
}
