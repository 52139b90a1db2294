using Symbolic.Runtime;

namespace Symbolic.Test;

/// <summary>Functions of neural nets and their gradients: compiled code against the interpreter.</summary>
public sealed class NetFunctionTests
{
    [Theory]
    [InlineData(DType.Float32, 256, true)]
    [InlineData(DType.Float64, 0, false)]
    public void Compiled_equals_interpreted(DType dtype, int bits, bool optimize)
    {
        Seq<Expr> inputs = [], results = [];
        var values = new List<Literal>();
        var expected = new List<(string Name, Literal Value)>();
        foreach (NetFunction function in NetFunction.All)
        {
            Seq<Literal> at = function.Values(dtype);
            Seq<Expr> own = at.Select((value, i) => new Variable($"{function.Name} {i}", value.DType, [.. value.Sizes.Select(size => (Dim?)size)]).Expr).ToSeq();
            Expr result = function.Build(own);
            Seq<Expr> made = [result];
            if (result.DType.IsFloat())
            {
                Seq<Expr> floats = own.Where(x => x.DType.IsFloat()).ToSeq();
                Derivative[] slopes = Differentiation.Gradient(floats, [result], [Functions.Constant(GradientNoise(result.Tensor))]);
                made = made.Concat(slopes.OfType<Derivative.Known>().Select(s => s.Expr).ToSeq());
            }
            Literal[] wanted = Reference.Evaluate(made, own.Select((x, i) => (((Ops.Leaf)x.Op).Variable, at[i])).ToDictionary(p => p.Variable, p => p.Item2));
            expected.AddRange(wanted.Select((w, i) => ($"{(i == 0 ? "" : "gradient of ")}{function.Name}", w)));
            inputs = inputs.Concat(own);
            results = results.Concat(made);
            values.AddRange(at);
        }
        using Function f = Function.Compile(inputs, results, null, Models.Plain with { VectorBits = bits, Optimize = optimize, Threads = 2 });
        Tensor[] outputs = f.Call([.. values.Select(Tensor.From)]);
        var failures = new List<string>();
        for (int i = 0; i < expected.Count; i++)
        {
            try
            {
                // Sums whose terms are at most 1 and as large as the greatest element together.
                double scale = Math.Max(1, expected[i].Value.ToDoubles().Select(Math.Abs).DefaultIfEmpty(0).Max());
                Close.Assert(expected[i].Value, outputs[i].ToLiteral(), expected[i].Name, scale);
            }
            catch (Xunit.Sdk.XunitException failure)
            {
                failures.Add(failure.Message);
            }
        }
        Assert.True(failures.Count == 0, $"{failures.Count} of {expected.Count}:\n{string.Join('\n', failures.Take(25))}");
    }

    private static Literal GradientNoise(TensorType type)
    {
        var random = new Random(5);
        return Literal.Build(type.DType, Seq.Create<long>(type.Shape.Sizes), _ => ScalarValue.Of(type.DType, 2 * random.NextDouble() - 1));
    }
}
