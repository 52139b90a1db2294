using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>
/// Random graphs with outputs and updates that read each other's variables: compiled with and without rewriting and contraction
/// schedules, called several times, against the interpreter.
/// </summary>
public sealed class FuzzTests
{
    private const int Rows = 5, Columns = 3;

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Compiled_graphs_equal_the_interpreter(int seed)
    {
        var random = new Random(seed);
        Expr x = Matrix("x", "n", Columns, DType.Float64), y = Matrix("y", random.Next(2) == 0 ? "n" : "m", Columns, DType.Float64);
        SharedVariable[] shared = [.. Enumerable.Range(0, 4).Select(i => Shared(Doubles(random, i < 2 ? [Rows, Columns] : i == 2 ? [Columns] : [Columns, Columns]), $"w{i}"))];
        List<Expr> pool = [x, y, .. shared.Select(s => s.Expr)];
        for (int i = 0; i < 14; i++)
        {
            Expr made = Some(random, pool);
            if (made.DType == DType.Float64 && made.Rank <= 2)
            {
                pool.Add(made);
            }
        }
        Seq<Expr> outputs = Enumerable.Range(0, 3).Select(_ => pool[random.Next(pool.Count)]).ToSeq();
        Seq<Update> updates = shared.Where(_ => random.Next(4) > 0).Select(s => new Update(s, ValueFor(random, pool, s))).ToSeq();
        CompileOptions options = Models.Plain with { Optimize = random.Next(3) > 0, Contractions = random.Next(3) > 0, VectorBits = new[] { 0, 128, 256, 512 }[random.Next(4)], Threads = 1 + random.Next(3) };
        using Function f = Function.Compile([x, y], outputs, updates, options);

        Dictionary<Variable, Literal> values = shared.ToDictionary(s => (Variable)s, s => s.Value.ToLiteral());
        for (int call = 0; call < 3; call++)
        {
            Tensor a = Doubles(random, [Rows, Columns]), b = random.Next(2) == 0 ? Doubles(random, [Columns, Rows]).Transpose() : Doubles(random, [Rows, Columns]);
            values[((Ops.Leaf)x.Op).Variable] = a.ToLiteral();
            values[((Ops.Leaf)y.Op).Variable] = b.ToLiteral();
            Literal[] expected;
            try
            {
                expected = Reference.Evaluate([.. outputs, .. updates.Map(u => u.Value)], values);
            }
            catch (BindingError)
            {
                // The graph equates sizes that differ: so says the function, and changes nothing.
                Assert.Throws<BindingError>(() => f.Call(a, b));
                Assert.All(shared, s => Assert.Equal(values[s], s.Value.ToLiteral()));
                continue;
            }
            Tensor[] actual = f.Call(a, b);
            for (int i = 0; i < outputs.Count; i++)
            {
                Close.Assert(expected[i], actual[i].ToLiteral(), $"seed {seed}, call {call}, output {i}, {options}", scale: 1);
            }
            for (int i = 0; i < updates.Count; i++)
            {
                values[updates[i].Variable] = updates[i].Variable.Value.ToLiteral();
                Close.Assert(expected[outputs.Count + i], values[updates[i].Variable], $"seed {seed}, call {call}, update of {updates[i].Variable}, {options}", scale: 1);
            }
        }
    }

    /// <summary>40 graphs, or as many as the environment variable SYMBOLIC_FUZZ says.</summary>
    public static TheoryData<int> Seeds() =>
        new(Enumerable.Range(1, int.Parse(Environment.GetEnvironmentVariable("SYMBOLIC_FUZZ") ?? "40", System.Globalization.CultureInfo.InvariantCulture)));

    private static Tensor Doubles(Random random, long[] sizes) =>
        Tensor.Of<double>([.. Enumerable.Range(0, (int)sizes.Aggregate(1L, (a, b) => a * b)).Select(_ => 2 * random.NextDouble() - 1)], sizes);

    private static Expr Some(Random random, List<Expr> pool)
    {
        Expr a = pool[random.Next(pool.Count)], b = pool[random.Next(pool.Count)];
        try
        {
            return random.Next(13) switch
            {
                0 => a + b,
                1 => a - 0.5 * b,
                2 => a * b,
                3 => Tanh<Expr>(a),
                4 => Maximum<Expr>(a, b),
                5 => Switch<Expr>(a < b, a, 0.25),
                6 when a.Rank > 0 => a.Sum([random.Next(a.Rank)]) * 0.3,
                7 when a.Rank > 0 => a.Mean([random.Next(a.Rank)], keepDims: true) + a,
                8 when a.Rank == 2 && a.Shape[0].Equals(a.Shape[1]) => a.Transpose(),
                8 when a.Rank == 2 && b.Rank == 2 => Tanh(Dot(a.Transpose(), b)),
                9 when a.Rank > 0 && b.Rank > 0 => Tanh(Dot(a, b)),
                10 when a.Rank > 0 => Softmax(a),
                11 when a.Rank == 2 => Tanh(Dot(a, pool.First(p => p.Name == "w3"))),
                _ => Sigmoid<Expr>(a) * 2 - 1,
            };
        }
        catch (TypeMismatch)
        {
            return a;
        }
    }

    /// <summary>Anything of the variable's type: another one's value as it is, something in place, something moved.</summary>
    private static Expr ValueFor(Random random, List<Expr> pool, SharedVariable variable)
    {
        Expr[] fitting = [.. pool.Where(p => p.Rank == variable.Type.Rank && p.Shape.Zip(variable.Type.Shape).All(d => d.First.Equals(d.Second)))];
        Expr chosen = fitting[random.Next(fitting.Length)];
        return random.Next(5) switch
        {
            0 => chosen,
            1 => variable * 0.5 + chosen * 0.5,
            2 when variable.Type.Shape.Rank == 2 && variable.Type.Shape[0].Equals(variable.Type.Shape[1]) => chosen.Transpose() * 0.9,
            3 when variable.Type.Shape.Rank == 2 => Tanh(chosen + variable.Expr.Sum([0])),
            _ => Tanh(variable - chosen),
        };
    }
}
