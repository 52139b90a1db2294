using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Functions of neural nets: gradients against differences, values against plain loops, and what they say of wrong inputs.</summary>
public class NetFunctionTests
{
    [Fact]
    public void GradientsAgreeWithDifferences()
    {
        foreach (NetFunction function in NetFunction.All)
        {
            Lambda program = function.Program(DType.Float64);
            if (program.Results[0].DType.IsFloat())
            {
                GradientCheck.Agrees(function.Name, program, function.Values(DType.Float64));
            }
        }
    }

    [Fact]
    public void AveragesDivideByWhatCounts()
    {
        // Four elements with one of padding on each side; windows of 3 begin at -1, 1 and 3, and the last sticks out past the padding.
        Literal x = Literal.Of<double>([1, 2, 4, 8], 1, 1, 4);
        Ops.Window w = Ops.Window.Pooling([4], [3], [2], [1], ceiling: true);
        Assert.Equal([3 / 3.0, 14 / 3.0, 8 / 2.0], Value(AveragePool(Constant(x), w)).ToDoubles());
        Assert.Equal([3 / 2.0, 14 / 3.0, 8 / 1.0], Value(AveragePool(Constant(x), w, Averaging.WithoutPadding)).ToDoubles());
        Assert.Equal([3 / 3.0, 14 / 3.0, 8 / 3.0], Value(AveragePool(Constant(x), w, Averaging.WholeWindow)).ToDoubles());
    }

    [Fact]
    public void MaximaShareTheGradientAsTheCallerSays()
    {
        Variable x = new("x", DType.Float64, 1, 1, 2, 2);
        Expr Slope(bool all) => Assert.IsType<Derivative.Known>(Differentiation.Gradient([x.Expr], [MaxPool(x.Expr, Ops.Window.Of([2, 2]), all)], [Full(DType.Float64, [1, 1, 1, 1], 5)])[0]).Expr;
        var at = new Dictionary<Variable, Literal> { [x] = Literal.Of<double>([1, 3, 3, 3], 1, 1, 2, 2) };
        Assert.Equal([0, 5, 0, 0], Reference.Evaluate([Slope(false)], at)[0].ToDoubles());
        Assert.Equal([0, 5, 5, 5], Reference.Evaluate([Slope(true)], at)[0].ToDoubles());
    }

    [Fact]
    public void WindowsOfZerosHaveNoSlope()
    {
        Variable x = new("x", DType.Float64, 1, 1, 4);
        Expr slope = Assert.IsType<Derivative.Known>(Differentiation.Gradient([x.Expr], [LpPool(x.Expr, Ops.Window.Of([2], [2]), 2)], [Full(DType.Float64, [1, 1, 2], 1)])[0]).Expr;
        Assert.Equal([0, 0, 0.6, 0.8], Reference.Evaluate([slope], new Dictionary<Variable, Literal> { [x] = Literal.Of<double>([0, 0, 3, 4], 1, 1, 4) })[0].ToDoubles().Select(v => Math.Round(v, 12)));
    }

    [Fact]
    public void MistakesAreNamed()
    {
        Expr image = Tensor4("image", "n", 3, 8, 8), counts = Input("counts", DType.Int32, 1, 1, 4), open = Input("open", DType.Float32, 1, 1, "w");
        (string Says, Func<object> Of)[] mistakes =
        [
            ("average pooling wants floats; got counts: i32[1,1,4]", () => AveragePool(counts, Ops.Window.Of([2]))),
            ("unfold with a window of 1 axes wants images [n,c,...] of rank 3; got [n,3,8,8]", () => SumPool(image, Ops.Window.Of([2]))),
            ("unfold: a window of 9 (dilation 1) does not fit into 8 + 0 of padding", () => SumPool(image, Ops.Window.Of([9, 1]))),
            ("Lp pooling wants floats and a power above 0; got image: f32[n,3,8,8] and 0", () => LpPool(image, Ops.Window.Of([2, 2]), 0)),
            ("a pooling window of 2 with stride 3 and padding 0, rounded up, wants an axis of known size; got w", () => Ops.Window.Pooling(open.Shape[2..], [2], [3], ceiling: true)),
            ("pooling of [8,8] wants as many window sizes, strides and paddings as there are axes", () => Ops.Window.Pooling(image.Shape[2..], [2, 2], [3])),
            ("local response normalisation wants float images [n,c,...] and an odd number of channels; got image: f32[n,3,8,8] and 4", () => ChannelResponseNorm(image, 4)),
            ("over axes [0,2,3] wants gamma [1,3,1,1] or [3]; got ", () => BatchNormalize(image, Full(DType.Float32, [8, 8], 1))),
        ];
        foreach ((string says, Func<object> of) in mistakes)
        {
            Assert.Contains(says, Assert.Throws<TypeMismatch>(of).Message, StringComparison.Ordinal);
        }
    }

    private static Literal Value(Expr expression) => Reference.Evaluate([expression], new Dictionary<Variable, Literal>())[0];
}
