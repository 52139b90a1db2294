namespace Symbolic.Test;

public sealed class LiteralTests
{
    [Fact]
    public void A_literal_of_memory_is_that_memory()
    {
        byte[] bytes = [0, 0, 128, 63, 0, 0, 0, 64];
        Literal literal = Literal.OfMemory(DType.Float32, [2], bytes);
        Assert.Equal([1f, 2f], literal.Values<float>());
        Assert.True(literal.Memory.Span == bytes);
        Assert.False(Literal.FromBytes(DType.Float32, [2], bytes).Memory.Span == bytes);
        Literal column = literal.WithSizes([2, 1]);
        Assert.Equal([2, 1], column.Sizes);
        Assert.True(column.Memory.Span == bytes);
    }

    [Fact]
    public void Sizes_must_fit()
    {
        string message = Assert.Throws<ArgumentException>(() => Literal.OfMemory(DType.Float32, [3], new byte[8])).Message;
        Assert.Equal("8 bytes for f32[3]", message);
        Assert.Throws<ArgumentException>(() => Literal.Of<float>([1, 2], 2).WithSizes([3]));
        Assert.Throws<ArgumentException>(() => Literal.OfMemory(DType.Bool, [1], new byte[] { 2 }));
    }
}
