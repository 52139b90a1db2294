using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.Loader;
using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>
/// The emitted assembly of a program, loaded so that it unloads once nobody holds this object: whoever runs one of its methods
/// by pointer must keep it alive meanwhile.
/// </summary>
internal sealed unsafe class KernelImage
{
    private const string ClassName = "Symbolic.Emitted.Kernels";

    private readonly Dictionary<string, Kernel> kernels = [];

    // What is to be jitted, how much of it has been taken, and who does it in the background.
    private readonly MethodInfo[] methods = [];
    private readonly Lazy<Task> jitting;
    private int taken;

    // Keeps the collectible context, and with it the machine code, alive.
    private readonly Type? type;

    /// <summary>Loads an assembly and finds the kernels that a plan launches; nothing is jitted yet.</summary>
    /// <exception cref="BadImageFormatException">The bytes are no assembly, or lack a kernel of the plan.</exception>
    public KernelImage(Plan plan, byte[] image)
    {
        // Not on the caller's processor too: what the jitter works with for a large kernel is megabytes for each thread that jits, and the process keeps them.
        jitting = new Lazy<Task>(() => Task.WhenAll(Enumerable.Range(0, Math.Min(methods.Length, Math.Max(1, Environment.ProcessorCount - 1))).Select(_ => Task.Run(Jit))));
        Step.Launch[] launches = [.. Launches(plan.Steps).DistinctBy(launch => launch.Kernel)];
        if (launches.Length == 0)
        {
            return;
        }
        Context = new AssemblyLoadContext("symbolic function", isCollectible: true);
        using var stream = new MemoryStream(image);
        type = Context.LoadFromStream(stream).GetType(ClassName) ?? throw new BadImageFormatException($"the emitted assembly has no class {ClassName}");
        foreach (Step.Launch launch in launches)
        {
            kernels.Add(launch.Kernel, new Kernel(
                Find($"{launch.Kernel}_scratch", typeof(long), [typeof(long*)]),
                Find($"{launch.Kernel}_shared", typeof(long), [typeof(long*)]),
                launch.Phases > 1 ? new Packer(
                    Find($"{launch.Kernel}_packs", typeof(long), [typeof(long*)]),
                    Find($"{launch.Kernel}_streams", typeof(long), [typeof(long*)]),
                    Find($"{launch.Kernel}_streamed", typeof(long), [typeof(long*)]),
                    Find($"{launch.Kernel}_ahead", typeof(void), [typeof(byte**), typeof(long*), typeof(long), typeof(byte*)])) : null,
                type.GetMethod($"{launch.Kernel}_reads") is null ? null : Find($"{launch.Kernel}_reads", typeof(long), [typeof(long*)]),
                type.GetMethod($"{launch.Kernel}_choices") is null ? null : Find($"{launch.Kernel}_choices", typeof(long), [typeof(long*), typeof(long*)]),
                [.. Enumerable.Range(0, launch.Phases).Select(phase => new Phase(
                    Find($"{launch.Kernel}_{phase}_chunks", typeof(long), [typeof(long*)]),
                    Find($"{launch.Kernel}_{phase}", typeof(void), [typeof(byte**), typeof(long*), typeof(long), typeof(byte*)])))]));
        }
        methods = [.. kernels.Values.SelectMany(kernel => kernel.Methods)];
    }

    /// <summary>The context that the assembly lives in; null for a program without kernels.</summary>
    public AssemblyLoadContext? Context { get; }

    /// <summary>Begins to jit everything, on all processors but one, while the caller goes on.</summary>
    public void BeginPrepare() => _ = jitting.Value;

    /// <summary>Returns once everything is jitted, so that no call does it.</summary>
    public void Prepare()
    {
        Task others = jitting.Value;
        Jit();
        others.GetAwaiter().GetResult();
    }

    /// <summary>Bytes of scratch memory that each thread needs.</summary>
    public long Scratch(string kernel, long* sizes) => Ask(kernels[kernel].Scratch, sizes);

    /// <summary>Bytes of memory that all phases share.</summary>
    public long Shared(string kernel, long* sizes) => Ask(kernels[kernel].Shared, sizes);

    /// <summary>Position of the only buffer that the first of several phases reads; null for a kernel of one phase, or where it reads none or several.</summary>
    public int? Packs(string kernel, long* sizes) => kernels[kernel].Packer is { } packer && Ask(packer.Packs, sizes) is >= 0 and var position ? (int)position : null;

    /// <summary>Position of the only buffer that the second phase packs for itself; null for a kernel of one phase, or where nothing can be packed ahead.</summary>
    public int? Streams(string kernel, long* sizes) => kernels[kernel].Packer is { } packer && Ask(packer.Streams, sizes) is >= 0 and var position ? (int)position : null;

    /// <summary>Bytes of what the second phase packs for itself, packed ahead.</summary>
    public long StreamedBytes(string kernel, long* sizes) => Ask(kernels[kernel].Packer!.Streamed, sizes);

    /// <summary>The method that packs it, in the chunks of the second phase.</summary>
    public delegate*<byte**, long*, long, byte*, void> Ahead(string kernel) =>
        (delegate*<byte**, long*, long, byte*, void>)kernels[kernel].Packer!.Ahead.MethodHandle.GetFunctionPointer();

    /// <summary>Position of a buffer that a kernel reads once and waits for, one chunk's part behind the other's; null where there is none.</summary>
    public int? Reads(string kernel, long* sizes) => kernels[kernel].Reads is { } reads && Ask(reads, sizes) is >= 0 and var position ? (int)position : null;

    /// <summary>Whether a kernel leaves a choice among ways to run that give the same bits.</summary>
    public bool HasChoices(string kernel) => kernels[kernel].Choices is not null;

    /// <summary>Writes what tells such a kernel's product from others and then the choices; returns how many these are. See <see cref="Codegen.Library.KernelRoom"/>.</summary>
    public long Choices(string kernel, long* sizes, long* numbers) =>
        Math.Clamp(((delegate*<long*, long*, long>)kernels[kernel].Choices!.MethodHandle.GetFunctionPointer())(sizes, numbers), 0, Codegen.Library.KernelRoom.MostChoices);

    /// <summary>Number of chunks of a phase.</summary>
    public long Chunks(string kernel, int phase, long* sizes) => Ask(kernels[kernel].Phases[phase].Chunks, sizes);

    /// <summary>The method that runs one chunk of a phase.</summary>
    public delegate*<byte**, long*, long, byte*, void> Run(string kernel, int phase) =>
        (delegate*<byte**, long*, long, byte*, void>)kernels[kernel].Phases[phase].Run.MethodHandle.GetFunctionPointer();

    /// <summary>All launches of some steps, those inside loops and branches included, in program order.</summary>
    public static IEnumerable<Step.Launch> Launches(Seq<Step> steps) => steps.SelectMany(step => step switch
    {
        Step.Launch launch => [launch],
        Step.Batch batch => batch.Launches,
        Step.Repeat repeat => Launches(repeat.Body),
        Step.Branch branch => Launches(branch.Then).Concat(Launches(branch.Else)),
        _ => Enumerable.Empty<Step.Launch>(),
    });

    /// <summary>Jits what nobody has taken.</summary>
    private void Jit()
    {
        while (Volatile.Read(ref taken) < methods.Length)
        {
            int mine = Interlocked.Increment(ref taken) - 1;
            if (mine < methods.Length)
            {
                RuntimeHelpers.PrepareMethod(methods[mine].MethodHandle);
            }
        }
    }

    // The signatures are checked because a pointer to a method of another one would run wild.
    private MethodInfo Find(string name, Type result, Type[] parameters)
    {
        MethodInfo? method = type!.GetMethod(name, BindingFlags.Public | BindingFlags.Static, parameters);
        return method is not null && method.ReturnType == result ? method : throw new BadImageFormatException($"the emitted assembly has no kernel method {name} of the right signature");
    }

    private static long Ask(MethodInfo method, long* sizes) => ((delegate*<long*, long>)method.MethodHandle.GetFunctionPointer())(sizes);

    private sealed record Kernel(MethodInfo Scratch, MethodInfo Shared, Packer? Packer, MethodInfo? Reads, MethodInfo? Choices, Phase[] Phases)
    {
        public IEnumerable<MethodInfo> Methods => [Scratch, Shared, .. Packer is null ? Array.Empty<MethodInfo>() : [Packer.Packs, Packer.Streams], .. Phases.SelectMany(phase => (MethodInfo[])[phase.Chunks, phase.Run])];
    }

    /// <summary>What a kernel says of the operands that it packs.</summary>
    private sealed record Packer(MethodInfo Packs, MethodInfo Streams, MethodInfo Streamed, MethodInfo Ahead);

    private sealed record Phase(MethodInfo Chunks, MethodInfo Run);
}
