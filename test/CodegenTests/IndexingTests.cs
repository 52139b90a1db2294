using Symbolic.Codegen;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Slices, joins and reads at positions that are data, fused with what is around them, at each width against the interpreter.</summary>
public sealed class IndexingTests
{
    private static readonly NamedSymbol N = new("n"), M = new("m");

    private static readonly (string Name, TensorType[] Parameters, long[][] Sizes, Func<Seq<Expr>, Seq<Expr>> Build)[] Programs =
    [
        ("parts of a concatenation", [F(N, 33), F(N, 17)], [[5, 33], [5, 17]], p => [Exp(Concatenate([p[0] * 2, Tanh(p[1])], 1)) + 1]),
        ("rows of a concatenation", [F(N, 9), F(M, 9), F(3, 9)], [[5, 9], [0, 9], [3, 9]], p => [Concatenate([p[0], p[1], -p[2]])]),
        ("a slice of a concatenation", [F(N, 33), F(N, 17)], [[5, 33], [5, 17]], p => [Concatenate([p[0], p[1]], 1)[1.., 30..40], Concatenate([p[0], p[1]], 1)[.., ..20]]),
        ("many parts", [.. Enumerable.Repeat(F(3), 100)], [.. Enumerable.Repeat<long[]>([3], 100)], p => [Concatenate(p) + 1]),
        ("an image with a border", [F(2, N, 19)], [[2, 7, 19]], p => [Exp(p[0]).Pad([(0, 0), (2, 1), (3, 0)], PadMode.Constant, 5)]),
        ("a mirrored border", [F(9, 19)], [[9, 19]], p => [p[0].Pad([(2, 1), (3, 4)], PadMode.Reflect), p[0].Pad([(2, 1), (3, 4)], PadMode.Wrap)]),
        ("holes between elements", [F(4, 9)], [[4, 9]], p => [Expr.Of(new Ops.SetSlice([0, 1], [7, 18], [2, 2]), Full(DType.Float32, [7, 18], 1), p[0] * 3)]),
        ("rows at positions", [F(M, 40), I(N)], [[6, 40], [9]], p => [Tanh(Rows(p[0], p[1])) * 2]),
        ("rows at positions in a sum", [F(M, 40), I(N), F(40)], [[6, 40], [9], [40]], p => [(Rows(p[0], p[1]) * p[2]).Sum([1]), Rows(p[0], p[1]).Sum([0])]),
        ("columns at positions", [F(7, M), I(N)], [[7, 6], [9]], p => [Exp(Expr.Of(new Ops.Gather(1), p[0], p[1])) + 1]),
        ("positions of positions", [F(M), I(N), I(M)], [[6], [9], [6]], p => [Expr.Of(new Ops.Gather(0), p[0], Expr.Of(new Ops.Gather(0), p[2], p[1])) + 1]),
        ("rows at positions in a product", [F(M, 20), I(N), F(20, 8)], [[6, 20], [9], [20, 8]], p => [Dot(Rows(p[0], p[1]), p[2])]),
        ("a slice of rows at positions", [F(M, 40), I(N)], [[6, 40], [9]], p => [Rows(p[0] * 2, p[1] - 1)[1..5, 3..]]),
        ("rows of an empty axis", [F(M, 5), I(N)], [[0, 5], [0]], p => [Rows(p[0], p[1]) + 1]),
        ("two positions of two axes", [F(M, 5, 9), I(N)], [[6, 5, 9], [4]], p => [Rows(p[0].Reshape([-1, 9]), p[1] * 5 + 2) * 2]),
        ("flips and steps", [F(N, 33)], [[5, 33]], p => [p[0].Flip() + p[0], p[0][Subscript.Range(null, null, 2), Subscript.Range(null, null, -3)] * 2, p[0].Roll(3, 1), p[0].Diagonal(2)]),
        ("the class that is a label's, and those that are not", [F(N, 33), I(N)], [[9, 33], [9]], p =>
        {
            Expr isLabel = EqualTo<Expr>(p[1].BroadcastTo(p[0].Shape, [0]), Iota(p[0].Shape, 1)), isNot = NotEqualTo<Expr>(Iota(p[0].Shape, 1), p[1].BroadcastTo(p[0].Shape, [0]));
            return [Switch<Expr>(isLabel, p[0], 0).Sum([1]), Exp(p[0]) - Switch<Expr>(isLabel, 1, 0), Switch<Expr>(isNot, p[0], 5) * 2];
        }),
        ("the class that is a label's among many", [F(N, 203), I(N)], [[19, 203], [19]], p => [Switch<Expr>(EqualTo<Expr>(p[1].BroadcastTo(p[0].Shape, [0]), Iota(p[0].Shape, 1)), p[0], 0).Sum([1])]),
        ("one value of a vector", [F(N), I(1)], [[5], [1]], p => [Expr.Of(new Ops.Gather(0), p[0], p[1]).Reshape([]) * p[0]]),
    ];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (int bits in (int[])[0, 256])
        {
            foreach (string name in Programs.Select(p => p.Name))
            {
                cases.Add(name, bits);
            }
        }
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compiled_code_equals_the_interpreter(string name, int bits)
    {
        (_, TensorType[] parameters, long[][] sizes, Func<Seq<Expr>, Seq<Expr>> build) = Programs.Single(p => p.Name == name);
        var random = new Random(5);
        Literal[] arguments = [.. parameters.Select((type, i) => Literal.Build(type.DType, [.. sizes[i]], _ => type.DType == DType.Int64
            ? ScalarValue.Of(DType.Int64, random.NextInt64(-20, 20))
            : ScalarValue.Of(type.DType, random.NextDouble() * 4 - 2)))];
        Lambda program = Lambda.Of(Seq.Create<TensorType>(parameters), build);
        Literal[] expected = Reference.Evaluate(program, arguments), actual = KernelRun.Run(program, arguments, new CodegenOptions(bits));
        for (int i = 0; i < expected.Length; i++)
        {
            SampleTable.AssertClose(expected[i], actual[i], $"{name} at {bits} bits, result {i}");
        }
    }

    [Fact]
    public void Movement_needs_no_buffer_of_its_own()
    {
        Assert.Equal(1, Kernels([F(N, 33), F(N, 17)], p => [Exp(Concatenate([p[0] * 2, Tanh(p[1])], 1)) + 1]));
        Assert.Equal(1, Kernels([F(N, 33)], p => [Exp(p[0] * 2)[1.., 3..] + 1]));
        Assert.Equal(1, Kernels([F(N, 33)], p => [Exp(p[0] * 2).Pad([(1, 1), (2, 2)])]));
        Assert.Equal(1, Kernels([F(M, 40), I(N)], p => [Tanh(Rows(p[0], p[1])) * 2]));
    }

    private static int Kernels(TensorType[] parameters, Func<Seq<Expr>, Seq<Expr>> build) =>
        Generator.Generate(new ProgramBody(Lambda.Of(Seq.Create<TensorType>(parameters), build), 1, []), new CodegenOptions(256)).Plan.Steps.Count;

    private static Expr Rows(Expr x, Expr positions) => Expr.Of(new Ops.Gather(0), x, positions);

    private static TensorType F(params Dim[] sizes) => new(DType.Float32, new Shape(sizes.ToSeq()));

    private static TensorType I(params Dim[] sizes) => new(DType.Int64, new Shape(sizes.ToSeq()));
}
