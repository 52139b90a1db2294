using System.Globalization;

namespace Symbolic.Fuzz;

/// <summary>What the user asked for: [READER...] [--count N] [--seed N] [--from N] [--corpus DIR] [--save DIR] [--list] [--file FILE].</summary>
internal sealed record CommandLine
{
    public const string Usage = "usage: [READER...] [--count N] [--seed N] [--from N] [--corpus DIR] [--save DIR] [--list] [--file FILE]";

    /// <summary>The readers to fuzz; all if none is named.</summary>
    public List<string> Readers { get; } = [];

    /// <summary>Variants per reader.</summary>
    public long Count { get; private set; } = 20_000;

    /// <summary>With a reader and an index it decides an input, byte for byte.</summary>
    public int Seed { get; private set; } = 1;

    /// <summary>The first index, to make one input again: --from N --count 1.</summary>
    public long From { get; private set; }

    /// <summary>A folder of valid files beside those that the program makes; else the reference data where it is.</summary>
    public string? Corpus { get; private set; }

    /// <summary>Where inputs of findings are kept.</summary>
    public string Save { get; private set; } = "fuzz-findings";

    /// <summary>Only names the readers.</summary>
    public bool List { get; private set; }

    /// <summary>Reads one file as it is.</summary>
    public string? File { get; private set; }

    /// <summary>This process is one that the parent may lose.</summary>
    public bool Child { get; private set; }

    /// <summary>The file in which a child says at which input it is.</summary>
    public string? Progress { get; private set; }

    public static CommandLine Parse(string[] arguments)
    {
        var line = new CommandLine();
        for (int i = 0; i < arguments.Length; i++)
        {
            string Value() => ++i < arguments.Length ? arguments[i] : throw new ArgumentException($"{arguments[i - 1]} wants a value; {Usage}");
            long Number() => long.TryParse(Value(), NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : throw new ArgumentException($"{arguments[i]} is no number; {Usage}");
            switch (arguments[i])
            {
                case "--count":
                    line.Count = Number();
                    break;
                case "--seed":
                    line.Seed = (int)Number();
                    break;
                case "--from":
                    line.From = Number();
                    break;
                case "--corpus":
                    line.Corpus = Value();
                    break;
                case "--save":
                    line.Save = Value();
                    break;
                case "--file":
                    line.File = Value();
                    break;
                case "--list":
                    line.List = true;
                    break;
                case "--child":
                    line.Child = true;
                    line.Progress = Value();
                    break;
                case var name when name.StartsWith('-'):
                    throw new ArgumentException($"{name} is no option; {Usage}");
                case var name when Target.Find(name) is null:
                    throw new ArgumentException($"there is no reader {name}; there are {string.Join(", ", Target.All.Select(target => target.Name))}");
                case var name:
                    line.Readers.Add(name);
                    break;
            }
        }
        return line;
    }
}
