using Symbolic.Caffe.Nets;
using Symbolic.Caffe.Schema;
using static Symbolic.Functions;
using Operation = Symbolic.Caffe.Schema.EltwiseParameter.Types.EltwiseOp;

namespace Symbolic.Caffe.Layers;

/// <summary>Product, weighted sum or maximum of blobs of one shape.</summary>
internal sealed class EltwiseLayer : LayerType
{
    public override string Name => "Eltwise";

    public override Arity Bottoms => Arity.AtLeast(2);

    public override Seq<Expr> Build(LayerScope layer)
    {
        EltwiseParameter parameter = layer.Parameter.EltwiseParam ?? new EltwiseParameter();
        Seq<Expr> x = layer.Bottoms;
        if (parameter.Coeff.Count > 0 && parameter.Coeff.Count != x.Count)
        {
            throw layer.Error($"Eltwise Layer takes one coefficient per bottom blob.; got {parameter.Coeff.Count} for {x.Count}", parameter, "coeff");
        }
        if (parameter.Coeff.Count > 0 && parameter.Operation == Operation.Prod)
        {
            throw layer.Error("Eltwise layer only takes coefficients for summation.", parameter, "coeff");
        }
        for (int i = 1; i < x.Count; i++)
        {
            if (!x[i].Shape.Equals(x[0].Shape))
            {
                throw layer.Error($"bottom[0]: {SizeText.Of(x[0].Shape)}, bottom[{i}]: {SizeText.Of(x[i].Shape)}: shapes must be equal");
            }
        }
        return [parameter.Operation switch
        {
            Operation.Prod => x.Aggregate((product, factor) => product * factor),
            Operation.Sum => x.Select((term, i) => parameter.Coeff.Count == 0 || parameter.Coeff[i] == 1 ? term : term * parameter.Coeff[i]).Aggregate((sum, term) => sum + term),
            // A tie of the first two goes to the second, as Caffe compares them; after that to the earlier.
            Operation.Max => x.Skip(2).Aggregate(Maximum<Expr>(x[1], x[0]), (greatest, next) => Maximum<Expr>(greatest, next)),
            var unknown => throw new System.Diagnostics.UnreachableException($"{unknown}"),
        }];
    }
}
