using System.Globalization;
using Symbolic.Caffe;
using Symbolic.Cli.Log;

namespace Symbolic.Test;

public class LogTests
{
    [Fact]
    public void TheClassicPrefix()
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var log = new CaffeLog(writer, Severity.Information, new Noon());
        log.Write(new LogLine("solver.cpp", 45, "first\nsecond"));
        log.Warning("symbolic", "careful");
        Assert.Matches(@"\AI1123 12:00:00\.123456 +\d+ solver\.cpp:45\] first\nsecond\nW1123 12:00:00\.123456 +\d+ symbolic\] careful\n\z", writer.ToString());
    }

    [Fact]
    public void LinesBelowTheLeastLevelAreLeftOut()
    {
        using var writer = new StringWriter();
        var log = new CaffeLog(writer, Severity.Warning, TimeProvider.System);
        log.Information("solver.cpp:45", "no");
        log.Write(new LogLine("solver.cpp", 45, "no"));
        Assert.Empty(writer.ToString());
        log.Warning("solver.cpp:45", "yes");
        Assert.NotEmpty(writer.ToString());
    }

    [DataFact]
    public void OurReaderReadsCaffesLogAsParseLogDoes()
    {
        string log = ReferenceData.File("caffe", "golden", "tools", "train_1000_classic_glog.log");
        (IReadOnlyList<ParseLog.Row> train, IReadOnlyList<ParseLog.Row> test) = ParseLog.Read(File.ReadLines(log));
        Equal(File.ReadAllLines(log + ".train"), train);
        Equal(File.ReadAllLines(log + ".test"), test);
    }

    // Lines: NumIters,Seconds,LearningRate,outputs by name.
    private static void Equal(string[] table, IReadOnlyList<ParseLog.Row> rows)
    {
        string[] names = table[0].Split(',')[3..];
        Assert.Equal(table.Length - 1, rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            double[] expected = [.. table[i + 1].Split(',').Select(word => double.Parse(word, CultureInfo.InvariantCulture))];
            double[] actual = [rows[i].Iteration, Math.Round(rows[i].Seconds, 6), rows[i].Rate, .. names.Select(name => rows[i].Outputs.Single(o => o.Name == name).Value)];
            Assert.Equal(expected, actual);
        }
    }

    private sealed class Noon : TimeProvider
    {
        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2026, 11, 23, 12, 0, 0, TimeSpan.Zero).AddTicks(1234560);
    }
}
