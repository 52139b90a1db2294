using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Symbolic;

/// <summary>
/// Where an expression was built: the stack without file information, resolved to file and line only when printed.
/// Kept beside the graph, so that origins never split equal nodes.
/// </summary>
public sealed class Origin
{
    private static readonly ConditionalWeakTable<Expr, Origin> Origins = [];

    [ThreadStatic]
    private static Origin? inherited;

    private readonly StackTrace? stack;
    private readonly string? place;

    private Origin(StackTrace stack) => this.stack = stack;

    private Origin(string place) => this.place = place;

    /// <summary>Whether new expressions remember where they were built. On unless SYMBOLIC_ORIGINS=0; costs some microseconds a node.</summary>
    public static bool Enabled { get; set; } = Environment.GetEnvironmentVariable("SYMBOLIC_ORIGINS") != "0";

    /// <summary>The origin of an expression, if it was remembered.</summary>
    public static Origin? Of(Expr expr) => Origins.TryGetValue(expr, out Origin? origin) ? origin : null;

    /// <summary>Says that an expression comes from a place in a user's file, such as <c>lenet.prototxt:12:3</c>.</summary>
    public static void Mark(Expr expr, string place) => Origins.AddOrUpdate(expr, new Origin(place));

    /// <summary>Gives a rewritten expression the origin of what it replaced, unless it has one that names a user's file.</summary>
    public static void Carry(Expr from, Expr to)
    {
        if (!ReferenceEquals(from, to) && Of(from) is { } origin && Of(to)?.place is null)
        {
            Origins.AddOrUpdate(to, origin);
        }
    }

    /// <summary>
    /// Until the scope is disposed, expressions that this thread makes take the origin of the one they replace, instead of the stack of
    /// whoever rewrites. An expression without an origin changes nothing.
    /// </summary>
    public static Scope Replacing(Expr from)
    {
        var scope = new Scope(inherited);
        inherited = Of(from) ?? inherited;
        return scope;
    }

    /// <summary>Where <see cref="Replacing"/> holds.</summary>
    public readonly ref struct Scope
    {
        private readonly Origin? outer;

        internal Scope(Origin? outer) => this.outer = outer;

        /// <summary>Ends it.</summary>
        public void Dispose() => inherited = outer;
    }

    /// <summary>The first frame outside Symbolic's own assemblies as file:line, or the method's name where no symbols exist.</summary>
    public override string ToString()
    {
        if (place is not null)
        {
            return place;
        }
        foreach (StackFrame frame in stack!.GetFrames())
        {
            if (frame.GetMethod() is not { } method || method.DeclaringType?.Assembly is not { } assembly || IsOwn(assembly.GetName().Name))
            {
                continue;
            }
            // Only now is the portable PDB read: the frame is rebuilt with file information from method and offset.
            return SourceLine.Find(method, frame.GetILOffset()) ?? $"{method.DeclaringType}.{method.Name}";
        }
        return "unknown";
    }

    internal static void Record(Expr expr)
    {
        if (Enabled)
        {
            Origins.AddOrUpdate(expr, inherited ?? new Origin(new StackTrace(2, fNeedFileInfo: false)));
        }
    }

    private static bool IsOwn(string? assembly) => assembly is "Symbolic" or "Symbolic.Optimizer" or "Symbolic.Codegen"
        or "Symbolic.Runtime" or "Symbolic.Caffe" or "System.Private.CoreLib";
}
