using Symbolic.Caffe;
using Symbolic.Cli.Commands;
using Symbolic.Cli.Log;

namespace Symbolic.Cli.CommandLine;

/// <summary>What a command gets: its words, the log, and the program's two outputs.</summary>
internal sealed record CommandCall(Arguments Arguments, CaffeLog Log, TextWriter Output, TextWriter Error);

/// <summary>One command of the program.</summary>
/// <param name="Name">The word that chooses it.</param>
/// <param name="Operands">The words behind it that are no flags, as the help text writes them; those that may be left out in brackets.</param>
/// <param name="Meaning">What it is for.</param>
/// <param name="Run">What it does.</param>
internal sealed record Command(string Name, string Operands, string Meaning, Action<CommandCall> Run)
{
    /// <summary>Every command that there is. Those of Caffe's tools are spelled and used as there.</summary>
    public static IReadOnlyList<Command> All { get; } =
    [
        new("train", "", "train or fine-tune a net as a solver file says", call => TrainCommand.Run(call.Arguments, call.Log, call.Error)),
        new("test", "", "score trained weights on the net's TEST data", call => TestCommand.Run(call.Arguments, call.Log, call.Error)),
        new("time", "", "time the forward and backward pass of a net", call => TimeCommand.Run(call.Arguments, call.Log, call.Error)),
        new("convert_imageset", "ROOT/ LIST DB", "make a database of the picture files that a list names, one 'name label' a line", ConvertCommands.ImageSet),
        new("convert_mnist_data", "IMAGES LABELS DB", "make a database of digits in MNIST's own files", ConvertCommands.Mnist),
        new("compute_image_mean", "DB [OUTPUT]", "the mean image of a database, and of each channel", MeanCommand.Run),
        new("extract_features", "WEIGHTS NET BLOBS DBS BATCHES lmdb|leveldb [CPU]", "run a net over its TEST data and keep blobs of it in databases", ExtractCommand.Run),
        new("draw", "NET OUTPUT", "draw a net's graph to a .dot, .svg or .html file", DrawCommand.Run),
        new("upgrade_net_proto_text", "IN OUT", "rewrite a net's prototxt of an older format in today's", UpgradeCommands.NetText),
        new("upgrade_net_proto_binary", "IN OUT", "rewrite trained weights of an older format in today's", UpgradeCommands.NetBinary),
        new("upgrade_solver_proto_text", "IN OUT", "rewrite a solver's prototxt of an older format in today's", UpgradeCommands.SolverText),
        new("demo", "", "train LeNet on digits that the program draws, and write a page about it", call => DemoCommand.Run(call.Arguments, call.Log, call.Output)),
    ];

    /// <summary>The command of this name.</summary>
    /// <exception cref="UsageError">There is none; the message says what there is.</exception>
    public static Command Find(string? name)
    {
        string[] known = [.. All.Select(command => command.Name)];
        return All.FirstOrDefault(command => command.Name == name) ?? throw new UsageError(name is null
            ? $"no command; there are {string.Join(", ", known)}"
            : $"unknown command '{name}'{(Spelling.Nearest(name, known) is { } nearest ? $"; did you mean {nearest}?" : $"; there are {string.Join(", ", known)}")}");
    }

    /// <summary>Refuses too few or too many words.</summary>
    /// <exception cref="UsageError">There are too few or too many.</exception>
    public void CheckOperands(Arguments arguments)
    {
        string[] operands = Operands.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        int given = arguments.Others.Count - 1;
        if (given > operands.Length)
        {
            throw new UsageError(operands.Length == 0
                ? $"'{arguments.Others[1]}' after {Name}: neither a flag nor the value of one"
                : $"'{arguments.Others[operands.Length + 1]}' is one word too many; the use is: symbolic {Name} [FLAGS] {Operands}");
        }
        if (given < operands.Count(operand => operand[0] != '['))
        {
            throw new UsageError($"{operands[given]} is missing; the use is: symbolic {Name} [FLAGS] {Operands}");
        }
    }
}
