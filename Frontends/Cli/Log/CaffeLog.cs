using System.Globalization;

namespace Symbolic.Cli.Log;

/// <summary>How serious a log line is; its first letter begins the line.</summary>
internal enum Severity
{
    /// <summary>What goes on.</summary>
    Information,

    /// <summary>Something is probably not as meant.</summary>
    Warning,

    /// <summary>Something failed.</summary>
    Error,

    /// <summary>The command ends.</summary>
    Fatal,
}

/// <summary>
/// Log lines as Caffe's were before its log library changed the prefix, since Caffe's parse_log.py reads only those:
/// `I1123 19:06:04.213534 30319 solver.cpp:239] Iteration 100, loss = 0.265022`.
/// </summary>
internal sealed class CaffeLog(TextWriter writer, Severity least, TimeProvider clock)
{
    private readonly Lock gate = new();

    /// <summary>Called before a line is written and after: the progress display moves aside.</summary>
    public (Action Before, Action After)? Around { get; set; }

    /// <summary>Writes one line, or several if the message has more; only the first gets the prefix, as in Caffe.</summary>
    public void Write(Severity severity, string place, string message)
    {
        if (severity < least)
        {
            return;
        }
        DateTimeOffset now = clock.GetLocalNow();
        string prefix = string.Create(CultureInfo.InvariantCulture, $"{severity.ToString()[0]}{now:MMdd HH:mm:ss.ffffff} {Environment.ProcessId,5} {place}] ");
        lock (gate)
        {
            Around?.Before();
            writer.WriteLine(prefix + message);
            Around?.After();
        }
    }

    /// <summary>What goes on.</summary>
    public void Information(string place, string message) => Write(Severity.Information, place, message);

    /// <summary>Something is probably not as meant.</summary>
    public void Warning(string place, string message) => Write(Severity.Warning, place, message);
}

/// <summary>Numbers as C++ streams print them: six significant digits, `1e-05`, `inf`, `nan`.</summary>
internal static class CNumber
{
    /// <summary>The text of a number.</summary>
    public static string Text(double value) => value switch
    {
        double.PositiveInfinity => "inf",
        double.NegativeInfinity => "-inf",
        _ when double.IsNaN(value) => "nan",
        _ => value.ToString("G6", CultureInfo.InvariantCulture).Replace('E', 'e'),
    };
}
