using System.Text;

namespace Symbolic.Optimizer;

/// <summary>A text of an op that is the same in every process, to order ops by: as in IR text, with nested graphs written out.</summary>
internal static class OpText
{
    public static string Of(Op op) => IrText.Print(op) + string.Concat(op.Lambdas.Select(Graph));

    private static string Graph(Lambda lambda)
    {
        var numbers = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        var text = new StringBuilder($" ({string.Join(", ", lambda.Parameters)}) {{ ");
        foreach (Expr node in Traversal.Order(lambda.Results))
        {
            numbers.Add(node, numbers.Count);
            text.Append(node.Op is Ops.Parameter parameter ? $"%p{parameter.Index}" : Of(node.Op));
            text.Append('(').AppendJoin(',', node.Inputs.Map(input => numbers[input])).Append(") ");
        }
        return text.Append("} ").AppendJoin(',', lambda.Results.Map(result => numbers[result])).ToString();
    }
}
