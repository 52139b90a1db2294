using System.Text.Json;
using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Conformance.Caffe;

/// <summary>golden/upgrade: what we read from an old file equals, as a message, what Caffe's upgrade tools wrote for it.</summary>
internal static class Upgrades
{
    public static IEnumerable<Case> Cases(CaffeFolder folder)
    {
        string manifest = folder.Path("golden", "upgrade", "manifest.json");
        if (!File.Exists(manifest))
        {
            yield break;
        }
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(manifest));
        foreach (JsonElement entry in cases.RootElement.EnumerateArray())
        {
            string Text(string name) => entry.GetProperty(name).GetString()!;
            string old = folder.Path("golden", "upgrade", Text("in")), upgraded = folder.Path("golden", "upgrade", Text("out"));
            bool refused = entry.GetProperty("exit").GetInt32() != 0;
            yield return Text("tool").Contains("solver", StringComparison.Ordinal)
                ? new Case($"upgrade/{Text("name")}", "Solver", () => Compare(() => Prototxt.ReadSolver(old).Message, () => Prototxt.Read<SolverParameter>(upgraded).Message, refused))
                : new Case($"upgrade/{Text("name")}", "Net", () => Compare(() => Prototxt.ReadNet(old).Message, () => Prototxt.Read<NetParameter>(upgraded).Message, refused));
        }
    }

    private static Verdict Compare<T>(Func<T> ours, Func<T> caffes, bool refused) where T : IMessage<T>
    {
        T message;
        try
        {
            message = ours();
        }
        catch (PrototxtError) when (refused)
        {
            return Verdict.Pass;
        }
        if (refused)
        {
            return Verdict.Fail("Caffe refuses to upgrade this");
        }
        T expected = caffes();
        return message.Equals(expected) ? Verdict.Pass : Verdict.Fail(FirstDifference(PrototxtWriter.Write(expected), PrototxtWriter.Write(message)));
    }

    private static string FirstDifference(string expected, string actual)
    {
        string[] wanted = expected.Split('\n'), got = actual.Split('\n');
        int line = 0;
        while (line < wanted.Length && line < got.Length && wanted[line] == got[line])
        {
            line++;
        }
        return $"line {line + 1} of the message as text is '{got.ElementAtOrDefault(line)?.Trim()}' instead of '{wanted.ElementAtOrDefault(line)?.Trim()}'";
    }
}
