namespace Symbolic.Test;

/// <summary>A theory that needs the reference data; without it the test is reported as skipped, with the reason.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DataTheoryAttribute : TheoryAttribute
{
    public DataTheoryAttribute()
    {
        if (ReferenceData.Root is null)
        {
            Skip = ReferenceData.Absent;
        }
    }
}
