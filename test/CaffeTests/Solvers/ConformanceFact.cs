namespace Symbolic.Test.Solvers;

/// <summary>A fact that takes long and needs the reference data: run where SYMBOLIC_CONFORMANCE is 1, else reported as skipped.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ConformanceFactAttribute : FactAttribute
{
    public ConformanceFactAttribute()
    {
        if (ReferenceData.Root is null)
        {
            Skip = ReferenceData.Absent;
        }
        else if (Environment.GetEnvironmentVariable("SYMBOLIC_CONFORMANCE") != "1")
        {
            Skip = "takes long: SYMBOLIC_CONFORMANCE=1 dotnet test -c Release test/CaffeTests --filter Conformance";
        }
    }
}
