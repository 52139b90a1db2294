using Symbolic.Caffe.Schema;
using Symbolic.Caffe.Upgrade;

namespace Symbolic.Caffe;

/// <summary>A net in today's format, and what could not be carried over.</summary>
/// <param name="Net">The net; it shares the messages that did not change with the one it was made of.</param>
/// <param name="Problems">Fields that mean nothing for their layer, and are dropped. Caffe says so and goes on.</param>
public sealed record UpgradedNet(NetParameter Net, Seq<PrototxtError> Problems)
{
    /// <summary>The net, where nothing was dropped.</summary>
    /// <exception cref="PrototxtError">Something was; it is the first problem.</exception>
    public NetParameter Whole => Problems.Count == 0 ? Net : throw Problems[0];
}

/// <summary>
/// Brings nets of Caffe's older formats into today's, in the order of upgrade_proto.cpp (UpgradeNetAsNeeded): layers of before
/// 2014-03 (V0), transformations as fields of data layers, layers of before 2014-12 (V1), inputs as fields of the net,
/// BatchNorm layers that train their statistics.
/// </summary>
public static class NetUpgrade
{
    private static readonly Step[] Steps =
    [
        new(V0Net.IsOld, V0Net.Upgrade, 29, "input file specified using deprecated V0LayerParameter", "file specified using deprecated V0LayerParameter",
            "Note that future Caffe releases will not support V0NetParameter; use ./build/tools/upgrade_net_proto_text for prototxt and "
            + "./build/tools/upgrade_net_proto_binary for model weights upgrade this and any other net protos to the new format."),
        new(DataFields.AreUsed, DataFields.Upgrade, 44, "input file specified using deprecated transformation parameters", "file specified using deprecated data transformation parameters.",
            "Note that future Caffe releases will only support transform_param messages for transformation fields."),
        new(V1Net.IsOld, V1Net.Upgrade, 53, "input file specified using deprecated V1LayerParameter", "file specified using deprecated V1LayerParameter", null),
        new(InputFields.AreUsed, InputFields.Upgrade, 67, "input file specified using deprecated input fields", "file specified using deprecated input fields.",
            "Note that future Caffe releases will only support input layers and not input fields."),
        new(BatchNormSpecs.AreOld, BatchNormSpecs.Upgrade, 77, "batch norm layers using deprecated params", "batch norm layers using deprecated params.", null),
    ];

    /// <summary>Whether a net is written in an older format.</summary>
    public static bool IsNeeded(NetParameter net) => Steps.Any(step => step.IsNeeded(net));

    /// <summary>The net in today's format; the same object if it already is.</summary>
    /// <param name="net">The net, which is not changed.</param>
    /// <param name="places">Where its messages stand; the new ones are added. Null: nowhere.</param>
    /// <param name="file">What the log calls it.</param>
    /// <param name="log">Told of each step in Caffe's words; null: nobody.</param>
    /// <exception cref="PrototxtError">The net mixes formats, or a layer of an old format is unknown or cannot be said in the new one.</exception>
    public static UpgradedNet Apply(NetParameter net, PrototxtPlaces? places = null, string file = "", ICaffeLog? log = null)
    {
        places ??= PrototxtPlaces.Nowhere;
        var problems = new List<PrototxtError>();
        foreach (Step step in Steps.Where(step => step.IsNeeded(net)))
        {
            void Log(int line, string message) => log?.Write(new LogLine("upgrade_proto.cpp", step.Line + line, message));
            Log(0, $"Attempting to upgrade {step.Attempt}: {file}");
            int before = problems.Count;
            net = step.Upgrade(net, places, problems);
            foreach (PrototxtError problem in problems.Skip(before))
            {
                Log(2, problem.Message);
            }
            if (problems.Count == before)
            {
                Log(3, $"Successfully upgraded {step.Success}");
            }
            if (step.Note is { } note)
            {
                Log(5, note);
            }
        }
        return new UpgradedNet(net, problems.ToSeq());
    }

    private sealed record Step(Func<NetParameter, bool> IsNeeded, Func<NetParameter, PrototxtPlaces, List<PrototxtError>, NetParameter> Upgrade, int Line, string Attempt, string Success, string? Note);
}
