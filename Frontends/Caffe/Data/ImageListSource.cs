using System.Globalization;
using Symbolic.Caffe.Images;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>How the pictures of a list are found, decoded and ordered.</summary>
public sealed record ImageListOptions
{
    /// <summary>What is put in front of each name, with no slash between.</summary>
    public string Root { get; init; } = "";

    /// <summary>Three channels, blue, green and red; else one.</summary>
    public bool IsColor { get; init; } = true;

    /// <summary>The height that pictures are resized to; 0 leaves them as they are.</summary>
    public int Height { get; init; }

    /// <summary>The width that pictures are resized to; 0 leaves them as they are.</summary>
    public int Width { get; init; }

    /// <summary>The key of the order, another in each round; null for the order of the list.</summary>
    public ulong? ShuffleSeed { get; init; }
}

/// <summary>Picture files named in a list, one <c>name label</c> a line, as Caffe's ImageData layer and convert_imageset read them.</summary>
public sealed class ImageListSource : IDatumSource
{
    private const long MostListBytes = 1 << 30, MostPictureBytes = 1 << 30;

    private readonly ModelFiles files;
    private readonly ImageListOptions options;
    private readonly Seq<(string Name, int Label)> lines;
    private int[]? order;
    private long round = -1, items;

    private ImageListSource(string name, Seq<(string, int)> lines, ModelFiles files, ImageListOptions options) =>
        (Name, this.lines, this.files, this.options) = (name, lines, files, options);

    /// <summary>Reads a list; the pictures are read when it is their turn.</summary>
    /// <exception cref="InvalidDataException">A line is no name and label, or there is none.</exception>
    /// <exception cref="IOException">The list is not there or cannot be read.</exception>
    public static ImageListSource Open(string list, ModelFiles? files = null, ImageListOptions? options = null)
    {
        files ??= ModelFiles.Anywhere;
        string[] lines = System.Text.Encoding.UTF8.GetString(files.ReadAll(list, MostListBytes)).Split('\n');
        var entries = new List<(string, int)>();
        for (int i = 0; i < lines.Length; i++)
        {
            string line = lines[i].TrimEnd('\r', ' ');
            if (line.Length == 0)
            {
                continue;
            }
            int space = line.LastIndexOf(' ');
            entries.Add(space > 0 && int.TryParse(line.AsSpan(space + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int label)
                ? (line[..space], label)
                : throw new InvalidDataException($"{list}:{i + 1}: '{(line.Length > 60 ? line[..60] : line)}' is no name and label with a space between"));
        }
        return entries.Count > 0 ? new ImageListSource(list, entries.ToSeq(), files, options ?? new ImageListOptions()) : throw new InvalidDataException($"{list}: the list is empty");
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public long Count => lines.Count;

    /// <inheritdoc/>
    public long Position => items % Count;

    /// <summary>
    /// How the next items hold their pictures: empty for raw pixels, else the ending of a file format. A file that has this ending
    /// already, and is not resized, is taken as it is.
    /// </summary>
    public string Encoding { get; set; } = "";

    /// <summary>The line of the item that <see cref="Next"/> gives next: its name without the root, and its label.</summary>
    public (string Name, int Label) Line => lines[Current()];

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">The picture is not there, damaged, or to be encoded in another format than PNG.</exception>
    public Datum Next()
    {
        (string name, int label) = Line;
        items++;
        string path = options.Root + name;
        byte[] file = Bytes(path);
        Picture picture = PictureFile.Decode(file, options.IsColor ? PictureColor.Color : PictureColor.Gray, path);
        bool isResized = options.Height > 0 && options.Width > 0;
        if (Encoding.Length > 0 && !isResized && HasEnding(path, Encoding))
        {
            return Encoded(file, label);
        }
        picture = isResized ? PictureSize.Resize(picture, options.Height, options.Width) : picture;
        return Encoding.Length == 0 ? picture.ToDatum(label)
            : HasEnding("." + Encoding, "png") ? Encoded(picture.ToPng(), label)
            : throw new InvalidDataException($"{path}: pictures are encoded as png only, not as {Encoding}");
    }

    /// <inheritdoc/>
    public void Seek(long items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        this.items = items;
    }

    /// <summary>Nothing to let go of.</summary>
    public void Dispose() { }

    private static Datum Encoded(byte[] file, int label) => new() { Data = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(file), Label = label, Encoded = true };

    // As Caffe's matchExt: jpg and jpeg are one.
    private static bool HasEnding(string path, string ending)
    {
        string own = Path.GetExtension(path).TrimStart('.').ToUpperInvariant(), wanted = ending.ToUpperInvariant();
        return own == wanted || (own is "JPG" or "JPEG" && wanted is "JPG" or "JPEG");
    }

    private byte[] Bytes(string path)
    {
        try
        {
            return files.ReadAll(path, MostPictureBytes);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new InvalidDataException($"{Name}: Could not load {path}: there is no such file", error);
        }
    }

    private int Current()
    {
        if (options.ShuffleSeed is not { } seed)
        {
            return (int)Position;
        }
        if (order is null || round != items / Count)
        {
            round = items / Count;
            order = Shuffle.Order(seed, round, part: 0, lines.Count);
        }
        return order[Position];
    }
}
