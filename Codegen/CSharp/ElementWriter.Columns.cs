namespace Symbolic.Codegen;

/// <content>Reductions of columns: rows are read from end to end, and lanes are columns.</content>
internal sealed partial class ElementWriter
{
    /// <summary>Bytes of a row of sums that stays in the first level of the cache, together with the pieces of rows that are added to it: long ones, since prefetching begins anew with each.</summary>
    private const int ColumnBytes = 16384;

    /// <summary>Rows that are added while a vector of sums is in a register, and where a term is more than what is read.</summary>
    private const int RowsAtOnce = 8, RowsOfTerms = 4;

    /// <summary>
    /// The one reduction of a nest whose lanes are columns, if it is long: then rows are read from end to end, and each is added to a row of sums,
    /// instead of one vector after the other down all rows.
    /// </summary>
    public static Element.Reduce? OfColumns(Piece piece)
    {
        LoopIndex? columns = piece.Space.LastOrDefault(i => !i.Extent.Is(1));
        List<Element.Reduce> all = [.. Elements.All(piece.Stores.Select(s => s.Value)).OfType<Element.Reduce>()];
        return piece.Lanes == Symbolic.Codegen.Lanes.Space && columns is not null && all is [var reduce] && reduce.Kind is Reduction.Sum or Reduction.Product or Reduction.Max or Reduction.Min
            && !(reduce.Over.Aggregate((Dim)1, (a, i) => a * i.Extent) is { IsConstant: true, Constant: < 16 }) && reduce.Over.Count > 0
            && Elements.All([reduce.Body]).OfType<Element.Read>().Any(r => r.At[0].Contains(columns)) && !Elements.All(piece.Stores.Select(s => s.Value)).Any(Elements.IsGuard)
            && !Elements.All([reduce]).SelectMany(Elements.Indices).Any() ? reduce : null;
    }

    /// <summary>Memory for the sums of a block of columns; ahead of all loops, since what is taken from the stack stays taken until the method ends.</summary>
    public void ReserveColumns(Element.Reduce reduce)
    {
        columnSums = $"w{locals++}";
        string type = Spelling.Memory(reduce.DType);
        text.Line($"{type}* {columnSums}s = stackalloc {type}[{((IsLong(reduce) ? 2 : 1) * ColumnBlock(reduce)) + (64 / reduce.DType.Size())}];");
        text.Line($"{type}* {columnSums} = ({type}*)(((nint){columnSums}s + 63) & ~63);");
    }

    private string columnSums = "";

    private static int ColumnBlock(Element.Reduce reduce) => ColumnBytes / reduce.DType.Size();

    /// <summary>Opens the loop over blocks of columns, reduces one, and opens the loop over its vectors, in which the reduction has its value.</summary>
    public void OpenColumns(Element.Reduce reduce, LoopIndex columns, string first, string last, IReadOnlyList<Element> inside, LaneLoop loop)
    {
        string at = name(columns), block = $"c{locals++}", end = $"e{locals}", count = $"n{locals++}s", sums = columnSums;
        bool isLong = IsLong(reduce);
        int width = ColumnBlock(reduce);
        string start = $"S.Create({dialect.Number(ReductionIdentity(reduce))})";
        Hoist(inside);
        text.Open($"for (long {block} = {first}; {block} < {last}; {block} += {width})");
        text.Line($"long {end} = System.Math.Min({block} + {width}, {last});");
        text.Open($"for (long j = 0; j < {end} - {block}; j += S.Width)");
        text.Line($"S.Store({sums} + j, {start});");
        if (isLong)
        {
            text.Line($"S.Store({sums} + {width} + j, {start});");
        }
        text.Close();
        if (isLong)
        {
            text.Line($"long {count} = 0;");
        }
        LoopIndex row = reduce.Over[^1];
        foreach (LoopIndex index in reduce.Over[..^1])
        {
            OpenLoop(index, "0", Spelling.Index(index.Extent, name), [reduce.Body]);
        }
        string extent = Spelling.Index(row.Extent, name), whole = "0";
        int elements = Elements.All([reduce.Body]).Count, rows = elements <= 2 ? RowsAtOnce : RowsOfTerms;
        if (elements <= SmallTerm && !(row.Extent.Upper < 2 * rows))
        {
            whole = $"r{locals++}";
            text.Line($"long {whole} = {extent} - ({extent} % {rows});");
            Rows("0", whole, rows);
        }
        if (whole == "0" || !(row.Extent is { IsConstant: true } known && known.Constant % rows == 0))
        {
            Rows(whole, extent, 1);
        }
        foreach (LoopIndex index in reduce.Over[..^1].Reverse())
        {
            CloseLoop(index);
        }
        if (isLong)
        {
            AddParts();
        }
        OpenLanes(columns, block, end, inside, loop);
        string local = $"v{locals++}";
        text.Line($"V {local} = S.Load({(isLong ? $"{sums} + {width}" : sums)} + ({at} - {block}));");
        Declare(vectors, reduce, local);

        void Rows(string from, string to, int step)
        {
            Element[] terms = [.. Enumerable.Range(0, step).Select(k => Moved(reduce.Body, row, k))];
            OpenLoop(row, from, to, terms, step);
            // Where the last vector is filled in part it gets a text of its own, so that those before it ask nothing.
            bool apart = loop == LaneLoop.Any && step > 1 && elements <= 2;
            if (apart)
            {
                text.Block();
            }
            foreach (LaneLoop part in apart ? new[] { LaneLoop.Begun, LaneLoop.Rest } : [loop])
            {
                OpenLanes(columns, block, end, terms, part);
                string sum = $"v{locals++}", place = $"{sums} + ({at} - {block})";
                text.Line($"V {sum} = S.Load({place});");
                foreach (Element term in terms)
                {
                    text.Line($"{sum} = {Combine(reduce.Kind, sum, Lanes(term), wide: true, reduce.DType)};");
                }
                text.Line($"S.Store({place}, {sum});");
                CloseLoop(columns);
            }
            if (apart)
            {
                text.Close();
            }
            if (isLong)
            {
                text.Open($"if (({count} += {step}) >= {PartLength})");
                AddParts();
                text.Line($"{count} = 0;");
                text.Close();
            }
            CloseLoop(row);
        }

        void AddParts()
        {
            text.Open($"for (long j = 0; j < {end} - {block}; j += S.Width)");
            text.Line($"S.Store({sums} + {width} + j, {Combine(reduce.Kind, $"S.Load({sums} + {width} + j)", $"S.Load({sums} + j)", wide: true, reduce.DType)});");
            text.Line($"S.Store({sums} + j, {start});");
            text.Close();
        }
    }

    /// <summary>Closes both loops.</summary>
    public void CloseColumns(LoopIndex columns)
    {
        CloseLoop(columns);
        text.Close();
    }
}
