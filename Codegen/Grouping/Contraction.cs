namespace Symbolic.Codegen;

/// <summary>Recognises Σ A·B by its formula: matrix products, convolutions and both of their gradients alike.</summary>
internal static class Contraction
{
    /// <summary>Whether the expression's formula is a sum over at least one index of a product of two float reads, each perhaps guarded at a border.</summary>
    public static bool Applies(Expr node) => node.Op is FormulaOp and not (Pointwise or Duplicate or Ops.Constant) && Match(node);

    /// <summary>The parts of a contraction's formula at the index given: Σ over, of a · b.</summary>
    public static (Seq<LoopIndex> Over, Element A, Element B) Parts(Expr node, Seq<Dim> at, Func<int, Seq<Dim>, Element> read)
    {
        var formula = new Formula(node.Inputs.Map(x => x.Tensor), node.Tensor, read, new IndexNames());
        var reduce = (Element.Reduce)((FormulaOp)node.Op).Define(formula, at);
        var product = (Element.Call)reduce.Body;
        return (reduce.Over, product.Arguments[0], product.Arguments[1]);
    }

    private static bool Match(Expr node)
    {
        if (node.Inputs.Count != 2 || node.DType is not (DType.Float32 or DType.Float64) || node.Inputs.Any(IsUniform))
        {
            return false;
        }
        return Meaning.Of(node) is Element.Reduce { Kind: Reduction.Sum, Body: Element.Call { Function: Intrinsic.Mul } product }
            && IsOperand(product.Arguments[0], 0) && IsOperand(product.Arguments[1], 1);
    }

    /// <summary>Whether an operand is one number throughout, however it was moved: then there is nothing to pack.</summary>
    private static bool IsUniform(Expr operand)
    {
        while (operand.Op is FormulaOp and not (Duplicate or Ops.Constant) && operand.Inputs.Count == 1 && Meaning.Of(operand) is Element.Read)
        {
            operand = operand.Inputs[0];
        }
        return operand.Op is Ops.Full;
    }

    private static bool IsOperand(Element element, int operand) => element switch
    {
        Element.Read read => read.Operand == operand,
        Element.Call { Function: Intrinsic.Select } select => Elements.IsGuard(select) && select.Arguments[1] is Element.Read read && read.Operand == operand
            && select.Arguments[2] is Element.Number { Value: var zero } && zero.ToComplex() == 0,
        _ => false,
    };
}
