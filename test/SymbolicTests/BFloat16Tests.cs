namespace Symbolic.Test;

public class BFloat16Tests
{
    [Fact]
    public void EveryValueSurvivesTheWayThereAndBack()
    {
        for (int bits = 0; bits <= ushort.MaxValue; bits++)
        {
            var value = BFloat16.FromBits((ushort)bits);
            if (BFloat16.IsNaN(value))
            {
                // Only the quiet bit may be added.
                Assert.Equal(bits | 0x40, ((BFloat16)(float)value).Bits);
                continue;
            }
            Assert.Equal(bits, ((BFloat16)(float)value).Bits);
            Assert.Equal(bits, ((BFloat16)(double)value).Bits);
        }
    }

    [Theory]
    [InlineData(1.00390625, 0x3F80)] // halfway between 1 and the next, to even
    [InlineData(1.01171875, 0x3F82)] // halfway above an odd one, to even
    [InlineData(1.0039062500000002, 0x3F81)] // just above halfway, which a first rounding to 32 bits would hide
    [InlineData(-1.0039062500000002, 0xBF81)]
    [InlineData(1.0117187499999998, 0x3F81)] // just below halfway
    [InlineData(3.4e38, 0x7F80)]
    [InlineData(1e300, 0x7F80)]
    [InlineData(-1e300, 0xFF80)]
    [InlineData(1e-300, 0)]
    [InlineData(-0.0, 0x8000)]
    public void RoundsOnceToTheNearestTiesToEven(double value, int bits) => Assert.Equal(bits, ((BFloat16)value).Bits);

    [Fact]
    public void RoundsToTheNearestOfAll()
    {
        var random = new Random(7);
        for (int trial = 0; trial < 100_000; trial++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64()) is var any && Math.Abs(any) < 1e38 && Math.Abs(any) > 1e-38
                ? any : random.NextDouble();
            ushort bits = ((BFloat16)value).Bits;
            double error = Math.Abs((double)BFloat16.FromBits(bits) - value);
            Assert.True(error <= Math.Abs((double)BFloat16.FromBits((ushort)(bits + 1)) - value));
            Assert.True(error <= Math.Abs((double)BFloat16.FromBits((ushort)(bits - 1)) - value));
        }
    }

    [Fact]
    public void ComparesAsNumbers()
    {
        Assert.True((BFloat16)0.0f == (BFloat16)(-0.0f));
        Assert.True(BFloat16.NaN != BFloat16.NaN);
        Assert.True(BFloat16.NaN.Equals(BFloat16.NaN));
        Assert.Equal("0.1", ((BFloat16)0.1).ToString());
        Assert.Equal("-0", ((BFloat16)(-0.0)).ToString());
    }
}
