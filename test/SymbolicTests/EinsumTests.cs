using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Einstein's notation against its own definition, and what is said of wrong subscripts.</summary>
public class EinsumTests
{
    [Fact]
    public void SumsProductsOverWhatTheResultLacks()
    {
        foreach ((string subscripts, long[][] shapes) in NetFunction.Einsums)
        {
            Literal[] values = [.. shapes.Select((shape, i) => GradientCheck.Noise(new TensorType(DType.Float64, Shape.Of(shape)), 3 + i))];
            Literal found = Value(Einsum(subscripts, [.. values.Select(Constant)]));
            double[] expected = ByDefinition(subscripts, values);
            Assert.Equal(expected.Length, found.Count);
            Assert.All(expected.Zip(found.ToDoubles()), pair => Assert.Equal(pair.First, pair.Second, 1e-12));
        }
    }

    [Fact]
    public void AnEllipsisBroadcasts()
    {
        Literal a = GradientCheck.Noise(new TensorType(DType.Float64, [2, 1, 3, 4]), 1), b = GradientCheck.Noise(new TensorType(DType.Float64, [5, 4, 2]), 2);
        Literal found = Value(Einsum("...ij,...jk->...ik", Constant(a), Constant(b)));
        Assert.Equal([2, 5, 3, 2], found.Sizes);
        Literal same = Value(Einsum("nij,mjk->nmik", Constant(a).Reshape([2, 3, 4]), Constant(b)));
        Assert.Equal(same.ToDoubles(), found.ToDoubles());
        Assert.Equal("[2,5,3,2]", Einsum("...ij,...jk", Constant(a), Constant(b)).Shape.ToString());
    }

    [Fact]
    public void ProductsOfMatricesAreOneOp()
    {
        Expr a = Matrix("a", 3, 4), b = Matrix("b", 4, 5), stack = Input("stack", DType.Float32, 2, 5, 4);
        Assert.Same(Dot(a, b), Einsum("ij,jk->ik", a, b));
        Assert.Same(Dot(b.Transpose(), a.Transpose()), Einsum("ij,jk->ki", a, b));
        Assert.IsType<Ops.Contract>(Einsum("ij,bkj->bik", a, stack).Op);
    }

    [Fact]
    public void TheCheapestOrderIsTaken()
    {
        // (a·b)·v costs 1000·1000·1000 multiplications, a·(b·v) two thousand times fewer.
        Expr a = Matrix("a", 1000, 1000), b = Matrix("b", 1000, 1000), v = Vector("v", 1000);
        Expr product = Einsum("ij,jk,k->i", a, b, v);
        Assert.DoesNotContain(Traversal.Order([product]), node => node.Op is Ops.Dot or Ops.Contract);
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Expr a = Matrix("a", 3, 4), b = Matrix("b", 5, 6);
        (string Says, Func<Expr> Of)[] mistakes =
        [
            ("einsum \"ij,jk->ik\": label j is 4 and, in b: f32[5,6], 5", () => Einsum("ij,jk->ik", a, b)),
            ("einsum \"ij\": subscripts of 1 operands, but there are 2", () => Einsum("ij", a, b)),
            ("einsum \"ijk,jk\": ijk labels 3 axes of a: f32[3,4], which has 2", () => Einsum("ijk,jk", a, b)),
            ("einsum \"i,jk\": i labels 1 axes of a: f32[3,4], which has 2", () => Einsum("i,jk", a, b)),
            ("einsum \"ij,kl->im\": label m of the result is in no operand", () => Einsum("ij,kl->im", a, b)),
            ("einsum \"ij,kl->ii\": the result has label i twice", () => Einsum("ij,kl->ii", a, b)),
            ("einsum \"ij->i->j\": there is more than one ->", () => Einsum("ij->i->j", a)),
            ("einsum \"i1\": '1' is no letter", () => Einsum("i1", a)),
            ("einsum \"i..j\": dots come by three, once an operand", () => Einsum("i..j", a)),
            ("einsum \"...i->i\": the result lacks the ... that the operands have; sum it under labels of its own", () => Einsum("...i->i", a)),
            ("tensordot wants axis 1 of a: f32[3,4] and axis 0 of b: f32[5,6] to agree: 4 is not 5", () => Tensordot(a, b, 1)),
            ("tensordot over 3 axes of a: f32[3,4] and b: f32[5,6]: they have not so many", () => Tensordot(a, b, 3)),
            ("tensordot wants as many different axes of the one as of the other; got [0,-2] of a: f32[3,4] and [0,1] of b: f32[5,6]", () => Tensordot(a, b, [0, -2], [0, 1])),
            ("batched_dot wants axis 0 of a: f32[3,4] and axis 0 of b: f32[5,6] to agree: 3 is not 5", () => BatchedDot(a, b)),
            ("matmul wants operands of at least one axis", () => MatMul(a, Scalar("s"))),
        ];
        foreach ((string says, Func<Expr> of) in mistakes)
        {
            Assert.Contains(says, Assert.Throws<TypeMismatch>(of).Message, StringComparison.Ordinal);
        }
    }

    /// <summary>Every combination of label values adds its product where the result's labels say.</summary>
    private static double[] ByDefinition(string subscripts, Literal[] values)
    {
        string[] inputs = subscripts.Split("->")[0].Split(',');
        string all = string.Concat(inputs.SelectMany(labels => labels).Distinct());
        string to = subscripts.Contains("->", StringComparison.Ordinal) ? subscripts.Split("->")[1] : string.Concat(all.Where(l => inputs.Sum(labels => labels.Count(x => x == l)) == 1).Order());
        long Size(char label) => values.SelectMany((value, i) => inputs[i].Select((l, axis) => l == label ? value.Sizes[axis] : 1)).Max();
        var sums = new double[to.Aggregate(1L, (n, l) => n * Size(l))];
        var at = new Dictionary<char, long>();
        void Visit(int depth)
        {
            if (depth < all.Length)
            {
                for (long i = 0; i < Size(all[depth]); i++)
                {
                    at[all[depth]] = i;
                    Visit(depth + 1);
                }
                return;
            }
            double product = 1;
            for (int i = 0; i < values.Length; i++)
            {
                long offset = 0;
                for (int axis = 0; axis < inputs[i].Length; axis++)
                {
                    offset = offset * values[i].Sizes[axis] + (values[i].Sizes[axis] == 1 ? 0 : at[inputs[i][axis]]);
                }
                product *= values[i][offset].ToDouble();
            }
            sums[to.Aggregate(0L, (offset, l) => offset * Size(l) + at[l])] += product;
        }
        Visit(0);
        return sums;
    }

    private static Literal Value(Expr expression) => Reference.Evaluate([expression], new Dictionary<Variable, Literal>())[0];
}
