using Symbolic.Codegen;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Every sample of every op: compiled code at each width against the reference interpreter.</summary>
public sealed class OpTableTests
{
    private static readonly string[] Contractions = [nameof(Ops.Dot), nameof(Ops.Contract), nameof(Ops.Convolution), nameof(Ops.ConvolutionImage), nameof(Ops.ConvolutionKernel)];

    public static TheoryData<string, int> Cases()
    {
        var cases = new TheoryData<string, int>();
        foreach (Type type in typeof(Op).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract))
        {
            foreach (int bits in (int[])[0, 128, 256, 512])
            {
                cases.Add(type.Name, bits);
            }
        }
        return cases;
    }

    public static TheoryData<Schedule> Schedules() => new(Enum.GetValues<Schedule>());

    /// <summary>Sums of products alone have schedules; the samples of all ops that are such are one program.</summary>
    [Theory]
    [MemberData(nameof(Schedules))]
    public void Every_schedule_equals_the_interpreter(Schedule schedule)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            (Sample Sample, Literal[] Arguments)[] cases = [.. Contractions.SelectMany(SampleTable.Of).Select(sample => (sample, SampleTable.Draw(sample, dtype)))];
            Literal[] all = [.. cases.SelectMany(c => c.Arguments)];
            int[] first = [.. cases.Select((_, i) => cases.Take(i).Sum(c => c.Arguments.Length))];
            Lambda program = Lambda.Of(all.Select(a => a.Type).ToSeq(), p => cases.Select((c, i) => Expr.Of(c.Sample.Op, p[first[i]..(first[i] + c.Arguments.Length)].AsSpan())).ToSeq());
            Literal[] expected = Reference.Evaluate(program, all), actual = KernelRun.Run(program, all, new CodegenOptions(KernelRun.Widths.Contains(256) ? 256 : 0, Schedule: schedule));
            for (int i = 0; i < cases.Length; i++)
            {
                SampleTable.AssertClose(expected[i], actual[i], $"{cases[i].Sample.Op.Name} sample {i} of {dtype} by {schedule}");
            }
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compiled_code_equals_the_interpreter(string op, int bits)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            // All samples of an op are one program: Roslyn's cost is per compilation.
            List<(Sample Sample, Literal[] Arguments, int First)> cases = [];
            int parameters = 0;
            foreach (Sample sample in SampleTable.Of(op))
            {
                Literal[] arguments = SampleTable.Draw(sample, dtype);
                cases.Add((sample, arguments, parameters));
                parameters += arguments.Length;
            }
            Literal[] all = [.. cases.SelectMany(c => c.Arguments)];
            Lambda program = Lambda.Of(all.Select(a => a.Type).ToSeq(), p => cases.Select(c => Expr.Of(c.Sample.Op, p[c.First..(c.First + c.Arguments.Length)].AsSpan())).ToSeq());
            Literal[] expected = Reference.Evaluate(program, all);
            foreach (bool contractions in (bool[])[true, false])
            {
                Literal[] actual = KernelRun.Run(program, all, new CodegenOptions(bits, contractions));
                for (int i = 0; i < cases.Count; i++)
                {
                    SampleTable.AssertClose(expected[i], actual[i], $"{cases[i].Sample.Op.Name} sample {i} of {dtype} at {bits} bits, contractions {contractions}");
                }
            }
        }
    }
}

/// <summary>Samples made concrete.</summary>
internal static class SampleTable
{
    private static readonly Dictionary<string, List<Sample>> Table = Build();

    public static IReadOnlyList<Sample> Of(string op) => Table.GetValueOrDefault(op) ?? [];

    public static Literal[] Draw(Sample sample, DType dtype)
    {
        var random = new Random(7);
        return [.. sample.Inputs.Select(input => Literal.Build(input.DType ?? dtype, input.Sizes, i => input switch
        {
            { Values: { } values } => ScalarValue.Of(input.DType ?? dtype, values[(int)i]),
            { DType: DType.Complex64 or DType.Complex128 } => ScalarValue.Of(input.DType.Value, new System.Numerics.Complex(random.NextDouble(), -random.NextDouble())),
            { DType: { } whole } => ScalarValue.Of(whole, (double)random.NextInt64((long)input.Low, (long)input.High + 1)),
            _ => ScalarValue.Of(dtype, input.Low + random.NextDouble() * (input.High - input.Low)),
        }))];
    }

    public static void AssertClose(Literal expected, Literal actual, string what)
    {
        Assert.Equal(expected.Type, actual.Type);
        (expected, actual) = (Parts(expected), Parts(actual));
        double tolerance = expected.DType switch { DType.Float64 => 1e-13, DType.Float32 => 2e-6, DType.Float16 => 2e-3, DType.BFloat16 => 1e-2, _ => 0 };
        for (long i = 0; i < expected.Count; i++)
        {
            double a = expected[i].ToDouble(), b = actual[i].ToDouble();
            bool close = a.Equals(b) || (double.IsFinite(a) && Math.Abs(a - b) <= tolerance * Math.Max(1e-30, Math.Abs(a)) + (tolerance * 1e-3)) || Math.Abs(a - b) <= tolerance * 4;
            Assert.True(close, $"{what}: element {i} is {b:r}, not {a:r}");
        }
    }

    /// <summary>A complex literal as its parts, along a last axis.</summary>
    private static Literal Parts(Literal value) => value.DType.IsComplex() ? Literal.FromBytes(value.DType.Real(), value.Sizes.Add(2), value.Bytes) : value;

    private static Dictionary<string, List<Sample>> Build() => typeof(Op).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Op)) && !t.IsAbstract)
        .Select(t => (t.Name, Samples: ((Op)System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(t)).Samples.ToList()))
        .Where(t => t.Samples.Count > 0).ToDictionary(t => t.Name, t => t.Samples);
}
