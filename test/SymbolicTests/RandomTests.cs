using static Symbolic.Functions;

namespace Symbolic.Test;

public class RandomTests
{
    [Theory]
    // The known answers of Philox4x32-10 in Random123's kat_vectors: counter, key, and the first word of the result.
    [InlineData(0u, 0u, 0u, 0u, 0u, 0u, 0x6627e8d5u)]
    [InlineData(uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, uint.MaxValue, 0x408f276du)]
    [InlineData(0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u, 0xa4093822u, 0x299f31d0u, 0xd16cfe09u)]
    public void KnownAnswers(uint c0, uint c1, uint c2, uint c3, uint k0, uint k1, uint expected) =>
        Assert.Equal(expected, Philox.Bits(k0 | ((ulong)k1 << 32), c2, c3, c0 | ((ulong)c1 << 32)));

    [Fact]
    public void ADrawDependsOnKeyCallDrawAndPositionAlone()
    {
        uint[] flat = Bits([30], 0, 1701, 3), matrix = Bits([5, 6], 0, 1701, 3), longer = Bits([64], 0, 1701, 3);
        Assert.Equal(flat, matrix);
        Assert.Equal(flat, longer[..30]);
        Assert.Equal(Philox.Bits(1701, 3, 0, 17), flat[17]);
        Assert.NotEqual(flat, Bits([30], 1, 1701, 3));
        Assert.NotEqual(flat, Bits([30], 0, 1702, 3));
        Assert.NotEqual(flat, Bits([30], 0, 1701, 4));
    }

    [Fact]
    public void BitsAreEven()
    {
        uint[] drawn = Bits([8_000], 5, 1, 0);
        Assert.All(Enumerable.Range(0, 32), bit => Assert.InRange(drawn.Count(value => (value >> bit & 1) == 1), 3_800, 4_200));
        Assert.All(Enumerable.Range(0, 8), eighth => Assert.InRange(drawn.Count(value => value >> 29 == eighth), 880, 1_120));
    }

    [Fact]
    public void ForwardAndGradientShareTheDraw()
    {
        Expr state = Input("state", DType.UInt64, 2), x = Vector("x", 100, DType.Float64);
        Expr kept = x * (Expr.Of(new Ops.RandomBits([100], 0), state) < (1L << 31)).Cast(DType.Float64);
        Dictionary<Variable, Literal> at = State(state, 9, 9);
        at[((Ops.Leaf)x.Op).Variable] = Literal.Of<double>([.. Enumerable.Repeat(1.0, 100)], 100);
        Literal[] values = Reference.Evaluate([kept, Grad(kept.Sum(), x)], at);
        Assert.Equal(values[0].ToDoubles(), values[1].ToDoubles());
        Assert.InRange(values[0].ToDoubles().Sum(), 30, 70);
    }

    [Fact]
    public void AStateOfAnotherTypeIsRefused() =>
        Assert.Equal("random_bits wants a state u64[2] of key and call; got f32[2]", Assert.Throws<TypeMismatch>(() => Expr.Of(new Ops.RandomBits([3], 0), Vector("x", 2))).Message);

    private static uint[] Bits(Shape shape, int draw, ulong key, ulong call)
    {
        Expr state = Input("state", DType.UInt64, 2);
        return Reference.Evaluate([Expr.Of(new Ops.RandomBits(shape, draw), state)], State(state, key, call))[0].Values<uint>().ToArray();
    }

    private static Dictionary<Variable, Literal> State(Expr state, ulong key, ulong call) => new() { [((Ops.Leaf)state.Op).Variable] = Literal.Of<ulong>([key, call], 2) };
}
