using Symbolic.Codegen;
using Symbolic.Runtime;

namespace Symbolic.Conformance;

/// <summary>How the nets and functions of cases are compiled.</summary>
internal static class Compiling
{
    private static Schedule? forced;

    /// <summary>The options: the defaults, unless a schedule is forced.</summary>
    public static CompileOptions Options => new() { Schedule = forced };

    /// <summary>The case once for each schedule, which is forced while it runs.</summary>
    public static IEnumerable<Case> UnderEverySchedule(Case one) => Enum.GetValues<Schedule>().Select(schedule => one with
    {
        Name = $"{one.Name} under {schedule}",
        Run = () =>
        {
            forced = schedule;
            try
            {
                return one.Run();
            }
            finally
            {
                forced = null;
            }
        },
    });
}
