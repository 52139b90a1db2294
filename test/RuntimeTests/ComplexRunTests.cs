using System.Numerics;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Complex numbers in tensors and compiled functions.</summary>
public sealed class ComplexRunTests
{
    [Fact]
    public void Tensors_hold_and_move_them()
    {
        Tensor wide = Tensor.Of<Complex>([new(1, 2), new(3, 4), new(5, 6), new(7, 8), new(9, 10), new(11, 12)], 2, 3);
        Assert.Equal([new(1, 2), new(7, 8), new(3, 4), new(9, 10), new(5, 6), new(11, 12)], wide.Transpose().ToArray<Complex>());
        Tensor narrow = Tensor.Of<Complex64>([new(1, -2), new(float.NaN, 0)], 2);
        Assert.Equal("c64[2] 1-2i nan+0i", narrow.ToString());
        Assert.Equal(narrow.ToLiteral(), Tensor.From(narrow.ToLiteral()).ToLiteral());
        Assert.Equal("a tensor c64[2] read as c128", Assert.Throws<InvalidOperationException>(() => narrow.ToArray<Complex>()).Message);
    }

    [Fact]
    public void A_discrete_fourier_transform_by_its_matrix()
    {
        const int n = 24;
        Expr x = Vector("x", n, DType.Float64), position = Arange(n).Cast(DType.Float64);
        Expr spectrum = Dot(ComplexFromPolar(OnesLike(position), Outer(position, position) * (-2 * Math.PI / n)), x);
        using Function transform = Function.Compile([x], [spectrum, Abs<Expr>(spectrum)], options: Models.Plain);
        double[] wave = [.. Enumerable.Range(0, n).Select(i => Math.Cos(2 * Math.PI * 5 * i / n) + (0.5 * Math.Sin(2 * Math.PI * 2 * i / n)))];
        Tensor[] found = transform.Call(Tensor.Of<double>(wave, n));
        for (int k = 0; k < n; k++)
        {
            Complex expected = k is 5 or n - 5 ? n / 2 : k is 2 or n - 2 ? new Complex(0, k == 2 ? -n / 4 : n / 4) : 0;
            Assert.True(Complex.Abs(found[0].ToArray<Complex>()[k] - expected) < 1e-12, $"{k}: {found[0]}");
            Assert.Equal(Complex.Abs(expected), found[1].ToArray<double>()[k], 1e-12);
        }
    }

    [Fact]
    public void Descent_along_complex_gradients_finds_complex_parameters()
    {
        Complex[] wanted = [new(0.5, -1.5), new(-2, 0.25)];
        SharedVariable w = Shared<Complex64>([new(1, 1), new(1, 1)], "w", 2);
        Expr x = Matrix("x", 6, 2, DType.Complex64), y = Vector("y", 6, DType.Complex64);
        Expr loss = Square(Abs<Expr>(Dot(x, w) - y)).Mean();
        using Function train = Function.Compile([x, y], [loss], [(w, w - (0.1 * Grad(loss, w)))], Models.Plain with { Threads = 2 });
        var random = new Random(3);
        Complex64[] inputs = [.. Enumerable.Range(0, 12).Select(_ => new Complex64(random.NextSingle() - 0.5f, random.NextSingle() - 0.5f))];
        Complex64[] targets = [.. inputs.Chunk(2).Select(row => (Complex64)((row[0] * wanted[0]) + (row[1] * wanted[1])))];
        (Tensor a, Tensor b) = (Tensor.Of<Complex64>([.. inputs.Select(z => new Complex64(4 * z.Real, 4 * z.Imaginary))], 6, 2), Tensor.Of<Complex64>([.. targets.Select(z => new Complex64(4 * z.Real, 4 * z.Imaginary))], 6));
        float last = float.MaxValue;
        for (int step = 0; step < 300; step++)
        {
            last = train.Call(a, b)[0].Item<float>();
        }
        Assert.True(last < 1e-8, $"{last}");
        Complex64[] learnt = w.Value.ToArray<Complex64>();
        Assert.True(wanted.Zip(learnt).All(p => Complex.Abs(p.First - p.Second) < 1e-3), string.Join(" ", learnt));
    }
}
