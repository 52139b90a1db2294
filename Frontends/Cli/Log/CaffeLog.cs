using System.Globalization;
using Symbolic.Caffe;

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
internal sealed class CaffeLog(TextWriter writer, Severity least, TimeProvider clock) : ICaffeLog
{
    private readonly Lock gate = new();

    /// <summary>What is called to write a line: the progress display moves aside meanwhile.</summary>
    public Action<Action>? Around { get; set; }

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
            void Line() => writer.WriteLine(prefix + message);
            if (Around is { } around)
            {
                around(Line);
            }
            else
            {
                Line();
            }
        }
    }

    /// <inheritdoc/>
    public void Write(LogLine line) => Write(Severity.Information, $"{line.Source}:{line.Line}", line.Message);

    /// <summary>What goes on.</summary>
    public void Information(string place, string message) => Write(Severity.Information, place, message);

    /// <summary>Something is probably not as meant.</summary>
    public void Warning(string place, string message) => Write(Severity.Warning, place, message);
}
