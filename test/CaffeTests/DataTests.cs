using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>Data layers: against Caffe's tops, and what random choices depend on.</summary>
public class DataTests
{
    [DataFact]
    public void DataLayersGiveWhatCaffeGives()
    {
        foreach (string name in new[] { "Data_lmdb_plain", "Data_lmdb_scale", "Data_lmdb_meanfile_scale_crop", "Data_raw_color", "Data_raw_color_meanfile", "Data_resized_gray", "Data_leveldb_scale",
            "Data_encoded_png", "Data_encoded_force_gray", "ImageData_plain", "ImageData_resize" })
        {
            (LayerParameter layer, PrototxtPlaces places) = Golden(name);
            Dictionary<string, NpyArray> expected = Npz.Read(ReferenceData.File("caffe", "golden", "data_layers", name + ".npz"));
            using DataBatches batches = layer.Type == "ImageData" ? DataBatches.OpenImages(layer, Phase.Test, seed: 1, places) : DataBatches.Open(layer, Phase.Test, seed: 1, places);
            for (int forward = 0; expected.TryGetValue($"f{forward}.data", out NpyArray? data); forward++)
            {
                Assert.Equal(data.Sizes, batches.Shape.Select(size => (long)size));
                float[] images = new float[data.Values.Length], labels = new float[data.Sizes[0]];
                batches.Next(images, labels);
                Assert.Equal(data.Values, images);
                Assert.Equal(expected[$"f{forward}.label"].Values, labels);
            }
            Assert.True(batches.ItemsRead > 0);
        }
    }

    [DataFact]
    public void SkippingAheadGivesTheSameItemsAndTheSameChoices()
    {
        (LayerParameter layer, PrototxtPlaces places) = Golden("Data_lmdb_plain");
        layer.TransformParam = new TransformationParameter { CropSize = 20, Mirror = true };
        layer.DataParam.BatchSize = 64;
        using DataBatches straight = DataBatches.Open(layer, Phase.Train, seed: 5, places), skipped = DataBatches.Open(layer, Phase.Train, seed: 5, places),
            other = DataBatches.Open(layer, Phase.Train, seed: 6, places);
        float[] images = new float[64 * 400], labels = new float[64], again = new float[64 * 400], againLabels = new float[64];
        for (int batch = 0; batch < 40; batch++)
        {
            straight.Next(images, labels);
            if (batch is 0 or 31 or 39)
            {
                skipped.SkipTo(64 * batch);
                skipped.Next(again, againLabels);
                Assert.Equal(images, again);
                Assert.Equal(labels, againLabels);
                other.SkipTo(64 * batch);
                other.Next(again, againLabels);
                Assert.NotEqual(images, again);
            }
        }
        Assert.Equal((64 * 40, 64 * 40), (straight.ItemsRead, skipped.ItemsRead));
    }

    [Fact]
    public void CropsAreAnywhereAndMirrorsAreHalf()
    {
        // The pixel at (y, x) is 8y + x, so a crop's first pixel says where it is.
        Datum datum = Image(1, 8, 8, [.. Enumerable.Range(0, 64).Select(i => (byte)i)]);
        var transform = new DataTransform(new TransformationParameter { CropSize = 6, Mirror = true }, Phase.Train, seed: 3, PrototxtPlaces.Nowhere);
        var seen = new Dictionary<(int, int, bool), int>();
        float[] image = new float[36];
        for (int item = 0; item < 9000; item++)
        {
            transform.Apply(datum, "d", item, image);
            bool isMirrored = image[0] > image[1];
            int corner = (int)(isMirrored ? image[5] : image[0]);
            Assert.Equal([.. Enumerable.Range(0, 36).Select(i => (float)(corner + (8 * (i / 6)) + (isMirrored ? 5 - (i % 6) : i % 6)))], image);
            seen[(corner / 8, corner % 8, isMirrored)] = seen.GetValueOrDefault((corner / 8, corner % 8, isMirrored)) + 1;
        }
        // 3 x 3 places, mirrored or not: 500 of each expected, standard deviation 22.
        Assert.Equal(18, seen.Count);
        Assert.All(seen.Values, count => Assert.InRange(count, 390, 610));
    }

    [Fact]
    public void TestCropsAreInTheMiddleAndMeansAreOfTheirPixel()
    {
        Datum datum = Image(2, 4, 5, [.. Enumerable.Range(0, 40).Select(i => (byte)i)]);
        var parameter = new TransformationParameter { CropSize = 3, Scale = 0.5f, MeanValue = { 1, 2 } };
        float[] image = new float[18];
        new DataTransform(parameter, Phase.Test, 0, PrototxtPlaces.Nowhere).Apply(datum, "d", 0, image);
        // Rows from (4 - 3) / 2 = 0, columns from (5 - 3) / 2 = 1.
        Assert.Equal([0f, 0.5f, 1, 2.5f, 3, 3.5f, 5, 5.5f, 6, 9.5f, 10, 10.5f, 12, 12.5f, 13, 14.5f, 15, 15.5f], image);
        Datum floats = datum.Clone();
        floats.ClearData();
        floats.FloatData.AddRange(Enumerable.Range(0, 40).Select(i => (float)i));
        float[] again = new float[18];
        new DataTransform(parameter, Phase.Test, 0, PrototxtPlaces.Nowhere).Apply(floats, "d", 0, again);
        Assert.Equal(image, again);
    }

    [Theory]
    [InlineData("crop_size: 9", "crop_size 9 is larger than the image of 8 x 8 (d)")]
    [InlineData("crop_size: 4294967295", "crop_size 4294967295 is larger than any image")]
    [InlineData("mean_value: 1 mean_value: 2", "mean_value is given 2 times; give it once or once for each of the 1 channels (d)")]
    [InlineData("mean_value: 1 mean_file: 'm'", "mean_file and mean_value cannot both be given")]
    [InlineData("force_color: true", "force_color and force_gray are for encoded pictures; this item has 1 channels of raw values (d)")]
    [InlineData("force_gray: true force_color: true", "cannot set both force_color and force_gray")]
    public void ParametersThatDoNotFitAreRefused(string text, string message)
    {
        PrototxtDocument<TransformationParameter> parsed = Prototxt.Parse<TransformationParameter>(text, "t");
        string said = Assert.Throws<PrototxtError>(() =>
        {
            var transform = new DataTransform(parsed.Message, Phase.Test, 0, parsed.Places);
            transform.OutputSizes(transform.Raw(Image(1, 8, 8, new byte[64]), "d"), "d");
        }).Message;
        Assert.Matches(@"^t:1:\d+: ", said);
        Assert.EndsWith(message, said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("num: 1 channels: 1 height: 2 width: 2 data: [1, 2, 3, 4]", null)]
    [InlineData("shape { dim: [1, 2, 2] } data: [1, 2, 3, 4]", null)]
    [InlineData("shape { dim: [2, 2] } data: [1, 2, 3, 4]", "is of shape (2, 2), the image of (1, 2, 2) (d)")]
    [InlineData("num: 2 channels: 1 height: 2 width: 1 data: [1, 2, 3, 4]", "is of shape (2, 1, 2, 1), the image of (1, 2, 2) (d)")]
    [InlineData("num: 1 channels: 1 height: 2 width: 2 data: [1, 2]", "holds 2 values, but its shape (1, 1, 2, 2) has 4")]
    [InlineData("num: 1 channels: 1 height: -2 width: -2 data: [1, 2]", "has the size -2 in its shape (1, 1, -2, -2)")]
    public void MeanFilesMustFit(string mean, string? message)
    {
        string path = Path.GetTempFileName();
        BinaryProto.Write(path, Prototxt.Parse<BlobProto>(mean, "m").Message);
        float[] image = new float[4];
        void Apply() => new DataTransform(new TransformationParameter { MeanFile = path }, Phase.Test, 0, PrototxtPlaces.Nowhere)
            .Apply(Image(1, 2, 2, [5, 6, 7, 8]), "d", 0, image);
        if (message is null)
        {
            Apply();
            Assert.Equal([4f, 4, 4, 4], image);
        }
        else
        {
            Assert.Contains(message, Assert.ThrowsAny<Exception>(Apply) is var error && error is PrototxtError or InvalidDataException ? error.Message : "", StringComparison.Ordinal);
        }
        File.Delete(path);
    }

    [Theory]
    [InlineData(1, 8, 8, 63)]
    [InlineData(-1, -8, 8, 64)]
    [InlineData(0, 0, 0, 0)]
    [InlineData(int.MaxValue, int.MaxValue, int.MaxValue, 1)]
    [InlineData(65536, 65536, 1, 0)]
    public void ImagesThatAreNotWhatTheySayAreRefused(int channels, int height, int width, int held) =>
        Assert.Equal($"d: holds {held} values, but says {channels} x {height} x {width}", Assert.Throws<InvalidDataException>(() =>
            new DataTransform(new TransformationParameter(), Phase.Test, 0, PrototxtPlaces.Nowhere).OutputSizes(Image(channels, height, width, new byte[held]), "d")).Message);

    [Theory]
    [InlineData("data_param { batch_size: 1 backend: LMDB }", "data_param needs a source")]
    [InlineData("data_param { source: 'x' backend: LMDB }", "batch_size is 0; it must be positive and below 2^31")]
    [InlineData("data_param { source: 'x' batch_size: 4294967295 backend: LMDB }", "batch_size is 4294967295; it must be positive and below 2^31")]
    [InlineData("data_param { source: 'no such folder' batch_size: 1 }", "there is no database 'no such folder' in ")]
    [InlineData("data_param { source: 'x' batch_size: 1 backend: LMDB rand_skip: 3 }", "rand_skip is not supported; Caffe 1.0 ignores it")]
    [InlineData("data_param { source: 'x' batch_size: 1 backend: LMDB scale: 3 }", "scale belongs into transform_param; Caffe 1.0 ignores it here")]
    [InlineData("data_param { source: 'no such folder' batch_size: 1 backend: LMDB }", "there is no database 'no such folder' in ")]
    [InlineData("", "needs a data_param")]
    public void LayersThatMakeNoSenseAreRefused(string text, string message)
    {
        PrototxtDocument<LayerParameter> layer = Prototxt.Parse<LayerParameter>("name: 'd'\n" + text, "net");
        string said = Assert.Throws<PrototxtError>(() => DataBatches.Open(layer.Message, Phase.Test, 0, layer.Places)).Message;
        Assert.StartsWith("net:", said, StringComparison.Ordinal);
        Assert.Contains("layer 'd'", said, StringComparison.Ordinal);
        Assert.Contains(message, said, StringComparison.Ordinal);
    }

    [Fact]
    public void AllItemsMustHaveOneSize()
    {
        using var batches = new DataBatches(new ListSource([Image(1, 2, 2, new byte[4]), Image(1, 1, 2, new byte[2])]),
            new DataTransform(new TransformationParameter(), Phase.Test, 0, PrototxtPlaces.Nowhere), 2);
        Assert.Equal([2, 1, 2, 2], batches.Shape);
        Assert.Equal("list, item 1: has 1 x 1 x 2 values after the transform, the first item 1 x 2 x 2; all items must agree",
            Assert.Throws<InvalidDataException>(() => batches.Next(new float[8], new float[2])).Message);
        Assert.Throws<ArgumentException>(() => batches.Next(new float[7], new float[2]));
    }

    private static (LayerParameter, PrototxtPlaces) Golden(string name)
    {
        PrototxtDocument<NetParameter> net = Prototxt.ReadNet(ReferenceData.File("caffe", "golden", "data_layers", name + ".prototxt"));
        LayerParameter layer = net.Message.Layer[0];
        if (layer.ImageDataParam is { } images)
        {
            images.Source = ReferenceData.File("caffe", images.Source);
            images.RootFolder = ReferenceData.File("caffe", images.RootFolder);
        }
        else
        {
            layer.DataParam.Source = ReferenceData.File("caffe", layer.DataParam.Source);
        }
        if (layer.TransformParam is { HasMeanFile: true } transform)
        {
            transform.MeanFile = ReferenceData.File("caffe", transform.MeanFile);
        }
        return (layer, net.Places);
    }

    private static Datum Image(int channels, int height, int width, byte[] pixels) =>
        new() { Channels = channels, Height = height, Width = width, Data = ByteString.CopyFrom(pixels), Label = 1 };

    private sealed class ListSource(Datum[] items) : IDatumSource
    {
        public string Name => "list";

        public long Count => items.Length;

        public long Position { get; private set; }

        public Datum Next()
        {
            Datum item = items[Position];
            Position = (Position + 1) % Count;
            return item;
        }

        public void Seek(long items) => Position = items % Count;

        public void Dispose() { }
    }
}
