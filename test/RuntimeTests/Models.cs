using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>What several tests compile.</summary>
internal static class Models
{
    /// <summary>Options of tests that say nothing about the cache.</summary>
    public static CompileOptions Plain { get; } = new() { UseCache = false };

    /// <summary>Values between -1 and 1 that are the same in every run.</summary>
    public static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(_ => (float)(2 * random.NextDouble() - 1))];
    }

    public static Tensor Random(int seed, params ReadOnlySpan<long> sizes)
    {
        long count = 1;
        foreach (long size in sizes)
        {
            count *= size;
        }
        return Tensor.Of<float>(Numbers((int)count, seed), sizes);
    }

    /// <summary>A perceptron with one hidden layer under cross-entropy, and its step of gradient descent.</summary>
    public sealed class Perceptron
    {
        public Perceptron(double rate = 0.5)
        {
            X = Matrix("x", "n", 20);
            Y = Vector("y", "n", DType.Int32);
            W = Shared(Random(1, 20, 30), "W");
            B = Shared(Tensor.Zeros(DType.Float32, 30), "b");
            V = Shared(Random(2, 30, 5), "V");
            C = Shared(Tensor.Zeros(DType.Float32, 5), "c");
            Logits = Dot(Tanh(Dot(X, W) + B), V) + C;
            Loss = CrossEntropy(Logits, Y).Mean();
            SharedVariable[] variables = [W, B, V, C];
            Expr[] gradients = Grad(Loss, W, B, V, C);
            Updates = variables.Select((variable, i) => new Update(variable, variable - rate * gradients[i])).ToSeq();
        }

        public Expr X { get; }

        public Expr Y { get; }

        public SharedVariable W { get; }

        public SharedVariable B { get; }

        public SharedVariable V { get; }

        public SharedVariable C { get; }

        public Expr Logits { get; }

        public Expr Loss { get; }

        public Seq<Update> Updates { get; }

        public static Tensor Batch(int n, int seed) => Random(seed, n, 20);

        public static Tensor Labels(int n, int seed)
        {
            var random = new Random(seed);
            return Tensor.Of<int>([.. Enumerable.Range(0, n).Select(_ => random.Next(5))], n);
        }

        public Function Train(CompileOptions? options = null) => Function.Compile([X, Y], [Loss], Updates, options ?? Plain);
    }
}
