using Symbolic.Codegen;
using Symbolic.Runtime;
using static Symbolic.Functions;
using Leaf = Symbolic.Ops.Leaf;

namespace Symbolic.Test;

/// <summary>Sums of products: of matrices and vectors, transposed, in batches, over several axes, with something before and after.</summary>
public sealed class ContractionShapeTests
{
    public const int CasesPerBatch = 16, Calls = 24, Seeds = 8, SymbolicSeeds = 5;

    /// <summary>Those that what is no convolution may have; under the others the same draws would be the same programs as under panels.</summary>
    public static readonly Schedule[] Schedules = [Schedule.Panels, Schedule.MatrixVector, Schedule.InnerProducts];

    public static TheoryData<int> SymbolicBatches() => new(Enumerable.Range(0, SymbolicSeeds));

    public static TheoryData<string, int> Batches() => Draw.SchedulesAndSeeds(Seeds, Schedules);

    [Theory]
    [MemberData(nameof(Batches))]
    public void Every_schedule_computes_the_definition(string schedule, int seed)
    {
        var random = new Random(2000 + seed);
        using var batch = new Batch(Enumerable.Range(0, CasesPerBatch).Select(i => Some(random, i, name => Draw.Size(random, name[0] == 'g' ? 5 : 65))), Draw.Options(random, Draw.Named(schedule)));
        batch.Check(random);
    }

    [Fact]
    public void Schedules_of_convolutions_leave_panels()
    {
        for (int seed = 0; seed < Seeds; seed++)
        {
            var random = new Random(2000 + seed);
            Case[] cases = [.. Enumerable.Range(0, CasesPerBatch).Select(i => Some(random, i, name => Draw.Size(random, name[0] == 'g' ? 5 : 65)))];
            var closing = Closing.Of(cases.SelectMany(one => one.Inputs).Select(input => ((Leaf)input.Op).Variable).ToSeq(), cases.Select(one => one.Output).ToSeq());
            string Under(Schedule schedule) => string.Join('\n', Generator.Generate(new ProgramBody(closing.Program, cases.Length, []), new CodegenOptions(256, Schedule: schedule)).Sources);
            string panels = Under(Schedule.Panels);
            Assert.All(Enum.GetValues<Schedule>().Except(Schedules), schedule => Assert.Equal(panels, Under(schedule)));
        }
    }

    [Theory]
    [MemberData(nameof(SymbolicBatches))]
    public void Sizes_that_come_with_the_call_make_no_difference(int seed)
    {
        var random = new Random(3000 + seed);
        using var batch = new Batch(Enumerable.Range(0, CasesPerBatch).Select(i => Some(random, i, name => new NamedSymbol(name))), Draw.Options(random, null));
        Dictionary<string, long> Drawn(long most) => Enumerable.Range(0, CasesPerBatch).SelectMany(i => "mknhg".Select(letter => $"{letter}{i}")).ToDictionary(name => name, name => Draw.Size(random, name[0] == 'g' ? 5 : most));
        for (int call = 0; call < Calls; call++)
        {
            batch.Check(random, Drawn(call % 4 == 0 ? 65 : 17));
        }
        batch.Agree(random, Enumerable.Range(0, CasesPerBatch).SelectMany(i => new (string, long)[] { ($"m{i}", 211), ($"k{i}", 307), ($"n{i}", 97), ($"h{i}", 3), ($"g{i}", 5) }).ToDictionary());
    }

    private static Case Some(Random random, int number, Func<string, Dim> size)
    {
        Dim m = size($"m{number}"), k = size($"k{number}"), n = size($"n{number}"), h = size($"h{number}"), g = size($"g{number}");
        DType dtype = random.Next(4) == 0 ? DType.Float64 : DType.Float32;
        Expr Input(string name, params Dim[] sizes) => new Variable(name + number, dtype, sizes).Expr;
        switch (random.Next(10))
        {
            case 0:
                Expr a = Input("a", m, k), b = Input("b", k, n);
                return new Case($"dot {dtype}", [a, b], Dot(a, b));
            case 1:
                (a, b) = (Input("a", k, m), Input("b", k, n));
                return new Case($"dot of a transposed {dtype}", [a, b], Dot(a.Transpose(), b));
            case 2:
                (a, b) = (Input("a", m, k), Input("b", n, k));
                return new Case($"dot with a transposed {dtype}", [a, b], Dot(a, b.Transpose()));
            case 3:
                (a, b) = (Input("a", k, m), Input("b", n, k));
                return new Case($"dot of transposed {dtype}", [a, b], Dot(a.Transpose(), b.Transpose()));
            case 4:
                (a, b) = (Input("a", m, k), Input("b", k));
                return new Case($"matrix and vector {dtype}", [a, b], Dot(a, b));
            case 5:
                (a, b) = (Input("a", k), Input("b", k, n));
                return new Case($"vector and matrix {dtype}", [a, b], Dot(a, b));
            case 6:
                (a, b) = (Input("a", g, m, k), Input("b", g, k, n));
                return new Case($"batched dot {dtype}", [a, b], BatchedDot(a, b));
            case 7:
                (a, b) = (Input("a", g, k, m), Input("b", k, n, g));
                return new Case($"tensordot {dtype}", [a, b], Tensordot(a, b, [1, 0], [0, 2]));
            case 8:
                (a, b) = (Input("a", m, k), Input("b", k, n));
                Expr bias = Input("c", n);
                return new Case($"dot with bias and maximum {dtype}", [a, b, bias], Maximum<Expr>(Dot(a, b) + bias.BroadcastTo([m, n], [1]), 0));
            default:
                (a, b) = (Input("a", m, k), Input("b", k, n));
                Expr scale = Input("c", k);
                return new Case($"dot of what is computed {dtype}", [a, b, scale], Dot(Maximum<Expr>(a, 0) * scale.BroadcastTo([m, k], [1]), b * 2));
        }
    }
}
