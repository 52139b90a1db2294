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

    /// <summary>Where results of stages are read.</summary>
    private readonly Dictionary<Element, string> stored = new(ReferenceEqualityComparer.Instance);

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

    /// <summary>Opens the loop over pieces of the lanes and takes one through the stages; behind them their results are read. Gives the bounds of the piece.</summary>
    public (string First, string Last) OpenStages(List<Element> stages, LoopIndex lanes, string first, string last, LaneLoop loop, IReadOnlyList<Element> inside)
    {
        string block = $"c{locals++}", end = $"e{locals++}", at = $"{name(lanes)} - {block}";
        Hoist(inside);
        text.Open($"for (long {block} = {first}; {block} < {last}; {block} += {StageLength})");
        text.Line($"long {end} = System.Math.Min({block} + {StageLength}, {last});");
        for (int k = 0; k < stages.Count; k++)
        {
            OpenLanes(lanes, block, end, [stages[k]], loop);
            text.Line($"S.Store({stageRows} + {k * StageLength} + ({at}), {Lanes(stages[k])});");
            CloseLoop(lanes);
            stored[stages[k]] = $"S.Load({stageRows} + {k * StageLength} + ({at}))";
        }
        return (block, end);
    }
}
