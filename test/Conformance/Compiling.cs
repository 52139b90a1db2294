using Symbolic.Codegen;
using Symbolic.Runtime;

namespace Symbolic.Conformance;

/// <summary>How the nets and functions of cases are compiled.</summary>
internal static class Compiling
{
    private static Schedule? forced;
    private static int? threads;

    /// <summary>The options: the defaults, unless a schedule or a number of threads is forced.</summary>
    public static CompileOptions Options => new() { Schedule = forced, Threads = threads };

    /// <summary>
    /// What rounding is multiplied by under the forced schedule: the transforms of Winograd's six real points amplify it threefold (docs/decisions/convolutions.md, "Winograd's points").
    /// Nets that learn do not get these by themselves.
    /// </summary>
    public static double Amplification => forced is Schedule.Winograd4 or Schedule.Winograd2 ? 3 : 1;

    /// <summary>Forces what the user asked for, for all cases.</summary>
    public static void Force(CommandLine line) => (forced, threads) = (line.Schedule, line.Threads);

    /// <summary>The case once for each schedule, which is forced while it runs.</summary>
    public static IEnumerable<Case> UnderEverySchedule(Case one) => Enum.GetValues<Schedule>().Select(schedule => one with
    {
        Name = $"{one.Name} under {schedule}",
        Run = () =>
        {
            Schedule? before = forced;
            forced = schedule;
            try
            {
                return one.Run();
            }
            finally
            {
                forced = before;
            }
        },
    });
}
