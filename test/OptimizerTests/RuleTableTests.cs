using Symbolic.Ops;
using static Symbolic.Test.Programs;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>What must hold of every rule, asked of the table as a whole: true, typed, terminating, alive.</summary>
public class RuleTableTests
{
    private static readonly double[] Edges = [0.0, -0.0, 1, -1, 0.5, -2.5, 1e-30, -1e-30, 88, -88, 1e30, -1e30, double.PositiveInfinity, double.NegativeInfinity, double.NaN, 3];
    private static readonly double[] Whole = [0, 1, -1, 2, 3, -7, 100, int.MaxValue, int.MinValue, 255, -128, 6, 12, -5, 64, 1000];

    public static TheoryData<string> Names => [.. Rules.Tables.SelectMany(table => table.Rules).Select(rule => rule.Name)];

    private static Rule Find(string name) => Rules.Tables.SelectMany(table => table.Rules).Single(rule => rule.Name == name);

    /// <summary>Expressions that the rule applies to, and what it makes of them. Each edge value meets each, for up to three variables.</summary>
    private static IEnumerable<(Lambda Left, Lambda Right, Variable[] Inputs)> Cases(Rule rule, DType dtype)
    {
        foreach (Expr left in Examples(rule, dtype))
        {
            if (rule.Apply(left) is { } right)
            {
                (_, Variable[] inputs) = Close(left, right);
                yield return (Close(inputs, left), Close(inputs, right), inputs);
            }
        }
    }

    private static List<Expr> Examples(Rule rule, DType dtype)
    {
        // Enough elements that each of 16 edge values meets each, for up to three variables.
        long size = rule is PatternRule pattern ? Math.Max(64, (long)Math.Pow(16, Math.Min(3, Occurrences(pattern.Left).Count))) : 32;
        try
        {
            return [.. rule.Examples(dtype, size)];
        }
        catch (TypeMismatch) when (!dtype.IsFloat())
        {
            return [];
        }
    }

    private static Literal[] Arguments(Variable[] inputs, Func<int, long, double> value) =>
        [.. inputs.Select((input, number) => Literal.Build(input.Type.DType, input.Type.Shape.Sizes.ToSeq(), i => ScalarValue.Of(input.Type.DType, value(number, i))))];

    private static double EdgeOf(double[] edges, int variable, long element) => edges[(element >> (4 * (variable % 3))) % 16];

    [Theory]
    [MemberData(nameof(Names))]
    public void ExactRulesKeepEveryBit(string name)
    {
        Rule rule = Find(name);
        DType[] dtypes = rule.Trust.Level == TrustLevel.Exact ? [DType.Float32, DType.Float64, DType.Float16, DType.BFloat16] : [];
        // On integers there is no rounding, so rules that round are exact there too.
        DType[] whole = rule.Trust.Level == TrustLevel.Assumes ? [] : [DType.Int32, DType.UInt8, DType.Int64];
        int cases = 0;
        foreach (DType dtype in dtypes.Concat(whole))
        {
            foreach ((Lambda left, Lambda right, Variable[] inputs) in Cases(rule, dtype))
            {
                if (whole.Contains(dtype) && Traversal.Order(left.Results).Any(node => node.DType.IsFloat()))
                {
                    continue;
                }
                Literal[] at = Arguments(inputs, (variable, i) => EdgeOf(dtype.IsFloat() ? Edges : Whole, variable, i));
                AssertSameBits(Reference.Evaluate(left, at)[0], Reference.Evaluate(right, at)[0], $"{rule} in {dtype.Text()}");
                cases++;
            }
        }
        Assert.True(cases > 0 || rule.Trust.Level != TrustLevel.Exact, $"{rule} applies to none of its own examples");
    }

    /// <summary>What holds of real numbers need not hold of complex ones: of those the pipeline keeps every bit, since only rules about structure fire.</summary>
    [Theory]
    [MemberData(nameof(Names))]
    public void ComplexNumbersKeepEveryBit(string name)
    {
        foreach (Expr left in Examples(Find(name), DType.Complex128))
        {
            (_, Variable[] inputs) = Close(left, left);
            Lambda program = Close(inputs, left);
            Literal[] at = [.. inputs.Select((input, number) => Literal.Build(input.Type.DType, Seq.Create<long>(input.Type.Shape.Sizes), i => input.Type.DType.IsComplex()
                ? ScalarValue.Of(input.Type.DType, new System.Numerics.Complex(EdgeOf(Edges, number, i), EdgeOf(Edges, number + 1, 7 * i)))
                : ScalarValue.Of(input.Type.DType, EdgeOf(Edges, number, i))))];
            Literal wanted = Reference.Evaluate(program, at)[0], got = Reference.Evaluate(Pipeline.Optimize(program, new OptimizerOptions { Strict = true }), at)[0];
            Assert.Equal(wanted.Type, got.Type);
            for (long i = 0; i < wanted.Count; i++)
            {
                (ScalarValue Real, ScalarValue Imaginary) w = wanted[i].Parts, g = got[i].Parts;
                Assert.True(Same(w.Real, g.Real) && Same(w.Imaginary, g.Imaginary), $"{name}: element {i} is {got[i].Text()}, not {wanted[i].Text()}");
            }
        }

        static bool Same(ScalarValue a, ScalarValue b) => a == b || (a.DType.IsFloat() && double.IsNaN(a.ToDouble()) && double.IsNaN(b.ToDouble()));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void OtherRulesKeepTheFunction(string name)
    {
        Rule rule = Find(name);
        foreach ((DType dtype, double tolerance) in new[] { (DType.Float32, 1e-5), (DType.Float64, 1e-13) })
        {
            foreach ((Lambda left, Lambda right, Variable[] inputs) in Cases(rule, dtype))
            {
                var random = new Random(11);
                double share = AssertClose(left, right, Arguments(inputs, (_, _) => random.NextDouble() * 8 - 4), rule, tolerance);
                Assert.True(share > 0.2, $"{rule} means something at {share:P0} of the points only");
                AssertClose(left, right, Arguments(inputs, (variable, i) => EdgeOf(Edges, variable, i)), rule, tolerance);
            }
        }
    }

    /// <summary>Compares where the inputs are finite, the assumption holds and the left side is finite; says at which share of the points.</summary>
    private static double AssertClose(Lambda left, Lambda right, Literal[] at, Rule rule, double tolerance)
    {
        double[] wanted = Reference.Evaluate(left, at)[0].ToDoubles(), got = Reference.Evaluate(right, at)[0].ToDoubles();
        double[][] inputs = [.. at.Select(argument => argument.ToDoubles())];
        bool isElementwise = inputs.All(values => values.Length == wanted.Length) && !Traversal.Order(left.Results).Any(node => node.Op is CompositeOp);
        bool isFineThroughout = inputs.All(values => values.All(IsFine));
        int points = 0;
        for (int i = 0; i < wanted.Length; i++)
        {
            if (!double.IsFinite(wanted[i]) || !(isElementwise ? inputs.All(values => IsFine(values[i])) : isFineThroughout))
            {
                continue;
            }
            points++;
            double scale = 1 + Math.Abs(wanted[i]) + (isElementwise ? inputs.Select(values => Math.Abs(values[i])).DefaultIfEmpty().Max() : 0);
            Assert.True(Math.Abs(wanted[i] - got[i]) <= tolerance * scale, $"{rule}: {wanted[i]:R} became {got[i]:R} at {string.Join(", ", inputs.Select(values => values[Math.Min(i, values.Length - 1)]))}");
        }
        return (double)points / wanted.Length;

        bool IsFine(double value) => double.IsFinite(value) && rule.Trust.Holds(value);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void TypesStay(string name)
    {
        Rule rule = Find(name);
        foreach (DType dtype in new[] { DType.Float32, DType.Float64, DType.Float16, DType.Int32 })
        {
            Assert.All(Cases(rule, dtype), c => Assert.Equal(c.Left.Results[0].Type, c.Right.Results[0].Type));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void RightSidesAreLighter(string name)
    {
        Rule rule = Find(name);
        Assert.Equal(Examples(rule, DType.Float32).Count, Cases(rule, DType.Float32).Count());
        bool isLighter = Cases(rule, DType.Float32).All(c => Weight(c.Right.Results[0]) < Weight(c.Left.Results[0])) && (rule is not PatternRule pattern || Occurrences(pattern.Right).All(right => right.Value <= Occurrences(pattern.Left).GetValueOrDefault(right.Key)));
        Assert.True(isLighter != rule.Grows is not null, isLighter ? $"{rule} is lighter on the right and needs no excuse" : $"{rule} is not lighter on the right: say why rewriting ends");
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void LeftSidesFireInTheRealPipeline(string name)
    {
        Rule rule = Find(name);
        foreach (Expr left in rule.Examples(DType.Float32, 6))
        {
            var trace = new RewriteTrace();
            Pipeline.Optimize(Close(left).Program, new OptimizerOptions { AllowAssumptions = rule.Trust.Level == TrustLevel.Assumes, Strict = true }, trace);
            Assert.True(trace.CountOf(rule.Name) > 0, $"{rule} never fires; what fires is\n{trace}");
        }
    }

    [Fact]
    public void NamesAreUnique() => Assert.Empty(Rules.Tables.SelectMany(table => table.Rules).GroupBy(rule => rule.Name).Where(group => group.Count() > 1).Select(group => group.Key));

    internal static void AssertSameBits(Literal wanted, Literal got, string what)
    {
        Assert.Equal(wanted.Type, got.Type);
        for (long i = 0; i < wanted.Count; i++)
        {
            bool same = wanted[i] == got[i] || (wanted.DType.IsFloat() && double.IsNaN(wanted[i].ToDouble()) && double.IsNaN(got[i].ToDouble()));
            Assert.True(same, $"{what}: element {i}, {wanted[i].Text()} became {got[i].Text()}");
        }
    }

    /// <summary>The fixed order: the sum of what each op costs, written out as a tree.</summary>
    private static double Weight(Expr node) => node.Op switch
    {
        Leaf or Full => 1,
        Constant => 2,
        _ => Cost(node) + node.Inputs.Sum(Weight),
    };

    private static double Cost(Expr node) => node.Op switch
    {
        Exp or Expm1 or Log or Log1p or Sigmoid or Tanh or Sinh or Cosh => 10,
        Softplus => 12,
        Softmax or LogSoftmax => 15,
        Pow => 30,
        Sqrt or Div => 8,
        Mul => 3,
        Sub => 2.5,
        Add => 2,
        Switch => 2,
        Sum or Max => 5,
        _ => 1,
    };

    private static Dictionary<string, int> Occurrences(Term<Pattern> term)
    {
        var counts = new Dictionary<string, int>();
        void Count(Term<Pattern> part)
        {
            switch (part)
            {
                case Pattern.Node node:
                    foreach (Term<Pattern> input in node.Inputs)
                    {
                        Count(input);
                    }
                    break;
                case Pattern variable:
                    counts[variable.ToString()!] = counts.GetValueOrDefault(variable.ToString()!) + 1;
                    break;
            }
        }
        Count(term);
        return counts;
    }
}
