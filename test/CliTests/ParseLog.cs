using System.Globalization;
using System.Text.RegularExpressions;

namespace Symbolic.Test;

/// <summary>What Caffe's tools/extra/parse_log.py takes from a log, by the same patterns: rows of train and of test values.</summary>
internal static partial class ParseLog
{
    /// <summary>A row: iteration, seconds since "Solving", learning rate, and the values of outputs by name.</summary>
    public sealed record Row(double Iteration, double Seconds, double Rate, IReadOnlyList<(string Name, double Value)> Outputs);

    /// <summary>Reads a log.</summary>
    public static (IReadOnlyList<Row> Train, IReadOnlyList<Row> Test) Read(IEnumerable<string> log)
    {
        List<Row> train = [], test = [];
        string[] lines = [.. log];
        DateTime start = Time(lines.First(line => line.Contains("Solving", StringComparison.Ordinal)))!.Value;
        double iteration = -1, rate = double.NaN;
        Row? trainRow = null, testRow = null;
        foreach (string line in lines)
        {
            if (Iteration().Match(line) is { Success: true } found)
            {
                iteration = Number(found.Groups[1].Value);
            }
            if (iteration < 0 || Time(line) is not { } time)
            {
                continue;
            }
            if (LearningRate().Match(line) is { Success: true } lr)
            {
                rate = Number(lr.Groups[1].Value);
            }
            Output(TrainOutput().Match(line), train, ref trainRow);
            Output(TestOutput().Match(line), test, ref testRow);
            void Output(Match match, List<Row> rows, ref Row? row)
            {
                if (row is not null && row.Iteration != iteration)
                {
                    rows.Add(row);
                    row = null;
                }
                if (match.Success)
                {
                    row ??= new(iteration, (time - start).TotalSeconds, rate, []);
                    row = row with { Outputs = [.. row.Outputs, (match.Groups[2].Value, Number(match.Groups[3].Value))] };
                }
            }
        }
        return (Fixed([.. train, .. trainRow is null ? Array.Empty<Row>() : [trainRow]]), Fixed([.. test, .. testRow is null ? Array.Empty<Row>() : [testRow]]));
    }

    // fix_initial_nan_learning_rate: the first row has no rate yet and takes the second's.
    private static Row[] Fixed(Row[] rows)
    {
        if (rows.Length > 1)
        {
            rows[0] = rows[0] with { Rate = rows[1].Rate };
        }
        return rows;
    }

    // extract_datetime_from_line: I0210 13:39:22.381027 25210 solver.cpp:204] ...; lines of another form are passed over.
    private static DateTime? Time(string line)
    {
        string[] words = line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && words[0].Length == 5 && DateTime.TryParseExact($"{words[0][1..]} {words[1]}", "MMdd HH:mm:ss.ffffff", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime time)
            ? time
            : null;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Iteration (\d+)")]
    private static partial Regex Iteration();

    [GeneratedRegex(@"Train net output #(\d+): (\S+) = ([\.\deE+-]+)")]
    private static partial Regex TrainOutput();

    [GeneratedRegex(@"Test net output #(\d+): (\S+) = ([\.\deE+-]+)")]
    private static partial Regex TestOutput();

    [GeneratedRegex(@"lr = ([-+]?[0-9]*\.?[0-9]+([eE]?[-+]?[0-9]+)?)")]
    private static partial Regex LearningRate();
}
