using Symbolic.Conformance.Theano.Python;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Theano.Api;

// Derivatives and graphs as values (theano.gradient, theano.ifelse, theano.clone, theano.scan over known lengths).
internal sealed partial class TheanoApi
{
    private void AddGradients()
    {
        Add("T.grad(cost, wrt, consider_constant=None, disconnected_inputs=\"raise\", known_grads=None)", Grad);
        Alias("theano.grad", "T.grad");
        Alias("gradient.grad", "T.grad");
        Add("T.Rop(f, wrt, eval_points)", a => Rop(a.Tensor("f"), List(a["wrt"]).ToSeq(), List(a["eval_points"]).ToSeq()));
        Alias("gradient.Rop", "T.Rop");
        Add("gradient.jacobian(expression, wrt)", a => Jacobian(a.Tensor("expression"), a.Tensor("wrt")));
        Add("gradient.hessian(cost, wrt)", a =>
        {
            Expr cost = a.Tensor("cost"), wrt = a.Tensor("wrt");
            return cost.Rank == 0 ? Jacobian(Slope(cost, wrt), wrt) : throw new PythonError("AssertionError", "tensor.hessian expects a 0 dimensional variable as `cost`");
        });
        Add("theano.subgraph_grad(wrt, end, start=None, cost=None)", a =>
        {
            // The end counts as a constant: what lies behind it belongs to another part of the graph.
            Expr[] end = List(a["end"]), wrt = List(a["wrt"]);
            Expr[] found = Held(end, [a.Tensor("cost")], [Functions.FullLike(a.Tensor("cost"), 1)], [.. wrt, .. end], zeros: true);
            return Sequence.Tuple(Sequence.List(found[..wrt.Length]), Sequence.List(found[wrt.Length..]));
        });
        Unary("gradient.disconnected_grad", Functions.StopGradient);
        Add("gradient.grad_scale(x, multiplier)", a => Functions.StraightThrough<Expr>(a.Tensor("x"), a.Tensor("x") * a.Real("multiplier")));
        Add("ifelse(condition, then_branch, else_branch)", a =>
        {
            Expr then = a.Tensor("then_branch"), otherwise = a.Tensor("else_branch");
            return Functions.IfElse(a.Tensor("condition").Cast(DType.Bool), [then, otherwise.Equate(then.Shape)], x => [x[0]], x => [x[1]])[0];
        });
        Add("theano.clone(output, replace=None)", a => Traversal.Substitute([a.Tensor("output")], ((Dictionary)a["replace"]!).Items.ToDictionary(
            item => AsTensor(item.Key), item => AsTensor(item.Value), (IEqualityComparer<Expr>)ReferenceEqualityComparer.Instance))[0]);
        Add("theano.shared(value, name=\"shared\")", a => new SharedVariable(Tensor.From(Numpy(a["value"])), a.Text("name")).Expr);
        Add("gradient.grad_clip(x, lower_bound, upper_bound)", a => Functions.ClipGradient(a.Tensor("x"), a.Real("lower_bound"), a.Real("upper_bound")));
        foreach ((char letter, DType dtype) in new[] { ('b', DType.Int8), ('w', DType.Int16), ('i', DType.Int32), ('l', DType.Int64), ('f', DType.Float32), ('d', DType.Float64), ('c', DType.Complex64), ('z', DType.Complex128) })
        {
            Add($"T.{letter}scalar(name=\"x\")", a => new Variable(a.Text("name"), dtype).Expr);
            Add($"T.{letter}vector(name=\"x\")", a => new Variable(a.Text("name"), dtype, [null]).Expr);
            Add($"T.{letter}matrix(name=\"x\")", a => new Variable(a.Text("name"), dtype, null, null).Expr);
        }
        Add("theano.OpFromGraph(inputs, outputs, grad_overrides=None)", FromGraph);
        Add("theano.scan(fn, sequences=None, outputs_info=None, non_sequences=None)", Map);
    }

    /// <summary>
    /// Jacobian times tangents, by differentiating the vector-Jacobian product with respect to its vector (Townsend, "A new trick for
    /// calculating Jacobian vector products", 2017).
    /// </summary>
    public static Expr Rop(Expr output, Seq<Expr> inputs, Seq<Expr> tangents)
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
            if (slopes[i] is Derivative.Known(var product) && tangents[i].DType.IsContinuous())
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
            // An integer cost is constant almost everywhere: Theano gives zeros.
            slopes.Add(cost);
        }
        if (a["known_grads"] is Dictionary known)
        {
            outputs.AddRange(known.Items.Select(item => AsTensor(item.Key)));
        }
        slopes = [.. slopes.Select(cost => Functions.Full(cost.DType.IsFloat() ? cost.DType : Settings.FloatX, cost.Shape, 1))];
        slopes.AddRange(a["known_grads"] is Dictionary given ? given.Items.Select(item => AsTensor(item.Value)) : []);
        Expr[] wrt = List(a["wrt"]);
        Expr[] gradients = a.Has("consider_constant")
            ? Held(List(a["consider_constant"]), outputs, slopes, wrt)
            : Flowing(outputs, slopes, wrt);
        return a["wrt"] is Sequence ? Sequence.List(gradients) : gradients[0];
    }

    /// <summary>Gradients, with zeros where they are taken through or of integers, as Theano has it.</summary>
    private Expr[] Flowing(List<Expr> outputs, List<Expr> slopes, Expr[] wrt)
    {
        if (outputs.TrueForAll(output => output.DType.IsContinuous()) && Array.TrueForAll(wrt, x => x.DType.IsContinuous()))
        {
            return Known(Differentiation.Gradient(wrt.ToSeq(), outputs.ToSeq(), slopes.ToSeq()), wrt, outputs);
        }
        return [.. wrt.Select(x => Functions.Full(x.DType.IsFloat() ? x.DType : Settings.FloatX, x.Shape, 0))];
    }

    /// <summary>Gradients in which some expressions count as constants: variables stand for them while the gradient is taken.</summary>
    private Expr[] Held(Expr[] constants, List<Expr> outputs, List<Expr> slopes, Expr[] wrt, bool zeros = false)
    {
        Expr[] stands = [.. constants.Select((x, i) => new Variable($"held{i}", x.DType, x.Shape.Select(size => (Dim?)size).ToArray()).Expr)];
        Dictionary<Expr, Expr> Pairs(Expr[] from, Expr[] to) =>
            from.Zip(to).ToDictionary(p => p.First, p => p.Second, (IEqualityComparer<Expr>)ReferenceEqualityComparer.Instance);
        List<Expr> held = [.. Traversal.Substitute(outputs.ToSeq(), Pairs(constants, stands))];
        Expr[] by = [.. wrt.Select(x => Array.IndexOf(constants, x) is >= 0 and var i ? stands[i] : x)];
        Expr[] found = zeros
            ? [.. Differentiation.Gradient(by.ToSeq(), held.ToSeq(), slopes.ToSeq()).Select((slope, i) => slope is Derivative.Known(var expr) ? expr : Functions.FullLike(by[i], 0))]
            : Flowing(held, slopes, by);
        return [.. Traversal.Substitute(found.ToSeq(), Pairs(stands, constants))];
    }

    private static Expr[] Known(Derivative[] found, Expr[] wrt, List<Expr>? outputs = null) => [.. found.Select((slope, i) => slope switch
    {
        Derivative.Known(var expr) => expr,
        // Through something flat, such as floor, Theano gives zeros; it refuses only where nothing leads from the cost to the variable.
        Derivative.DisconnectedEntry when outputs is not null && Traversal.Order(outputs).Contains(wrt[i]) => Functions.FullLike(wrt[i], 0),
        Derivative.DisconnectedEntry => throw new GradientError($"{wrt[i].Label} is not connected to the cost"),
        Derivative.UndefinedEntry(var reason) => throw new GradientError(reason),
        _ => throw new System.Diagnostics.UnreachableException($"{slope}"),
    })];

    private static Expr Slope(Expr cost, Expr wrt) => Known(Differentiation.Gradient([wrt], [cost], [Functions.FullLike(cost, 1)]), [wrt], [cost])[0];

    private Expr[] List(object? value) => value is Sequence several ? [.. several.Items.Select(AsTensor)] : [AsTensor(value)];

    /// <summary>A row of derivatives for each element of a vector of known size.</summary>
    private static Expr Jacobian(Expr y, Expr x)
    {
        if (y.Rank == 0)
        {
            return Slope(y, x);
        }
        return y.Rank == 1 && y.Shape.IsKnown
            ? Stack([.. Enumerable.Range(0, (int)y.Shape[0].Constant).Select(i => Slope(y[i], x))], 0)
            : throw new MissingFeature($"the Jacobian of {y.Label}");
    }

    /// <summary>
    /// A graph as a function. Overriding gradients must be elementwise: what they make of ones is then the slope, and x times the slope
    /// held constant is an expression with that gradient.
    /// </summary>
    private object? FromGraph(Arguments a)
    {
        Expr[] inputs = List(a["inputs"]), outputs = List(a["outputs"]);
        return new FunctionValue("OpFromGraph", (given, _) =>
        {
            Expr[] arguments = [.. given.Select(AsTensor)];
            var sizes = new Dictionary<Dim, Dim>(inputs.Zip(arguments).SelectMany(p => p.First.Shape.Zip(p.Second.Shape)).Select(p => KeyValuePair.Create(p.First, p.Second)));
            Seq<Expr> results = Traversal.Rebuild(outputs.ToSeq(), (node, x) => Array.IndexOf(inputs, node) is >= 0 and var i
                ? arguments[i]
                : Expr.Of(node.Op.MapDims(size => sizes.GetValueOrDefault(size, size)), x));
            if (!a.Has("grad_overrides"))
            {
                return results.Count == 1 ? results[0] : Sequence.List(results);
            }
            if (results.Count > 1 || arguments.Length > 1)
            {
                throw new MissingFeature("OpFromGraph with overridden gradients of several");
            }
            object? slopes = a.Function("grad_overrides").Call(Sequence.List(arguments), Sequence.List(Functions.FullLike(results[0], 1)));
            Expr slope = AsTensor(Value.Items(slopes)[0]);
            return Functions.StraightThrough<Expr>(results[0], arguments[0] * Functions.StopGradient(slope));
        });
    }

    /// <summary>theano.scan without carried values over sequences of known length: the steps, one after the other.</summary>
    private object? Map(Arguments a)
    {
        if (a.Has("outputs_info"))
        {
            throw new MissingFeature("theano.scan with carried values");
        }
        Expr[] sequences = List(a["sequences"]), others = a.Has("non_sequences") ? List(a["non_sequences"]) : [];
        if (!Array.TrueForAll(sequences, s => s.Shape[0].IsConstant))
        {
            throw new MissingFeature("theano.scan over a sequence of unknown length");
        }
        int steps = (int)sequences.Min(s => s.Shape[0].Constant);
        Expr[] results = [.. Enumerable.Range(0, steps).Select(i => AsTensor(a.Function("fn").Call([.. sequences.Select(s => s[i]), .. others])))];
        return Sequence.List(Stack(results, 0), new Dictionary([]));
    }
}
