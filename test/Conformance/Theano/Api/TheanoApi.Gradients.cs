using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

// Derivatives (theano.gradient).
internal sealed partial class TheanoApi
{
    private void AddGradients()
    {
        Add("T.grad(cost, wrt, consider_constant=None, disconnected_inputs=\"raise\", known_grads=None)", Grad);
        Alias("theano.grad", "T.grad");
        Alias("gradient.grad", "T.grad");
        Unary("gradient.disconnected_grad", Functions.StopGradient);
    }

    /// <summary>
    /// Jacobian times tangents, by differentiating the vector-Jacobian product with respect to its vector (Townsend, "A new trick for
    /// calculating Jacobian vector products", 2017).
    /// </summary>
    public Expr Rop(Expr output, Seq<Expr> inputs, Seq<Expr> tangents)
    {
        Expr vector = new Variable("cotangent", output.DType, output.Shape.Select(size => (Dim?)size).ToArray()).Expr;
        Derivative[] slopes = Differentiation.Gradient(inputs, [output], [vector]);
        var products = new List<Expr>();
        var flowing = new List<Expr>();
        for (int i = 0; i < slopes.Length; i++)
        {
            if (slopes[i] is Derivative.UndefinedEntry(var reason))
            {
                throw new GradientError(reason);
            }
            if (slopes[i] is Derivative.Known(var product) && tangents[i].DType.IsFloat())
            {
                products.Add(product);
                flowing.Add(tangents[i]);
            }
        }
        Expr zeros = Functions.FullLike(output, 0);
        if (products.Count == 0)
        {
            return zeros;
        }
        return Differentiation.Gradient([vector], products.ToSeq(), flowing.ToSeq())[0] switch
        {
            // The product is linear in the vector, so its derivative does not depend on it, though its text may.
            Derivative.Known(var result) => Traversal.Substitute([result], new Dictionary<Expr, Expr>(ReferenceEqualityComparer.Instance) { [vector] = zeros })[0],
            Derivative.UndefinedEntry(var reason) => throw new GradientError(reason),
            _ => zeros,
        };
    }

    private object? Grad(Arguments a)
    {
        var outputs = new List<Expr>();
        var slopes = new List<Expr>();
        if (a.Has("cost"))
        {
            Expr cost = a.Tensor("cost");
            outputs.Add(cost.Rank == 0 ? cost : throw PythonError.TypeError("cost must be a scalar."));
            slopes.Add(Functions.FullLike(cost, 1));
        }
        if (a["known_grads"] is Dictionary known)
        {
            outputs.AddRange(known.Items.Select(item => AsTensor(item.Key)));
            slopes.AddRange(known.Items.Select(item => AsTensor(item.Value)));
        }
        Expr[] wrt = a["wrt"] is Sequence several ? [.. several.Items.Select(AsTensor)] : [a.Tensor("wrt")];
        Derivative[] found = Differentiation.Gradient(wrt.ToSeq(), outputs.ToSeq(), slopes.ToSeq());
        Expr[] gradients = [.. found.Select((slope, i) => slope switch
        {
            Derivative.Known(var expr) => expr,
            Derivative.DisconnectedEntry => throw new GradientError($"{wrt[i].Label} is not connected to the cost"),
            Derivative.UndefinedEntry(var reason) => throw new GradientError(reason),
            _ => throw new System.Diagnostics.UnreachableException($"{slope}"),
        })];
        return a["wrt"] is Sequence ? Sequence.List(gradients) : gradients[0];
    }
}
