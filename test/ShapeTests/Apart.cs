using System.Collections.Concurrent;
using System.Runtime.Intrinsics;
using Symbolic.Codegen;
using Symbolic.Optimizer;
using Symbolic.Runtime;
using Leaf = Symbolic.Ops.Leaf;

namespace Symbolic.Test;

/// <summary>
/// Most schedules leave most cases to others: of a case, only those schedules are worth compiling and running under which its code is none that it has under one before. Generating code to find them takes
/// a hundredth of what compiling and jitting it does.
/// </summary>
internal static class Apart
{
    // Which cases of a seed are apart under which schedule, no schedule last.
    private static readonly ConcurrentDictionary<int, Lazy<bool[][]>> Known = new();

    /// <summary>Those cases of a seed that have code of their own under a schedule.</summary>
    public static Case[] Under(Schedule? schedule, int seed, Case[] cases, CompileOptions options, IReadOnlyList<Schedule> schedules)
    {
        bool[] apart = Of(seed, cases, options, schedules)[schedule is { } forced ? schedules.ToList().IndexOf(forced) : schedules.Count];
        return [.. cases.Where((_, i) => apart[i])];
    }

    /// <summary>For each of some schedules, then for none, which cases of a seed have code that they have under none before.</summary>
    public static bool[][] Of(int seed, Case[] cases, CompileOptions options, IReadOnlyList<Schedule> schedules) => Known.GetOrAdd(seed, _ => new(() =>
    {
        HashSet<string>[] before = [.. cases.Select(_ => new HashSet<string>(StringComparer.Ordinal))];
        // As Function.Compile does, with each case as a program of its own.
        Lambda[] programs = [.. cases.Select(one => Pipeline.Optimize(Closing.Of(one.Inputs.Select(input => ((Leaf)input.Op).Variable).ToSeq(), [one.Output]).Program, options.Rewrites))];
        return [.. schedules.Select(s => (Schedule?)s).Append(null).Select(schedule => programs.Select((program, i) => before[i].Add(Code(program, options.VectorBits, schedule))).ToArray())];
    })).Value;

    private static string Code(Lambda program, int? bits, Schedule? schedule)
    {
        int narrow = bits ?? (Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0), wide = bits ?? (Vector512.IsHardwareAccelerated ? 512 : narrow);
        GeneratedProgram generated = Generator.Generate(new ProgramBody(program, program.Results.Count, []), new CodegenOptions(narrow, Schedule: schedule, ProductBits: wide, NestBits: wide));
        return PlanText.Write(generated.Plan) + string.Join('\n', generated.Sources);
    }
}
