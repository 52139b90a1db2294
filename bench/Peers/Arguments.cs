using System.Globalization;

namespace Symbolic.Peers;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    /// <summary>How to call the program.</summary>
    public const string Usage = """
        usage: dotnet run -c Release --project bench/Peers -- [--quick] [--threads N] [--filter A,B] [--json FILE]
          --quick       fewer and shorter turns: all rows within 10 minutes
          --threads N   threads of every contestant (all cores)
          --filter A,B  only rows or works whose name contains A or B
          --json FILE   writes the report there too
          --rounds N    turns of each contestant (9; quick: 7)
          --slot MS     milliseconds of a turn (250; quick: 40)
          --ours-only   no peers: times and shares of the limit alone
          --profile     no peers and no report: where our time goes in each work, kernel by kernel
          --list        prints the names of all works
        """;

    /// <summary>Fewer and shorter rounds.</summary>
    public bool Quick { get; init; }

    /// <summary>Threads of every contestant.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary>Parts of names, one of which a work or its row must contain.</summary>
    public IReadOnlyList<string> Filter { get; init; } = [];

    /// <summary>Where to write JSON.</summary>
    public string? Json { get; init; }

    /// <summary>Turns.</summary>
    public int? Rounds { get; init; }

    /// <summary>Milliseconds of a turn.</summary>
    public double? SlotMs { get; init; }

    /// <summary>No peers.</summary>
    public bool OursOnly { get; init; }

    /// <summary>Tables of our kernels instead of a report.</summary>
    public bool Profile { get; init; }

    /// <summary>Prints names.</summary>
    public bool List { get; init; }

    /// <summary>Reads a command line.</summary>
    /// <exception cref="FormatException">A word is unknown, or what follows it is missing or no number.</exception>
    public static Arguments Parse(IEnumerable<string> words)
    {
        var left = new Queue<string>(words);
        var arguments = new Arguments();
        while (left.TryDequeue(out string? word))
        {
            arguments = word switch
            {
                "--quick" => arguments with { Quick = true },
                "--ours-only" => arguments with { OursOnly = true },
                "--profile" => arguments with { Profile = true },
                "--list" => arguments with { List = true },
                "--threads" => arguments with { Threads = int.Parse(Next(), CultureInfo.InvariantCulture) },
                "--rounds" => arguments with { Rounds = int.Parse(Next(), CultureInfo.InvariantCulture) },
                "--slot" => arguments with { SlotMs = double.Parse(Next(), CultureInfo.InvariantCulture) },
                "--filter" => arguments with { Filter = Next().Split(',', StringSplitOptions.RemoveEmptyEntries) },
                "--json" => arguments with { Json = Next() },
                _ => throw new FormatException($"'{word}' is no option"),
            };
            string Next() => left.TryDequeue(out string? next) ? next : throw new FormatException($"{word} wants a value");
        }
        return arguments;
    }

    /// <summary>Whether the filter lets a name pass.</summary>
    public bool Wants(string row, string work) => Filter.Count == 0
        || Filter.Any(part => row.Contains(part, StringComparison.OrdinalIgnoreCase) || work.Contains(part, StringComparison.OrdinalIgnoreCase));
}
