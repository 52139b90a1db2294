using System.Xml.Linq;

namespace Symbolic.Test;

/// <summary>What holds of every op: a new one is tried without a new test.</summary>
public class OpTableTests
{
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
        bool hasSizes = RecordShape.Of(Type(name)).Parameters.Any(p => p.Type == typeof(Dim) || p.Type == typeof(Seq<Dim>) || p.Type == typeof(Shape) || p.Type == typeof(TensorType) || p.Type == typeof(Lambda));
        Assert.Equal(hasSizes, Type(name).GetMethod(nameof(Op.MapDims))!.DeclaringType == Type(name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RefusesAWrongNumberOfInputs(string name)
    {
        // Joins as many as it is given.
        foreach (Sample sample in OpTable.SamplesOf(Type(name)).Where(sample => sample.Op is not Ops.Concatenate))
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
    public void RefusesOtherTypesInItsOwnWords(string name)
    {
        int refused = 0, tried = 0;
        foreach (Sample sample in OpTable.SamplesOf(Type(name)))
        {
            TensorType[] types = [.. sample.Inputs.Select(input => new TensorType(input.DType ?? DType.Float32, Shape.Of(input.Sizes)))];
            for (int i = 0; i < types.Length; i++)
            {
                TensorType right = types[i];
                foreach (TensorType wrong in Others(right))
                {
                    types[i] = wrong;
                    tried++;
                    try
                    {
                        Assert.NotNull(sample.Op.Infer(types));
                    }
                    catch (TypeMismatch mismatch)
                    {
                        // The op by name and what it got: whatever else it says, a user finds the place by these.
                        Assert.StartsWith(sample.Op.Name, mismatch.Message, StringComparison.Ordinal);
                        refused++;
                    }
                }
                types[i] = right;
            }
        }
        // Some take whatever they are given; each says why it is in this list.
        Type[] lenient = [typeof(Ops.Print), typeof(Ops.Callback), typeof(Ops.Neg), typeof(Ops.Abs), typeof(Ops.Sign), typeof(Ops.Cast), typeof(Ops.ClipGradient)];
        Assert.True(tried == 0 || refused > 0 || lenient.Contains(Type(name)), $"{name} refuses nothing");
    }

    private static IEnumerable<TensorType> Others(TensorType type)
    {
        yield return type with { Shape = [.. type.Shape, 3] };
        yield return type with { DType = DType.Bool };
        yield return type with { DType = DType.Int16 };
        yield return type with { DType = DType.Float32 };
        if (type.Rank > 0)
        {
            yield return type with { Shape = type.Shape[1..] };
            yield return type with { Shape = [type.Shape[0] + 1, .. type.Shape[1..]] };
            yield return type with { Shape = [.. type.Shape[..^1], new NamedSymbol("n")] };
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
    public void GradientAgreesWithDifferences(string name) => GradientsAgree(OpTable.SamplesOf(Type(name)), DType.Float64);

    [Fact]
    public void OfComplexNumbersToo()
    {
        foreach (DType dtype in (DType[])[DType.Complex64, DType.Complex128])
        {
            int tried = 0;
            foreach (Sample sample in OpTable.OfComplex(dtype))
            {
                Lambda program = OpTable.Program(sample, dtype);
                Assert.Equal(program.Results[0].Type, Reference.Evaluate(program, OpTable.Values(sample, dtype))[0].Type);
                tried++;
            }
            Assert.True(tried > 250, $"only {tried} samples");
        }
        GradientsAgree(OpTable.OfComplex(DType.Complex128), DType.Complex128);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RefusesComplexNumbersByNameOrTakesThem(string name)
    {
        foreach (Sample sample in OpTable.SamplesOf(Type(name)).Where(sample => !sample.Op.TakesComplex && sample.Inputs.Any(input => input.DType is null)))
        {
            TypeMismatch error = Assert.Throws<TypeMismatch>(() => OpTable.Program(sample, DType.Complex64));
            Assert.StartsWith($"{sample.Op.Name} is not defined on complex numbers; got ", error.Message, StringComparison.Ordinal);
            Assert.Contains("c64", error.Message, StringComparison.Ordinal);
        }
    }

    private static void GradientsAgree(IEnumerable<Sample> samples, DType dtype)
    {
        foreach (Sample sample in samples)
        {
            Lambda program = OpTable.Program(sample, dtype);
            Seq<Literal> at = OpTable.Values(sample, dtype);
            if (!program.Results[0].DType.IsContinuous())
            {
                Assert.EndsWith("is asked for, which is not a float", Assert.Throws<GradientError>(() => GradientCheck.Slopes(program, Reference.Evaluate(program, at))).Message, StringComparison.Ordinal);
            }
            else if (sample.Smooth)
            {
                GradientCheck.Agrees($"{sample.Op}", program, at);
            }
            else
            {
                // At a kink it has the right type, and a value.
                Reference.Evaluate(GradientCheck.Slopes(program, GradientCheck.Noise(program.Results[0].Tensor, 11)), at);
            }
        }
    }

    private static Type Type(string name) => OpTable.Types.Single(type => type.Name == name);
}
