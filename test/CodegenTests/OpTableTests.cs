using System.Collections.Concurrent;
using Symbolic.Codegen;
using Assert = Xunit.Assert;

namespace Symbolic.Test;

/// <summary>Every sample of every op: compiled code at each width against the reference interpreter.</summary>
public sealed class OpTableTests
{
    private static readonly string[] Contractions = [nameof(Ops.Dot), nameof(Ops.Contract), nameof(Ops.Convolution), nameof(Ops.ConvolutionImage), nameof(Ops.ConvolutionKernel)];

    // What is judged at several widths, or by several schedules, is interpreted once.
    private static readonly ConcurrentDictionary<(string Op, DType DType), Lazy<Judged[]>> OfOps = new();
    private static readonly ConcurrentDictionary<DType, Lazy<Judged[]>> Sums = new();

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

    /// <summary>All but the one for a product of what another op puts back, which no sample of an op is.</summary>
    public static TheoryData<Schedule> Schedules() => new(Enum.GetValues<Schedule>().Except([Schedule.PooledGradient]));

    /// <summary>
    /// Sums of products alone have schedules; the samples of all ops that are such are one program. Those that a schedule leaves to panels, with the same text, are judged with these: all of them by Winograd's, whose own tests have larger shapes.
    /// </summary>
    [Theory]
    [MemberData(nameof(Schedules))]
    public void Every_schedule_equals_the_interpreter(Schedule schedule)
    {
        var options = new CodegenOptions(KernelRun.Widths.Contains(256) ? 256 : 0, Schedule: schedule);
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            Judged[] cases = [.. Sums.GetOrAdd(dtype, dtype => new(() => [.. Contractions.SelectMany(op => Judged.Of(op, dtype))])).Value
                .Where(c => schedule == Schedule.Panels || Text(c, options) != Text(c, options with { Schedule = Schedule.Panels }))];
            Assert.NotEmpty(cases);
            AssertEqual(cases, options, $"{dtype} by {schedule}");
        }
    }

    private static string Text(Judged judged, CodegenOptions options)
    {
        Lambda program = Together([judged]);
        return string.Join('\n', Generator.Generate(new ProgramBody(program, program.Results.Count, []), options).Sources);
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void Compiled_code_equals_the_interpreter(string op, int bits)
    {
        foreach (DType dtype in (DType[])[DType.Float32, DType.Float64])
        {
            IReadOnlyList<Judged> cases = OfOps.GetOrAdd((op, dtype), key => new(() => Judged.Of(key.Op, key.DType))).Value;
            foreach (bool contractions in (bool[])[true, false])
            {
                AssertEqual(cases, new CodegenOptions(bits, contractions), $"{dtype} at {bits} bits, contractions {contractions}");
            }
        }
    }

    /// <summary>All samples are one program: Roslyn's cost is per compilation.</summary>
    private static Lambda Together(IReadOnlyList<Judged> cases)
    {
        int parameters = 0;
        int[] first = [.. cases.Select(c => (parameters += c.Arguments.Length) - c.Arguments.Length)];
        return Lambda.Of(cases.SelectMany(c => c.Arguments).Select(a => a.Type).ToSeq(), p => cases.Select((c, i) => Expr.Of(c.Sample.Op, p[first[i]..(first[i] + c.Arguments.Length)].AsSpan())).ToSeq());
    }

    private static void AssertEqual(IReadOnlyList<Judged> cases, CodegenOptions options, string how)
    {
        Literal[] actual = KernelRun.Run(Together(cases), [.. cases.SelectMany(c => c.Arguments)], options);
        for (int i = 0; i < cases.Count; i++)
        {
            SampleTable.AssertClose(cases[i].Expected, actual[i], $"{cases[i].Sample.Op.Name} sample {i} of {how}");
        }
    }

    /// <summary>A sample with what the interpreter makes of it.</summary>
    private sealed record Judged(Sample Sample, Literal[] Arguments, Literal Expected)
    {
        public static Judged[] Of(string op, DType dtype) => [.. SampleTable.Of(op).Select(sample =>
        {
            Literal[] arguments = SampleTable.Draw(sample, dtype);
            return new Judged(sample, arguments, Reference.Evaluate(Lambda.Of(arguments.Select(a => a.Type).ToSeq(), p => [Expr.Of(sample.Op, p.AsSpan())]), arguments)[0]);
        })];
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
