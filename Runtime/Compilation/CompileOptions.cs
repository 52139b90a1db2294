using Symbolic.Codegen;
using Symbolic.Optimizer;

namespace Symbolic.Runtime;

/// <summary>How a function is compiled and run. The defaults suit nearly everybody.</summary>
public sealed record CompileOptions
{
    /// <summary>How messages, profiles and dumps call the function.</summary>
    public string Name { get; init; } = "function";

    /// <summary>Where the function runs and its shared variables live; the CPU where none is given.</summary>
    public Device? Device { get; init; }

    /// <summary>Threads that a call uses, its caller's included; those of the device where none is given. Results do not depend on it.</summary>
    public int? Threads { get; init; }

    /// <summary>Width of vectors in bits: 0 for scalar code, 128, 256 or 512; where none is given 256 if the machine has them, else 128, else scalar code; sums of products then take 512 if the machine has those.</summary>
    public int? VectorBits { get; init; }

    /// <summary>Whether the graph is rewritten before kernels are made. Off only to compare.</summary>
    public bool Optimize { get; init; } = true;

    /// <summary>What rewriting may do.</summary>
    public OptimizerOptions Rewrites { get; init; } = OptimizerOptions.Default;

    /// <summary>Whether sums of products get a schedule of their own. Off only to compare.</summary>
    public bool Contractions { get; init; } = true;

    /// <summary>
    /// The schedule of every sum of products to which it applies; the others run by panels. Only to compare: where none is given each
    /// gets the one that suits its shape.
    /// </summary>
    public Schedule? Schedule { get; init; }

    /// <summary>
    /// Whether convolutions of float32 with 3x3 or 5x5 taps may run by Winograd's algorithm where that is faster. Its error is as small as that of a sum
    /// of products, but its bits are others.
    /// </summary>
    public bool Winograd { get; init; } = true;

    /// <summary>Which arrays [n,c,...] between two kernels lie with their channels last. What callers see is row-major. Only to compare: where none is given, those where it is faster.</summary>
    public Layouts Layouts { get; init; }

    /// <summary>
    /// Whether shared variables that the function does not update become constants of it, with the values that they have now. Such a
    /// variable refuses new values as long as the function lives.
    /// </summary>
    public bool Freeze { get; init; }

    /// <summary>
    /// Whether the ways in which a product may run, all of which give the same bits, are tried once a function has been called for a while, and the fastest is remembered
    /// beside the cached programs; where it is not said, unless the environment variable SYMBOLIC_TRIALS is 0. Without a cache nothing is tried.
    /// </summary>
    public bool? Trials { get; init; }

    /// <summary>Whether calls are timed per kernel; see <see cref="Function.Profile"/>.</summary>
    public bool Profile { get; init; }

    /// <summary>Whether it is noted when which thread works on which kernel; see <see cref="Function.WriteTrace"/>. Kernels are then timed too.</summary>
    public bool Trace { get; init; }

    /// <summary>Whether compiled programs are kept on disk and taken from there.</summary>
    public bool UseCache { get; init; } = true;

    /// <summary>The folder of the cache; where none is given, the one that SYMBOLIC_CACHE names, else one of the user's own.</summary>
    public string? CacheFolder { get; init; }

    /// <summary>For how many tuples of sizes a function keeps its memory and plan; the least recently used go first.</summary>
    public int Bindings { get; init; } = 8;

    /// <summary>What tells how long calls and trials take; another one in tests of these.</summary>
    internal TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>The levels to dump and where to, as in the environment variable SYMBOLIC_DUMP: <c>graph,optimized,plan,csharp:folder</c>; without a folder they go to the error output.</summary>
    public string? Dump { get; init; }
}
