using System.Xml.Linq;

namespace Symbolic.Test;

/// <summary>What holds of every op: a new one is tried without a new test.</summary>
public class OpTableTests
{
    private const double Step = 1e-5;

    private static readonly Dictionary<string, string> Docs = XDocument.Load(Path.ChangeExtension(typeof(Op).Assembly.Location, ".xml"))
        .Descendants("member").ToDictionary(member => member.Attribute("name")!.Value, member => string.Concat(member.Descendants("summary").Select(summary => summary.Value)).Trim());

    public static TheoryData<string> Names => [.. OpTable.Types.Select(type => type.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void IsDocumented(string name)
    {
        Assert.True(Docs.TryGetValue($"T:Symbolic.Ops.{name}", out string? doc) && doc.EndsWith('.'), $"{name} has no summary");
        if (OpTable.SamplesOf(Type(name)).Count == 0)
        {
            Assert.True(Docs.TryGetValue($"P:Symbolic.Ops.{name}.Samples", out string? why) && why.StartsWith("None: ", StringComparison.Ordinal), $"{name} has no samples and its doc does not say which tests cover it");
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void SizesAmongItsParametersCanBeMapped(string name)
    {
        bool hasSizes = RecordShape.Of(Type(name)).Parameters.Any(p => p.Type == typeof(Dim) || p.Type == typeof(Shape) || p.Type == typeof(TensorType) || p.Type == typeof(Lambda));
        Assert.Equal(hasSizes, Type(name).GetMethod(nameof(Op.MapDims))!.DeclaringType == Type(name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RefusesAWrongNumberOfInputs(string name)
    {
        foreach (Sample sample in OpTable.SamplesOf(Type(name)))
        {
            Seq<Expr> inputs = OpTable.Values(sample, DType.Float32).Map(value => Expr.Of(new Ops.Constant(value)));
            foreach (Seq<Expr> wrong in (Seq<Expr>[])[inputs.Add(Functions.Constant(1.0)), .. inputs.Count > 0 ? [inputs[1..]] : (Seq<Expr>[])[]])
            {
                TypeMismatch error = Assert.Throws<TypeMismatch>(() => Expr.Of(sample.Op, wrong.AsSpan()));
                Assert.StartsWith($"{sample.Op.Name} takes {inputs.Count} inputs; got {wrong.Count}", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void ComputesWhatItsTypeSays(string name)
    {
        foreach (Sample sample in OpTable.SamplesOf(Type(name)))
        {
            foreach (DType floats in (DType[])[DType.Float16, DType.BFloat16, DType.Float32, DType.Float64])
            {
                Lambda program = OpTable.Program(sample, floats);
                Literal result = Reference.Evaluate(program, OpTable.Values(sample, floats))[0];
                Assert.Equal(program.Results[0].Type, result.Type);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void GradientAgreesWithDifferences(string name)
    {
        foreach (Sample sample in OpTable.SamplesOf(Type(name)))
        {
            Lambda program = OpTable.Program(sample, DType.Float64);
            int[] floats = [.. Enumerable.Range(0, program.Parameters.Count).Where(i => program.Parameters[i].DType.IsFloat())];
            if (!program.Results[0].DType.IsFloat())
            {
                continue;
            }
            Seq<Literal> at = OpTable.Values(sample, DType.Float64);
            Literal weights = Noise(program.Results[0].Tensor, 11);
            Lambda slopes = Slopes(program, weights);
            // Builds, and gives the types of the inputs, at kinks too; its value is compared where the op is smooth.
            Literal[] gradients = Reference.Evaluate(slopes, at);
            if (!sample.Smooth)
            {
                continue;
            }
            Seq<Literal> direction = floats.Select(i => Noise(program.Parameters[i], 23 + i)).ToSeq();
            Agrees($"{sample.Op}", Along(gradients, direction), h => Along(Reference.Evaluate(program, Moved(at, floats, direction, h)), [weights]));
            if (floats.Length > 0)
            {
                // Once more: the gradient of the gradient, along another direction.
                Lambda twice = Slopes(slopes, [.. Enumerable.Range(0, floats.Length).Select(i => Noise(slopes.Results[i].Tensor, 41 + i))]);
                Seq<Literal> pulls = slopes.Results.Select((result, i) => Noise(result.Tensor, 41 + i)).ToSeq();
                Agrees($"gradient of {sample.Op}", Along(Reference.Evaluate(twice, at), direction), h => Along(Reference.Evaluate(slopes, Moved(at, floats, direction, h)), pulls));
            }
        }
    }

    /// <summary>The gradient of Σ results·weights with respect to the float parameters.</summary>
    private static Lambda Slopes(Lambda program, params Literal[] weights) => Lambda.Of(program.Parameters, parameters =>
    {
        Seq<Expr> wrt = parameters.Where(parameter => parameter.DType.IsFloat()).ToSeq();
        Derivative[] slopes = Differentiation.Gradient(wrt, program.Apply(parameters), weights.Select(Functions.Constant).ToSeq());
        return slopes.Select((slope, i) => slope switch
        {
            Derivative.Known(var known) => known,
            Derivative.DisconnectedEntry => Functions.Zeros(wrt[i].Tensor),
            _ => throw new InvalidOperationException($"{slope}"),
        }).ToSeq();
    });

    private static void Agrees(string what, double slope, Func<double, double> value)
    {
        double expected = (value(Step) - value(-Step)) / (2 * Step);
        Assert.True(Math.Abs(slope - expected) <= 1e-7 * Math.Max(1, Math.Abs(expected)), $"{what}: {slope}, by differences {expected}");
    }

    private static double Along(IEnumerable<Literal> values, Seq<Literal> direction) =>
        values.Zip(direction).Sum(pair => pair.First.ToDoubles().Zip(pair.Second.ToDoubles()).Sum(p => p.First * p.Second));

    private static Literal[] Moved(Seq<Literal> at, int[] floats, Seq<Literal> direction, double h)
    {
        Literal[] moved = [.. at];
        for (int k = 0; k < floats.Length; k++)
        {
            Literal from = at[floats[k]], toward = direction[k];
            moved[floats[k]] = Literal.Build(DType.Float64, from.Sizes, i => ScalarValue.Of(DType.Float64, from[i].ToDouble() + h * toward[i].ToDouble()));
        }
        return moved;
    }

    private static Literal Noise(TensorType type, int seed)
    {
        var random = new Random(seed);
        return Literal.Build(type.DType, Seq.Create<long>(type.Shape.Sizes), _ => ScalarValue.Of(type.DType, 2 * random.NextDouble() - 1));
    }

    private static Type Type(string name) => OpTable.Types.Single(type => type.Name == name);
}
