using System.Globalization;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.CommandLine;
using Symbolic.Cli.Log;

namespace Symbolic.Cli.Commands;

/// <summary>What Caffe's convert_imageset and convert_mnist_data do: they make databases of pictures.</summary>
internal static class ConvertCommands
{
    private const int Report = 1000;

    /// <summary>A database of the picture files of a list.</summary>
    public static void ImageSet(CommandCall call)
    {
        Arguments arguments = call.Arguments;
        (string root, string list, string database) = (arguments.Others[1], arguments.Others[2], arguments.Others[3]);
        string encoding = arguments.Text("encode_type") ?? "";
        bool isEncoded = arguments.Switch("encoded") || encoding.Length > 0;
        if (encoding.Length > 0 && !arguments.Switch("encoded"))
        {
            Say(call, 80, "encode_type specified, assuming encoded=true.");
        }
        ImageListOptions options = new()
        {
            Root = root,
            IsColor = !arguments.Switch("gray"),
            Height = arguments.Number("resize_height", 0, least: 0),
            Width = arguments.Number("resize_width", 0, least: 0),
            ShuffleSeed = arguments.Switch("shuffle") ? (ulong)Random.Shared.NextInt64() : null,
        };
        if ((options.Height > 0) != (options.Width > 0))
        {
            call.Log.Warning("convert_imageset.cpp:87", "-resize_height and -resize_width have an effect only together");
        }
        if (options.ShuffleSeed is not null)
        {
            Say(call, 75, "Shuffling data");
        }
        using IDatumWriter writer = DatumWriter.Create(database, Backends.Of(arguments));
        using ImageListSource source = ImageListSource.Open(list, options: options);
        Say(call, 86, $"A total of {source.Count} images.");
        int written = 0, size = -1;
        for (int line = 0; line < source.Count; line++)
        {
            string name = source.Line.Name;
            if (isEncoded)
            {
                source.Encoding = encoding.Length > 0 ? encoding : Guess(call, name);
            }
            Datum datum;
            try
            {
                datum = source.Next();
            }
            catch (InvalidDataException error)
            {
                call.Log.Write(Severity.Error, "io.cpp:80", $"Could not open or find file {root}{name}: {error.Message}");
                continue;
            }
            if (arguments.Switch("check_size") && size >= 0 && datum.Data.Length != size)
            {
                throw new InvalidDataException($"{root}{name}: Incorrect data field size {datum.Data.Length}; the first has {size}");
            }
            size = size < 0 ? datum.Data.Length : size;
            writer.Add(string.Create(CultureInfo.InvariantCulture, $"{line:D8}_{name}"), datum);
            Progress(call, "convert_imageset.cpp:144", ++written);
        }
        writer.Complete();
        Rest(call, "convert_imageset.cpp:150", written);
    }

    /// <summary>A database of digits in MNIST's own files.</summary>
    public static void Mnist(CommandCall call)
    {
        Arguments arguments = call.Arguments;
        using MnistSource source = MnistSource.OpenFiles(arguments.Others[1], arguments.Others[2]);
        using IDatumWriter writer = DatumWriter.Create(arguments.Others[3], Backends.Of(arguments));
        call.Log.Information("convert_mnist_data.cpp:83", $"A total of {source.Count} items.");
        call.Log.Information("convert_mnist_data.cpp:84", $"Rows: {source.Rows} Cols: {source.Columns}");
        for (int item = 0; item < source.Count; item++)
        {
            writer.Add(item.ToString("D8", CultureInfo.InvariantCulture), source.Next());
        }
        writer.Complete();
        call.Log.Information("convert_mnist_data.cpp:106", $"Processed {source.Count} files.");
    }

    // Caffe goes by the name's ending and takes the picture raw where there is none.
    private static string Guess(CommandCall call, string name)
    {
        string ending = Path.GetExtension(name).TrimStart('.').ToLowerInvariant();
        if (ending.Length == 0)
        {
            call.Log.Warning("convert_imageset.cpp:114", $"Failed to guess the encoding of '{name}'");
        }
        return ending;
    }

    private static void Progress(CommandCall call, string place, int written)
    {
        if (written % Report == 0)
        {
            call.Log.Information(place, $"Processed {written} files.");
        }
    }

    private static void Rest(CommandCall call, string place, int written)
    {
        if (written % Report != 0)
        {
            call.Log.Information(place, $"Processed {written} files.");
        }
    }

    private static void Say(CommandCall call, int line, string message) => call.Log.Information($"convert_imageset.cpp:{line}", message);
}
