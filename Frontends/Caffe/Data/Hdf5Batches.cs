using System.Text;
using Symbolic.Caffe.Hdf5;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>
/// What an HDF5Data layer gives: rows of the arrays that are named like its tops, file after file of a list, batches going over
/// the ends of files (hdf5_data_layer.cpp). One file at a time is in memory.
/// </summary>
public sealed class Hdf5Batches : IBatches
{
    private const long MostListBytes = 1 << 26;

    private readonly Seq<string> names;
    private readonly Seq<string> tops;
    private readonly ModelFiles files;
    private readonly bool shuffles;
    private readonly ulong seed;
    private readonly int batch;
    private readonly Seq<Seq<int>> rowShapes;
    private Hdf5Array[] arrays = [];
    private int[] fileOrder, rowOrder = [];
    private long round;
    private int file, row;

    private Hdf5Batches(LayerParameter layer, Seq<string> names, ulong seed, ModelFiles files)
    {
        (this.names, this.seed, this.files) = (names, seed, files);
        tops = layer.Top.ToSeq();
        shuffles = layer.Hdf5DataParam.Shuffle;
        batch = (int)layer.Hdf5DataParam.BatchSize;
        fileOrder = FileOrder();
        Load();
        rowShapes = arrays.Select(array => array.Shape[1..]).ToSeq();
        Shapes = rowShapes.Map(shape => (Seq<int>)[batch, .. shape]);
        if (Shapes.Any(shape => shape.Aggregate((UInt128)1, (product, size) => product * (UInt128)size) > int.MaxValue))
        {
            throw new InvalidDataException($"{names[0]}: a batch of {batch} rows has more than {int.MaxValue} values");
        }
    }

    /// <summary>The batches of an HDF5Data layer, whose list and first file are read.</summary>
    /// <param name="layer">The layer.</param>
    /// <param name="seed">Decides the order if it is shuffled.</param>
    /// <param name="places">The places of the net's file, for errors.</param>
    /// <param name="files">Which files may be opened; null: any.</param>
    /// <exception cref="PrototxtError">The layer's parameters make no sense, or there is no such list.</exception>
    /// <exception cref="InvalidDataException">The list or the first file is damaged or lacks an array.</exception>
    /// <exception cref="IOException">The first file is not there or cannot be read.</exception>
    public static Hdf5Batches Open(LayerParameter layer, ulong seed, PrototxtPlaces places, ModelFiles? files = null)
    {
        files ??= ModelFiles.Anywhere;
        HDF5DataParameter data = layer.Hdf5DataParam ?? throw places.Error(layer, $"layer '{layer.Name}' needs an hdf5_data_param");
        if (layer.TransformParam is not null)
        {
            throw places.Error(layer, "transform_param", $"layer '{layer.Name}': HDF5Data does not transform data.");
        }
        if (data.BatchSize is 0 or > int.MaxValue)
        {
            throw places.Error(data, "batch_size", $"layer '{layer.Name}': batch_size is {data.BatchSize}; it must be positive and below 2^31");
        }
        string[] names;
        try
        {
            names = Encoding.UTF8.GetString(files.ReadAll(data.Source, MostListBytes)).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw places.Error(data, "source", $"layer '{layer.Name}': Failed to open source file: '{data.Source}' in {Environment.CurrentDirectory}");
        }
        return names.Length > 0 ? new Hdf5Batches(layer, names.ToSeq(), seed, files)
            : throw places.Error(data, "source", $"layer '{layer.Name}': Must have at least 1 HDF5 filename listed in {data.Source}");
    }

    /// <inheritdoc/>
    public Seq<Seq<int>> Shapes { get; }

    /// <inheritdoc/>
    public long ItemsRead { get; private set; }

    /// <inheritdoc/>
    public long Restarts { get; private set; }

    /// <inheritdoc/>
    public void SkipTo(long itemsRead)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(itemsRead);
        int[] rows = [.. Enumerable.Range(0, names.Count).Select(Rows)];
        long all = rows.Sum(count => (long)count), left = itemsRead % all;
        (round, file) = (itemsRead / all, 0);
        fileOrder = FileOrder();
        while (left >= rows[fileOrder[file]])
        {
            left -= rows[fileOrder[file++]];
        }
        Load();
        (row, ItemsRead) = ((int)left, itemsRead);
    }

    /// <inheritdoc/>
    public void Next(ReadOnlySpan<Tensor> tops)
    {
        for (int item = 0; item < batch; item++)
        {
            for (int top = 0; top < tops.Length; top++)
            {
                int size = arrays[top].Values.Length / arrays[top].Shape[0];
                arrays[top].Values.AsSpan(rowOrder[row] * size, size).CopyTo(tops[top].AsSpan<float>()[(item * size)..]);
            }
            Advance();
        }
    }

    /// <summary>Nothing to let go of.</summary>
    public void Dispose() { }

    private void Advance()
    {
        ItemsRead++;
        if (++row < rowOrder.Length)
        {
            return;
        }
        row = 0;
        if (++file == names.Count)
        {
            (file, round) = (0, round + 1);
            fileOrder = FileOrder();
            Restarts++;
        }
        if (names.Count > 1)
        {
            Load();
        }
        else
        {
            rowOrder = RowOrder(rowOrder.Length);
        }
    }

    private void Load()
    {
        string name = names[fileOrder[file]];
        using Hdf5Reader reader = Hdf5Reader.Open(name, files);
        arrays = [.. tops.Select(top => reader.Read(top))];
        for (int i = 0; i < arrays.Length; i++)
        {
            Seq<int> shape = arrays[i].Shape;
            if (shape.Count == 0 || shape[0] == 0 || shape[0] != arrays[0].Shape[0])
            {
                throw new InvalidDataException($"{name}: '{tops[i]}' is of shape ({string.Join(", ", shape)}), '{tops[0]}' of ({string.Join(", ", arrays[0].Shape)}); each wants as many rows, at least one");
            }
            if (rowShapes is { Count: > 0 } && shape[1..] != rowShapes[i])
            {
                throw new InvalidDataException($"{name}: a row of '{tops[i]}' is of shape ({string.Join(", ", shape.Skip(1))}), in {names[0]} of ({string.Join(", ", rowShapes[i])}); all files must agree");
            }
        }
        rowOrder = RowOrder(arrays[0].Shape[0]);
    }

    private int Rows(int file)
    {
        using Hdf5Reader reader = Hdf5Reader.Open(names[file], files);
        return reader.Shape(tops[0]) is [> 0 and var rows, ..] ? rows : throw new InvalidDataException($"{names[file]}: '{tops[0]}' has no rows");
    }

    private int[] FileOrder() => shuffles ? Shuffle.Order(seed, round, part: 0, names.Count) : [.. Enumerable.Range(0, names.Count)];

    private int[] RowOrder(int count) => shuffles ? Shuffle.Order(seed, round, part: fileOrder[file] + 1, count) : [.. Enumerable.Range(0, count)];
}
