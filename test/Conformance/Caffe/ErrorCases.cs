using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli;

namespace Symbolic.Conformance.Caffe;

/// <summary>
/// golden/errors: command lines that Caffe refuses, or takes, run by our tool in a folder with the same files. We refuse where
/// Caffe does, and our message names what Caffe's names (<see cref="Complaint"/>).
/// </summary>
internal static partial class ErrorCases
{
    // Limits of the build of Caffe that made the data, not demands: these may succeed (traps.md beside the data).
    private static readonly string[] Limits = ["Not Implemented Yet", "CPU-only Caffe"];

    public static IEnumerable<Case> Cases(CaffeFolder folder)
    {
        string file = folder.Path("golden", "errors", "errors.json");
        if (!File.Exists(file))
        {
            yield break;
        }
        using JsonDocument cases = JsonDocument.Parse(File.ReadAllText(file));
        foreach (JsonElement entry in cases.RootElement.EnumerateArray())
        {
            string[] messages = [.. entry.GetProperty("messages").EnumerateArray().Select(m => m.GetString()!)];
            string[] words = entry.GetProperty("cmd").GetString()!.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1..];
            int exit = entry.GetProperty("exit").GetInt32();
            yield return new Case($"errors/{entry.GetProperty("name").GetString()}", words.Length > 0 ? words[0] : "caffe", () => Run(words, exit, messages));
        }
    }

    private static Verdict Run(string[] words, int exit, string[] messages)
    {
        MakeWeights(words, messages);
        using StringWriter output = new(CultureInfo.InvariantCulture), error = new(CultureInfo.InvariantCulture);
        int code = Tool.Run(words, output, error);
        string[] lines = error.ToString().TrimEnd().Split('\n');
        string said = lines.LastOrDefault(line => line.StartsWith("symbolic: ", StringComparison.Ordinal)) ?? lines[^1];
        bool mayEither = exit > 0 || messages.Any(message => Array.Exists(Limits, limit => message.Contains(limit, StringComparison.Ordinal)));
        if (mayEither)
        {
            return Verdict.Pass;
        }
        if (code != 0 && Refusal.Says(said) && !messages.Any(Refusal.Says))
        {
            return Verdict.Unsupported(Refusal.Short(said));
        }
        return (exit != 0, code != 0) switch
        {
            (false, false) => Verdict.Pass,
            (false, true) => Verdict.Fail($"Caffe takes this; we say: {said}"),
            (true, false) => Verdict.Fail($"not refused; Caffe says: {messages[^1]}"),
            (true, true) => Complaint.Of(messages).Missing(said) is { } missing ? Verdict.Fail($"our message names no {missing}: {said}") : Verdict.Pass,
        };
    }

    /// <summary>Weights that a command line names and the data do not hold are made as Caffe's message describes them.</summary>
    private static void MakeWeights(string[] words, string[] messages)
    {
        foreach (string file in words.Where(word => word.EndsWith(".caffemodel", StringComparison.Ordinal) && !File.Exists(word)))
        {
            if (messages.Any(message => message.Contains($"Failed to parse NetParameter file: {file}", StringComparison.Ordinal)))
            {
                // A message that announces more bytes than there are.
                File.WriteAllBytes(file, [0x0A, 0x7F, 0x74]);
            }
            else if (messages.Select(message => SourceShape().Match(message)).FirstOrDefault(match => match.Success) is { } shape)
            {
                int[] sizes = [.. shape.Groups[3].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
                var layer = new LayerParameter { Name = shape.Groups[2].Value };
                for (int blob = 0; blob <= int.Parse(shape.Groups[1].Value, CultureInfo.InvariantCulture); blob++)
                {
                    layer.Blobs.Add(Blobs.Of(sizes, new float[sizes.Aggregate(1, (a, b) => a * b)]));
                }
                // Bias beside weights, so that the number of blobs is no complaint.
                layer.Blobs.Add(Blobs.Of(sizes.AsSpan(0, 1), new float[sizes[0]]));
                BinaryProto.Write(file, new NetParameter { Layer = { layer } });
            }
        }
    }

    [GeneratedRegex(@"Cannot copy param (\d+) weights from layer '([^']*)'; shape mismatch\.\s+Source param shape is ([\d ]*)\(")]
    private static partial Regex SourceShape();
}
