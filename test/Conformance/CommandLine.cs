namespace Symbolic.Conformance;

/// <summary>What the user asked for: SYSTEM FOLDER [--root DIR] [--filter X] [--list] [--known FILE] [--every-schedule].</summary>
internal sealed record CommandLine(string System, string Folder, string Root, string? Filter, bool List, string? Known, bool EverySchedule = false)
{
    public const string Usage = "usage: caffe|theano|theano-promotion FOLDER [--root DIR] [--filter X] [--list] [--known FILE] [--every-schedule]";

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
                var other => throw new ArgumentException($"{other} is no option; {Usage}"),
            };
        }
        return line;
    }

    public bool Selects(Case one) =>
        Filter is null || one.Name.Contains(Filter, StringComparison.OrdinalIgnoreCase) || one.Type.Contains(Filter, StringComparison.OrdinalIgnoreCase);
}
