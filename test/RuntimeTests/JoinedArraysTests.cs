using Symbolic.Codegen;
using Symbolic.Ops;
using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Frozen nets whose layers store their results where they are joined, in an arena whose memory others have before and behind them.</summary>
public sealed class JoinedArraysTests
{
    [Theory]
    [InlineData(1, Layouts.RowMajor)]
    [InlineData(1, Layouts.ChannelsLast)]
    [InlineData(3, Layouts.ChannelsLast)]
    [InlineData(3, Layouts.RowMajor)]
    public void Layers_that_are_joined_again_and_again_have_the_interpreters_values(int batch, Layouts layouts)
    {
        int seed = 0;
        var weights = new List<SharedVariable>();
        Expr Layer(Expr x, int filters, int taps)
        {
            weights.Add(Shared(Models.Random(++seed, filters, x.Shape[1].Constant, taps, taps), $"w{seed}"));
            weights.Add(Shared(Models.Random(++seed, filters, 1, 1), $"b{seed}"));
            return Maximum<Expr>(Convolve(x, weights[^2].Expr * 0.1f, padding: [taps / 2, taps / 2]) + weights[^1], 0);
        }
        Expr image = Input("x", DType.Float32, [batch, 8, 9, 10]), y = image;
        for (int i = 0; i < 3; i++)
        {
            Expr squeezed = Layer(y, 8, 1);
            y = Concatenate([Layer(squeezed, 16, 1), Layer(squeezed, 32, 3), Layer(y, 16, 1)], 1);
        }
        y = MaxPool(y, Window.Of([3, 3], [2, 2]));
        Tensor picture = Models.Random(50, batch, 8, 9, 10);
        Dictionary<Variable, Literal> values = weights.ToDictionary(w => ((Leaf)w.Expr.Op).Variable, w => w.Value.ToLiteral());
        values.Add(((Leaf)image.Op).Variable, picture.ToLiteral());
        Literal expected = Reference.Evaluate([y], values)[0];
        Literal? first = null;
        for (int threads = 1; threads <= 3; threads++)
        {
            using Function net = Function.Compile([image], [y], null, Models.Plain with { Freeze = true, Layouts = layouts, Threads = threads });
            Literal got = net.Call(picture)[0].ToLiteral();
            Close.Assert(expected, got, $"{threads} threads", scale: 100);
            Assert.Equal(first ??= got, got);
            Assert.Equal(got, net.Call(picture)[0].ToLiteral());
        }
    }
}
