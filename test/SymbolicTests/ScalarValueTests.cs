namespace Symbolic.Test;

public class ScalarValueTests
{
    [Fact]
    public void TextOfEverySmallValueCanBeReadBack()
    {
        foreach (DType dtype in DTypes.All.Where(dtype => dtype.Size() <= 2))
        {
            for (uint bits = 0; bits >> dtype.Bits() == 0; bits++)
            {
                var value = ScalarValue.FromBits(dtype, bits);
                Assert.Equal(value, ScalarValue.Parse(dtype, value.Text()));
            }
        }
    }

    [Fact]
    public void TextOfLargeValuesCanBeReadBack()
    {
        var random = new Random(3);
        foreach (DType dtype in DTypes.All.Where(dtype => dtype.Size() > 2))
        {
            for (int trial = 0; trial < 20_000; trial++)
            {
                var bits = new UInt128((ulong)random.NextInt64(long.MinValue, long.MaxValue), (ulong)random.NextInt64(long.MinValue, long.MaxValue));
                var value = ScalarValue.FromBits(dtype, bits >> (128 - dtype.Bits()));
                Assert.Equal(value, ScalarValue.Parse(dtype, value.Text()));
            }
        }
    }

    [Theory]
    [InlineData(DType.Float32, 1.5, "1.5")]
    [InlineData(DType.Float32, -0.0, "-0")]
    [InlineData(DType.Float32, 0.1, "0.1")]
    [InlineData(DType.BFloat16, 0.1, "0.1")]
    [InlineData(DType.Float16, 0.1, "0.1")]
    [InlineData(DType.Float64, double.NaN, "nan")]
    [InlineData(DType.BFloat16, double.NaN, "nan")]
    [InlineData(DType.Float16, 1e9, "inf")]
    [InlineData(DType.Float64, double.NegativeInfinity, "-inf")]
    [InlineData(DType.Bool, 2, "true")]
    [InlineData(DType.Int8, -3.9, "-3")]
    [InlineData(DType.Int8, 300, "127")]
    [InlineData(DType.UInt8, -1, "0")]
    [InlineData(DType.Int32, double.NaN, "0")]
    [InlineData(DType.Int64, 1e30, "9223372036854775807")]
    [InlineData(DType.UInt64, 1e30, "18446744073709551615")]
    public void TextOfANumber(DType dtype, double value, string text) => Assert.Equal(text, ScalarValue.Of(dtype, value).Text());

    [Fact]
    public void OtherNaNsShowTheirBits() => Assert.Equal("nan:0x7fc00001", ScalarValue.FromBits(DType.Float32, 0x7FC00001).Text());

    [Theory]
    [InlineData(DType.Int8, "128")]
    [InlineData(DType.UInt8, "-1")]
    [InlineData(DType.UInt64, "18446744073709551616")]
    [InlineData(DType.Bool, "1")]
    [InlineData(DType.Int32, "1.5")]
    [InlineData(DType.Int32, "")]
    [InlineData(DType.Float32, "1e39")]
    [InlineData(DType.Float32, "NaN")]
    [InlineData(DType.Float32, " 1")]
    [InlineData(DType.Float32, "nan:0x3f800000")]
    [InlineData(DType.Float32, "nan:0x7fc000010")]
    [InlineData(DType.Float16, "65520")]
    public void OtherTextIsRefused(DType dtype, string text)
    {
        var error = Assert.Throws<FormatException>(() => ScalarValue.Parse(dtype, text));
        Assert.Equal($"'{text}' is no value of {dtype.Text()}", error.Message);
    }

    [Theory]
    [InlineData(DType.Int32, "-1", DType.UInt8, "255")]
    [InlineData(DType.Int32, "300", DType.Int8, "44")]
    [InlineData(DType.UInt64, "18446744073709551615", DType.Int64, "-1")]
    [InlineData(DType.Int64, "-1", DType.UInt64, "18446744073709551615")]
    [InlineData(DType.UInt64, "18446744073709551615", DType.Float32, "1.8446744E+19")]
    [InlineData(DType.Int64, "16777217", DType.Float32, "16777216")]
    [InlineData(DType.Int64, "9007199791611905", DType.Float32, "9007200300000000")] // a rounding to 64 bits first would make it a tie
    [InlineData(DType.Int64, "256", DType.Bool, "true")]
    [InlineData(DType.Float32, "-0", DType.Bool, "false")]
    [InlineData(DType.Float32, "nan", DType.Bool, "true")]
    [InlineData(DType.Float64, "nan", DType.Int32, "0")]
    [InlineData(DType.Float64, "-2.9", DType.Int32, "-2")]
    [InlineData(DType.Float64, "1e10", DType.Int32, "2147483647")]
    [InlineData(DType.Float64, "0.1", DType.Float32, "0.1")]
    [InlineData(DType.Bool, "true", DType.Float16, "1")]
    public void Casts(DType from, string text, DType to, string expected) =>
        Assert.Equal(ScalarValue.Parse(to, expected), ScalarValue.Parse(from, text).Cast(to));

    [Fact]
    public void AnIntegerRoundsOnceToABFloat16()
    {
        // 2^62 + 2^54 is halfway between two of them; one more decides, and is beyond what 53 bits can hold.
        long tie = (1L << 62) + (1L << 54);
        Assert.Equal((double)(1L << 62), ScalarValue.Of(DType.BFloat16, tie).ToDouble());
        Assert.Equal((double)((1L << 62) + (1L << 55)), ScalarValue.Of(DType.BFloat16, tie + 1).ToDouble());
    }

    [Fact]
    public void IsExactlySeesSignsAndFractions()
    {
        Assert.True(ScalarValue.Of(DType.Float32, 0.0).IsExactly(0));
        Assert.False(ScalarValue.Of(DType.Float32, -0.0).IsExactly(0));
        Assert.True(ScalarValue.Of(DType.Float32, -0.0).IsExactly(-0.0));
        Assert.True(ScalarValue.Of(DType.UInt8, 1L).IsExactly(1));
        Assert.True(ScalarValue.Of(DType.Bool, 1L).IsExactly(1));
        Assert.False(ScalarValue.Of(DType.Float32, 0.1).IsExactly(0.1));
        Assert.False(ScalarValue.Of(DType.Int64, long.MaxValue).IsExactly(9223372036854775808.0));
        Assert.False(ScalarValue.Of(DType.Float64, double.NaN).IsExactly(double.NaN));
        Assert.NotEqual(ScalarValue.Of(DType.Float64, 0.0), ScalarValue.Of(DType.Float64, -0.0));
        Assert.Equal(ScalarValue.Of(DType.Float64, double.NaN), ScalarValue.Of(DType.Float64, double.NaN));
    }

    [Fact]
    public void BitsBeyondTheElementAreRefused()
    {
        Assert.Throws<ArgumentException>(() => ScalarValue.FromBits(DType.Int8, 256));
        Assert.Throws<ArgumentException>(() => ScalarValue.FromBits(DType.Bool, 2));
    }
}
