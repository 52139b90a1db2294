using System.Diagnostics;

namespace Symbolic.Codegen;

/// <content>Reductions: loops that combine values, in lanes or one by one.</content>
internal sealed partial class ElementWriter
{
    private string Reduce(Element.Reduce reduce, bool lanes)
    {
        LoopIndex last = reduce.Over.Count > 0 ? reduce.Over[^1] : new LoopIndex("none", 1);
        bool across = !lanes && lane is null && LanesInReductions && reduce.Over.Count > 0 && reduce.DType == laneType;
        string sum = $"a{locals++}", part = IsLong(reduce) ? $"p{sum}" : sum, count = $"c{sum}";
        string identity = dialect.Number(ReductionIdentity(reduce));
        bool wide = lanes || across;
        string type = wide ? "V" : Spelling.Local(reduce.DType), start = wide ? $"S.Create({identity})" : identity;
        text.Line($"{type} {sum} = {start};");
        if (part != sum)
        {
            text.Line($"{type} {part} = {start};");
            text.Line($"long {count} = 0;");
        }
        foreach (LoopIndex index in reduce.Over)
        {
            OpenLoop(index, "0", Spelling.Index(index.Extent, name), [reduce.Body], across && index == last);
        }
        string value = wide ? Lanes(reduce.Body) : Scalar(reduce.Body);
        if (across)
        {
            text.Line($"V m{sum} = {lanesLeft} >= S.Width ? {value} : S.Select(S.Less(S.Index(0), S.Create({lanesLeft})), {value}, S.Create({identity}));");
            value = $"m{sum}";
        }
        text.Line($"{part} = {Combine(reduce.Kind, part, value, wide, reduce.DType)};");
        if (part != sum)
        {
            text.Open($"if (++{count} == {PartLength})");
            text.Line($"{sum} = {Combine(reduce.Kind, sum, part, wide, reduce.DType)};");
            text.Line($"{part} = {start};");
            text.Line($"{count} = 0;");
            text.Close();
        }
        foreach (LoopIndex index in reduce.Over.Reverse())
        {
            CloseLoop(index);
        }
        if (part != sum)
        {
            text.Line($"{sum} = {Combine(reduce.Kind, sum, part, wide, reduce.DType)};");
        }
        return across ? $"S.Reduce{reduce.Kind switch { Reduction.Sum => "Add", Reduction.Product => "Multiply", Reduction.Max => "Max", Reduction.Min => "Min", _ => throw new UnreachableException($"{reduce.Kind}") }}({sum})" : sum;
    }

    /// <summary>Columns whose partial sums stay in the first level of the cache, together with the piece of a row that is added to them.</summary>
    private const int ColumnBlock = 512;

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

    /// <summary>Opens the loop over blocks of columns, reduces one, and opens the loop over its vectors, in which the reduction has its value.</summary>
    public void OpenColumns(Element.Reduce reduce, LoopIndex columns, string first, string last, IReadOnlyList<Element> inside)
    {
        string at = name(columns), block = $"c{locals++}", end = $"e{locals}", sums = $"w{locals}", count = $"n{locals++}s";
        bool isLong = IsLong(reduce);
        string type = Spelling.Memory(reduce.DType), start = $"S.Create({dialect.Number(ReductionIdentity(reduce))})";
        text.Line($"{type}* {sums} = stackalloc {type}[{(isLong ? 2 : 1) * ColumnBlock}];");
        Hoist(inside);
        text.Open($"for (long {block} = {first}; {block} < {last}; {block} += {ColumnBlock})");
        text.Line($"long {end} = System.Math.Min({block} + {ColumnBlock}, {last});");
        text.Open($"for (long j = 0; j < {(isLong ? 2 : 1) * ColumnBlock}; j += S.Width)");
        text.Line($"S.Store({sums} + j, {start});");
        text.Close();
        if (isLong)
        {
            text.Line($"long {count} = 0;");
        }
        foreach (LoopIndex index in reduce.Over)
        {
            OpenLoop(index, "0", Spelling.Index(index.Extent, name), [reduce.Body]);
        }
        OpenLoop(columns, block, end, [reduce.Body], lanes: true);
        string value = Lanes(reduce.Body), place = $"{sums} + ({at} - {block})";
        text.Line($"S.Store({place}, {Combine(reduce.Kind, $"S.Load({place})", value, wide: true, reduce.DType)});");
        CloseLoop(columns);
        if (isLong)
        {
            text.Open($"if (++{count} == {PartLength})");
            AddParts(sums, start, reduce);
            text.Line($"{count} = 0;");
            text.Close();
        }
        foreach (LoopIndex index in reduce.Over.Reverse())
        {
            CloseLoop(index);
        }
        if (isLong)
        {
            AddParts(sums, start, reduce);
        }
        OpenLoop(columns, block, end, inside, lanes: true);
        string local = $"v{locals++}";
        text.Line($"V {local} = S.Load({(isLong ? $"{sums} + {ColumnBlock}" : sums)} + ({at} - {block}));");
        Declare(vectors, reduce, local);
    }

    /// <summary>Closes both loops.</summary>
    public void CloseColumns(LoopIndex columns)
    {
        CloseLoop(columns);
        text.Close();
    }

    private void AddParts(string sums, string start, Element.Reduce reduce)
    {
        text.Open($"for (long j = 0; j < {ColumnBlock}; j += S.Width)");
        text.Line($"S.Store({sums} + {ColumnBlock} + j, {Combine(reduce.Kind, $"S.Load({sums} + {ColumnBlock} + j)", $"S.Load({sums} + j)", wide: true, reduce.DType)});");
        text.Line($"S.Store({sums} + j, {start});");
        text.Close();
    }

    /// <summary>Terms that are added one after the other before their sum is; a long sum is a tree of two levels, whose rounding errors grow with the root of what they would.</summary>
    private const int PartLength = 256;

    private static bool IsLong(Element.Reduce reduce) => reduce.Kind == Reduction.Sum && reduce.DType.IsContinuous()
        && !(reduce.Over.Aggregate((Dim)1, (a, i) => a * i.Extent) is { IsConstant: true } all && all.Constant <= 2 * PartLength);

    /// <summary>Whether reductions are vectorised over their last index.</summary>
    public bool LanesInReductions { get; init; }

    private string ArgMax(Element.Reduce reduce)
    {
        string best = $"m{locals}", at = $"a{locals}", position = $"p{locals++}";
        text.Line($"{Spelling.Local(reduce.Body.DType)} {best} = default;");
        text.Line($"long {at} = 0, {position} = 0;");
        foreach (LoopIndex index in reduce.Over)
        {
            OpenLoop(index, "0", Spelling.Index(index.Extent, name), [reduce.Body]);
        }
        string value = Scalar(reduce.Body);
        string beats = reduce.Body.DType.IsComplex() ? $"Symbolic.ComplexFunctions.Beats({value}, {best})"
            : reduce.Body.DType.IsFloat() ? $"(!({value} <= {best}) && {best} == {best})" : $"{value} > {best}";
        text.Open($"if ({position} == 0 || {beats})");
        text.Line($"{best} = {value};");
        text.Line($"{at} = {position};");
        text.Close();
        text.Line($"{position}++;");
        foreach (LoopIndex index in reduce.Over.Reverse())
        {
            CloseLoop(index);
        }
        return at;
    }

    /// <summary>The first maximum of each lane: the position is counted in the lanes' own dtype, in which windows are small enough to be exact.</summary>
    private string ArgMaxLanes(Element.Reduce reduce)
    {
        string best = $"m{locals}", at = $"a{locals}", position = $"p{locals}", beats = $"q{locals++}";
        text.Line($"V {best} = S.Constant(double.NegativeInfinity), {at} = S.Constant(0);");
        text.Line($"{Spelling.Memory(laneType)} {position} = 0;");
        foreach (LoopIndex index in reduce.Over)
        {
            OpenLoop(index, "0", Spelling.Index(index.Extent, name), [reduce.Body]);
        }
        string value = Lanes(reduce.Body);
        text.Line($"V {beats} = S.And(S.Not(S.LessOrEqual({value}, {best})), S.Equal({best}, {best}));");
        text.Line($"{best} = S.Select({beats}, {value}, {best});");
        text.Line($"{at} = S.Select({beats}, S.Create({position}), {at});");
        text.Line($"{position} += 1;");
        foreach (LoopIndex index in reduce.Over.Reverse())
        {
            CloseLoop(index);
        }
        return at;
    }

    private static ScalarValue ReductionIdentity(Element.Reduce reduce) => reduce.Kind switch
    {
        Reduction.Sum or Reduction.Any => ScalarValue.Of(reduce.DType, 0L),
        Reduction.Product or Reduction.All => ScalarValue.Of(reduce.DType, 1L),
        Reduction.Max => ScalarValue.Least(reduce.DType),
        Reduction.Min => ScalarValue.Greatest(reduce.DType),
        _ => throw new UnreachableException($"{reduce.Kind}"),
    };

    private string Combine(Reduction kind, string a, string b, bool wide, DType dtype)
    {
        Intrinsic function = kind switch
        {
            Reduction.Sum => dtype == DType.Bool ? Intrinsic.Or : Intrinsic.Add,
            Reduction.Product => Intrinsic.Mul,
            Reduction.Max => Intrinsic.Max,
            Reduction.Min => Intrinsic.Min,
            Reduction.All => Intrinsic.And,
            Reduction.Any => Intrinsic.Or,
            _ => throw new UnreachableException($"{kind}"),
        };
        Element zero = Element.Of(dtype, 0);
        var call = new Element.Call(function, dtype, [zero, zero]);
        return wide ? LaneIntrinsics.Spell(call, [a, b]) : dialect.Call(call, [a, b]);
    }
}
