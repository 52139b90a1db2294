using System.Numerics;

namespace Symbolic.Test;

/// <summary>Compares symbolic gradients with central differences along a random direction, in float64 or complex128, once and once more.</summary>
internal static class GradientCheck
{
    private const double Step = 1e-5;

    /// <summary>Fails unless the gradient of a weighted sum of the float results, and the gradient of that gradient, are right at a point.</summary>
    public static void Agrees(string what, Lambda program, Seq<Literal> at)
    {
        int[] floats = Differentiable(program);
        Seq<Literal> direction = floats.Select(i => Noise(at[i].Type, 23 + i)).ToSeq();
        // Results of a sized program have the sizes that the point gives them.
        Literal[] weights = [.. Reference.Evaluate(program, at).Select((result, i) => Noise(result.Type, 11 + i))];
        Lambda slopes = Slopes(program, floats, weights);
        Compare(what, Along(Reference.Evaluate(slopes, at), direction), h => Along(Reference.Evaluate(program, Moved(at, floats, direction, h)), weights));
        if (floats.Length > 0)
        {
            Literal[] pulls = [.. floats.Select((i, k) => Noise(at[i].Type, 41 + k))];
            Lambda twice = Slopes(slopes, floats, pulls);
            Compare($"gradient of {what}", Along(Reference.Evaluate(twice, at), direction), h => Along(Reference.Evaluate(slopes, Moved(at, floats, direction, h)), pulls));
        }
    }

    /// <summary>The gradient of Σ results·weights with respect to the float parameters that have one; zeros where no path leads there.</summary>
    public static Lambda Slopes(Lambda program, params Literal[] weights) => Slopes(program, Differentiable(program), weights);

    private static Lambda Slopes(Lambda program, int[] floats, Literal[] weights) => Lambda.Of(program.Parameters, parameters =>
    {
        Seq<Expr> wrt = floats.Select(i => parameters[i]).ToSeq();
        Derivative[] slopes = Differentiation.Gradient(wrt, program.Apply(parameters), weights.Select(Functions.Constant).ToSeq());
        return slopes.Select((slope, i) => slope switch
        {
            Derivative.Known(var known) => known,
            Derivative.DisconnectedEntry => Functions.Zeros(wrt[i].Tensor),
            _ => throw new InvalidOperationException($"{slope}"),
        }).ToSeq();
    });

    /// <summary>The float parameters, without those for which an op says why it has no gradient.</summary>
    private static int[] Differentiable(Lambda program)
    {
        int[] floats = [.. Enumerable.Range(0, program.Parameters.Count).Where(i => program.Parameters[i].DType.IsContinuous())];
        Derivative[] slopes = [];
        Lambda.Of(program.Parameters, parameters =>
        {
            Seq<Expr> results = program.Apply(parameters);
            slopes = Differentiation.Gradient(floats.Select(i => parameters[i]).ToSeq(), results, results.Map(result => Functions.FullLike(result, 1)));
            return results;
        });
        return [.. floats.Where((_, i) => slopes[i] is not Derivative.UndefinedEntry)];
    }

    /// <summary>Numbers between -1 and 1, the same in every run.</summary>
    public static Literal Noise(TensorType type, int seed)
    {
        var random = new Random(seed);
        double Next() => 2 * random.NextDouble() - 1;
        return Literal.Build(type.DType, Seq.Create<long>(type.Shape.Sizes), _ => type.DType.IsComplex() ? ScalarValue.Of(type.DType, new Complex(Next(), Next())) : ScalarValue.Of(type.DType, Next()));
    }

    private static void Compare(string what, double slope, Func<double, double> value)
    {
        double expected = (value(Step) - value(-Step)) / (2 * Step);
        Assert.True(Math.Abs(slope - expected) <= 1e-7 * Math.Max(1, Math.Abs(expected)), $"{what}: {slope}, by differences {expected}");
    }

    // Complex numbers count as pairs of real ones.
    private static double Along(IEnumerable<Literal> values, Seq<Literal> direction) =>
        values.Zip(direction).Sum(pair => pair.First.ToComplexes().Zip(pair.Second.ToComplexes()).Sum(p => (Complex.Conjugate(p.First) * p.Second).Real));

    private static double Along(IEnumerable<Literal> values, Literal[] direction) => Along(values, direction.ToSeq());

    private static Literal[] Moved(Seq<Literal> at, int[] floats, Seq<Literal> direction, double h)
    {
        Literal[] moved = [.. at];
        for (int k = 0; k < floats.Length; k++)
        {
            Literal from = at[floats[k]], toward = direction[k];
            moved[floats[k]] = Literal.Build(from.DType, from.Sizes, i => from.DType.IsComplex()
                ? ScalarValue.Of(from.DType, from[i].ToComplex() + (h * toward[i].ToComplex()))
                : ScalarValue.Of(from.DType, from[i].ToDouble() + h * toward[i].ToDouble()));
        }
        return moved;
    }
}
