using Symbolic.Caffe.Images;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>
/// What a <c>transform_param</c> does to an image, in Caffe's order: crop, subtract the mean, scale, mirror. Crops are in the
/// middle in TEST and random in TRAIN; mirroring is random in both, as in Caffe. Random choices are a function of the seed and
/// of the item's running number alone.
/// </summary>
public sealed class DataTransform
{
    // Sets these draws apart from those of fillers and of Dropout under the same seed.
    private const ulong Stream = 0xDA7A;

    private readonly TransformationParameter parameter;
    private readonly PrototxtPlaces places;
    private readonly bool isTraining;
    private readonly ulong seed;
    private readonly int crop;
    private readonly float[]? meanImage;
    private readonly Seq<int> meanSizes = [];

    /// <summary>Checks the parameters and reads the mean file.</summary>
    /// <exception cref="PrototxtError">The parameters contradict each other or ask for what is not supported.</exception>
    /// <exception cref="InvalidDataException">The mean file is damaged.</exception>
    /// <exception cref="IOException">The mean file is not there.</exception>
    public DataTransform(TransformationParameter parameter, Phase phase, ulong seed, PrototxtPlaces places, ModelFiles? files = null)
    {
        (this.parameter, this.places, this.seed, isTraining) = (parameter, places, seed, phase == Phase.Train);
        if (parameter.CropSize > int.MaxValue)
        {
            throw places.Error(parameter, "crop_size", $"crop_size {parameter.CropSize} is larger than any image");
        }
        crop = (int)parameter.CropSize;
        if (parameter.HasMeanFile && parameter.MeanValue.Count > 0)
        {
            throw places.Error(parameter, "mean_value", "mean_file and mean_value cannot both be given");
        }
        if (parameter.ForceColor && parameter.ForceGray)
        {
            throw places.Error(parameter, "force_gray", "cannot set both force_color and force_gray");
        }
        if (parameter.HasMeanFile)
        {
            BlobProto mean = BinaryProto.Read<BlobProto>(parameter.MeanFile, files);
            Seq<int> sizes = Blobs.Shape(mean, parameter.MeanFile);
            meanSizes = sizes.Count == 4 && sizes[0] == 1 ? sizes[1..] : sizes;
            meanImage = Blobs.Values(mean, parameter.MeanFile);
        }
    }

    /// <summary>An item as a raw image: decoded, in the colours that the parameters force, if it is a picture file; else itself.</summary>
    /// <exception cref="InvalidDataException">The picture is damaged or of a format that is not read.</exception>
    /// <exception cref="PrototxtError">Colours are forced on a raw image that has others, which only decoding can change.</exception>
    public Datum Raw(Datum datum, string where)
    {
        if (datum.Encoded)
        {
            PictureColor color = parameter.ForceColor ? PictureColor.Color : parameter.ForceGray ? PictureColor.Gray : PictureColor.Unchanged;
            return PictureFile.Decode(datum.Data.ToByteArray(), color, where).ToDatum(datum.Label);
        }
        return (parameter.ForceColor && datum.Channels != 3) || (parameter.ForceGray && datum.Channels != 1)
            ? throw places.Error(parameter, parameter.ForceColor ? "force_color" : "force_gray", $"force_color and force_gray are for encoded pictures; this item has {datum.Channels} channels of raw values ({where})")
            : datum;
    }

    /// <summary>The channels, height and width of what comes out for an image.</summary>
    /// <exception cref="InvalidDataException">The image is encoded or damaged.</exception>
    /// <exception cref="PrototxtError">The parameters do not fit the image.</exception>
    public Seq<int> OutputSizes(Datum datum, string where)
    {
        Check(datum, where);
        return crop > 0 ? [datum.Channels, crop, crop] : [datum.Channels, datum.Height, datum.Width];
    }

    /// <summary>Transforms one image.</summary>
    /// <param name="datum">The image.</param>
    /// <param name="where">What to call it in an error.</param>
    /// <param name="item">Its running number since the start of training, which random choices depend on.</param>
    /// <param name="output">Channels x height x width of <see cref="OutputSizes"/>.</param>
    /// <exception cref="InvalidDataException">The image is encoded or damaged.</exception>
    /// <exception cref="PrototxtError">The parameters do not fit the image.</exception>
    public void Apply(Datum datum, string where, long item, Span<float> output)
    {
        Seq<int> sizes = OutputSizes(datum, where);
        (int height, int width) = (sizes[1], sizes[2]);
        int top = Offset(datum.Height - height, item, draw: 0), left = Offset(datum.Width - width, item, draw: 1);
        bool isMirrored = parameter.Mirror && Draw(2, item, draw: 2) == 1;
        float scale = parameter.Scale;
        bool isBytes = datum.Data.Length > 0;
        ReadOnlySpan<byte> bytes = datum.Data.Span;
        for (int channel = 0; channel < datum.Channels; channel++)
        {
            float mean = parameter.MeanValue.Count == 0 ? 0 : parameter.MeanValue[parameter.MeanValue.Count == 1 ? 0 : channel];
            for (int y = 0; y < height; y++)
            {
                int from = (((channel * datum.Height) + top + y) * datum.Width) + left;
                Span<float> row = output.Slice(((channel * height) + y) * width, width);
                ReadOnlySpan<byte> pixels = isBytes ? bytes.Slice(from, width) : default;
                ReadOnlySpan<float> means = meanImage is null ? default : meanImage.AsSpan(from, width);
                for (int x = 0; x < row.Length; x++)
                {
                    float value = isBytes ? pixels[x] : datum.FloatData[from + x];
                    row[x] = (value - (meanImage is null ? mean : means[x])) * scale;
                }
                if (isMirrored)
                {
                    row.Reverse();
                }
            }
        }
    }

    private int Offset(int room, long item, ulong draw) => crop == 0 ? 0 : isTraining ? Draw(room + 1, item, draw) : room / 2;

    // Uniform in [0, choices): the high half of a 64-bit product.
    private int Draw(int choices, long item, ulong draw) => (int)((Philox.Bits(seed, Stream, draw, (ulong)item) * (ulong)choices) >> 32);

    private void Check(Datum datum, string where)
    {
        if (datum.Encoded)
        {
            throw new InvalidDataException($"{where}: is an encoded picture; make it raw first");
        }
        (long channels, long height, long width) = (datum.Channels, datum.Height, datum.Width);
        long held = datum.Data.Length > 0 ? datum.Data.Length : datum.FloatData.Count;
        if (channels <= 0 || height <= 0 || width <= 0 || channels > held || height > held || width > held || (Int128)channels * height * width != held)
        {
            throw new InvalidDataException($"{where}: holds {held} values, but says {channels} x {height} x {width}");
        }
        if (crop > height || crop > width)
        {
            throw places.Error(parameter, "crop_size", $"crop_size {crop} is larger than the image of {height} x {width} ({where})");
        }
        if (parameter.MeanValue.Count > 1 && parameter.MeanValue.Count != channels)
        {
            throw places.Error(parameter, "mean_value", $"mean_value is given {parameter.MeanValue.Count} times; give it once or once for each of the {channels} channels ({where})");
        }
        if (meanImage is not null && meanSizes != [datum.Channels, datum.Height, datum.Width])
        {
            throw places.Error(parameter, "mean_file", $"the mean {parameter.MeanFile} is of shape ({string.Join(", ", meanSizes)}), the image of ({channels}, {height}, {width}) ({where})");
        }
    }
}
