using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;

namespace Symbolic.Cli.Commands;

/// <summary>Nets that the flags -model, -weights, -level and -stage name.</summary>
internal static class NetFile
{
    /// <summary>Reads and builds the net of -model.</summary>
    public static Net Build(Arguments arguments, string file, Phase phase)
    {
        PrototxtDocument<NetParameter> document = Prototxt.ReadNet(file);
        return Net.Build(document.Message, new NetOptions
        {
            Phase = phase,
            Level = arguments.Number("level") ?? 0,
            Stages = arguments.List("stage"),
            Places = document.Places,
        });
    }

    /// <summary>Sets its parameters from the files of -weights.</summary>
    public static void Load(Net net, Seq<string> files, CaffeLog log)
    {
        foreach (string file in files)
        {
            foreach (string layer in net.CopyFrom(file))
            {
                log.Information("net.cpp:743", $"Ignoring source layer {layer}");
            }
        }
    }
}
