namespace Symbolic.Codegen;

/// <summary>
/// Writes out reductions over few terms, such as the taps of a window: then what a guard at the border asks depends on the place alone, and each
/// tap is one load.
/// </summary>
internal static class Unrolling
{
    private const int MostTerms = 32;
    private const int FewTerms = 9;
    private const int MostElements = 800;

    /// <summary>The stores with such reductions written out.</summary>
    public static Seq<Store> Unroll(Seq<Store> stores, CodegenOptions options)
    {
        int left = MostElements;
        Seq<Element> values = Elements.Map(stores.Map(s => s.Value), dim => dim, over => over, element =>
        {
            Element.Reduce? reduce = Vectorizing.PositionOf(element) ?? element as Element.Reduce;
            if (reduce is null || (reduce.Kind == Reduction.ArgMax && ReferenceEquals(reduce, element)) || !Suits(reduce, options))
            {
                return null;
            }
            left -= Terms(reduce) * Elements.All([reduce.Body]).Count;
            return left < 0 ? null : reduce.Kind == Reduction.ArgMax ? Position(reduce) : Combined(reduce);
        });
        return stores.Select((s, k) => s with { Value = values[k] }).ToSeq();
    }

    /// <summary>Whether a reduction is of so few terms that it may be written out.</summary>
    public static bool HasFewTerms(Element.Reduce reduce) => reduce.Over.Count > 0 && reduce.Over.All(i => i.Extent is { IsConstant: true, Constant: > 0 and <= MostTerms }) && Terms(reduce) <= MostTerms;

    private static bool Suits(Element.Reduce reduce, CodegenOptions options)
    {
        if (!HasFewTerms(reduce) || reduce.Body.DType is not (DType.Float32 or DType.Float64) || reduce.Kind is Reduction.All or Reduction.Any)
        {
            return false;
        }
        List<Element> body = Elements.All([reduce.Body]);
        if (body.Any(e => e is Element.Reduce || Elements.Indices(e).Any()))
        {
            return false;
        }
        bool isGuarded = body.Any(e => Elements.IsGuard(e) && Conditions(((Element.Call)e).Arguments[0]).Any(c => c.Symbols.Any(s => reduce.Over.Contains(s))));
        int lanes = options.VectorBits / 8 / reduce.Body.DType.Size();
        return isGuarded || (Terms(reduce) <= FewTerms && reduce.Over[^1].Extent.Constant < Math.Max(lanes, 2));
    }

    private static int Terms(Element.Reduce reduce) => (int)reduce.Over.Aggregate(1L, (count, i) => Math.Min(1000, count * i.Extent.Constant));

    private static IEnumerable<Dim> Conditions(Element condition) => Elements.All([condition]).OfType<Element.IndexValue>().Select(v => v.Index);

    private static Element Combined(Element.Reduce reduce)
    {
        Intrinsic function = reduce.Kind switch
        {
            Reduction.Sum => Intrinsic.Add,
            Reduction.Product => Intrinsic.Mul,
            Reduction.Max => Intrinsic.Max,
            Reduction.Min => Intrinsic.Min,
            _ => throw new System.Diagnostics.UnreachableException($"{reduce.Kind}"),
        };
        double nothing = reduce.Kind switch { Reduction.Sum => 0, Reduction.Product => 1, Reduction.Max => double.NegativeInfinity, _ => double.PositiveInfinity };
        List<Element> terms = [.. Bodies(reduce).Where(term => !IsNumber(term, nothing))];
        if (reduce.Kind is Reduction.Max or Reduction.Min)
        {
            return Extreme(terms, function) ?? Element.Of(reduce.DType, nothing);
        }
        return terms.Count == 0 ? Element.Of(reduce.DType, nothing) : terms.Aggregate((all, term) => Element.Apply(function, all, term));
    }

    /// <summary>The greatest or least term, by pairs: no order changes it, and a machine need not wait for one comparison before it begins the next.</summary>
    private static Element? Extreme(List<Element> terms, Intrinsic function)
    {
        while (terms.Count > 1)
        {
            terms = [.. terms.Chunk(2).Select(pair => pair is [var one, var other] ? Element.Apply(function, one, other) : pair[0])];
        }
        return terms.SingleOrDefault();
    }

    /// <summary>
    /// The position of the first maximum, counted in the dtype of what is compared, in which it is exact: the first term that equals the maximum, which is mostly asked for beside it. A NaN is above everything, and then the
    /// maximum, which equals nothing.
    /// </summary>
    private static Element Position(Element.Reduce reduce)
    {
        DType type = reduce.Body.DType;
        List<Element> terms = [.. Bodies(reduce)];
        int[] places = [.. Enumerable.Range(0, terms.Count).Where(place => place == 0 || !IsNumber(terms[place], double.NegativeInfinity))];
        Element at = Element.Of(type, places[^1]);
        if (Extreme([.. terms.Where(term => !IsNumber(term, double.NegativeInfinity))], Intrinsic.Max) is { } maximum)
        {
            foreach (int place in places[..^1].Reverse())
            {
                Element isGreatest = Element.Apply(Intrinsic.Or, Element.Apply(Intrinsic.Equal, terms[place], maximum), Element.Apply(Intrinsic.Not, Element.Apply(Intrinsic.Equal, terms[place], terms[place])));
                at = Element.Select(isGreatest, Element.Of(type, place), at);
            }
        }
        return at.Cast(DType.Int32);
    }

    private static bool IsNumber(Element element, double value) => element is Element.Number number && number.Value.ToDouble() == value;

    private static IEnumerable<Element> Bodies(Element.Reduce reduce)
    {
        int terms = Terms(reduce);
        for (int term = 0; term < terms; term++)
        {
            var at = new Dictionary<DimSymbol, Dim>();
            long rest = term;
            foreach (LoopIndex index in reduce.Over.Reverse())
            {
                at[index] = rest % index.Extent.Constant;
                rest /= index.Extent.Constant;
            }
            yield return Elements.At(reduce.Body, dim => dim.Substitute(s => at.GetValueOrDefault(s)));
        }
    }
}
