using System.Globalization;
using Symbolic.Codegen;

namespace Symbolic.Conformance;

/// <summary>What the user asked for: SYSTEM FOLDER [--root DIR] [--filter X] [--list] [--known FILE] [--every-schedule | --schedule S] [--threads N].</summary>
internal sealed record CommandLine(string System, string Folder, string Root, string? Filter, bool List, string? Known, bool EverySchedule = false, Schedule? Schedule = null, int? Threads = null)
{
    public const string Usage = "usage: caffe|theano|theano-promotion FOLDER [--root DIR] [--filter X] [--list] [--known FILE] [--every-schedule | --schedule S] [--threads N]";

    public static CommandLine Parse(string[] arguments)
    {
        if (arguments.Length < 2 || arguments[0].StartsWith('-') || arguments[1].StartsWith('-'))
        {
            throw new ArgumentException(Usage);
        }
        var line = new CommandLine(arguments[0], arguments[1], arguments[1], null, false, null);
        for (int i = 2; i < arguments.Length; i++)
        {
            string Value() => ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} wants a value; {Usage}");
            line = arguments[i] switch
            {
                "--root" => line with { Root = Value() },
                "--filter" => line with { Filter = Value() },
                "--known" => line with { Known = Value() },
                "--list" => line with { List = true },
                "--every-schedule" => line with { EverySchedule = true },
                "--schedule" => line with { Schedule = Named(Value()) },
                "--threads" => line with { Threads = int.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out int threads) && threads > 0 ? threads : throw new ArgumentException($"--threads wants a number above 0; {Usage}") },
                var other => throw new ArgumentException($"{other} is no option; {Usage}"),
            };
        }
        return line;
    }

    private static Schedule Named(string name) => Enum.GetNames<Schedule>().Contains(name, StringComparer.OrdinalIgnoreCase)
        ? Enum.Parse<Schedule>(name, ignoreCase: true)
        : throw new ArgumentException($"{name} is no schedule; there are {string.Join(", ", Enum.GetNames<Schedule>())}; {Usage}");

    public bool Selects(Case one) =>
        Filter is null || one.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase) || one.Type.Contains(Filter, StringComparison.OrdinalIgnoreCase);
}
