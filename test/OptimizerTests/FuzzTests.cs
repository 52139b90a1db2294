using static Symbolic.Functions;
using static Symbolic.Test.Programs;

namespace Symbolic.Test;

/// <summary>Random programs mean the same with the pipeline on and off. A failure prints the seed.</summary>
public class FuzzTests
{
    private const int Seeds = 150;

    [Fact]
    public void ExactRulesKeepEveryBit()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            (Lambda program, Variable[] inputs) = Close([.. RandomProgram.Of(seed, DType.Float32)]);
            Lambda optimized = Pipeline.Optimize(program, new OptimizerOptions { AllowRounding = false, Strict = true });
            Literal[] at = Arguments(inputs, seed, DType.Float32, edges: true);
            Literal[] wanted = Reference.Evaluate(program, at), got = Reference.Evaluate(optimized, at);
            for (int i = 0; i < wanted.Length; i++)
            {
                RuleTableTests.AssertSameBits(wanted[i], got[i], $"seed {seed}, result {i}");
            }
        }
    }

    [Fact]
    public void AllDefaultRulesKeepTheFunction()
    {
        int compared = 0, all = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            // Where float32 and float64 differ much, the program itself magnifies rounding, and nothing can be said.
            double[][] narrow = Run(seed, DType.Float32, optimize: false), wide = Run(seed, DType.Float64, optimize: false), got = Run(seed, DType.Float64, optimize: true);
            for (int r = 0; r < wide.Length; r++)
            {
                for (int i = 0; i < wide[r].Length; i++)
                {
                    all++;
                    double doubt = Math.Abs(narrow[r][i] - wide[r][i]), size = 1 + Math.Abs(wide[r][i]);
                    if (doubt <= 1e-3 * size)
                    {
                        compared++;
                        Assert.True(Math.Abs(wide[r][i] - got[r][i]) <= 1e-10 * size + 1e-4 * doubt, $"seed {seed}, result {r}, element {i}: {wide[r][i]:R} became {got[r][i]:R}");
                    }
                }
            }
        }
        Assert.True(compared > all / 2, $"only {compared} of {all} values could be compared");
    }

    [Fact]
    public void OptimizingAgainChangesNothing()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            Lambda once = Pipeline.Optimize(Close([.. RandomProgram.Of(seed, DType.Float32)]).Program, new OptimizerOptions { Strict = true });
            Assert.True(once.Equals(Pipeline.Optimize(once)), $"seed {seed}");
        }
    }

    [Fact]
    public void TheOrderOfBuildingDoesNotShow()
    {
        int differed = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            (Lambda program, Variable[] inputs) = Close([.. RandomProgram.Of(seed, DType.Float32)]);
            var random = new Random(seed);
            Seq<Expr> exchanged = Traversal.Rebuild(program.Results, (node, made) =>
                node.Op is Pointwise { IsCommutative: true } && random.Next(2) == 0 ? Expr.Of(node.Op, made[1], made[0]) : null);
            differed += exchanged.Equals(program.Results) ? 0 : 1;
            Assert.True(Pipeline.Optimize(program).Equals(Pipeline.Optimize(new Lambda(program.Parameters, exchanged))), $"seed {seed}");
        }
        Assert.True(differed > Seeds / 2);
    }

    [Fact]
    public void EffectsHappenAsBefore()
    {
        int effects = 0;
        for (int seed = 0; seed < Seeds; seed++)
        {
            var seen = new List<int>();
            // Three delegates for all, so that effects on what turns out to be equal might be taken for one.
            Action<Literal>[] actions = [.. Enumerable.Range(0, 3).Select(i => (Action<Literal>)(_ => seen.Add(i)))];
            (Lambda program, Variable[] inputs) = Close([.. RandomProgram.Of(seed, DType.Float32, (x, number) => Callback(x, actions[number % 3]))]);
            Literal[] at = Arguments(inputs, seed, DType.Float32, edges: false);
            Reference.Evaluate(program, at);
            int[] before = [.. seen];
            seen.Clear();
            Lambda optimized = Pipeline.Optimize(program, new OptimizerOptions { Strict = true });
            Reference.Evaluate(optimized, at);
            Assert.True(before.SequenceEqual(seen), $"seed {seed}: {string.Join(" ", before)} became {string.Join(" ", seen)}");
            effects += before.Length;
        }
        Assert.True(effects > Seeds);
    }

    private static double[][] Run(int seed, DType dtype, bool optimize)
    {
        (Lambda program, Variable[] inputs) = Close([.. RandomProgram.Of(seed, dtype)]);
        Lambda run = optimize ? Pipeline.Optimize(program, new OptimizerOptions { Strict = true }) : program;
        return [.. Reference.Evaluate(run, Arguments(inputs, seed, dtype, edges: false)).Select(value => value.ToDoubles())];
    }

    private static Literal[] Arguments(Variable[] inputs, int seed, DType dtype, bool edges)
    {
        var random = new Random(seed);
        double[] edgeValues = [0.0, -0.0, double.PositiveInfinity, double.NaN, 1e30, -88];
        // Values that float32 holds, so that both dtypes start from the same.
        return [.. inputs.Select(input => Literal.Build(dtype, input.Type.Shape.Sizes.ToSeq(), _ => ScalarValue.Of(dtype,
            edges && random.Next(4) == 0 ? edgeValues[random.Next(edgeValues.Length)] : (float)(random.NextDouble() * 4 - 2))))];
    }
}

/// <summary>Random typed programs over inputs a, b [3,4], c [4] and d [].</summary>
internal static class RandomProgram
{
    public static Seq<Expr> Of(int seed, DType dtype, Func<Expr, int, Expr>? effect = null)
    {
        var random = new Random(seed);
        Expr a = Input("a", dtype, 3, 4), b = Input("b", dtype, 3, 4), c = Input("c", dtype, 4), d = Input("d", dtype);
        var made = new List<Expr> { a, b, c, d };
        int size = random.Next(5, 25);
        for (int i = 0; i < size; i++)
        {
            Expr next = Next(random, made, a);
            made.Add(effect is not null && random.Next(4) == 0 ? effect(next, i) : next);
        }
        Expr last = made[^1];
        Expr loss = (last * last).Sum();
        return Differentiation.Gradient([a, c], [loss]).OfType<Derivative.Known>().Select(slope => slope.Expr).Prepend(last).ToSeq();
    }

    private static Expr Next(Random random, List<Expr> made, Expr condition)
    {
        Expr x = made[random.Next(Math.Max(0, made.Count - 6), made.Count)], y = made[random.Next(made.Count)];
        Expr other = x.Shape.Equals(y.Shape) || x.Rank == 0 || y.Rank == 0 || (x.Rank != y.Rank && x.Shape[^1].Equals(y.Shape[^1])) ? y : x;
        double number = new[] { 0, 1, -1, 2, 0.5, -0.0, 3.7, -4 }[random.Next(8)];
        return random.Next(34) switch
        {
            0 or 1 => x + other,
            2 or 3 => x * other,
            4 => x - other,
            5 => x / other,
            6 => -x,
            7 => Exp(x),
            8 => Log(x),
            9 => Log(1 + x),
            10 => Log(1 + Exp(x)),
            11 => 1 / (1 + Exp(-x)),
            12 => Sigmoid(x),
            13 => Tanh(x),
            14 => Exp(x) - 1,
            15 => x + number,
            16 => x * number,
            17 => x - number,
            18 => x / (number == 0 ? 8 : number),
            19 => Log(Sigmoid(x)),
            20 => Switch(condition > 0, condition, x.Rank == 2 && x.Shape.Equals(condition.Shape) ? x : condition * 2),
            21 => x.Rank == 2 ? x.Transpose().Transpose() : x,
            22 => x.Rank == 2 ? x.Reshape([2, 6]).Reshape(x.Shape) : x,
            23 => x.Rank > 0 ? x.Sum([0]) : x,
            24 => x.Rank > 0 ? x.Max([-1], keepDims: true) + x : x,
            25 => x.Rank > 0 ? Softmax(x) : x,
            26 => x.Rank > 0 ? Log(Softmax(x)) : Log(Exp(x)),
            27 => x.Rank == 1 && x.Shape[0].Is(4) ? x.BroadcastTo([3, 4]) : x,
            28 => x.Rank == 0 ? x.BroadcastTo([3, 4]) : x.Sum(),
            29 => Maximum(x, other),
            30 => Relu(x),
            31 => Pow(x, 2),
            32 => x.Cast(DType.Float64).Cast(x.DType),
            _ => x * 2 / 3,
        };
    }
}
