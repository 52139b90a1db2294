using Symbolic.Codegen;
using Symbolic.Optimizer;

namespace Symbolic.Runtime;

/// <summary>Makes the code of closed programs, or takes it from the cache, where neither rewriting nor generating nor compiling is needed.</summary>
internal sealed class ProgramStore(CompileOptions options, CodegenOptions codegen, CacheFolder? cache, Dump dump, CompileClock clock)
{
    // The compiler's own code takes some two seconds to load and jit, once in a process: meanwhile the graph is rewritten.
    private static readonly Lazy<Task> Compiler = new(() => Task.Run(KernelCompiler.WarmUp));

    /// <summary>The code of a program.</summary>
    /// <param name="body">The program.</param>
    /// <param name="name">How dumps call it.</param>
    public ProgramCode Get(ProgramBody body, string name)
    {
        dump.Write(name, Dump.Level.Graph, () => IrText.Print(body.Body));
        Seq<EffectOp> effects = Effects(body.Body);
        CacheKey? key = cache is null ? null : clock.Time("key", () => CacheKey.Of(body, effects, options, codegen));
        if (key is not null && !dump.NeedsGeneration && clock.Time("cache", () => Load(key, body.Body, effects, name)) is { } found)
        {
            return found;
        }
        clock.FromCache = false;
        _ = Compiler.Value;
        ProgramBody optimized = options.Optimize ? clock.Time("rewrite", () => body with { Body = Pipeline.Optimize(body.Body, options.Rewrites) }) : body;
        dump.Write(name, Dump.Level.Optimized, () => IrText.Print(optimized.Body));
        GeneratedProgram generated = clock.Time("generate", () => Generator.Generate(optimized, codegen));
        dump.Write(name, Dump.Level.Plan, () => PlanText.Write(generated.Plan));
        dump.Write(name, Dump.Level.CSharp, () => string.Join('\n', generated.Sources));
        byte[] image = clock.Time("compile", () =>
        {
            if (generated.Sources.Count == 0)
            {
                return [];
            }
            Compiler.Value.Wait();
            return KernelCompiler.Compile(generated.Sources);
        });
        if (key is not null)
        {
            var entry = CacheEntry.Of(PlanText.Write(generated.Plan), generated.Constants, Literals(body.Body), generated.Effects.Map(effect => PlaceOf(effect, effects)), image);
            string? note = clock.Time("store", () => cache!.Write(key, entry.ArrayBytes, entry.WriteTo));
            clock.CacheNote = note ?? clock.CacheNote;
        }
        return clock.Time("load", () => new ProgramCode(generated.Plan, generated.Constants, generated.Effects, image));
    }

    private static int PlaceOf(EffectOp effect, Seq<EffectOp> effects) => effects.IndexOf(effect) is >= 0 and var place
        ? place
        : throw new System.Diagnostics.UnreachableException($"the plan performs {effect}, which is not in the graph");

    private ProgramCode? Load(CacheKey key, Lambda program, Seq<EffectOp> effects, string name)
    {
        using Stream? file = cache!.Open(key);
        if (file is null)
        {
            return null;
        }
        try
        {
            CacheEntry entry = CacheEntry.Read(file);
            Plan plan = PlanText.Parse(entry.Plan);
            dump.Write(name, Dump.Level.Plan, () => entry.Plan);
            return new ProgramCode(plan, entry.ConstantsFrom(Literals(program)), entry.Effects.Map(i => effects[i]), entry.Image);
        }
        catch (Exception inner) when (inner is FormatException or BadImageFormatException or FileLoadException or IndexOutOfRangeException or ArgumentException or OverflowException)
        {
            // An entry of ours that does not load is as good as none: it is made again and replaced.
            clock.CacheNote = $"a cache entry was unreadable and is made again: {inner.Message}";
            return null;
        }
    }

    /// <summary>The effects of a program and of the graphs nested in it, in structural order. Two may be equal.</summary>
    internal static Seq<EffectOp> Effects(Lambda program) => Ops(program).OfType<EffectOp>().ToSeq();

    /// <summary>The literals of a program and of the graphs nested in it, in structural order.</summary>
    private static Seq<Literal> Literals(Lambda program) => Ops(program).OfType<Symbolic.Ops.Constant>().Select(constant => constant.Value).ToSeq();

    private static IEnumerable<Op> Ops(Lambda program)
    {
        var waiting = new Queue<Lambda>([program]);
        while (waiting.TryDequeue(out Lambda? lambda))
        {
            foreach (Expr node in Traversal.Order(lambda.Results))
            {
                yield return node.Op;
                foreach (Lambda inner in node.Op.Lambdas)
                {
                    waiting.Enqueue(inner);
                }
            }
        }
    }
}
