using Symbolic.Codegen;
using Symbolic.Codegen.Library;

namespace Symbolic.Test;

/// <summary>What is written the other way round, moved alone or with arithmetic on the way, in tiles that fit and that do not.</summary>
public sealed unsafe class TransposeTests
{
    public static TheoryData<int, DType> Widths()
    {
        var all = new TheoryData<int, DType>();
        foreach (int bits in new[] { 0, 128, 256, 512 })
        {
            all.Add(bits, DType.Float32);
            all.Add(bits, DType.Float64);
        }
        return all;
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void Axes_change_places(int bits, DType dtype)
    {
        foreach (long[] sizes in new long[][] { [1, 5, 7], [2, 16, 16], [3, 17, 33], [1, 49, 64], [2, 3, 100], [1, 130, 70], [40, 2, 9], [1, 300, 5] })
        {
            long n = sizes[0], h = sizes[1], w = sizes[2];
            double[] values = [.. Enumerable.Range(0, (int)(n * h * w)).Select(i => (double)((i * 37) % 1009))];
            double[] others = [.. values.Select(v => v / 16)];
            Literal x = dtype == DType.Float32 ? Literal.Of<float>([.. values.Select(v => (float)v)], n, h, w) : Literal.Of<double>(values, n, h, w);
            Literal y = dtype == DType.Float32 ? Literal.Of<float>([.. others.Select(v => (float)v)], n, w, h) : Literal.Of<double>(others, n, w, h);
            Lambda known = Lambda.Of([x.Type, y.Type], Program);
            var named = new Shape([new NamedSymbol("n"), new NamedSymbol("h"), new NamedSymbol("w")]);
            Lambda unknown = Lambda.Of([new TensorType(dtype, named), new TensorType(dtype, [named[0], named[2], named[1]])], Program);
            foreach (Lambda program in new[] { known, unknown })
            {
                Literal[] got = KernelRun.Run(program, [x, y], new CodegenOptions(bits));
                for (long i = 0; i < n; i++)
                {
                    for (long j = 0; j < h; j++)
                    {
                        for (long k = 0; k < w; k++)
                        {
                            double value = values[(((i * h) + j) * w) + k];
                            long turned = (((i * w) + k) * h) + j;
                            Assert.Equal(value, got[0][turned].ToDouble());
                            Assert.Equal((value * 2) + others[turned], got[1][turned].ToDouble());
                            Assert.Equal(value, got[2][(((k * n) + i) * h) + j].ToDouble());
                            Assert.Equal(value - others[turned], got[3][(((i * h) + j) * w) + k].ToDouble());
                        }
                    }
                }
            }
        }

        static Seq<Expr> Program(Seq<Expr> p) => [p[0].Transpose([0, 2, 1]), (p[0].Transpose([0, 2, 1]) * 2) + p[1], p[0].Transpose([2, 0, 1]), p[0] - p[1].Transpose([0, 2, 1])];
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nothing_outside_a_block_is_touched(bool past)
    {
        foreach ((int rows, int columns) in new[] { (1, 1), (7, 9), (8, 16), (16, 8), (33, 17), (64, 48), (9, 31) })
        {
            const int pitch = 64;
            float[] source = new float[columns * pitch], target = new float[(rows + 1) * pitch];
            for (int i = 0; i < source.Length; i++)
            {
                source[i] = i % pitch < rows ? i : float.NaN;
            }
            Array.Fill(target, -1);
            fixed (float* from = source, to = target)
            {
                // A target on a line of memory, as stores that pass the cache by want it.
                long skipped = (64 - ((nint)to & 63)) % 64 / sizeof(float);
                TileTranspose<float>.Run(from, pitch, rows, columns, to + skipped, pitch, past);
                Chunking.Finish();
                for (int i = 0; i < target.Length; i++)
                {
                    long row = (i - skipped) / pitch, column = (i - skipped) % pitch;
                    Assert.Equal(i >= skipped && row < rows && column < columns ? (column * pitch) + row : -1, target[i]);
                }
            }
        }
    }
}
