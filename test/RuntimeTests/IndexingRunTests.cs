using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Subscripts through compiled functions: bounds found before the call is bound, masks, tables in training, parts of shared variables.</summary>
public sealed class IndexingRunTests
{
    private static readonly double[] Data = [.. Enumerable.Range(0, 20).Select(i => i * 0.5 - 3)];

    [Fact]
    public void Compiled_subscripts_equal_the_interpreter()
    {
        Expr x = Matrix("x", "n", "m", DType.Float64), i = Scalar("i", DType.Int64), j = Scalar("j", DType.Int64), at = Vector("at", "k", DType.Int64);
        Seq<Expr> results =
        [
            x[Subscript.Range(i, j)], x[i], x[i, j], x.Slice(0, j, i, -1), x[at], x[at, 1], x[.., at] * 2, x[x > 0], x[x[Subscript.All, 0] > -2],
            x.SetSubtensor([1..3], 7), x.IncSubtensor([at], x[at] * 2), x.SetSubtensor([x > 1], 0), Concatenate([x, x.Flip(), x[Subscript.Range(i, 4)]]), x.Roll(i, 0),
            x.Pad([(1, 2), (3, 0)], PadMode.Symmetric), Grad((x[Subscript.Range(i, j)] * x[at].Sum()).Sum(), x), Grad((x[x > 0] * x[x > 0]).Sum(), x), x.TakeAlongAxis(x.ArgMax(1).ExpandDims(1), 1),
        ];
        Seq<Expr> inputs = [x, i, j, at];
        using Function f = Function.Compile(inputs, results, null, Models.Plain);
        foreach ((long first, long last, long[] rows) in ((long, long, long[])[])[(1, 3, [0, 2, 2, -1]), (-3, 4, []), (3, 1, [3])])
        {
            Literal[] arguments = [Literal.Of<double>(Data, 4, 5), Literal.Of<long>([first]), Literal.Of<long>([last]), Literal.Of<long>(rows, rows.Length)];
            Literal[] expected = Reference.Evaluate(results, inputs.Zip(arguments).ToDictionary(pair => ((Ops.Leaf)pair.First.Op).Variable, pair => pair.Second));
            Tensor[] found = f.Call(Tensor.Of<double>(Data, 4, 5), Tensor.Scalar(first), Tensor.Scalar(last), Tensor.Of<long>(rows, rows.Length));
            for (int k = 0; k < results.Count; k++)
            {
                Close.Assert(expected[k], found[k].ToLiteral(), $"result {k} from {first} to {last}");
            }
        }
    }

    [Fact]
    public void A_position_outside_ends_the_call_with_its_place()
    {
        Expr x = Matrix("x", "n", "m"), at = Vector("at", "k", DType.Int64);
        SharedVariable table = Shared<float>(new float[6], "table", 3, 2);
        using Function f = Function.Compile([at], [table.Expr[at].Sum()], [new Update(table, table.Expr + 1)], Models.Plain);
        Assert.Equal("positions are given 3 at 1, which is outside an axis of 3 elements", Assert.Throws<BindingError>(() => f.Call(Tensor.Of<long>([0, 3], 2))).Message);
        // A call that failed changes nothing.
        Assert.Equal(0, f.Call(Tensor.Of<long>([0, 2], 2))[0].Item<float>());
    }

    [Fact]
    public void Rows_of_a_table_are_trained()
    {
        Expr at = Vector("at", "k", DType.Int64);
        SharedVariable table = Shared<float>([.. Enumerable.Range(0, 40).Select(i => i * 0.1f)], "table", 10, 4);
        Expr rows = table.Expr[at];
        using Function train = Function.Compile([at], [(rows * rows).Sum()], [new Update(table, table.Expr - 0.25 * Grad((rows * rows).Sum(), table.Expr))], Models.Plain);
        train.Call(Tensor.Of<long>([7, 2, 7], 3));
        float[] expected = [.. Enumerable.Range(0, 40).Select(i => i * 0.1f * (i / 4 == 2 ? 0.5f : i / 4 == 7 ? 0f : 1f))];
        float[] found = table.Value.ToArray<float>();
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(expected[i], found[i], 1e-6f);
        }
    }

    [Fact]
    public void A_part_of_a_shared_variable_is_replaced_in_place()
    {
        SharedVariable table = Shared<float>([.. Enumerable.Range(0, 12).Select(i => (float)i)], "table", 4, 3);
        Expr row = Vector("row", 3);
        using Function f = Function.Compile([row], [], [new Update(table, table.Expr.SetSubtensor([1], row * 2))], Models.Plain);
        f.Call(Tensor.Of<float>([10, 20, 30], 3));
        Assert.Equal([0f, 1, 2, 20, 40, 60, 6, 7, 8, 9, 10, 11], table.Value.ToArray<float>());
        using Function moved = Function.Compile([], [], [new Update(table, table.Expr.SetSubtensor([1..], table.Expr[..3]))], Models.Plain);
        moved.Call();
        Assert.Equal([0f, 1, 2, 0, 1, 2, 20, 40, 60, 6, 7, 8], table.Value.ToArray<float>());
    }
}
