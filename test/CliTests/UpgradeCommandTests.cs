using System.Text.Json;
using Symbolic.Cli;

namespace Symbolic.Test;

/// <summary>The upgrade commands against the files and messages of Caffe's tools.</summary>
public class UpgradeCommandTests
{
    [DataFact]
    public void FilesAndMessagesAreCaffes()
    {
        using JsonDocument manifest = JsonDocument.Parse(File.ReadAllText(ReferenceData.File("caffe", "golden", "upgrade", "manifest.json")));
        foreach (JsonElement entry in manifest.RootElement.EnumerateArray())
        {
            string from = ReferenceData.File("caffe", "golden", "upgrade", entry.GetProperty("in").GetString()!), to = Path.GetTempFileName();
            using StringWriter output = new(), error = new() { NewLine = "\n" };
            Assert.Equal(entry.GetProperty("exit").GetInt32(), Tool.Run([entry.GetProperty("tool").GetString()!, from, to], output, error));
            Assert.Equal(File.ReadAllText(ReferenceData.File("caffe", "golden", "upgrade", entry.GetProperty("out").GetString()!)), File.ReadAllText(to));
            string said = error.ToString().Replace(from, entry.GetProperty("in").GetString(), StringComparison.Ordinal).Replace(to, entry.GetProperty("out").GetString(), StringComparison.Ordinal);
            Assert.Equal([.. entry.GetProperty("messages").EnumerateArray().Select(message => message.GetString()!)],
                said.TrimEnd().Split('\n').Select(line => line[(line.IndexOf("] ", StringComparison.Ordinal) + 2)..]));
            File.Delete(to);
        }
    }

    [Fact]
    public void WhatIsDroppedIsSaidAndTheRestIsWritten()
    {
        string from = Path.GetTempFileName(), to = Path.GetTempFileName();
        File.WriteAllText(from, "layers { layer { name: 'a' type: 'relu' pad: 2 } top: 'y' }");
        using StringWriter output = new(), error = new();
        Assert.Equal(1, Tool.Run(["upgrade_net_proto_text", from, to], output, error));
        Assert.Contains("Unknown parameter pad for layer type relu", error.ToString(), StringComparison.Ordinal);
        Assert.Contains("type: \"ReLU\"", File.ReadAllText(to), StringComparison.Ordinal);
        File.Delete(from);
        File.Delete(to);
    }

    [Theory]
    [InlineData("upgrade_net_proto_text a", "OUT is missing; the use is: symbolic upgrade_net_proto_text [FLAGS] IN OUT")]
    [InlineData("upgrade_net_proto_text a b c", "'c' is one word too many; the use is: symbolic upgrade_net_proto_text [FLAGS] IN OUT")]
    public void WrongUsage(string line, string message)
    {
        using StringWriter output = new(), error = new();
        Assert.Equal(2, Tool.Run(line.Split(' '), output, error));
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }
}
