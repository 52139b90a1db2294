using Symbolic.Codegen;

namespace Symbolic.Test;

/// <summary>That the fuzzer draws as many cases as it is meant to.</summary>
public sealed class CountTests
{
    [Fact]
    public void At_least_5000_cases_are_drawn()
    {
        int convolutions = Enum.GetValues<Schedule>().Sum(schedule => ConvolutionShapeTests.Count(schedule)) + ConvolutionShapeTests.Count(null);
        int contractions = ContractionShapeTests.CasesPerBatch * ((1 + ContractionShapeTests.Schedules.Length) * ContractionShapeTests.Seeds + ContractionShapeTests.SymbolicSeeds * ContractionShapeTests.Calls);
        int pooling = PoolingShapeTests.Seeds * PoolingShapeTests.CasesPerBatch;
        int reductions = ReductionShapeTests.Seeds * ReductionShapeTests.CasesPerBatch * (ReductionShapeTests.Calls + 2);
        Assert.True(convolutions + contractions + pooling + reductions >= 5000, $"{convolutions} convolutions, {contractions} contractions, {pooling} of pooling, {reductions} reductions");
    }

    [Fact]
    public void Each_schedule_has_convolutions_of_its_own() =>
        Assert.All(Enum.GetValues<Schedule>(), schedule => Assert.True(ConvolutionShapeTests.Count(schedule) > 0, $"{schedule} has none"));
}
