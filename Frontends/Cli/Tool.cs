using System.Globalization;
using Symbolic.Caffe;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;

namespace Symbolic.Cli;

/// <summary>The program `symbolic`: reads the command line, runs a command, and turns errors into messages and exit codes.</summary>
internal static class Tool
{
    private const int Done = 0, Failed = 1, WrongUsage = 2;

    /// <summary>Runs a command line.</summary>
    /// <returns>The exit code.</returns>
    public static int Run(ReadOnlySpan<string> words, TextWriter output, TextWriter error)
    {
        try
        {
            return Run(new Arguments(words), output, error);
        }
        catch (UsageError mistake)
        {
            error.WriteLine($"symbolic: {mistake.Message}\nsymbolic --help tells what there is.");
            return WrongUsage;
        }
        catch (Exception failure) when (IsUsers(failure))
        {
            error.WriteLine($"symbolic: {failure.Message}");
            return Failed;
        }
    }

    private static int Run(Arguments arguments, TextWriter output, TextWriter error)
    {
        string? command = arguments.Others.Count > 0 ? arguments.Others[0] : null;
        if (command is null && (arguments.Switch("help") || !arguments.Given.Any()))
        {
            output.Write(HelpText.For(null));
            return Done;
        }
        Command chosen = Command.Find(command);
        if (arguments.Switch("help"))
        {
            output.Write(HelpText.For(chosen));
            return Done;
        }
        if (arguments.Text("gpu") is { } gpu)
        {
            throw new UsageError($"-gpu {gpu}: this version computes on the CPU; leave the flag out");
        }
        chosen.CheckOperands(arguments);
        var log = new CaffeLog(error, LeastLogged(arguments), TimeProvider.System);
        foreach (Flag flag in arguments.Given.Where(flag => flag.Commands.Count > 0 && !flag.Commands.Contains(chosen.Name)))
        {
            log.Warning("symbolic", $"-{flag.Name} has no effect on {chosen.Name}");
        }
        chosen.Run(new CommandCall(arguments, log, output, error));
        return Done;
    }

    private static Severity LeastLogged(Arguments arguments) => (Severity)Math.Clamp(
        arguments.Number("minloglevel") ?? (int.TryParse(Environment.GetEnvironmentVariable("GLOG_minloglevel"), CultureInfo.InvariantCulture, out int level) ? level : 0),
        0, (int)Severity.Fatal);

    // What files, data and sizes from outside can cause. Anything else is a defect of ours and ends with its stack trace.
    private static bool IsUsers(Exception failure) =>
        failure is PrototxtError or InvalidDataException or IOException or UnauthorizedAccessException or TypeMismatch or GradientError or AssertionFailed;
}
