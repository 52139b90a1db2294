using Symbolic.Runtime;
using Leaf = Symbolic.Ops.Leaf;

namespace Symbolic.Test;

/// <summary>
/// Cases compiled together, since compiling costs more than running them. Given small whole numbers, of which sums of products are exact in
/// any order, they must equal the interpreter; given fractions, one, two and three threads must agree bit by bit.
/// </summary>
internal sealed class Batch : IDisposable
{
    private const int MostThreads = 3;

    // The functions for two and three threads take their code from the cache that the first leaves.
    private readonly string cache = Directory.CreateTempSubdirectory("symbolic-shapes-").FullName;
    private readonly Case[] cases;
    private readonly Variable[] variables;
    private readonly Function[] functions;
    private readonly CompileOptions options;

    /// <summary>Compiles.</summary>
    public Batch(IEnumerable<Case> drawn, CompileOptions options)
    {
        cases = [.. drawn];
        this.options = options;
        Expr[] inputs = [.. cases.SelectMany(one => one.Inputs)];
        variables = [.. inputs.Select(input => ((Leaf)input.Op).Variable)];
        functions = [.. Enumerable.Range(1, MostThreads).Select(threads =>
            Function.Compile(inputs.ToSeq(), cases.Select(one => one.Output).ToSeq(), options: options with { CacheFolder = cache, Threads = threads }))];
    }

    /// <summary>Compares with the interpreter, and threads with each other; symbolic sizes get the values given by their names.</summary>
    public void Check(Random random, IReadOnlyDictionary<string, long>? sizes = null)
    {
        long[][] all = Sizes(sizes);
        Tensor[] whole = [.. variables.Select((variable, i) => Filled(variable.Type.DType, all[i], () => random.Next(-3, 4)))];
        Literal[] expected = Reference.Evaluate([.. cases.Select(one => one.Output)], variables.Select((variable, i) => (variable, whole[i].ToLiteral())).ToDictionary());
        Tensor[] got = functions[0].Call(whole);
        for (int i = 0; i < cases.Length; i++)
        {
            Compare(cases[i], expected[i], got[i].ToLiteral(), all);
        }
        Agree(random, sizes);
    }

    /// <summary>Compares threads with each other alone: for sizes at which the interpreter is slow.</summary>
    public void Agree(Random random, IReadOnlyDictionary<string, long>? sizes = null)
    {
        long[][] all = Sizes(sizes);
        Tensor[] fractions = [.. variables.Select((variable, i) => Filled(variable.Type.DType, all[i], () => 2 * random.NextDouble() - 1))];
        Tensor[] one = functions[0].Call(fractions);
        for (int threads = 2; threads <= MostThreads; threads++)
        {
            Tensor[] more = functions[threads - 1].Call(fractions);
            for (int i = 0; i < cases.Length; i++)
            {
                Assert.True(one[i].ToLiteral().Equals(more[i].ToLiteral()), $"{cases[i].Text}, {Sizes(cases[i], all)}: other bits with {threads} threads than with one; {options}");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Function function in functions)
        {
            function.Dispose();
        }
        Directory.Delete(cache, recursive: true);
    }

    private void Compare(Case one, Literal expected, Literal got, long[][] all)
    {
        Assert.Equal(expected.Type, got.Type);
        double[] right = expected.ToDoubles(), left = got.ToDoubles();
        double allowed = one.Tolerance * right.Select(Math.Abs).DefaultIfEmpty(0).Max();
        for (int i = 0; i < right.Length; i++)
        {
            Assert.True(Math.Abs(left[i] - right[i]) <= allowed || left[i].Equals(right[i]), $"{one.Text}, {Sizes(one, all)}: element {i} of {expected.Type} is {left[i]:r}, not {right[i]:r}; {options}");
        }
    }

    private long[][] Sizes(IReadOnlyDictionary<string, long>? values) =>
        [.. variables.Select(variable => variable.Type.Shape.Select(size => size.IsConstant ? size.Constant : values![size.ToString()!]).ToArray())];

    private string Sizes(Case one, long[][] all) => string.Join(" ", one.Inputs.Select(input => $"[{string.Join(",", all[Array.IndexOf(variables, ((Leaf)input.Op).Variable)])}]"));

    private static Tensor Filled(DType dtype, long[] sizes, Func<double> number)
    {
        Tensor tensor = Tensor.Zeros(dtype, sizes);
        if (dtype == DType.Float32)
        {
            foreach (ref float value in tensor.AsSpan<float>())
            {
                value = (float)number();
            }
        }
        else
        {
            foreach (ref double value in tensor.AsSpan<double>())
            {
                value = number();
            }
        }
        return tensor;
    }
}
