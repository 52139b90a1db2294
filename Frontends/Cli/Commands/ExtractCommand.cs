using System.Globalization;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Runtime;

namespace Symbolic.Cli.Commands;

/// <summary>What Caffe's extract_features does: it runs a trained net over its TEST data and keeps blobs of it in databases.</summary>
internal static class ExtractCommand
{
    private const int Report = 1000;

    /// <summary>Runs it.</summary>
    public static void Run(CommandCall call)
    {
        Seq<string> words = call.Arguments.Others;
        (string weights, string model) = (words[1], words[2]);
        string[] blobs = words[3].Split(','), databases = words[4].Split(',');
        if (blobs.Length != databases.Length)
        {
            throw new UsageError($"the number of blob names and dataset names must be equal: {blobs.Length} and {databases.Length}");
        }
        if (!int.TryParse(words[5], NumberStyles.None, CultureInfo.InvariantCulture, out int batches) || batches == 0)
        {
            throw new UsageError($"'{words[5]}': the number of batches is a whole number above 0");
        }
        DataParameter.Types.DB backend = Backends.Parse(words[6], "the kind of database is ");
        if (words.Count > 7 && words[7] != "CPU")
        {
            throw new UsageError($"'{words[7]}': this version computes on the CPU");
        }
        call.Log.Information("extract_features.cpp:64", "Using CPU");
        using Net net = NetFile.Build(call.Arguments, model, Phase.Test);
        NetFile.Load(net, [weights], call.Log);
        Seq<Expr> values = blobs.Select(blob => net.Blobs.TryGetValue(blob, out Expr? value) ? value.Cast(DType.Float32)
            : throw new InvalidDataException($"{model}: Unknown feature blob name {blob} in the network{Spelling.DidYouMean(blob, net.Blobs.Keys)}")).ToSeq();
        using var run = new NetRun(net, values, Compilation.Options(call.Arguments) with { Name = "extract_features" });
        var writers = new List<IDatumWriter>();
        try
        {
            foreach (string database in databases)
            {
                call.Log.Information("extract_features.cpp:122", $"Opening dataset {database}");
                writers.Add(DatumWriter.Create(database, backend));
            }
            call.Log.Information("extract_features.cpp:130", "Extracting Features");
            int[] counts = new int[blobs.Length];
            for (int batch = 0; batch < batches; batch++)
            {
                run.NextBatch();
                run.Run();
                for (int i = 0; i < blobs.Length; i++)
                {
                    counts[i] = Keep(call, writers[i], run.Results[i], blobs[i], counts[i]);
                }
            }
            for (int i = 0; i < blobs.Length; i++)
            {
                writers[i].Complete();
                if (counts[i] % Report != 0)
                {
                    Say(call, counts[i], blobs[i]);
                }
            }
        }
        finally
        {
            writers.ForEach(writer => writer.Dispose());
        }
        call.Log.Information("extract_features.cpp:187", "Successfully extracted the features!");
    }

    // One item for each of the batch; a blob of fewer than four axes has ones behind.
    private static int Keep(CommandCall call, IDatumWriter writer, Tensor blob, string name, int count)
    {
        if (blob.Rank is 0 or > 4)
        {
            throw new InvalidDataException($"blob {name} has {blob.Rank} axes; items of a database have channels, height and width");
        }
        int Size(int axis) => axis < blob.Rank ? (int)blob.Sizes[axis] : 1;
        float[] values = blob.ToArray<float>();
        int items = Size(0), each = values.Length / Math.Max(items, 1);
        for (int item = 0; item < items; item++)
        {
            var datum = new Datum { Channels = Size(1), Height = Size(2), Width = Size(3) };
            datum.FloatData.AddRange(values.AsSpan(item * each, each).ToArray());
            writer.Add(count.ToString("D10", CultureInfo.InvariantCulture), datum);
            if (++count % Report == 0)
            {
                Say(call, count, name);
            }
        }
        return count;
    }

    private static void Say(CommandCall call, int count, string blob) =>
        call.Log.Information("extract_features.cpp:166", $"Extracted features of {count} query images for feature blob {blob}");
}
