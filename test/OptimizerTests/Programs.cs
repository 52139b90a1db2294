using Symbolic.Ops;

namespace Symbolic.Test;

/// <summary>Programs for the tests: expressions over named inputs, closed, optimized, shown and run.</summary>
internal static class Programs
{
    /// <summary>These tests build some hundred thousand nodes, and are not about where.</summary>
    [System.Runtime.CompilerServices.ModuleInitializer]
    public static void WithoutOrigins() => Origin.Enabled = false;

    /// <summary>Closes expressions over the variables that they read, in the order of first need.</summary>
    public static (Lambda Program, Variable[] Inputs) Close(params Expr[] results)
    {
        Variable[] inputs = [.. Traversal.Order(results).Select(node => node.Op).OfType<Leaf>().Select(leaf => leaf.Variable)];
        return (Close(inputs, results), inputs);
    }

    /// <summary>Closes expressions over these variables.</summary>
    public static Lambda Close(Variable[] inputs, params Expr[] results) => new(inputs.Select(input => input.Type).ToSeq(),
        Traversal.Rebuild(results.ToSeq(), (node, _) => node.Op is Leaf leaf ? Expr.Of(new Parameter(Array.IndexOf(inputs, leaf.Variable), leaf.Variable.Type)) : null));

    /// <summary>As a call tree over the inputs' names: <c>mul(log1p(x), 2)</c>.</summary>
    public static string Show(Expr node, Variable[] inputs) => node.Op switch
    {
        Parameter parameter => inputs[parameter.Index].Name,
        Full full => full.Value.Text(),
        Constant => "constant",
        Item item => $"{Show(node.Inputs[0], inputs)}.{item.Index}",
        _ => $"{node.Op.Name}({string.Join(", ", node.Inputs.Map(input => Show(input, inputs)))})",
    };

    /// <summary>An expression, closed, optimized and shown.</summary>
    public static string Optimized(Expr result, OptimizerOptions? options = null, RewriteTrace? trace = null)
    {
        (Lambda program, Variable[] inputs) = Close(result);
        return Show(Pipeline.Optimize(program, options ?? new OptimizerOptions { Strict = true }, trace).Results[0], inputs);
    }

    /// <summary>Values of the first result at one point, as the program stands and optimized.</summary>
    public static (double[] Plain, double[] Optimized) Values(Expr result, params (string Name, double[] Values)[] at)
    {
        (Lambda program, Variable[] inputs) = Close(result);
        Literal[] arguments = [.. inputs.Select(input => Filled(input.Type, at.Single(value => value.Name == input.Name).Values))];
        return (Reference.Evaluate(program, arguments)[0].ToDoubles(), Reference.Evaluate(Pipeline.Optimize(program, new OptimizerOptions { Strict = true }), arguments)[0].ToDoubles());
    }

    /// <summary>A literal of a type with known sizes.</summary>
    public static Literal Filled(TensorType type, double[] values) =>
        Literal.Build(type.DType, type.Shape.Sizes.ToSeq(), i => ScalarValue.Of(type.DType, values[i % values.Length]));
}
