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
