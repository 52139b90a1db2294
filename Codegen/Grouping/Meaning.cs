using System.Runtime.CompilerServices;

namespace Symbolic.Codegen;

/// <summary>
/// What an expression's own formula says of it, so that grouping asks the meaning and keeps no list of ops: a new op is grouped
/// rightly without a word here.
/// </summary>
internal static class Meaning
{
    private static readonly ConditionalWeakTable<Expr, Element> Known = [];

    /// <summary>One element over reads of the inputs, at indices i0, i1, ...</summary>
    public static Element Of(Expr node) => Known.GetValue(node, static node => At(node, Inlining.Space(node.Shape).Map(i => (Dim)i)));

    private static Element At(Expr node, Seq<Dim> at)
    {
        var formula = new Formula(node.Inputs.Map(x => x.Tensor), node.Tensor, (operand, index) => new Element.Read(operand, index, node.Inputs[operand].DType), new IndexNames());
        return ((FormulaOp)node.Op).Define(formula, at);
    }

    /// <summary>Whether each is a maximum or its position, as of the windows of an image, and both are of the same few elements: then one pass finds both.</summary>
    public static bool HaveSameMaxima(Expr one, Expr other)
    {
        if (one.Inputs is not [var image] || other.Inputs is not [var same] || !ReferenceEquals(image, same) || !one.Shape.Equals(other.Shape))
        {
            return false;
        }
        Seq<Dim> at = Inlining.Space(one.Shape).Map(i => (Dim)i);
        return Maximum(At(one, at)) is { } first && Maximum(At(other, at)) is { } second && Unrolling.HasFewTerms(first) && first.Over.Count == second.Over.Count
            && second.Over.Select((index, k) => index.Extent.Equals(first.Over[k].Extent)).All(alike => alike)
            && Elements.At(second.Body, dim => dim.Substitute(s => s is LoopIndex index && second.Over.IndexOf(index) is >= 0 and var k ? (Dim)first.Over[k] : null)).Equals(Elements.At(first.Body, dim => dim));
    }

    /// <summary>Whether an expression is a maximum of few elements, or its position.</summary>
    public static bool IsMaximum(Expr node) => HasMeaning(node) && Maximum(Of(node)) is { } reduce && Unrolling.HasFewTerms(reduce);

    private static Element.Reduce? Maximum(Element element) => Vectorizing.PositionOf(element) ?? (element is Element.Reduce { Kind: Reduction.Max } reduce ? reduce : null);

    /// <summary>Whether an element is a reduction over several of the inputs.</summary>
    public static bool IsReduction(Expr node) => HasMeaning(node) && Elements.All([Of(node)]).Any(e => e is Element.Reduce);

    /// <summary>Whether the reader needs no element of an input more than once.</summary>
    public static bool ReadsOnce(Expr reader, Expr input)
    {
        if (!HasMeaning(reader))
        {
            return false;
        }
        List<Element> all = Elements.All([Of(reader)]);
        // What is an index is read again for each element that it leads to.
        List<Element> indices = Elements.All(all.SelectMany(Elements.Indices).Select(index => index.Value));
        List<Element.Read> reads = [.. all.OfType<Element.Read>().Where(read => ReferenceEquals(reader.Inputs[read.Operand], input))];
        // A reshape divides its index, and what replaces a slice does where it has steps: both are one to one all the same.
        return reads.Count == 1 && !indices.Contains(reads[0]) && !all.Any(element => element is Element.Reduce)
            && (reader.Op is Ops.Reshape or Ops.SetSlice || IsOneToOne(reads[0].At, Inlining.Space(reader.Shape)));
    }

    /// <summary>Whether neighbours along the last axis are read at positions that are data.</summary>
    public static bool Jumps(Expr node) => Inlining.Space(node.Shape).LastOrDefault(index => !index.Extent.Is(1)) is { } last
        && Elements.All([Of(node)]).SelectMany(Elements.Indices).Any(index => ((Dim)index).Contains(last));

    /// <summary>Whether each index moves along an axis of its own, so that no two points read one element.</summary>
    private static bool IsOneToOne(Seq<Dim> at, Seq<LoopIndex> space)
    {
        foreach (LoopIndex index in space.Where(i => !i.Extent.Is(1)))
        {
            Dim[] moved = [.. at.Where(dim => dim.Contains(index))];
            if (moved is not [var axis] || axis.Symbols.Count(symbol => symbol is LoopIndex) > 1 || axis.Linear(index) is not ({ } stride, _) || !(stride.Lower > 0 || stride.Upper < 0))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Arithmetic per element: movement and constants are free, elementary functions cost several operations.</summary>
    public static int Cost(Expr node)
    {
        if (!HasMeaning(node))
        {
            return 1;
        }
        int cost = 0;
        foreach (Element element in Elements.All([Of(node)]))
        {
            cost = Math.Max(cost, element switch
            {
                Element.Call call => Cost(call.Function),
                Element.Reduce => 1,
                Element.Read read when Elements.Indices(read).Any() => 1,
                _ => 0,
            });
        }
        return cost;
    }

    /// <summary>Whether it is a single operation that costs a machine no more than a multiplication.</summary>
    public static bool IsCheap(Expr node) => node.Op is Pointwise && HasMeaning(node) && Elements.All([Of(node)]).OfType<Element.Call>().All(
        call => call.Function is Intrinsic.Add or Intrinsic.Sub or Intrinsic.Mul or Intrinsic.Neg or Intrinsic.Abs or Intrinsic.Max or Intrinsic.Min);

    /// <summary>The operations that a function of one element is worth.</summary>
    public static int Cost(Intrinsic function) => function switch
    {
        Intrinsic.Philox => 10,
        Intrinsic.Exp or Intrinsic.Expm1 or Intrinsic.Exp2 or Intrinsic.Log or Intrinsic.Log1p or Intrinsic.Log2 or Intrinsic.Log10 or Intrinsic.Pow
            or Intrinsic.Tanh or Intrinsic.Sigmoid or Intrinsic.Softplus or Intrinsic.Sinh or Intrinsic.Cosh or Intrinsic.Asinh or Intrinsic.Acosh or Intrinsic.Atanh
            or Intrinsic.Sin or Intrinsic.Cos or Intrinsic.Tan or Intrinsic.Asin or Intrinsic.Acos or Intrinsic.Atan or Intrinsic.Atan2 or Intrinsic.Erf or Intrinsic.Erfc => 8,
        Intrinsic.Erfcx or Intrinsic.ErfInv or Intrinsic.ErfcInv or Intrinsic.Gamma or Intrinsic.GammaLn or Intrinsic.Polygamma
            or Intrinsic.GammaP or Intrinsic.GammaQ or Intrinsic.BesselJ or Intrinsic.BesselI => 40,
        _ => 1,
    };

    /// <summary>A copy is an op of the generator's own; sources are read, not computed.</summary>
    private static bool HasMeaning(Expr node) => node.Op is FormulaOp and not (Duplicate or Ops.Constant);
}
