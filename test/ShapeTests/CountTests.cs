using Symbolic.Codegen;

namespace Symbolic.Test;

/// <summary>That the fuzzer draws as many cases as it is meant to.</summary>
public sealed class CountTests
{
    [Fact]
    public void At_least_5000_cases_are_drawn()
    {
        int schedules = 1 + Enum.GetValues<Schedule>().Length;
        int convolutions = schedules * ConvolutionShapeTests.Seeds * ConvolutionShapeTests.CasesPerBatch;
        int contractions = ContractionShapeTests.CasesPerBatch * ((1 + ContractionShapeTests.Schedules.Length) * ContractionShapeTests.Seeds + ContractionShapeTests.SymbolicSeeds * ContractionShapeTests.Calls);
        int pooling = PoolingShapeTests.Seeds * PoolingShapeTests.CasesPerBatch;
        int reductions = ReductionShapeTests.Seeds * ReductionShapeTests.CasesPerBatch * (ReductionShapeTests.Calls + 2);
        Assert.True(convolutions + contractions + pooling + reductions >= 5000, $"{convolutions} convolutions, {contractions} contractions, {pooling} of pooling, {reductions} reductions");
    }
}
