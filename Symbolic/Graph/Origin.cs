using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Symbolic;

/// <summary>
/// Where an expression was built: a method of the user and an offset in it, found without file information and resolved to file
/// and line only when printed, or a place in a user's file. It stands beside the node and never splits equal ones.
/// </summary>
public sealed class Origin
{
    private static readonly ConcurrentDictionary<Assembly, bool> OwnAssemblies = new();

    [ThreadStatic]
    private static Origin? current;

    [ThreadStatic]
    private static bool isShared;

    private readonly MethodBase? method;
    private readonly int offset;
    private readonly string? place;

    private Origin(MethodBase? method, int offset, string? place)
    {
        this.method = method;
        this.offset = offset;
        this.place = place;
    }

    /// <summary>
    /// Whether new expressions remember where they were built. On unless SYMBOLIC_ORIGINS=0; docs/decisions/origins.md has the cost.
    /// </summary>
    public static bool Enabled { get; set; } = Environment.GetEnvironmentVariable("SYMBOLIC_ORIGINS") != "0";

    /// <summary>The origin of an expression, if it was remembered.</summary>
    public static Origin? Of(Expr expr) => expr.Origin;

    /// <summary>Says that an expression comes from a place in a user's file, such as <c>lenet.prototxt:12:3</c>.</summary>
    public static void Mark(Expr expr, string place) => expr.Origin = new Origin(null, 0, place);

    /// <summary>Expressions built on this thread until the scope ends come from a place in a user's file; costs no walk of the stack.</summary>
    public static Scope At(string place) => new(new Origin(null, 0, place), shared: false);

    /// <summary>Expressions built on this thread until the scope ends come from where another was built; costs no walk of the stack.</summary>
    public static Scope From(Expr expr) => new(expr.Origin ?? current, shared: false);

    /// <summary>Gives a rewritten expression the origin of what it replaced, unless it has one that names a user's file.</summary>
    public static void Carry(Expr from, Expr to)
    {
        if (!ReferenceEquals(from, to) && from.Origin is { } origin && to.Origin?.place is null)
        {
            to.Origin = origin;
        }
    }

    /// <summary>The user's file:line, or the method's name where no symbols exist.</summary>
    public override string ToString() => place
        ?? (method is null ? "unknown" : SourceLine.Find(method, offset) ?? $"{method.DeclaringType}.{method.Name}");

    /// <summary>What is built until the scope ends comes from one call of the user: the stack is walked at most once.</summary>
    internal static Scope OneCall() => new(current, shared: true);

    internal static void Record(Expr expr)
    {
        if (!Enabled)
        {
            return;
        }
        Origin origin = current ?? Walk();
        if (isShared)
        {
            current = origin;
        }
        expr.Origin = origin;
    }

    /// <summary>The innermost frame outside Symbolic's own assemblies and the runtime.</summary>
    private static Origin Walk()
    {
        var stack = new StackTrace(2, fNeedFileInfo: false);
        for (int i = 0; i < stack.FrameCount; i++)
        {
            if (stack.GetFrame(i) is { } frame && frame.GetMethod() is { } method
                && !OwnAssemblies.GetOrAdd(method.Module.Assembly, static assembly => IsOwn(assembly.GetName().Name)))
            {
                return new Origin(method, frame.GetILOffset(), null);
            }
        }
        return new Origin(null, 0, null);
    }

    private static bool IsOwn(string? assembly) => assembly is "Symbolic" or "Symbolic.Optimizer" or "Symbolic.Codegen"
        or "Symbolic.Runtime" or "Symbolic.Caffe" or "System.Private.CoreLib" or "System.Linq";

    /// <summary>Ends, when disposed, what began with <see cref="At"/> or <see cref="From"/>.</summary>
    public readonly struct Scope : IDisposable
    {
        private readonly Origin? before;
        private readonly bool wasShared;

        internal Scope(Origin? origin, bool shared)
        {
            (before, wasShared) = (current, isShared);
            (current, isShared) = (origin, shared && origin is null);
        }

        /// <summary>Restores what was before.</summary>
        public void Dispose() => (current, isShared) = (before, wasShared);
    }
}
