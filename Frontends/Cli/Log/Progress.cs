using System.Globalization;
using Spectre.Console;

namespace Symbolic.Cli.Log;

/// <summary>
/// One line at the bottom of a terminal that tells how far a run is; log lines go above it. Where the standard error is no
/// terminal there is none, so that logs hold nothing but log lines.
/// </summary>
internal sealed class Progress : IDisposable
{
    private const int BarWidth = 24;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private readonly IAnsiConsole? console;
    private readonly CaffeLog log;
    private readonly TimeProvider clock;
    private readonly long started;
    private long shown;
    private bool drawn;
    private string line = "";

    /// <summary>A display on this console; none if it is null.</summary>
    public Progress(IAnsiConsole? console, CaffeLog log, TimeProvider clock)
    {
        (this.console, this.log, this.clock) = (console, log, clock);
        started = clock.GetTimestamp();
        if (console is not null)
        {
            log.Around = Above;
            console.Cursor.Hide();
        }
    }

    /// <summary>The standard error as a console, if it is a terminal that can move its cursor.</summary>
    public static IAnsiConsole? Terminal()
    {
        if (Console.IsErrorRedirected)
        {
            return null;
        }
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return console.Profile.Capabilities.Ansi ? console : null;
    }

    /// <summary>Tells how far it is; drawn at most ten times a second.</summary>
    public void Report(string what, long done, long all, string detail)
    {
        if (console is null || (drawn && clock.GetElapsedTime(shown) < Pause && done < all))
        {
            return;
        }
        shown = clock.GetTimestamp();
        TimeSpan past = clock.GetElapsedTime(started);
        double share = all <= 0 ? 1 : Math.Clamp(done / (double)all, 0, 1);
        string left = done > 0 && done < all ? $" {Span(past * ((all - done) / (double)done))} left" : "";
        int filled = (int)(share * BarWidth);
        string text = string.Create(CultureInfo.InvariantCulture, $" {what} {done}/{all}  {detail}  {Span(past)}{left}");
        // A line that wraps could not be taken back.
        text = text[..Math.Clamp(console.Profile.Width - BarWidth - 1, 0, text.Length)];
        line = $"[blue]{new string('━', filled)}[/][grey]{new string('─', BarWidth - filled)}[/]{Markup.Escape(text)}";
        Clear();
        Draw();
    }

    /// <summary>Writes something above the display.</summary>
    public void Above(Action write)
    {
        Clear();
        write();
        Draw();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (console is not null)
        {
            Clear();
            console.Cursor.Show();
            log.Around = null;
        }
    }

    private void Draw()
    {
        if (console is not null && line.Length > 0)
        {
            console.Markup(line);
            drawn = true;
        }
    }

    private void Clear()
    {
        if (drawn)
        {
            // Back to the first column, and erase to the end of the line (ECMA-48: CR, EL).
            console!.Profile.Out.Writer.Write("\r\u001b[K");
            drawn = false;
        }
    }

    private static string Span(TimeSpan time) => time.TotalMinutes >= 1 ? $"{(int)time.TotalMinutes} min {time.Seconds} s" : time.TotalSeconds.ToString("0.0 s", CultureInfo.InvariantCulture);
}
