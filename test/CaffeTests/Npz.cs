using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Symbolic.Test;

/// <summary>An array of float32 from a numpy file.</summary>
internal sealed record NpyArray(int[] Shape, float[] Values);

/// <summary>Reads numpy's .npz: a zip of .npy files (format 1.0, little-endian, C order).</summary>
internal static partial class Npz
{
    public static Dictionary<string, NpyArray> Read(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(entry => entry.FullName[..^".npy".Length], Read);
    }

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
            var other => throw new InvalidDataException($"{entry.FullName}: dtype {other}"),
        };
        int[] shape = [.. Shape().Match(header).Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(size => int.Parse(size, CultureInfo.InvariantCulture))];
        Assert.Contains("'fortran_order': False", header, StringComparison.Ordinal);
        Assert.Equal(shape.Aggregate(1, (product, size) => product * size), values.Length);
        return new NpyArray(shape, values);
    }

    [GeneratedRegex("'descr': '([^']+)'")]
    private static partial Regex Dtype();

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex Shape();
}
