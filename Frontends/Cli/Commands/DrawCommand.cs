using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Draw;

namespace Symbolic.Cli.Commands;

/// <summary>`symbolic draw`: the graph of a net as a picture, as Caffe's draw_net.py makes one; nothing is computed and no data are needed.</summary>
internal static class DrawCommand
{
    /// <summary>Draws a net to a file whose ending says in what form.</summary>
    public static void Run(CommandCall call)
    {
        (string model, string output) = (call.Arguments.Others[1], call.Arguments.Others[2]);
        Phase? phase = call.Arguments.Text("phase") switch
        {
            null or "ALL" => null,
            "TRAIN" => Phase.Train,
            "TEST" => Phase.Test,
            var text => throw new UsageError($"-phase {text}: neither TRAIN, TEST nor ALL"),
        };
        bool sideways = call.Arguments.Text("rankdir") switch
        {
            null or "LR" => true,
            "TB" => false,
            var text => throw new UsageError($"-rankdir {text}: neither LR nor TB"),
        };
        Func<NetGraph, bool, string> write = Path.GetExtension(output).ToLowerInvariant() switch
        {
            ".dot" or ".gv" => NetDot.Write,
            ".svg" => NetSvg.Write,
            ".html" or ".htm" => NetSvg.Page,
            var ending => throw new UsageError($"{output}: a drawing ends in .dot, .svg or .html, not in '{ending}'"),
        };
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(model);
        Seq<LayerParameter> layers = phase is { } chosen ? NetFilter.Layers(document.Message, new NetOptions { Phase = chosen, Places = document.Places }) : document.Message.Layer.ToSeq();
        string drawing = write(NetGraph.Of(document.Message.Name, layers), sideways);
        WholeFile.Write(output, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(drawing)));
        call.Output.WriteLine($"Drawing net to {output}");
    }
}
