using System.Globalization;
using Symbolic.Caffe;

namespace Symbolic.Cli.CommandLine;

/// <summary>A command line that cannot be obeyed; the message says which word and what would have been right.</summary>
internal sealed class UsageError(string message) : Exception(message);

/// <summary>
/// A command line read as Caffe's flag library reads it (gflags): one dash or two, the value after `=` or in the next word,
/// switches alone or with `no` before the name, flags and other words in any order, the last of two equal flags wins,
/// and `--` ends the flags.
/// </summary>
internal sealed class Arguments
{
    private readonly Dictionary<string, string> values = [];

    /// <summary>Reads the words.</summary>
    /// <exception cref="UsageError">A flag is unknown, lacks its value, or has a value of the wrong kind.</exception>
    public Arguments(ReadOnlySpan<string> words)
    {
        var others = new List<string>();
        for (int at = 0; at < words.Length; at++)
        {
            string word = words[at];
            if (word == "--")
            {
                others.AddRange(words[(at + 1)..]);
                break;
            }
            if (word.Length < 2 || word[0] != '-')
            {
                others.Add(word);
                continue;
            }
            string body = word[(word.StartsWith("--", StringComparison.Ordinal) ? 2 : 1)..];
            int equals = body.IndexOf('=', StringComparison.Ordinal);
            string name = (equals < 0 ? body : body[..equals]).Replace('-', '_');
            (Flag flag, bool negated) = Find(name is "h" or "?" ? "help" : name, word);
            if (flag.Kind == FlagKind.Switch)
            {
                string text = equals >= 0 ? body[(equals + 1)..] : "true";
                values[flag.Name] = (Truth(flag, text) ^ negated) ? "true" : "false";
            }
            else if (equals >= 0)
            {
                values[flag.Name] = Checked(flag, body[(equals + 1)..]);
            }
            else
            {
                values[flag.Name] = ++at < words.Length
                    ? Checked(flag, words[at])
                    : throw new UsageError($"flag '{word}' needs a value: -{flag.Name} {flag.Value}");
            }
        }
        Others = [.. others];
    }

    /// <summary>The words that are no flags: the command, and what should not be there.</summary>
    public Seq<string> Others { get; }

    /// <summary>The flags that were given.</summary>
    public IEnumerable<Flag> Given => Flag.All.Where(flag => values.ContainsKey(flag.Name));

    /// <summary>A flag's text; null if it was not given or is empty, as in Caffe.</summary>
    public string? Text(string name) => values.TryGetValue(name, out string? text) && text.Length > 0 ? text : null;

    /// <summary>A flag's entries, of which commas stand between.</summary>
    public Seq<string> List(string name) => [.. (Text(name) ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries)];

    /// <summary>A flag's number; null if it was not given.</summary>
    public int? Number(string name) => values.TryGetValue(name, out string? text) ? int.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>A flag's number, which must be at least so much.</summary>
    public int Number(string name, int otherwise, int least)
    {
        int value = Number(name) ?? otherwise;
        return value >= least ? value : throw new UsageError($"-{name} {value}: must be at least {least}");
    }

    /// <summary>Whether a switch is on.</summary>
    public bool Switch(string name) => values.TryGetValue(name, out string? text) && text == "true";

    private static (Flag, bool Negated) Find(string name, string word)
    {
        foreach (Flag flag in Flag.All)
        {
            if (flag.Name == name)
            {
                return (flag, false);
            }
            if (flag.Kind == FlagKind.Switch && name == "no" + flag.Name)
            {
                return (flag, true);
            }
        }
        string? nearest = Spelling.Nearest(name, Flag.All.Select(flag => flag.Name));
        throw new UsageError($"unknown flag '{word}'" + (nearest is null ? "" : $"; did you mean -{nearest}?"));
    }

    private static string Checked(Flag flag, string text) =>
        flag.Kind != FlagKind.Number || int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
            ? text
            : throw new UsageError($"-{flag.Name} '{text}': not a whole number");

    // gflags' own list of words.
    private static bool Truth(Flag flag, string text) => text.ToUpperInvariant() switch
    {
        "1" or "T" or "TRUE" or "Y" or "YES" => true,
        "0" or "F" or "FALSE" or "N" or "NO" => false,
        _ => throw new UsageError($"-{flag.Name}={text}: neither true nor false"),
    };
}
