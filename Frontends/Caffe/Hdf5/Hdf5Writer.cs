using System.Text;
using PureHDF;

namespace Symbolic.Caffe.Hdf5;

/// <summary>Collects arrays under paths and writes them as one HDF5 file, which the HDF5 library and so Caffe read.</summary>
internal sealed class Hdf5Writer
{
    private readonly H5File file = [];
    private int longestText = 1;

    /// <summary>A group, made with those on the way to it.</summary>
    public Hdf5Writer Group(string path)
    {
        At(path);
        return this;
    }

    /// <summary>An array of float32.</summary>
    public void Add(string path, ReadOnlySpan<int> shape, float[] values) => Put(path, shape.Length == 0
        ? new H5Dataset(values[0])
        : new H5Dataset(values, fileDims: [.. shape.ToArray().Select(size => (ulong)size)]));

    /// <summary>A whole number, as an array of one like Caffe's.</summary>
    public void Add(string path, int value) => Put(path, new H5Dataset(new[] { value }, fileDims: [1]));

    /// <summary>A string, with a zero byte behind as C has it.</summary>
    public void Add(string path, string text)
    {
        longestText = Math.Max(longestText, Encoding.UTF8.GetByteCount(text) + 1);
        Put(path, new H5Dataset(text));
    }

    /// <summary>Writes or replaces a file; a reader sees the old one or the new one, never a part.</summary>
    /// <exception cref="IOException">The folder is not there, or the disk is full.</exception>
    public void Write(string path) => WholeFile.Write(path, stream => file.Write(stream, new H5WriteOptions(DefaultStringLength: longestText)));

    private void Put(string path, H5Dataset dataset)
    {
        int slash = path.LastIndexOf('/');
        (slash < 0 ? file : At(path[..slash]))[path[(slash + 1)..]] = dataset;
    }

    private H5Group At(string path)
    {
        H5Group group = file;
        foreach (string name in path.Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (!group.TryGetValue(name, out object? inner))
            {
                group[name] = inner = new H5Group();
            }
            group = (H5Group)inner;
        }
        return group;
    }
}
