using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>Digits in MNIST's own files, as items that Caffe's convert_mnist_data would make of them. All of it is in memory.</summary>
public sealed class MnistSource : IDatumSource
{
    private readonly IdxFile images, labels;

    private MnistSource(string name, IdxFile images, IdxFile labels) => (Name, this.images, this.labels) = (name, images, labels);

    /// <summary>
    /// Reads <c>set-images-idx3-ubyte</c> and <c>set-labels-idx1-ubyte</c> of a folder, also spelt with a dot before idx, also
    /// with <c>.gz</c> behind.
    /// </summary>
    /// <param name="folder">The folder.</param>
    /// <param name="set"><c>train</c> or <c>t10k</c>.</param>
    /// <param name="files">Which files may be opened; null: any.</param>
    /// <exception cref="FileNotFoundException">There is no such file in the folder.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the two do not belong together.</exception>
    public static MnistSource Open(string folder, string set, ModelFiles? files = null)
    {
        files ??= ModelFiles.Anywhere;
        IdxFile images = IdxFile.Read(Find(folder, $"{set}-images", "idx3-ubyte", files), 3, files);
        IdxFile labels = IdxFile.Read(Find(folder, $"{set}-labels", "idx1-ubyte", files), 1, files);
        return Of($"{folder} ({set})", images, labels);
    }

    /// <summary>Reads two files, of images and of their labels.</summary>
    /// <param name="images">A file as <c>train-images-idx3-ubyte</c>, also compressed by gzip.</param>
    /// <param name="labels">A file as <c>train-labels-idx1-ubyte</c>, also compressed by gzip.</param>
    /// <param name="files">Which files may be opened; null: any.</param>
    /// <exception cref="IOException">A file is not there or cannot be read.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the two do not belong together.</exception>
    public static MnistSource OpenFiles(string images, string labels, ModelFiles? files = null)
    {
        files ??= ModelFiles.Anywhere;
        return Of(images, IdxFile.Read(images, 3, files), IdxFile.Read(labels, 1, files));
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>The height of an image.</summary>
    public int Rows => images.Sizes[1];

    /// <summary>The width of an image.</summary>
    public int Columns => images.Sizes[2];

    /// <inheritdoc/>
    public long Count => labels.Bytes.Length;

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public Datum Next()
    {
        int pixels = images.Sizes[1] * images.Sizes[2];
        var datum = new Datum
        {
            Channels = 1,
            Height = images.Sizes[1],
            Width = images.Sizes[2],
            Data = ByteString.CopyFrom(images.Bytes, (int)Position * pixels, pixels),
            Label = labels.Bytes[Position],
        };
        Position = (Position + 1) % Count;
        return datum;
    }

    /// <inheritdoc/>
    public void Seek(long items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        Position = items % Count;
    }

    /// <summary>Nothing to let go of.</summary>
    public void Dispose() { }

    private static MnistSource Of(string name, IdxFile images, IdxFile labels) => images.Sizes[0] == labels.Sizes[0] && images.Bytes.Length > 0
        ? new MnistSource(name, images, labels)
        : throw new InvalidDataException($"{name}: has {images.Sizes[0]} images of {images.Sizes[1]} x {images.Sizes[2]}, and {labels.Sizes[0]} labels");

    private static string Find(string folder, string start, string ending, ModelFiles files)
    {
        string[] names = [.. new[] { "-", "." }.SelectMany(dot => new[] { "", ".gz" }.Select(zip => Path.Combine(folder, start + dot + ending + zip)))];
        return Array.Find(names, name => File.Exists(files.Resolve(name)))
            ?? throw new FileNotFoundException($"{folder} has no {start}-{ending}, with or without .gz", names[0]);
    }
}
