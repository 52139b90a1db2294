namespace Symbolic.Codegen;

/// <content>
/// Chains of costly functions in stages: a vector that goes through several at once is one long chain of operations that wait for each other, of which a processor
/// has but two or three under way; and their constants are more than there are registers. So a piece of the lanes goes through one function after the other.
/// </content>
internal sealed partial class ElementWriter
{
    /// <summary>Elements that go through a stage before the next one; all that is between stages stays in the first level of the cache.</summary>
    private const int StageLength = 512;

    /// <summary>Functions that cost at least so many operations are stages.</summary>
    private const int StageCost = 8;

    private const int MostStages = 6;

    /// <summary>How many elements ahead a stage asks for what it is the first to read: while the other stages compute nobody reads, and a processor's own prefetching falls behind.</summary>
    private const int StageAhead = 3 * StageLength / 2;

    /// <summary>Where in the memory between stages their results begin.</summary>
    private readonly Dictionary<Element, int> stored = new(ReferenceEqualityComparer.Instance);

    private string stageRows = "";

    /// <summary>The costly functions of a nest of lanes that are stages, in their order: all but the last; none where there are fewer than two in all, or where there is more than arithmetic.</summary>
    public static List<Element> Stages(Piece piece)
    {
        LoopIndex lane = piece.Space.Last(i => !i.Extent.Is(1));
        List<Element> all = Elements.All(piece.Stores.Select(s => s.Value));
        if (piece.Lanes != Symbolic.Codegen.Lanes.Space || lane.Extent.Upper < 4 * StageLength || all.Any(e => e is Element.Reduce || Elements.IsGuard(e) || Elements.Indices(e).Any())
            || piece.Stores.Any(s => s.Value.DType != piece.LaneType))
        {
            return [];
        }
        var free = new Dictionary<Element, HashSet<DimSymbol>>(ReferenceEqualityComparer.Instance);
        foreach (Element element in all)
        {
            free[element] = Elements.Free(element, e => free[e]);
        }
        List<Element> costly = [.. all.Where(e => e is Element.Call call && Meaning.Cost(call.Function) >= StageCost && call.DType == piece.LaneType && free[e].Contains(lane))];
        // The last goes with what is done behind it.
        return costly.Count is >= 2 and <= MostStages ? costly[..^1] : [];
    }

    private const int PageBytes = 4096;

    /// <summary>
    /// Memory for what is between the stages; ahead of all loops. It lies a kilobyte behind what is read, modulo the size of a page: a load whose last twelve bits are
    /// those of a store on its way waits for it, and where a thread's stack happens to lie should make no difference.
    /// </summary>
    public void ReserveStages(List<Element> stages, string first)
    {
        stageRows = $"w{locals++}";
        string type = Spelling.Memory(laneType), near = Elements.All(stages).OfType<Element.Read>().FirstOrDefault(read => read.DType == laneType) is { } read ? $"(nint)(b{read.Operand} + {first})" : "0";
        text.Line($"{type}* {stageRows}s = stackalloc {type}[{(stages.Count * StageLength) + (PageBytes / laneType.Size())}];");
        text.Line($"{type}* {stageRows} = ({type}*)((nint){stageRows}s + (((({near} + {PageBytes / 4}) & ~63) - (nint){stageRows}s) & {PageBytes - 1}));");
    }

    /// <summary>
    /// Takes the lanes through the stages, a piece at a time, and through what is behind the last of them. Each is a method of its own, written to what follows this one: of
    /// all loops in one the JIT would leave calls as they are, and each finds in registers what it is given.
    /// </summary>
    public void WriteStages(Piece piece, Nest nest, List<Element> stages, Seq<LoopIndex> loops, (string First, string Last) bounds, bool whole, (string Name, SourceText Text) methods)
    {
        string block = $"c{locals++}", end = $"e{locals++}";
        text.Open($"for (long {block} = {bounds.First}; {block} < {bounds.Last}; {block} += {StageLength})");
        text.Line($"long {end} = System.Math.Min({block} + {StageLength}, {bounds.Last});");
        var asked = new HashSet<Element>(ReferenceEqualityComparer.Instance);
        for (int k = 0; k <= stages.Count; k++)
        {
            bool isLast = k == stages.Count;
            Element[] roots = isLast ? [.. piece.Stores.Select(s => s.Value)] : [stages[k]];
            var stage = new ElementWriter(methods.Text, name, laneType) { Width = Width, Reductions = [] };
            for (int before = 0; before < k; before++)
            {
                stage.stored.Add(stages[before], before * StageLength);
            }
            List<(string Type, string Name, string Value)> given = [.. Given(stage.Available(roots), isLast ? piece.Stores : [])];
            given.Add(($"{Spelling.Memory(laneType)}*", StageRows, stageRows));
            given.AddRange(loops.SkipLast(1).Select(index => ("long", name(index), name(index))));
            given.AddRange([("long", StageFirst, block), ("long", StageLast, end)]);
            if (nest.Sizes.Count > 0)
            {
                given.Add(("long*", "s", "s"));
            }
            foreach ((int buffer, string past) in isLast ? Past : [])
            {
                stage.Past.Add(buffer, past);
                given.Add(("bool", past, past));
            }
            string method = $"{methods.Name}_stage{k}";
            text.Line($"{method}({string.Join(", ", given.Select(g => g.Value))});");
            // Compiled in full at once: its loops are too short for the runtime to replace it within one, and as many first calls would be slow.
            methods.Text.Line("[System.Runtime.CompilerServices.MethodImpl(System.Runtime.CompilerServices.MethodImplOptions.AggressiveOptimization | System.Runtime.CompilerServices.MethodImplOptions.NoInlining)]");
            methods.Text.Open($"private static void {method}({string.Join(", ", given.Select(g => $"{g.Type} {g.Name}"))})");
            KernelText.Sizes(methods.Text, nest.Sizes);
            stage.bound.UnionWith(loops.SkipLast(1));
            Element.Read[] first = [.. stage.Available(roots).OfType<Element.Read>().Where(read => read.DType == laneType && Vectorizing.Stride(read.At[0], loops[^1]) == 1 && asked.Add(read))];
            stage.WriteStage(loops[^1], roots, whole, () =>
            {
                foreach (Element.Read read in first)
                {
                    methods.Text.Line($"ReadAhead.Line(b{read.Operand} + {Spelling.Index(read.At[0], stage.Place)} + {StageAhead});");
                }
                if (isLast)
                {
                    stage.Store(piece, nest, lanes: true);
                }
                else
                {
                    methods.Text.Line($"S.Store({stage.InStage(k * StageLength)}, {stage.Lanes(stages[k])});");
                }
            });
            methods.Text.Close();
        }
        text.Close();
    }

    private const string StageRows = "w", StageFirst = "first", StageLast = "last";

    /// <summary>The buffers that a stage reads and stores to, as parameters.</summary>
    private static IEnumerable<(string Type, string Name, string Value)> Given(IEnumerable<Element> all, IEnumerable<Store> stores) =>
        all.OfType<Element.Read>().Select(read => (Buffer: read.Operand, read.DType)).Concat(stores.Select(store => (store.Buffer, store.Value.DType))).DistinctBy(b => b.Buffer).OrderBy(b => b.Buffer)
            .Select(b => ($"{Spelling.Memory(b.DType)}*", $"b{b.Buffer}", $"b{b.Buffer}"));

    private string InStage(int row) => $"{StageRows} + {row} + ({Place(lane!)} - {StageFirst})";

    /// <summary>The loops of a stage over a piece: two vectors at once where its function takes two, then what is left.</summary>
    private void WriteStage(LoopIndex lanes, IReadOnlyList<Element> roots, bool whole, Action write)
    {
        Element.Call? function = OfTwo(lanes, roots);
        if (function is not null)
        {
            OpenLanes(lanes, StageFirst, StageLast, roots, LaneLoop.Pairs);
            WriteTwo(function, write);
            CloseLoop(lanes);
        }
        OpenLanes(lanes, StageFirst, StageLast, roots, function is not null ? whole ? LaneLoop.WholeBehind : LaneLoop.Behind : whole ? LaneLoop.Whole : LaneLoop.Any);
        write();
        CloseLoop(lanes);
    }
}
