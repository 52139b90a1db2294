using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Symbolic.Test;

/// <summary>An array of a numpy file as float32, in which Caffe computed it.</summary>
internal sealed record NpyArray(long[] Sizes, float[] Values)
{
    public double[] Numbers() => Array.ConvertAll(Values, value => (double)value);

    public Literal ToLiteral() => Literal.Of<float>(Values, Sizes);
}

/// <summary>Reads numpy's .npz as numpy 1 and 2 write it: a zip of .npy files (numpy.lib.format 1.0), little-endian, C order.</summary>
internal static partial class Npz
{
    /// <summary>All arrays by name.</summary>
    public static Dictionary<string, NpyArray> Read(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(entry => entry.FullName[..^".npy".Length], Read, StringComparer.Ordinal);
    }

    /// <summary>The arrays whose name begins so, by the rest of their name.</summary>
    public static IEnumerable<(string Name, NpyArray Array)> Under(this Dictionary<string, NpyArray> arrays, string start) =>
        arrays.Where(entry => entry.Key.StartsWith(start, StringComparison.Ordinal)).Select(entry => (entry.Key[start.Length..], entry.Value));

    private static NpyArray Read(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        byte[] bytes = new byte[entry.Length];
        stream.ReadExactly(bytes);
        int headerLength = BitConverter.ToUInt16(bytes, 8);
        string header = Encoding.ASCII.GetString(bytes, 10, headerLength);
        ReadOnlySpan<byte> data = bytes.AsSpan(10 + headerLength);
        float[] values = Dtype().Match(header).Groups[1].Value switch
        {
            "<f4" => MemoryMarshal.Cast<byte, float>(data).ToArray(),
            "<f8" => Array.ConvertAll(MemoryMarshal.Cast<byte, double>(data).ToArray(), value => (float)value),
            "<i8" => Array.ConvertAll(MemoryMarshal.Cast<byte, long>(data).ToArray(), value => (float)value),
            "<i4" => Array.ConvertAll(MemoryMarshal.Cast<byte, int>(data).ToArray(), value => (float)value),
            "|u1" => Array.ConvertAll(data.ToArray(), value => (float)value),
            var other => throw new InvalidDataException($"{entry.FullName}: dtype {other}"),
        };
        long[] sizes = [.. Shape().Match(header).Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => long.Parse(size, CultureInfo.InvariantCulture))];
        if (header.Contains("'fortran_order': True", StringComparison.Ordinal) || sizes.Aggregate(1L, (product, size) => product * size) != values.Length)
        {
            throw new InvalidDataException($"{entry.FullName}: {header.Trim()} with {values.Length} values");
        }
        return new NpyArray(sizes, values);
    }

    [GeneratedRegex("'descr': '([^']+)'")]
    private static partial Regex Dtype();

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Shape();
}
