using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;

namespace Symbolic.Cli.Commands;

/// <summary>What Caffe's upgrade_net_proto_text, upgrade_net_proto_binary and upgrade_solver_proto_text do.</summary>
internal static class UpgradeCommands
{
    /// <summary>Upgrades a net's prototxt.</summary>
    public static void NetText(CommandCall call)
    {
        (string from, string to) = (call.Arguments.Others[1], call.Arguments.Others[2]);
        PrototxtDocument<NetParameter> document = Prototxt.Read<NetParameter>(from);
        UpgradedNet upgraded = Upgrade(document.Message, document.Places, from, call.Log);
        WholeFile.Write(to, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(PrototxtWriter.Write(upgraded.Net))));
        call.Log.Information("upgrade_net_proto_text.cpp:48", $"Wrote upgraded NetParameter text proto to {to}");
        Refuse(upgraded, "prototxt");
    }

    /// <summary>Upgrades trained weights.</summary>
    public static void NetBinary(CommandCall call)
    {
        (string from, string to) = (call.Arguments.Others[1], call.Arguments.Others[2]);
        UpgradedNet upgraded = Upgrade(BinaryProto.Read<NetParameter>(from), PrototxtPlaces.Nowhere, from, call.Log);
        BinaryProto.Write(to, upgraded.Net);
        call.Log.Information("upgrade_net_proto_binary.cpp:46", $"Wrote upgraded NetParameter binary proto to {to}");
        Refuse(upgraded, "net");
    }

    /// <summary>Upgrades a solver's prototxt.</summary>
    public static void SolverText(CommandCall call)
    {
        (string from, string to) = (call.Arguments.Others[1], call.Arguments.Others[2]);
        PrototxtDocument<SolverParameter> document = Prototxt.Read<SolverParameter>(from);
        if (!SolverUpgrade.IsNeeded(document.Message))
        {
            AlreadyNew(from, call.Log);
        }
        string text = PrototxtWriter.Write(SolverUpgrade.Apply(document.Message, document.Places, from, call.Log));
        WholeFile.Write(to, stream => stream.Write(System.Text.Encoding.UTF8.GetBytes(text)));
        call.Log.Information("upgrade_solver_proto_text.cpp:48", $"Wrote upgraded SolverParameter text proto to {to}");
    }

    private static UpgradedNet Upgrade(NetParameter net, PrototxtPlaces places, string file, CaffeLog log)
    {
        if (!NetUpgrade.IsNeeded(net))
        {
            AlreadyNew(file, log);
        }
        return NetUpgrade.Apply(net, places, file, log);
    }

    private static void AlreadyNew(string file, CaffeLog log) => log.Write(Severity.Error, "upgrade_proto.cpp:0", $"File already in latest proto format: {file}");

    // As in Caffe the file is written all the same.
    private static void Refuse(UpgradedNet upgraded, string what)
    {
        if (upgraded.Problems.Count > 0)
        {
            throw new InvalidDataException($"Encountered error(s) while upgrading {what}; see details above.");
        }
    }
}
