using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Loader;
using Symbolic.Codegen;

namespace Symbolic.Test;

/// <summary>
/// Runs a generated program of known sizes in the plainest way: one buffer each, steps one after the other, chunks in order. What
/// the runtime does with arenas and threads is tested there.
/// </summary>
internal static unsafe class KernelRun
{
    // What is run under several choices is compiled once. The context of a program that is no more goes with it.
    private static readonly ConditionalWeakTable<GeneratedProgram, Type> Compiled = [];

    /// <summary>
    /// The widths of vectors to test; those that the machine lacks are made of narrower ones. Where it has none (or hides them), they would be made of
    /// single elements, which takes minutes and no program chooses.
    /// </summary>
    public static int[] Widths => Vector128.IsHardwareAccelerated ? [0, 128, 256, 512] : [0];

    public static Literal[] Run(Lambda program, IReadOnlyList<Literal> arguments, CodegenOptions options) =>
        Run(Generator.Generate(new ProgramBody(program, program.Results.Count, []), options), arguments);

    /// <param name="generated">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="choice">Which of the ways to run that give the same bits kernels are told to take; 0 leaves it to them.</param>
    public static Literal[] Run(GeneratedProgram generated, IReadOnlyList<Literal> arguments, int choice = 0)
    {
        Type? kernels = generated.Sources.Count == 0 ? null : Compiled.GetValue(generated, Load);
        Plan plan = generated.Plan;
        var sizes = new SizeBinding();
        for (int i = 0; i < arguments.Count; i++)
        {
            sizes.Bind($"parameter {i}", plan.Buffers.First(b => b.Role == BufferRole.Parameter && b.Index == i).Type, arguments[i].Sizes.AsSpan());
        }
        var memory = new nint[plan.Buffers.Count];
        var own = new List<nint>();
        try
        {
            for (int i = 0; i < memory.Length; i++)
            {
                PlannedBuffer buffer = plan.Buffers[i];
                if (buffer.Within >= 0)
                {
                    memory[i] = memory[buffer.Within] + (nint)(buffer.At * buffer.Type.DType.Size());
                    continue;
                }
                memory[i] = (nint)NativeMemory.AlignedAlloc((nuint)(sizes.Evaluate(buffer.Room) * buffer.Type.DType.Size() + 64), 64);
                own.Add(memory[i]);
                long bytes = sizes.Evaluate(buffer.Room) * buffer.Type.DType.Size();
                new Span<byte>((void*)memory[i], (int)bytes).Fill(0xcd);
                if (buffer.Role is BufferRole.Parameter or BufferRole.Constant)
                {
                    (buffer.Role == BufferRole.Parameter ? arguments[buffer.Index] : generated.Constants[buffer.Index]).Bytes.CopyTo(new Span<byte>((void*)memory[i], (int)bytes));
                }
            }
            Execute(plan.Steps, plan, generated, sizes, memory, kernels, choice);
            return [.. plan.Outputs.Map(o => Value(plan.Buffers[o], sizes, memory[o]))];
        }
        finally
        {
            own.ForEach(m => NativeMemory.AlignedFree((void*)m));
        }
    }

    // Choices that change nothing give the same text, one right after the other.
    [ThreadStatic]
    private static (string Text, Type Kernels)? last;

    private static Type Load(GeneratedProgram program)
    {
        string text = string.Join('\n', program.Sources);
        if (last is { } known && known.Text == text)
        {
            return known.Kernels;
        }
        Type kernels = new AssemblyLoadContext("test", isCollectible: true).LoadFromStream(new MemoryStream(KernelCompiler.Compile(program.Sources))).GetType("Symbolic.Emitted.Kernels")!;
        last = (text, kernels);
        return kernels;
    }

    private static Literal Value(PlannedBuffer buffer, SizeBinding sizes, nint memory) =>
        Literal.FromBytes(buffer.Type.DType, sizes.Evaluate(buffer.Type.Shape), new ReadOnlySpan<byte>((void*)memory, (int)(sizes.Evaluate(buffer.Type.Shape.Elements) * buffer.Type.DType.Size())));

    private static void Execute(Seq<Step> steps, Plan plan, GeneratedProgram generated, SizeBinding sizes, nint[] memory, Type? kernels, int choice)
    {
        foreach (Step step in steps)
        {
            switch (step)
            {
                case Step.Launch launch:
                    Launch(launch, sizes, memory, kernels!, choice);
                    break;
                case Step.Batch batch:
                    // In any order: here the last one first.
                    batch.Launches.Reverse().ToList().ForEach(launch => Launch(launch, sizes, memory, kernels!, choice));
                    break;
                case Step.Copy copy:
                    Value(plan.Buffers[copy.From], sizes, memory[copy.From]).Bytes.CopyTo(new Span<byte>((void*)memory[copy.To], int.MaxValue));
                    break;
                case Step.Perform perform:
                    generated.Effects[perform.Effect].Perform([.. perform.Inputs.Map(i => Value(plan.Buffers[i], sizes, memory[i]))]);
                    Value(plan.Buffers[perform.Inputs[0]], sizes, memory[perform.Inputs[0]]).Bytes.CopyTo(new Span<byte>((void*)memory[perform.Result], int.MaxValue));
                    break;
                case Step.Compute compute:
                    ProcedureArray Placed(int buffer)
                    {
                        var array = new ProcedureArray(plan.Buffers[buffer].Type.DType, sizes.Evaluate(plan.Buffers[buffer].Type.Shape));
                        array.Place(memory[buffer]);
                        return array;
                    }
                    compute.Procedure.Compute(new ProcedureCall(compute.Inputs.Map(Placed), compute.Results.Map(Placed), compute.Scratch.Count == 0 ? new ProcedureArray(DType.UInt8, [0]) : Placed(compute.Scratch[0])));
                    break;
                case Step.Repeat repeat:
                    for (long i = 0; i < repeat.Count; i++)
                    {
                        *(long*)memory[repeat.Counter] = i;
                        Execute(repeat.Body, plan, generated, sizes, memory, kernels, choice);
                    }
                    break;
                case Step.Branch branch:
                    Execute(*(bool*)memory[branch.Condition] ? branch.Then : branch.Else, plan, generated, sizes, memory, kernels, choice);
                    break;
                default:
                    throw new System.Diagnostics.UnreachableException($"{step}");
            }
        }
    }

    private static void Launch(Step.Launch launch, SizeBinding sizes, nint[] memory, Type kernels, int choice)
    {
        nint Method(string name) => kernels.GetMethod(name, BindingFlags.Public | BindingFlags.Static)!.MethodHandle.GetFunctionPointer();
        long[] numbers = [.. launch.Sizes.Map(sizes.Evaluate), .. new long[Codegen.Library.KernelRoom.Length]];
        numbers[launch.Sizes.Count + Codegen.Library.KernelRoom.Choice] = choice;
        nint[] buffers = [.. launch.Buffers.Map(b => memory[b]), 0, 0];
        fixed (long* s = numbers)
        fixed (nint* b = buffers)
        {
            long scratchBytes = ((delegate*<long*, long>)Method($"{launch.Kernel}_scratch"))(s), sharedBytes = ((delegate*<long*, long>)Method($"{launch.Kernel}_shared"))(s);
            byte* scratch = (byte*)NativeMemory.AlignedAlloc((nuint)scratchBytes + 64, 64), shared = (byte*)NativeMemory.AlignedAlloc((nuint)sharedBytes + 64, 64);
            buffers[^2] = (nint)shared;
            for (int phase = 0; phase < launch.Phases; phase++)
            {
                long chunks = ((delegate*<long*, long>)Method($"{launch.Kernel}_{phase}_chunks"))(s);
                var run = (delegate*<byte**, long*, long, byte*, void>)Method($"{launch.Kernel}_{phase}");
                for (long chunk = chunks - 1; chunk >= 0; chunk--)
                {
                    run((byte**)b, s, chunk, scratch);
                }
            }
            NativeMemory.AlignedFree(scratch);
            NativeMemory.AlignedFree(shared);
        }
    }
}
