using System.Globalization;
using System.Text.RegularExpressions;

namespace Symbolic.Conformance.Caffe;

/// <summary>The numbers of a log of Caffe's or ours, by what they are and of which iteration.</summary>
internal static partial class LogLines
{
    /// <summary>Every number with a key that is the same in both logs, in order.</summary>
    public static List<(string Key, int Iteration, double Value)> Numbers(IEnumerable<string> lines)
    {
        var numbers = new List<(string, int, double)>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        int iteration = 0;
        string context = "";
        void Add(string what, string value)
        {
            string key = string.Create(CultureInfo.InvariantCulture, $"{context}{what} at {iteration}");
            int times = seen[key] = seen.GetValueOrDefault(key) + 1;
            numbers.Add((times == 1 ? key : $"{key} ({times})", iteration, Number(value)));
        }
        foreach (string line in lines)
        {
            string text = Prefix().Replace(line, "").Trim();
            if (Testing().Match(text) is { Success: true } testing)
            {
                (iteration, context) = (int.Parse(testing.Groups[1].Value, CultureInfo.InvariantCulture), $"test net {testing.Groups[2].Value}: ");
            }
            else if (Loss().Match(text) is { Success: true } loss)
            {
                (iteration, context) = (int.Parse(loss.Groups[1].Value, CultureInfo.InvariantCulture), "");
                Add("loss", loss.Groups[2].Value);
            }
            else if (Rate().Match(text) is { Success: true } rate)
            {
                Add("lr", rate.Groups[2].Value);
            }
            else if (Step().Match(text) is { Success: true } step)
            {
                (iteration, context) = (int.Parse(step.Groups[1].Value, CultureInfo.InvariantCulture), "");
                Add("step", step.Groups[2].Value);
            }
            else if (Output().Match(text) is { Success: true } output)
            {
                Add($"{output.Groups[1].Value} #{output.Groups[2].Value} {output.Groups[3].Value}", output.Groups[4].Value);
            }
            else if (Debug().Match(text) is { Success: true } debug)
            {
                Add(debug.Groups[1].Value, debug.Groups[2].Value);
            }
            else if (Norms().Match(text) is { Success: true } norms)
            {
                for (int group = 1; group <= 4; group++)
                {
                    Add($"norm {group} of all parameters", norms.Groups[group].Value);
                }
            }
            else if (Batch().Match(text) is { Success: true } batch)
            {
                iteration = int.Parse(batch.Groups[1].Value, CultureInfo.InvariantCulture);
                Add($"batch {batch.Groups[2].Value}", batch.Groups[3].Value);
            }
            else if (Score().Match(text) is { Success: true } score)
            {
                Add($"mean {score.Groups[1].Value}", score.Groups[2].Value);
            }
        }
        return numbers;
    }

    /// <summary>The parameters of the solver or net that a log prints when it begins.</summary>
    public static string? Parameters(IEnumerable<string> lines, string announcement)
    {
        IEnumerable<string> rest = lines.SkipWhile(line => !line.Contains(announcement, StringComparison.Ordinal)).Skip(1);
        string[] text = [.. rest.TakeWhile(line => !Prefix().IsMatch(line) && !line.StartsWith(' ') || line.StartsWith("  ", StringComparison.Ordinal))];
        return text.Length == 0 ? null : string.Join('\n', text);
    }

    private static double Number(string text) => text switch
    {
        "nan" or "-nan" => double.NaN,
        "inf" => double.PositiveInfinity,
        "-inf" => double.NegativeInfinity,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    [GeneratedRegex(@"^[IWEF]\d{4,8} \d\d:\d\d:\d\d\.\d+ +\d+ [\w.]+:\d+\] ?")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^Iteration (\d+), Testing net \(#(\d+)\)")]
    private static partial Regex Testing();

    [GeneratedRegex(@"^Iteration (\d+)(?: \(.*\))?, loss = (\S+)$")]
    private static partial Regex Loss();

    [GeneratedRegex(@"^Iteration (\d+), lr = (\S+)$")]
    private static partial Regex Rate();

    [GeneratedRegex(@"^MultiStep Status: Iteration (\d+), step = (\S+)$")]
    private static partial Regex Step();

    [GeneratedRegex(@"^(T(?:est|rain) net output) #(\d+): (\S+) = (\S+)")]
    private static partial Regex Output();

    [GeneratedRegex(@"^(\[(?:Forward|Backward)\] Layer .*(?:data|diff)): (\S+)$")]
    private static partial Regex Debug();

    [GeneratedRegex(@"All net params \(data, diff\): L1 norm = \((\S+), (\S+)\); L2 norm = \((\S+), (\S+)\)")]
    private static partial Regex Norms();

    [GeneratedRegex(@"^Batch (\d+), (\S+) = (\S+)$")]
    private static partial Regex Batch();

    [GeneratedRegex(@"^([^\s=]+) = (\S+)(?: \(\* .*\))?$")]
    private static partial Regex Score();
}
