using Symbolic.Caffe;

namespace Symbolic.Conformance.Caffe;

/// <summary>Whether an error says that the front end does not have something, as opposed to having it wrong.</summary>
internal static class Refusal
{
    private static readonly string[] Phrases = ["Unknown layer type", "Unknown solver type", "not supported", "not read", "no gradient"];

    /// <summary>Runs a case; a refusal by name becomes the verdict "unsupported".</summary>
    public static Verdict Guard(Func<Verdict> run)
    {
        try
        {
            return run();
        }
        catch (Exception error) when (error is PrototxtError or InvalidDataException or NotSupportedException or GradientError
            && Says(error.Message))
        {
            return Verdict.Unsupported(Short(error.Message));
        }
    }

    /// <summary>Whether a message refuses by name.</summary>
    public static bool Says(string message) => Array.Exists(Phrases, phrase => message.Contains(phrase, StringComparison.Ordinal));

    // Lists of all known types would hide the line's point.
    public static string Short(string message)
    {
        string line = message.ReplaceLineEndings(" ");
        int list = line.IndexOf(" (known", StringComparison.Ordinal);
        return list > 0 ? line[..list] : line;
    }
}
