using Symbolic.Runtime;

namespace Symbolic.Test;

/// <summary>
/// The differential test of compiled functions: every sample of every op, in one function per dtype and vector width, against the
/// interpreter; with known sizes, and with sizes that only the call knows.
/// </summary>
public sealed class OpTableTests
{
    public static TheoryData<DType, int, bool> Cases()
    {
        var cases = new TheoryData<DType, int, bool>();
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64, DType.Float16, DType.BFloat16])
        {
            foreach (int bits in (int[])[0, 128, 256, 512])
            {
                // Half precision has the code of float32 with casts, and symbolic sizes that of known ones: one width each.
                if (dtype is DType.Float32 or DType.Float64 || bits == 256)
                {
                    cases.Add(dtype, bits, false);
                }
                if (dtype is DType.Float32 or DType.Float64 && bits == 256)
                {
                    cases.Add(dtype, bits, true);
                }
            }
        }
        // Complex numbers have no lanes: one width tells all.
        cases.Add(DType.Complex64, 256, false);
        cases.Add(DType.Complex128, 256, false);
        cases.Add(DType.Complex128, 256, true);
        return cases;
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compiled_equals_interpreted(DType dtype, int bits, bool symbolic)
    {
        IEnumerable<Sample> samples = dtype.IsComplex() ? OpTable.OfComplex(dtype) : OpTable.Types.SelectMany(OpTable.SamplesOf);
        List<Trial> trials = [.. samples.Select((sample, i) => Trial.Of(sample, dtype, symbolic, i)).OfType<Trial>()];
        Assert.True(trials.Count > (symbolic ? 100 : 200), $"only {trials.Count} samples");
        Seq<Expr> inputs = trials.SelectMany(t => t.Inputs).ToSeq();
        foreach (bool optimize in (bool[])[false, true])
        {
            if (optimize && bits != 256)
            {
                continue;
            }
            CompileOptions options = Models.Plain with { VectorBits = bits, Optimize = optimize, Threads = 2 };
            using Function f = Function.Compile(inputs, trials.Select(t => t.Result).ToSeq(), null, options);
            Tensor[] outputs = f.Call([.. trials.SelectMany(t => t.Values).Select(Tensor.From)]);
            var failures = new List<string>();
            for (int i = 0; i < trials.Count; i++)
            {
                try
                {
                    Close.Assert(trials[i].Expected, outputs[i].ToLiteral(), $"{trials[i].Sample.Op} of {dtype}, {bits} bits{(optimize ? ", optimized" : "")}");
                }
                catch (Xunit.Sdk.XunitException failure)
                {
                    failures.Add(failure.Message);
                }
            }
            Assert.True(failures.Count == 0, $"{failures.Count} of {trials.Count}:\n{string.Join('\n', failures.Take(25))}");
        }
    }

    /// <summary>One sample as a part of a function.</summary>
    private sealed record Trial(Sample Sample, Seq<Expr> Inputs, Expr Result, Seq<Literal> Values, Literal Expected)
    {
        public static Trial? Of(Sample sample, DType dtype, bool symbolic, int number)
        {
            Seq<Literal> values = OpTable.Values(sample, dtype);
            // Equal sizes of one sample are one symbol, as its op may demand.
            Seq<Expr> inputs = values.Select((value, i) => new Variable($"x{number}_{i}", value.DType,
                [.. value.Sizes.Select(size => (Dim?)(symbolic && size > 1 ? new NamedSymbol($"d{number}_{size}") : (Dim)size))]).Expr).ToSeq();
            Expr result;
            try
            {
                result = Expr.Of(sample.Op, inputs.AsSpan());
            }
            catch (TypeMismatch) when (symbolic)
            {
                // The op wants some known sizes, such as those of a window.
                return null;
            }
            var given = inputs.Select((x, i) => (((Ops.Leaf)x.Op).Variable, values[i])).ToDictionary(p => p.Variable, p => p.Item2);
            return new Trial(sample, inputs, result, values, Reference.Evaluate([result], given)[0]);
        }
    }
}
