using System.Diagnostics;

namespace Symbolic.Codegen;

/// <content>Reductions: loops that combine values, in lanes or one by one.</content>
internal sealed partial class ElementWriter
{
    private string Reduce(Element.Reduce reduce, bool lanes)
    {
        if (!lanes && lane is null && LanesInReductions && reduce.Over.Count > 0 && reduce.DType == laneType)
        {
            return reduce.Kind == Reduction.Max && Reductions.FirstOrDefault(other => other.Kind == Reduction.ArgMax && Known(other) && AreOfSame(other, reduce)) is { } position
                ? Greatest(position).Value : Across(reduce);
        }
        string sum = $"a{locals++}", part = IsLong(reduce) ? $"p{sum}" : sum, count = $"c{sum}";
        string identity = dialect.Number(ReductionIdentity(reduce));
        string type = lanes ? "V" : Spelling.Local(reduce.DType), start = lanes ? $"S.Create({identity})" : identity;
        text.Line($"{type} {sum} = {start};");
        if (part != sum)
        {
            text.Line($"{type} {part} = {start};");
            text.Line($"long {count} = 0;");
        }
        foreach (LoopIndex index in reduce.Over)
        {
            OpenLoop(index, "0", Spelling.Index(index.Extent, name), [reduce.Body]);
        }
        string value = lanes ? Lanes(reduce.Body) : Scalar(reduce.Body);
        text.Line($"{part} = {Combine(reduce.Kind, part, value, lanes, reduce.DType)};");
        if (part != sum)
        {
            text.Open($"if (++{count} == {PartLength})");
            text.Line($"{sum} = {Combine(reduce.Kind, sum, part, lanes, reduce.DType)};");
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
            text.Line($"{sum} = {Combine(reduce.Kind, sum, part, lanes, reduce.DType)};");
        }
        return sum;
    }

    /// <summary>Vectors side by side that go into sums of their own, since each addition waits for the one before it.</summary>
    private const int Sums = 4;

    /// <summary>Where a term has more elements than these, there is enough to do while an addition waits.</summary>
    private const int SmallTerm = 16;

    /// <summary>The reductions of the piece: those along the same axes are made in one loop.</summary>
    public IReadOnlyList<Element.Reduce> Reductions { get; init; } = [];

    /// <summary>Reductions made in one loop; each has several sums in registers.</summary>
    private const int MostTogether = 3;

    /// <summary>A reduction along lanes of its last index, in several sums where that is long, together with others alike; all are combined in a fixed tree.</summary>
    private string Across(Element.Reduce reduce)
    {
        Element.Reduce[] together = [reduce, .. Reductions.Where(other => IsAlike(reduce, other)).Take(MostTogether - 1)];
        LoopIndex last = reduce.Over[^1];
        Seq<LoopIndex> outer = reduce.Over[..^1];
        Seq<Element> bodies = Elements.Shared(together.Select(other => WithIndices(other, reduce.Over)).ToSeq());
        List<Element> term = Elements.All(bodies);
        bool isLong = IsLong(reduce), several = !(last.Extent.Upper < 2 * Sums * Width) && term.Count <= SmallTerm && !term.Any(Elements.IsGuard);
        string id = $"a{locals++}", count = $"c{id}", i = name(last), extent = Spelling.Index(last.Extent, name);
        string identity = $"S.Create({dialect.Number(ReductionIdentity(reduce))})";
        string[] sums = [.. bodies.Select((_, n) => n == 0 ? id : $"{id}x{n}")];
        string[][] parts = [.. sums.Select(sum => Enumerable.Range(0, several ? Sums : 1).Select(k => $"p{k}{sum}").ToArray())];
        for (int n = 0; n < sums.Length; n++)
        {
            text.Line($"V {sums[n]} = {identity}, {string.Join(", ", parts[n].Select(part => $"{part} = {identity}"))};");
        }
        if (isLong)
        {
            text.Line($"long {count} = 0;");
        }
        string Together(string a, string b) => Combine(reduce.Kind, a, b, wide: true, reduce.DType);
        void Flush()
        {
            for (int n = 0; n < sums.Length; n++)
            {
                text.Line($"{sums[n]} = {Together(sums[n], several ? Together(Together(parts[n][0], parts[n][1]), Together(parts[n][2], parts[n][3])) : parts[n][0])};");
            }
        }
        void Counted(int vectors)
        {
            if (!isLong)
            {
                return;
            }
            text.Open($"if (({count} += {vectors}) >= {PartLength})");
            Flush();
            foreach (string part in parts.SelectMany(part => part))
            {
                text.Line($"{part} = {identity};");
            }
            text.Line($"{count} = 0;");
            text.Close();
        }
        foreach (LoopIndex index in outer)
        {
            OpenLoop(index, "0", Spelling.Index(index.Extent, name), bodies);
        }
        string first = "0";
        if (several)
        {
            Broadcast(last, bodies);
            first = $"f{id}";
            text.Line($"long {first} = {extent} - ({extent} % {Sums * Width});");
            OpenLanes(last, "0", first, bodies, LaneLoop.Whole, Sums);
            for (int k = 0; k < Sums; k++)
            {
                Seq<Element> moved = Elements.Map(bodies, dim => k > 0 && dim.Contains(last) ? dim.Substitute(s => s == last ? (Dim)last + (k * Width) : null) : dim, over => over);
                for (int n = 0; n < sums.Length; n++)
                {
                    text.Line($"{parts[n][k]} = {Together(parts[n][k], Lanes(k == 0 ? bodies[n] : moved[n]))};");
                }
            }
            Counted(Sums);
            CloseLoop(last);
        }
        OpenLanes(last, first, extent, bodies);
        for (int n = 0; n < sums.Length; n++)
        {
            string value = Lanes(bodies[n]);
            text.Line($"{parts[n][0]} = {Together(parts[n][0], $"({lanesLeft} >= S.Width ? {value} : S.Select(S.Less(S.Index(0), S.Create({lanesLeft})), {value}, {identity}))")};");
        }
        Counted(1);
        CloseLoop(last);
        foreach (LoopIndex index in outer.Reverse())
        {
            CloseLoop(index);
        }
        Flush();
        string function = $"S.Reduce{reduce.Kind switch { Reduction.Sum => "Add", Reduction.Product => "Multiply", Reduction.Max => "Max", Reduction.Min => "Min", _ => throw new UnreachableException($"{reduce.Kind}") }}";
        for (int n = 1; n < sums.Length; n++)
        {
            string local = $"t{locals++}";
            text.Line($"{Spelling.Local(reduce.DType)} {local} = {function}({sums[n]});");
            Declare(scalars, together[n], local);
        }
        return $"{function}({sums[0]})";
    }

    /// <summary>Whether another reduction goes over the same axes as one, and can be made now.</summary>
    private bool IsAlike(Element.Reduce one, Element.Reduce other) => !ReferenceEquals(one, other) && other.Kind == one.Kind && other.DType == one.DType && other.Over.Count == one.Over.Count
        && other.Over.Select((index, k) => index.Extent.Equals(one.Over[k].Extent)).All(same => same) && !scalars.ContainsKey(other) && Known(other)
        && !Elements.All([one.Body, other.Body]).Any(e => e is Element.Reduce || Elements.IsGuard(e) || Elements.Indices(e).Any());

    /// <summary>The body of a reduction over other indices of the same extents.</summary>
    private static Element WithIndices(Element.Reduce reduce, Seq<LoopIndex> over) => ReferenceEquals(reduce.Over, over) ? reduce.Body
        : Elements.Map([reduce.Body], dim => dim.Substitute(s => s is LoopIndex index && reduce.Over.IndexOf(index) is >= 0 and var k ? (Dim)over[k] : null), indices => indices)[0];

    /// <summary>The element so many values of an index further on.</summary>
    private static Element Moved(Element element, LoopIndex index, long steps) =>
        steps == 0 ? element : Elements.Map([element], dim => dim.Contains(index) ? dim.Substitute(s => s == index ? (Dim)index + steps : null) : dim, over => over)[0];

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

    private bool AreOfSame(Element.Reduce position, Element.Reduce greatest) => greatest.Over is [var index] && index.Extent.Equals(position.Over[0].Extent) && !scalars.ContainsKey(position)
        && !scalars.ContainsKey(greatest) && WithIndices(greatest, position.Over).Equals(Elements.Map([position.Body], dim => dim, over => over)[0]);

    /// <summary>The position of the first maximum along lanes, counted in their dtype, in which it is exact; and the maximum itself, where it is asked for too. Whichever was not asked for has its value from now on.</summary>
    private (string Position, string Value) Greatest(Element.Reduce position)
    {
        Element.Reduce? greatest = Reductions.FirstOrDefault(other => other.Kind == Reduction.Max && Known(other) && AreOfSame(position, other));
        LoopIndex last = position.Over[0];
        bool several = !(last.Extent.Upper < 2 * Sums * Width) && Elements.All([position.Body]).Count <= SmallTerm && !Elements.All([position.Body]).Any(Elements.IsGuard);
        string id = $"{locals++}", extent = Spelling.Index(last.Extent, name), least = "S.Constant(double.NegativeInfinity)", first = "0";
        string[] best = [.. Enumerable.Range(0, several ? Sums : 1).Select(k => $"m{k}x{id}")], at = [.. best.Select(part => $"a{part}")], top = [.. best.Select(part => $"g{part}")];
        for (int k = 0; k < best.Length; k++)
        {
            text.Line($"V {best[k]} = {least}, {at[k]} = S.Constant(0){(greatest is null ? "" : $", {top[k]} = {least}")};");
        }
        void Compare(int k, string value, string place)
        {
            string found = $"q{locals++}";
            text.Line($"V {found} = S.And(S.Not(S.LessOrEqual({value}, {best[k]})), S.Equal({best[k]}, {best[k]}));");
            text.Line($"{best[k]} = S.Select({found}, {value}, {best[k]});");
            text.Line($"{at[k]} = S.Select({found}, S.Index({place}), {at[k]});");
            if (greatest is not null)
            {
                text.Line($"{top[k]} = S.Maximum({top[k]}, {value});");
            }
        }
        if (several)
        {
            Broadcast(last, [position.Body]);
            first = $"f{id}";
            text.Line($"long {first} = {extent} - ({extent} % {Sums * Width});");
            OpenLanes(last, "0", first, [position.Body], LaneLoop.Whole, Sums);
            for (int k = 0; k < Sums; k++)
            {
                Compare(k, Lanes(Moved(position.Body, last, k * Width)), $"{name(last)} + {k * Width}");
            }
            CloseLoop(last);
        }
        OpenLanes(last, first, extent, [position.Body]);
        string term = Lanes(position.Body), rest = $"w{id}";
        text.Line($"V {rest} = {lanesLeft} >= S.Width ? {term} : S.Select(S.Less(S.Index(0), S.Create({lanesLeft})), {term}, {least});");
        Compare(0, rest, name(last));
        CloseLoop(last);
        string place = $"t{locals++}", most = $"t{locals++}";
        text.Line($"long {place} = M.FirstOfGreatest({string.Join(", ", best.Concat(at))});");
        Declare(scalars, position, place);
        if (greatest is not null)
        {
            text.Line($"{Spelling.Local(greatest.DType)} {most} = S.ReduceMax({top.Aggregate((a, b) => $"S.Maximum({a}, {b})")});");
            Declare(scalars, greatest, most);
        }
        return (place, most);
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
