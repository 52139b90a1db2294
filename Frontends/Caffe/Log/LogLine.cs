namespace Symbolic.Caffe;

/// <summary>A line of the log, under the source file and line of Caffe that writes it: what tools that read Caffe's logs look for.</summary>
/// <param name="Source">The file's name, such as <c>solver.cpp</c>.</param>
/// <param name="Line">The line in it.</param>
/// <param name="Message">What is said; may have several lines.</param>
public readonly record struct LogLine(string Source, int Line, string Message);

/// <summary>Where log lines go.</summary>
public interface ICaffeLog
{
    /// <summary>Takes a line. Called from the thread that trains.</summary>
    void Write(LogLine line);
}

/// <summary>Throws log lines away.</summary>
public sealed class NoLog : ICaffeLog
{
    /// <summary>The only one needed.</summary>
    public static NoLog Instance { get; } = new();

    /// <inheritdoc/>
    public void Write(LogLine line) { }
}
