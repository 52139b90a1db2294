using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;

namespace Symbolic.Cli.Commands;

/// <summary>What Caffe's compute_image_mean does.</summary>
internal static class MeanCommand
{
    private const int Report = 10000;

    /// <summary>Computes the mean of a database's images, writes it and logs the mean of each channel.</summary>
    public static void Run(CommandCall call)
    {
        string? output = call.Arguments.Others.Count > 2 ? call.Arguments.Others[2] : null;
        using IDatumSource source = Backends.Open(call.Arguments.Others[1], Backends.Of(call.Arguments));
        call.Log.Information("compute_image_mean.cpp:70", "Starting iteration");
        long processed = 0;
        BlobProto mean = MeanImage.Compute(source, count =>
        {
            processed = count;
            if (count % Report == 0)
            {
                call.Log.Information("compute_image_mean.cpp:97", $"Processed {count} files.");
            }
        });
        if (processed % Report != 0)
        {
            call.Log.Information("compute_image_mean.cpp:102", $"Processed {processed} files.");
        }
        if (output is not null)
        {
            call.Log.Information("compute_image_mean.cpp:109", $"Write to {output}");
            BinaryProto.Write(output, mean);
        }
        IReadOnlyList<float> channels = MeanImage.Channels(mean);
        call.Log.Information("compute_image_mean.cpp:114", $"Number of channels: {channels.Count}");
        for (int channel = 0; channel < channels.Count; channel++)
        {
            call.Log.Information("compute_image_mean.cpp:119", $"mean_value channel [{channel}]: {CppNumber.Text(channels[channel])}");
        }
    }
}
