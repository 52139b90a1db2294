using System.Globalization;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Tensors made from sizes and numbers, as numpy shows them.</summary>
public class CreationTests
{
    private static Expr F(double value) => Constant(value);

    private static Expr I(long value) => Constant(ScalarValue.Of(DType.Int64, value));

    private static Expr Matrix23 => Constant(Literal.Of<double>([1, 2, 3, 4, 5, 6], 2, 3));

    public static TheoryData<string, Func<Expr>, string> Cases() => new()
    {
        { "arange", () => Arange(5), "i64[5] 0 1 2 3 4" },
        { "arange of a negative size", () => Arange(-2), "i64[0]" },
        { "arange with steps", () => Arange(2, 10, 3), "i64[3] 2 5 8" },
        { "arange down", () => Arange(5, -2, -2), "i64[4] 5 3 1 -1" },
        { "arange of nothing", () => Arange(5, 2, 1), "i64[0]" },
        { "arange of floats", () => Arange(F(0), F(1), F(0.3), null), "f64[4] 0 0.3 0.6 0.9" },
        { "arange of floats down", () => Arange(F(1), F(0.5), F(-0.25), DType.Float32), "f32[2] 1 0.75" },
        { "arange of small integers", () => Arange(Constant(ScalarValue.Of(DType.Int8, 1L)), Constant(ScalarValue.Of(DType.UInt8, 4L)), I(1), null), "i64[3] 1 2 3" },
        { "arange of unsigned", () => Arange(Constant(ScalarValue.Of(DType.UInt8, 1L)), Constant(ScalarValue.Of(DType.UInt8, 4L)), Constant(ScalarValue.Of(DType.UInt8, 2L)), null), "u64[2] 1 3" },
        { "arange of integers and a float", () => Arange(I(1), F(2.5), I(1), null), "f64[2] 1 2" },
        { "linspace", () => Linspace(F(1), F(2), 5), "f64[5] 1 1.25 1.5 1.75 2" },
        { "linspace without the end", () => Linspace(F(1), F(2), 4, endpoint: false), "f64[4] 1 1.25 1.5 1.75" },
        { "linspace of one", () => Linspace(F(1), F(2), 1), "f64[1] 1" },
        { "linspace of none", () => Linspace(F(1), F(2), 0), "f64[0]" },
        { "eye", () => Eye(2, 3, 1), "f32[2,3] 0 1 0 0 0 1" },
        { "eye below", () => Eye(3, offset: -1, dtype: DType.Int8), "i8[3,3] 0 0 0 1 0 0 0 1 0" },
        { "identity_like", () => IdentityLike(Matrix23), "f64[2,3] 1 0 0 0 1 0" },
        { "diag of a vector", () => Diag(Arange(2)), "i64[2,2] 0 0 0 1" },
        { "diag of a vector, up", () => Diag(Arange(3) + 1, 1), "i64[4,4] 0 1 0 0 0 0 2 0 0 0 0 3 0 0 0 0" },
        { "diag of a vector, down", () => Diag(Arange(2) + 1, -2), "i64[4,4] 0 0 0 0 0 0 0 0 1 0 0 0 0 2 0 0" },
        { "diag of a matrix", () => Diag(Matrix23, 1), "f64[2] 2 6" },
        { "alloc_diagonal of rows", () => Matrix23.AllocDiagonal(0, 0, 2), "f64[3,2,3] 1 0 0 4 0 0 0 2 0 0 5 0 0 0 3 0 0 6" },
        { "trace", () => Matrix23.Trace(), "f64[] 6" },
        { "trace below", () => Matrix23.Trace(-1), "f64[] 4" },
        { "tri", () => Tri(2, 3, 1), "f32[2,3] 1 1 0 1 1 1" },
        { "tril", () => Tril(Matrix23), "f64[2,3] 1 0 0 4 5 0" },
        { "tril below", () => Tril(Matrix23, -1), "f64[2,3] 0 0 0 4 0 0" },
        { "triu", () => Triu(Matrix23), "f64[2,3] 1 2 3 0 5 6" },
        { "triu above", () => Triu(Matrix23, 1), "f64[2,3] 0 2 3 0 0 6" },
        { "zeros", () => Zeros([2, 2], DType.Int16), "i16[2,2] 0 0 0 0" },
        { "ones_like", () => OnesLike(Matrix23, DType.Int8), "i8[2,3] 1 1 1 1 1 1" },
        { "alloc", () => Full([2, 3], Arange(3)), "i64[2,3] 0 1 2 0 1 2" },
        { "fill_diagonal", () => Matrix23.FillDiagonal(0), "f64[2,3] 0 2 3 4 0 6" },
        { "fill_diagonal of a tall matrix", () => Ones([3, 2], DType.Float64).FillDiagonal(5), "f64[3,2] 5 1 1 5 1 1" },
        { "fill_diagonal of a cube", () => Zeros([2, 2, 2]).FillDiagonal(7), "f32[2,2,2] 7 0 0 0 0 0 0 7" },
        { "fill_diagonal_offset", () => FillDiagonalOffset(Matrix23, F(9), I(-1)), "f64[2,3] 1 2 3 9 5 6" },
        { "diff", () => Diff(Matrix23), "f64[2,2] 1 1 1 1" },
        { "diff twice", () => Diff(Constant(Literal.Of<double>([1, 4, 9, 16, 20], 5)), 2), "f64[3] 2 2 -3" },
        { "diff along an axis", () => Diff(Matrix23, 1, 0), "f64[1,3] 3 3 3" },
        { "diff of booleans", () => Diff(Arange(4) > 1), "bool[3] 0 1 0" },
        { "repeat", () => Matrix23.Repeat(I(2), null), "f64[12] 1 1 2 2 3 3 4 4 5 5 6 6" },
        { "repeat by counts", () => Matrix23.Repeat(Constant(Literal.Of<long>([1, 2, 0], 3)), 1), "f64[2,3] 1 2 2 4 5 5" },
        { "mgrid", () => Mgrid((0, 2, 1), (0, 3, 1))[1], "i64[2,3] 0 1 2 0 1 2" },
        { "ogrid", () => Ogrid((0, 2, 1), (0, 6, 2))[1], "i64[1,3] 0 2 4" },
        { "bartlett", () => Bartlett(5), "f64[5] 0 0.5 1 0.5 0" },
        { "bartlett of one", () => Bartlett(1), "f64[1] 1" },
        { "bartlett of none", () => Bartlett(0), "f64[0]" },
        { "nonzero rows", () => Tril(Ones([2, 3])).Nonzero()[0], "i64[3] 0 1 1" },
        { "nonzero columns", () => Tril(Ones([2, 3])).Nonzero()[1], "i64[3] 0 0 1" },
        { "nonzero values", () => Triu(Matrix23, 1).NonzeroValues(), "f64[3] 2 3 6" },
        { "compress", () => Compress(Arange(3) > 0, Matrix23, 1), "f64[2,2] 2 3 5 6" },
        { "unique", () => Unique(Constant(Literal.Of<int>([3, 1, 3, 2, 1, 3], 2, 3))).Values, "i32[3] 1 2 3" },
        { "unique first", () => Unique(Constant(Literal.Of<int>([3, 1, 3, 2, 1, 3], 2, 3))).First, "i64[3] 1 3 0" },
        { "unique inverse", () => Unique(Constant(Literal.Of<int>([3, 1, 3, 2, 1, 3], 2, 3))).Inverse, "i64[6] 2 0 2 1 0 2" },
        { "unique counts", () => Unique(Constant(Literal.Of<int>([3, 1, 3, 2, 1, 3], 2, 3))).Counts, "i64[3] 2 1 3" },
        { "unique of NaN", () => Unique(Constant(Literal.Of<double>([double.NaN, -0.0, 0, double.NaN], 4))).Counts, "i64[2] 2 2" },
        { "unique of nothing", () => Unique(Zeros([0])).Counts, "i64[0]" },
        { "searchsorted", () => SearchSorted(Arange(4), Constant(Literal.Of<double>([-1, 0.5, 3, 9], 4))), "i64[4] 0 1 3 4" },
        { "searchsorted behind", () => SearchSorted(Arange(4), Constant(Literal.Of<long>([0, 3], 2)), behind: true), "i64[2] 1 4" },
        { "searchsorted with a sorter", () => SearchSorted(Constant(Literal.Of<long>([3, 1, 2], 3)), Constant(Literal.Of<long>([2, 3], 2)), sorter: Constant(Literal.Of<int>([1, 2, 0], 3))), "i64[2] 1 2" },
        { "bincount", () => BinCount(Constant(Literal.Of<byte>([1, 3, 1, 0], 4))), "i64[4] 1 2 0 1" },
        { "bincount of weights", () => BinCount(Constant(Literal.Of<int>([1, 0, 1], 3)), Constant(Literal.Of<double>([0.5, 2, 0.25], 3)), 4), "f64[4] 2 0.75 0 0" },
        { "bincount of nothing", () => BinCount(Arange(0)), "i64[0]" },
        { "cumsum", () => CumSum(Matrix23), "f64[6] 1 3 6 10 15 21" },
        { "cumprod", () => CumProd(Matrix23, 0), "f64[2,3] 1 2 3 4 10 18" },
        { "cumsum of booleans", () => CumSum(Arange(3) > 0), "i64[3] 0 1 2" },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void IsAsInNumpy(string name, Func<Expr> build, string expected)
    {
        Expr x = build();
        Literal found = Reference.Evaluate([x], new Dictionary<Variable, Literal>())[0];
        string text = $"{found.Type} {string.Join(" ", found.ToDoubles().Select(v => Math.Round(v, 12).ToString(CultureInfo.InvariantCulture)))}".TrimEnd();
        Assert.True(expected == text, $"{name}: {text}");
    }

    [Fact]
    public void MistakesAreInTheUsersWords()
    {
        Expr x = Matrix("x"), v = Vector("v");
        (string Message, Func<Expr> Build)[] cases =
        [
            ("arange wants a step other than 0; got full: i64[]", () => Arange(I(0), I(3), I(0), null)),
            ("arange wants scalars; got full: i64[], v: f32[v.0] and full: i64[]", () => Arange(I(0), v, I(1), null)),
            ("arange wants a step that is known to be above or below 0; got n", () => Arange(0, 4, new NamedSymbol("n"))),
            ("diag wants a vector or a matrix; got full: f64[]", () => Diag(F(1))),
            ("tril wants at least two axes; got v: f32[v.0]", () => Tril(v)),
            ("fill_diagonal_offset wants a scalar that f32 holds; got full: f64[]", () => FillDiagonalOffset(x, F(0), I(0))),
            ("compress wants a vector of conditions; got x: f32[x.0,x.1]", () => Compress(x, x)),
            ("bin_count wants a vector of integers, and a vector of weights if any; got v: f32[v.0]", () => BinCount(v)),
            ("repeat wants an integer or a vector of integers as counts; got v: f32[v.0]", () => v.Repeat(v, 0)),
            ("search_sorted wants a vector and values of its dtype; got f32[x.0,x.1] and f32[v.0]", () => SearchSorted(x, v)),
        ];
        foreach ((string message, Func<Expr> build) in cases)
        {
            Assert.Equal(message, Assert.Throws<TypeMismatch>(build).Message);
        }
        Assert.Throws<BindingError>(() => Reference.Evaluate([BinCount(Constant(Literal.Of<int>([1, -1], 2)))], new Dictionary<Variable, Literal>()));
        Assert.Throws<BindingError>(() => Reference.Evaluate([Matrix23.Repeat(Constant(Literal.Of<int>([1, -1], 2)), 0)], new Dictionary<Variable, Literal>()));
    }
}
