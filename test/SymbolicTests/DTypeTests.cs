namespace Symbolic.Test;

public class DTypeTests
{
    [Fact]
    public void NamesCanBeReadBack()
    {
        foreach (DType dtype in DTypes.All)
        {
            Assert.Equal(dtype, DTypes.Parse(dtype.Text()));
            Assert.True(DTypes.TryParseTheano(dtype.TheanoName(), out DType found));
            Assert.Equal(dtype, found);
            Assert.Equal(dtype.ToString(), dtype.TheanoName(), ignoreCase: true);
        }
        Assert.Equal("bool i8 i16 i32 i64 u8 u16 u32 u64 f16 bf16 f32 f64 c64 c128", string.Join(' ', DTypes.All.Select(DTypes.Text)));
    }

    [Fact]
    public void AnUnknownNameIsRefused()
    {
        var error = Assert.Throws<FormatException>(() => DTypes.Parse("f8"));
        Assert.Equal("'f8' is no dtype; the dtypes are bool, i8, i16, i32, i64, u8, u16, u32, u64, f16, bf16, f32, f64, c64, c128", error.Message);
        Assert.False(DTypes.TryParse("", out _));
    }

    [Fact]
    public void EveryDTypeIsOfOneKind()
    {
        foreach (DType dtype in DTypes.All)
        {
            bool[] kinds = [dtype == DType.Bool, dtype.IsSigned(), dtype.IsUnsigned(), dtype.IsFloat(), dtype.IsComplex()];
            Assert.Single(kinds, kind => kind);
            Assert.Equal(dtype.IsInteger(), dtype.IsSigned() || dtype.IsUnsigned());
            Assert.Equal(dtype == DType.Bool ? 1 : 8 * dtype.Size(), dtype.Bits());
        }
    }

    [Fact]
    public void SixteenBitFloatsAreAddedInThirtyTwo()
    {
        Assert.Equal(DType.Float32, DType.Float16.Accumulator());
        Assert.Equal(DType.Float32, DType.BFloat16.Accumulator());
        Assert.Equal(DType.Int8, DType.Int8.Accumulator());
        Assert.Equal(DType.Float64, DType.Float64.Accumulator());
    }
}
