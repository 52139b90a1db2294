using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Momentum over the gradient of a 1x1 convolution's kernels, which is stored panel by panel over what it reads: the same as when results lie elsewhere.</summary>
public sealed class KernelUpdateTests
{
    /// <summary>Images, channels, filters, height and width: one block of pixels; one for each image; panels that are not whole.</summary>
    [Theory]
    [InlineData(4, 300, 520, 7)]
    [InlineData(3, 200, 140, 14)]
    [InlineData(2, 77, 33, 13)]
    [InlineData(4, 520, 300, 7)]
    public void An_update_in_place_has_the_bits_of_one_elsewhere(int images, int channels, int filters, int size)
    {
        var random = new Random(3);
        float[] Numbers(int count) => [.. Enumerable.Range(0, count).Select(_ => (random.NextSingle() * 2) - 1)];
        Tensor x = Tensor.Of<float>(Numbers(images * channels * size * size), images, channels, size, size), dy = Tensor.Of<float>(Numbers(images * filters * size * size), images, filters, size, size);
        float[] w0 = Numbers(filters * channels), v0 = Numbers(filters * channels);
        Expr image = Tensor4("x", images, channels, size, size), slope = Tensor4("dy", images, filters, size, size), kernel = Tensor4("w", filters, channels, 1, 1), speed = Tensor4("v", filters, channels, 1, 1);
        (Expr V, Expr W) Step(Expr w, Expr v)
        {
            Expr next = (0.9f * v) + (0.01f * (Grad((Convolve(image, w) * slope).Sum(), w) + (0.001f * w)));
            return (next, w - next);
        }
        (Expr moved, Expr updated) = Step(kernel, speed);
        Tensor[] expected;
        using (Function elsewhere = Function.Compile([image, slope, kernel, speed], [moved, updated], options: Models.Plain))
        {
            expected = elsewhere.Call(x, dy, Tensor.Of<float>(w0, filters, channels, 1, 1), Tensor.Of<float>(v0, filters, channels, 1, 1));
        }
        foreach (int threads in (int[])[1, 2, 3])
        {
            SharedVariable w = Shared<float>(w0, "w", filters, channels, 1, 1), v = Shared<float>(v0, "v", filters, channels, 1, 1);
            (Expr next, Expr stored) = Step(w, v);
            using Function step = Function.Compile([image, slope], [], [new Update(v, next), new Update(w, stored)], Models.Plain with { Threads = threads });
            step.Call(x, dy);
            Assert.Equal(expected[0].ToArray<float>(), v.Value.ToArray<float>());
            Assert.Equal(expected[1].ToArray<float>(), w.Value.ToArray<float>());
        }
    }
}
