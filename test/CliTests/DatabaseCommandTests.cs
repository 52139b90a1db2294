using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli;

namespace Symbolic.Test;

/// <summary>The commands that make databases, against those of Caffe's tools.</summary>
public sealed class DatabaseCommandTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolic-cli-");

    private static string Images => ReferenceData.File("caffe", "golden", "data_layers", "img") + "/";

    public void Dispose() => folder.Delete(recursive: true);

    [DataTheory]
    [InlineData("img_raw_lmdb", "img_list_same.txt", "", false)]
    [InlineData("img_raw_lmdb", "img_list_same.txt", "-backend leveldb --check_size", true)]
    [InlineData("img_encoded_lmdb", "img_list_same.txt", "--encoded", false)]
    [InlineData("img_encoded_lmdb", "img_list_same.txt", "--encode_type=png", false)]
    [InlineData("img_resized_gray_lmdb", "img_list.txt", "--gray --resize_height=12 -resize_width 16 --backend=lmdb", false)]
    public void ImageSetsAreCaffes(string golden, string list, string flags, bool isLevelDb)
    {
        string database = folder.FullName + "/db";
        (int code, _, string error) = Run($"convert_imageset {flags} {Images} {ReferenceData.File("caffe", "golden", "data_layers", list)} {database}");
        Assert.Equal(0, code);
        Assert.Contains("A total of", error, StringComparison.Ordinal);
        using LmdbSource expected = LmdbSource.Open(ReferenceData.File("caffe", "golden", "data_layers", golden));
        using IDatumSource actual = isLevelDb ? LevelDbSource.Open(database) : LmdbSource.Open(database);
        Assert.Equal(expected.Count, actual.Count);
        for (long item = 0; item < expected.Count; item++)
        {
            Assert.Equal(expected.Next(), actual.Next());
        }
        Assert.Equal(1, Run($"convert_imageset {Images} {ReferenceData.File("caffe", "golden", "data_layers", list)} {database}").Code);
    }

    [DataFact]
    public void PicturesThatCannotBeReadAreLeftOut()
    {
        File.WriteAllText(folder.FullName + "/list", $"im0.png 1\nno.png 2\n");
        (int code, _, string error) = Run($"convert_imageset {Images} {folder.FullName}/list {folder.FullName}/db");
        Assert.Equal(0, code);
        Assert.Contains("Could not open or find file", error, StringComparison.Ordinal);
        Assert.Contains("Processed 1 files.", error, StringComparison.Ordinal);
        Assert.Equal(1, Run($"convert_imageset --encode_type=bmp {Images} {folder.FullName}/nolist {folder.FullName}/other").Code);
        Assert.False(Directory.Exists(folder.FullName + "/other"));
    }

    [DataFact]
    public void PicturesOfDifferentSizesAreRefusedWhereAsked()
    {
        (int code, _, string error) = Run($"convert_imageset --check_size {Images} {ReferenceData.File("caffe", "golden", "data_layers", "img_list.txt")} {folder.FullName}/db");
        Assert.Equal(1, code);
        Assert.Contains("Incorrect data field size", error, StringComparison.Ordinal);
        Assert.False(Directory.Exists(folder.FullName + "/db"));
    }

    [DataFact]
    public void ShuffledImageSetsHaveTheSamePictures()
    {
        Assert.Equal(0, Run($"convert_imageset -shuffle {Images} {ReferenceData.File("caffe", "golden", "data_layers", "img_list.txt")} {folder.FullName}/db").Code);
        using LmdbSource source = LmdbSource.Open(folder.FullName + "/db");
        Assert.Equal([0, 1, 2, 3, 4], Enumerable.Range(0, 5).Select(_ => source.Next().Label).Order());
    }

    [DataTheory]
    [InlineData("lmdb")]
    [InlineData("leveldb")]
    public void DigitsAreCaffes(string backend)
    {
        string database = folder.FullName + "/db";
        (int code, _, string error) = Run($"convert_mnist_data --backend={backend} {ReferenceData.File("caffe", "mnist", "t10k-images-idx3-ubyte.gz")} {ReferenceData.File("caffe", "mnist", "t10k-labels-idx1-ubyte.gz")} {database}");
        Assert.Equal(0, code);
        Assert.Contains("Rows: 28 Cols: 28", error, StringComparison.Ordinal);
        using LmdbSource train = LmdbSource.Open(ReferenceData.File("caffe", "mnist", "mnist_train_lmdb")), test = LmdbSource.Open(ReferenceData.File("caffe", "mnist", "mnist_test_lmdb"));
        using IDatumSource actual = backend == "lmdb" ? LmdbSource.Open(database) : LevelDbSource.Open(database);
        for (int item = 0; item < 10000; item++)
        {
            Assert.Equal((item < 8000 ? train : test).Next(), actual.Next());
        }
        Assert.Equal(0, actual.Position);
    }

    [DataTheory]
    [InlineData("mnist/mnist_test_lmdb", "lmdb", "mnist/mnist_test_mean.binaryproto", 1)]
    [InlineData("mnist/mnist_test_leveldb", "leveldb", "mnist/mnist_test_mean.binaryproto", 1)]
    [InlineData("mnist/mnist_train_lmdb", "lmdb", "mnist/mnist_train_mean.binaryproto", 1)]
    [InlineData("golden/data_layers/img_raw_lmdb", "lmdb", "golden/data_layers/img_mean.binaryproto", 3)]
    [InlineData("golden/data_layers/img_encoded_lmdb", "lmdb", "golden/data_layers/img_mean.binaryproto", 3)]
    public void MeansAreCaffes(string database, string backend, string mean, int channels)
    {
        string file = folder.FullName + "/mean.binaryproto";
        (int code, _, string error) = Run($"compute_image_mean -backend {backend} {ReferenceData.File("caffe", database)} {file}");
        Assert.Equal(0, code);
        Assert.Equal(File.ReadAllBytes(ReferenceData.File("caffe", mean)), File.ReadAllBytes(file));
        Assert.Contains($"Number of channels: {channels}", error, StringComparison.Ordinal);
        Assert.Contains($"mean_value channel [{channels - 1}]: ", error, StringComparison.Ordinal);
    }

    [DataFact]
    public void FeaturesAreCaffes()
    {
        string net = folder.FullName + "/net.prototxt";
        File.WriteAllText(net, File.ReadAllText(ReferenceData.File("caffe", "lenet_run", "lenet_train_test.prototxt"))
            .Replace("\"mnist/", $"\"{ReferenceData.File("caffe", "mnist")}/", StringComparison.Ordinal));
        string database = folder.FullName + "/features";
        (int code, _, string error) = Run($"extract_features {ReferenceData.File("caffe", "lenet_run", "lenet_iter_1000.caffemodel")} {net} ip2 {database} 1 lmdb CPU");
        Assert.Equal((0, true), (code, error.Contains("Extracted features of 100 query images for feature blob ip2", StringComparison.Ordinal)));
        using LmdbSource expected = LmdbSource.Open(ReferenceData.File("caffe", "golden", "tools", "feat_ip2_lmdb")), actual = LmdbSource.Open(database);
        Assert.Equal(expected.Count, actual.Count);
        for (int item = 0; item < 100; item++)
        {
            Datum caffes = expected.Next(), ours = actual.Next();
            Assert.Equal((caffes.Channels, caffes.Height, caffes.Width, caffes.HasLabel, caffes.FloatData.Count), (ours.Channels, ours.Height, ours.Width, ours.HasLabel, ours.FloatData.Count));
            Assert.All(Enumerable.Range(0, 10), i => Assert.Equal(caffes.FloatData[i], ours.FloatData[i], 1e-5 + (1e-4 * Math.Abs(caffes.FloatData[i]))));
        }
        Assert.Contains("Unknown feature blob name ip9", Run($"extract_features {ReferenceData.File("caffe", "lenet_run", "lenet_iter_1000.caffemodel")} {net} ip9 {database} 1 lmdb").Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("convert_imageset a b", "DB is missing; the use is: symbolic convert_imageset [FLAGS] ROOT/ LIST DB")]
    [InlineData("convert_imageset a b c -backend bdb", "-backend bdb: neither lmdb nor leveldb")]
    [InlineData("extract_features w n a,b d 1 lmdb", "the number of blob names and dataset names must be equal: 2 and 1")]
    [InlineData("extract_features w n a d 0 lmdb", "'0': the number of batches is a whole number above 0")]
    [InlineData("extract_features w n a d 1 lmdb GPU", "'GPU': this version computes on the CPU")]
    [InlineData("draw n o.png", "o.png: a drawing ends in .dot, .svg or .html, not in '.png'")]
    [InlineData("draw n o.svg -rankdir UP", "-rankdir UP: neither LR nor TB")]
    public void WrongUsage(string line, string message)
    {
        (int code, _, string error) = Run(line);
        Assert.Equal(2, code);
        Assert.Contains(message, error, StringComparison.Ordinal);
    }

    private static (int Code, string Output, string Error) Run(string line)
    {
        using StringWriter output = new() { NewLine = "\n" }, error = new() { NewLine = "\n" };
        int code = Tool.Run(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), output, error);
        return (code, output.ToString(), error.ToString());
    }
}
