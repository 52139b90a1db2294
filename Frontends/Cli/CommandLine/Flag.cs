namespace Symbolic.Cli.CommandLine;

/// <summary>What a flag's value may be.</summary>
internal enum FlagKind
{
    /// <summary>Any text; a comma separates the entries of a list.</summary>
    Text,

    /// <summary>A whole number.</summary>
    Number,

    /// <summary>true or false; standing alone it is true, and with `no` before its name it is false.</summary>
    Switch,
}

/// <summary>One flag of the command line.</summary>
/// <param name="Name">Its name, without dashes.</param>
/// <param name="Kind">What its value may be.</param>
/// <param name="Value">What stands for the value in the help text.</param>
/// <param name="Meaning">What it does, for the help text.</param>
/// <param name="Commands">The commands that it has an effect on.</param>
internal sealed record Flag(string Name, FlagKind Kind, string Value, string Meaning, Seq<string> Commands)
{
    /// <summary>Every flag that there is. Caffe's stand first, spelled and meant as there.</summary>
    public static IReadOnlyList<Flag> All { get; } =
    [
        new("solver", FlagKind.Text, "FILE", "the solver's prototxt", ["train"]),
        new("model", FlagKind.Text, "FILE", "the net's prototxt", ["test", "time"]),
        new("weights", FlagKind.Text, "A,B", "trained weights to start from, copied by layer name: .caffemodel files, comma between", ["train", "test"]),
        new("snapshot", FlagKind.Text, "FILE", "go on from this .solverstate", ["train"]),
        new("iterations", FlagKind.Number, "N", "how many iterations to run (test, time: 50; demo: 1000)", ["test", "time", "demo"]),
        new("phase", FlagKind.Text, "TRAIN|TEST", "the phase of the net (time: TRAIN; draw: ALL of its layers)", ["time", "draw"]),
        new("level", FlagKind.Number, "N", "the level that include and exclude rules see", ["train", "test", "time", "extract_features"]),
        new("stage", FlagKind.Text, "A,B", "the stages that include and exclude rules see", ["train", "test", "time", "extract_features"]),
        new("sigint_effect", FlagKind.Text, "EFFECT", "what Ctrl-C does: snapshot, stop or none (stop)", ["train"]),
        new("sighup_effect", FlagKind.Text, "EFFECT", "what SIGHUP does: snapshot, stop or none (snapshot)", ["train"]),
        new("backend", FlagKind.Text, "lmdb|leveldb", "the kind of database (lmdb)", ["convert_imageset", "convert_mnist_data", "compute_image_mean"]),
        new("gray", FlagKind.Switch, "", "read pictures as gray ones", ["convert_imageset"]),
        new("shuffle", FlagKind.Switch, "", "in random order", ["convert_imageset"]),
        new("resize_width", FlagKind.Number, "N", "resize pictures to this width (0: leave them)", ["convert_imageset"]),
        new("resize_height", FlagKind.Number, "N", "resize pictures to this height (0: leave them)", ["convert_imageset"]),
        new("check_size", FlagKind.Switch, "", "refuse pictures of different sizes", ["convert_imageset"]),
        new("encoded", FlagKind.Switch, "", "keep picture files as they are instead of their pixels", ["convert_imageset"]),
        new("encode_type", FlagKind.Text, "png|jpg", "as -encoded, all in this format", ["convert_imageset"]),
        new("rankdir", FlagKind.Text, "LR|TB", "draw from left to right or from top to bottom (LR)", ["draw"]),
        new("gpu", FlagKind.Text, "ID|all", "refused: this version computes on the CPU", []),
        new("minloglevel", FlagKind.Number, "N", "leave out log lines below 0 information, 1 warning, 2 error", []),
        new("logtostderr", FlagKind.Switch, "", "accepted: the log always goes to the standard error", []),
        new("alsologtostderr", FlagKind.Switch, "", "accepted, as above", []),
        new("threads", FlagKind.Number, "N", "how many threads compute; results are the same for any number", ["train", "test", "time", "extract_features", "demo"]),
        new("profile", FlagKind.Switch, "", "print the time of each kernel at the end", ["train", "test", "time"]),
        new("trace", FlagKind.Text, "FILE", "write when which thread ran which kernel, for Chrome's trace viewer", ["time"]),
        new("data", FlagKind.Text, "SOURCE", "the digits: drawn (the default), or mnist:FOLDER for the four idx files", ["demo"]),
        new("output", FlagKind.Text, "FILE", "where the page goes (symbolic-demo.html)", ["demo"]),
        new("seed", FlagKind.Number, "N", "which digits are drawn and which weights are drawn first (1)", ["demo"]),
        new("help", FlagKind.Switch, "", "print this text", []),
    ];
}
