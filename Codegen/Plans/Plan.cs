namespace Symbolic.Codegen;

/// <summary>
/// What a compiled program does, as sequence, loop and branch over numbered buffers: the fourth level, after expressions,
/// rewritten expressions and kernels. It is pure data over the size symbols of the program's parameters; the runtime binds
/// it to numbers and memory.
/// </summary>
/// <param name="Buffers">All buffers by number.</param>
/// <param name="Steps">The program. Steps from <see cref="CommitFrom"/> on cannot fail; shared variables are written by them alone.</param>
/// <param name="CommitFrom">The first step that writes a shared variable in place or copies to one.</param>
/// <param name="Outputs">The buffer of each output.</param>
public sealed record Plan(Seq<PlannedBuffer> Buffers, Seq<Step> Steps, int CommitFrom, Seq<int> Outputs);

/// <summary>What a buffer is.</summary>
public enum BufferRole
{
    /// <summary>The storage of a parameter: an input, or a shared variable (also where it is updated in place).</summary>
    Parameter,
    /// <summary>The storage of an output of the call.</summary>
    Output,
    /// <summary>Lies in the arena of the call between its first and last step.</summary>
    Temporary,
    /// <summary>A constant array of the program.</summary>
    Constant,
}

/// <summary>One buffer: elements of a type.</summary>
/// <param name="Type">Element type and sizes, over the program's size symbols.</param>
/// <param name="Role">What it is.</param>
/// <param name="Index">Which parameter, output or constant; the number of the temporary otherwise.</param>
/// <param name="First">The first top-level step that touches it.</param>
/// <param name="Last">The last top-level step that touches it.</param>
/// <param name="Over">The temporary, of as many bytes, whose memory it may take over: its first step is the other's last, and that step reads each element before it writes over it. −1 for none.</param>
/// <param name="Layout">How a temporary's elements lie; null: row-major, as all other buffers do.</param>
/// <param name="Within">The temporary of which it is a part, and which lives as long at least; −1 for none.</param>
/// <param name="At">The element of that one where it begins.</param>
public sealed record PlannedBuffer(TensorType Type, BufferRole Role, int Index, int First, int Last, int Over = -1, Layout? Layout = null, int Within = -1, long At = 0)
{
    /// <summary>How many elements have room in it, gaps included.</summary>
    public Dim Room => Enumerable.Range(0, Type.Rank).Aggregate((Dim)1, (room, axis) => room * (Type.Shape[axis] + (Layout?.GapOf(axis) ?? 0)));

    /// <summary>Whether it is a part of another that has all of its elements, whatever the sizes. What would be a gap behind the last of them is not its own.</summary>
    internal bool LiesWithin(PlannedBuffer whole) =>
        Role == BufferRole.Temporary && whole is { Role: BufferRole.Temporary, Within: < 0 } && Over < 0 && At >= 0 && Type.DType == whole.Type.DType && whole.First <= First && Last <= whole.Last
        && whole.Room.IsAtLeast(Room + At - (Layout?.Gap ?? 0));

    /// <summary>Whether it takes as many bytes as another, whatever the sizes.</summary>
    internal bool HasBytesOf(PlannedBuffer other) => (Room * Type.DType.Size()).Equals(other.Room * other.Type.DType.Size());
}

/// <summary>One step of a program.</summary>
public abstract record Step
{
    /// <summary>
    /// Runs a kernel of the emitted class: phases one after the other, each in independent chunks. Phase p of kernel k has methods
    /// <c>k_p_chunks(long* sizes)</c> and <c>k_p(byte** buffers, long* sizes, long chunk, byte* scratch)</c>; <c>k_scratch(long* sizes)</c>
    /// is the number of bytes of scratch that each worker needs, <c>k_shared(long* sizes)</c> that of the memory which
    /// all phases share and which is handed over as one more buffer behind the others. A kernel of several phases has <c>k_packs(long* sizes)</c>, the
    /// position of the only buffer that its first phase reads: where that is a constant, the phase runs once, when the program is bound. Its second phase
    /// packs for itself what lies in buffer <c>k_streams(long* sizes)</c> (−1 for none), unless that is a constant too: then <c>k_ahead</c>, in as many chunks, packs it
    /// once into <c>k_streamed(long* sizes)</c> bytes, which are handed over behind the shared memory (null otherwise).
    /// </summary>
    /// <param name="Kernel">Its name: k0, k1, ... No text from a user's file ever becomes a name.</param>
    /// <param name="Phases">Number of phases.</param>
    /// <param name="Buffers">Buffers by number, in the order in which the kernel takes them.</param>
    /// <param name="Sizes">Sizes that the kernel takes.</param>
    /// <param name="Label">What it computes, for profiles.</param>
    /// <param name="Work">Floating-point operations, for profiles.</param>
    /// <param name="Traffic">Bytes read and written, for profiles.</param>
    public sealed record Launch(string Kernel, int Phases, Seq<int> Buffers, Seq<Dim> Sizes, string Label, Dim Work, Dim Traffic) : Step;

    /// <summary>Launches of one phase each, none of which touches what another writes: they run in any order, shared out among threads.</summary>
    /// <param name="Launches">The launches; their kernels need no memory beside their buffers.</param>
    public sealed record Batch(Seq<Launch> Launches) : Step
    {
        private const int Named = 3;

        /// <summary>What it computes, for profiles: its most frequent kernels.</summary>
        public string Label
        {
            get
            {
                (string Label, int Count)[] kinds = [.. Launches.GroupBy(launch => launch.Label).OrderByDescending(kind => kind.Count()).Select(kind => (kind.Key, kind.Count()))];
                return $"of {Launches.Count}: {string.Join(", ", kinds.Take(Named).Select(kind => $"{kind.Count} of {kind.Label}"))}{(kinds.Length > Named ? $" and {kinds.Length - Named} kinds more" : "")}";
            }
        }
    }

    /// <summary>Performs effect number <paramref name="Effect"/> on the values of some buffers, then copies the first to the result.</summary>
    public sealed record Perform(int Effect, Seq<int> Inputs, int Result) : Step;

    /// <summary>
    /// Runs the algorithm of a procedure. Its sizes are those of its buffers; unlike an effect it is data through and through, so that the
    /// text of a plan holds it.
    /// </summary>
    /// <param name="Procedure">What is computed.</param>
    /// <param name="Inputs">Buffers of the inputs, by number.</param>
    /// <param name="Results">Buffers of the results, by number.</param>
    /// <param name="Scratch">The buffer of bytes that it works in, by number; none if it needs none.</param>
    public sealed record Compute(ProcedureOp Procedure, Seq<int> Inputs, Seq<int> Results, Seq<int> Scratch) : Step;

    /// <summary>Copies a buffer to one of the same type.</summary>
    public sealed record Copy(int From, int To) : Step;

    /// <summary>Runs the body a number of times, with the step's number in an int64 scalar buffer.</summary>
    public sealed record Repeat(int Count, int Counter, Seq<Step> Body) : Step;

    /// <summary>Runs one of two sequences by a boolean scalar buffer.</summary>
    public sealed record Branch(int Condition, Seq<Step> Then, Seq<Step> Else) : Step;
}

/// <summary>What the generator makes of an optimised program: the plan, the text of its kernels, and what the text cannot hold.</summary>
/// <param name="Plan">The program.</param>
/// <param name="Sources">C# files of the class <c>Symbolic.Emitted.Kernels</c>.</param>
/// <param name="Constants">The constant arrays, by number.</param>
/// <param name="Effects">The effects, by number.</param>
public sealed record GeneratedProgram(Plan Plan, Seq<string> Sources, Seq<Literal> Constants, Seq<EffectOp> Effects);

/// <summary>A closed program to generate: a lambda whose results are the outputs, then the new values of some parameters.</summary>
/// <param name="Body">Parameters are the inputs, then the shared variables.</param>
/// <param name="Outputs">Number of results that are outputs.</param>
/// <param name="Updated">For each further result, the parameter that it becomes the value of.</param>
public sealed record ProgramBody(Lambda Body, int Outputs, Seq<int> Updated);
