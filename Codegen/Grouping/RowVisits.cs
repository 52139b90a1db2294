namespace Symbolic.Codegen;

/// <summary>
/// Joins units that go over the same rows: reductions of rows, and what is computed of their results for the whole rows or each of them. One kernel then does all of it
/// for a few rows before it comes to the next, which stay in a core's own caches meanwhile: softmax and its gradient, the statistics of a batch normalisation with what
/// is normalised. Of reductions across memory, such as a softmax over channels, rows are columns. What it computes for itself alone need not be stored.
/// </summary>
internal sealed class RowVisits
{
    private const int MostMembers = 10;
    private const int MostRoots = 16;
    private const int FarthestBack = 64;

    /// <summary>Rows that threads can share, however long they are, and elements of a row that one thread may well have to itself.</summary>
    private const long ManyRows = 16, ShortRow = 1 << 14;

    /// <summary>Bytes of a row that are read again; they should stay in the second level of a core's caches, together with what passes through.</summary>
    private const long MostBytes = 512 << 10;

    /// <summary>Elements of columns that do not all lie together: pieces that lie far apart share sets of the caches.</summary>
    private const long MostStrided = 512 * RowSpace.FewestColumns;

    private readonly Outline outline;
    private readonly Func<Expr, bool> isUpdate;
    private readonly List<Visit> visits = [];
    private readonly Dictionary<Expr, int> owner = new(ReferenceEqualityComparer.Instance);

    private RowVisits(Outline outline, Func<Expr, bool> isUpdate)
    {
        this.outline = outline;
        this.isUpdate = isUpdate;
    }

    private sealed class Visit(Unit first)
    {
        public List<Unit> Members { get; } = [first];

        public RowSpace? Space { get; set; }
    }

    /// <summary>The units with those joined that go over the same rows; a unit only ever moves forward.</summary>
    /// <param name="units">The units in the order in which they run.</param>
    /// <param name="commit">The number of units ahead of the first that overwrites a parameter.</param>
    /// <param name="outline">Which expressions have buffers.</param>
    /// <param name="isUpdate">Whether a root is written over a parameter.</param>
    public static (List<Unit> Units, int Commit) Join(List<Unit> units, int commit, Outline outline, Func<Expr, bool> isUpdate)
    {
        var joining = new RowVisits(outline, isUpdate);
        int before = 0;
        for (int i = 0; i < units.Count; i++)
        {
            before = i == commit ? joining.visits.Count : before;
            joining.Add(units[i]);
        }
        return ([.. joining.Finished()], commit == units.Count ? joining.visits.Count : before);
    }

    private void Add(Unit unit)
    {
        int last = unit.Reads.Max(read => owner.GetValueOrDefault(read, -1) is var at && at >= 0 ? at : (int?)null) ?? -1, place = -1;
        for (int i = visits.Count - 1; CanVisit(unit) && i >= Math.Max(Math.Max(last, 0), visits.Count - FarthestBack) && place < 0; i--)
        {
            if (CanVisit(visits[i].Members[0]) && Together(visits[i], unit) is { } space)
            {
                visits[i].Space = space;
                visits[i].Members.Add(unit);
                place = i;
            }
        }
        if (place < 0)
        {
            place = visits.Count;
            visits.Add(new Visit(unit));
        }
        foreach (Expr root in unit.Roots)
        {
            owner[root] = place;
        }
    }

    private bool CanVisit(Unit unit) => unit.Contraction is null && unit.Roots.TrueForAll(root => root.Op is FormulaOp && root.Type is TensorType { Rank: > 0 } && !isUpdate(root) && outline.LayoutOf(root) is null)
        && unit.Reads.All(read => outline.LayoutOf(read) is null);

    /// <summary>The rows that a unit goes over as those of a visit do, of which it reads some; null where it may not join them.</summary>
    private RowSpace? Together(Visit visit, Unit unit)
    {
        Unit first = visit.Members[0];
        if ((visit.Space ?? RowSpace.Of(first, outline) ?? RowSpace.Of(unit, outline)) is not { } space || !Fits(first, space) || !Fits(unit, space)
            || visit.Members.Count >= MostMembers || visit.Members.Sum(member => member.Roots.Count) + unit.Roots.Count > MostRoots
            || space.RowElements is not { IsConstant: true, Constant: > 0 and var elements } || space.Rows is { IsConstant: true, Constant: < 2 }
            || (space.IsOfColumns && space.Columns.Constant > RowSpace.FewestColumns && elements > MostStrided) || (elements > ShortRow && !(space.Rows.Lower >= ManyRows)))
        {
            return null;
        }
        HashSet<Expr> made = new(visit.Members.SelectMany(member => member.Roots), ReferenceEqualityComparer.Instance);
        IEnumerable<Expr> Touched(Unit member) => member.Reads.Concat(member.Roots.Where(root => !member.Inner.Contains(root))).Where(array => array.Type is TensorType { Shape: var shape } && shape.Equals(space.Whole));
        Expr[] again = [.. visit.Members.Append(unit).SelectMany(Touched).GroupBy(array => array, ReferenceEqualityComparer.Instance).Where(uses => uses.Skip(1).Any()).Select(uses => uses.First())];
        return (unit.Reads.Overlaps(made) || Touched(unit).Any(again.Contains)) && again.Sum(array => elements * array.DType.Size()) <= MostBytes
            && StaysInRow(unit, space, made) ? space : null;
    }

    private bool Fits(Unit unit, RowSpace space) =>
        unit.Roots.TrueForAll(root => space.PlacesIn(root.Shape) is not null) && (Reduces(unit) ? space.Equals(RowSpace.Of(unit, outline)) : !space.IsOfColumns || unit.IsPointwise);

    /// <summary>Whether a unit is a reduction that a visit can do row by row.</summary>
    private bool Reduces(Unit unit) => unit.Contraction is null && outline.ReductionOf(unit.Roots[0]) is not null;

    /// <summary>Whether a unit reads of what the visit makes only what lies in the row that it is at.</summary>
    private bool StaysInRow(Unit unit, RowSpace space, HashSet<Expr> made)
    {
        bool stays = true;
        foreach (Expr root in unit.Roots)
        {
            Seq<Dim> at = Inlining.Space(root.Shape).Map(i => (Dim)i);
            Seq<Dim> row = space.PlacesIn(root.Shape)!.Map(axis => at[axis]);
            var inlining = new Inlining(outline, _ => 0, (node, index) => stays &= !made.Contains(node) || space.PlacesIn(node.Shape)!.Map(axis => index[axis]).Equals(row));
            inlining.At(root, at, isRoot: true);
        }
        return stays;
    }

    private IEnumerable<Unit> Finished()
    {
        var readers = new Dictionary<Expr, HashSet<Visit>>(ReferenceEqualityComparer.Instance);
        foreach (Visit visit in visits)
        {
            foreach (Expr read in visit.Members.SelectMany(member => member.Reads))
            {
                (readers.TryGetValue(read, out HashSet<Visit>? known) ? known : readers[read] = []).Add(visit);
            }
        }
        foreach (Visit visit in visits)
        {
            if (visit.Members is [var only])
            {
                yield return only;
                continue;
            }
            var joined = new Unit(visit.Members.SelectMany(member => member.Roots)) { Rows = visit.Space, Members = [.. visit.Members] };
            joined.Reads.UnionWith(visit.Members.SelectMany(member => member.Reads));
            joined.Reads.ExceptWith(joined.Roots);
            joined.Inner.UnionWith(visit.Members.SelectMany(member => member.Inner));
            if (visit.Space!.KeepsRows)
            {
                joined.Passing.UnionWith(joined.Roots.Where(root => root.Shape.Equals(visit.Space.Whole) && !joined.Inner.Contains(root) && !outline.IsResult(root)
                    && readers.TryGetValue(root, out HashSet<Visit>? known) && known.SetEquals([visit])));
            }
            yield return joined;
        }
    }
}
