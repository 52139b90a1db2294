using static Symbolic.Functions;

namespace Symbolic.Test;

public class CountTests
{
    /// <summary>Ones, as many as the vector has elements above zero: a result whose size is a count.</summary>
    internal static Expr Positive(Expr x)
    {
        Dim count = SizeFrom((x > 0).Cast(DType.Int64).Sum(), x.Shape[0]);
        return Full(DType.Float32, [count], 1);
    }

    [Fact]
    public void ACountIsComputedBeforeTheProgramIsBound()
    {
        Expr x = Vector("x", "n");
        Closing closing = Closing.Of(Closing.Variables([x]), [Positive(x)]);
        ComputedSize count = Assert.Single(closing.Computed);
        Assert.Equal("v0", count.Symbol.Name);
        Assert.Equal("s0", $"{count.Symbol.UpperBound}");
        Assert.Equal(2, Reference.Evaluate(count.Value, [Literal.Of<float>([1, -1, 2], 3)])[0][0].ToInt64());
    }
}
