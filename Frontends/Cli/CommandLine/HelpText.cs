using System.Text;

namespace Symbolic.Cli.CommandLine;

/// <summary>What `symbolic --help` prints.</summary>
internal static class HelpText
{
    /// <summary>The text for one command, or for all of them.</summary>
    public static string For(Command? command)
    {
        var text = new StringBuilder();
        if (command is null)
        {
            text.Append("symbolic: Caffe's nets, compiled to machine code by way of symbolic expressions\n\nsymbolic COMMAND [FLAGS]\n\nCommands\n");
            foreach (Command each in Command.All)
            {
                text.Append($"  {$"{each.Name} {each.Operands}",-34}{each.Meaning}\n");
            }
        }
        else
        {
            text.Append($"symbolic {$"{command.Name} [FLAGS] {command.Operands}".TrimEnd()}: {command.Meaning}\n");
        }
        text.Append("\nFlags (one dash or two; -name value or -name=value)\n");
        foreach (Flag flag in Flag.All.Where(flag => command is null || flag.Commands.Count == 0 || flag.Commands.Contains(command.Name)))
        {
            string use = command is null && flag.Commands.Count is > 0 and < 4 ? $" [{string.Join(", ", flag.Commands)}]" : "";
            text.Append($"  {$"-{flag.Name} {flag.Value}",-24}{flag.Meaning}{use}\n");
        }
        text.Append("\nExit codes: 0 done (also when stopped by Ctrl-C after its snapshot), 1 failed, 2 the command line is wrong.\n");
        return text.ToString();
    }
}
