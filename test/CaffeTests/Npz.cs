using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace Symbolic.Test;

/// <summary>Reads arrays of float32 from numpy's .npz files: a zip of .npy members, whose header is a Python dictionary.</summary>
internal static partial class Npz
{
    public static Dictionary<string, Literal> Read(string path)
    {
        using ZipArchive zip = ZipFile.OpenRead(path);
        return zip.Entries.ToDictionary(entry => entry.FullName[..^".npy".Length], Member);
    }

    private static Literal Member(ZipArchiveEntry entry)
    {
        using Stream stream = entry.Open();
        using var all = new MemoryStream();
        stream.CopyTo(all);
        byte[] bytes = all.ToArray();
        bool isOld = bytes[6] == 1;
        int length = isOld ? BitConverter.ToUInt16(bytes, 8) : BitConverter.ToInt32(bytes, 8), start = (isOld ? 10 : 12) + length;
        string header = System.Text.Encoding.ASCII.GetString(bytes, start - length, length);
        Assert.Contains("'fortran_order': False", header);
        long[] sizes = [.. Number().Matches(ShapeText().Match(header).Groups[1].Value).Select(m => long.Parse(m.Value, CultureInfo.InvariantCulture))];
        float[] values = header.Contains("'<f4'") ? MemoryMarshal.Cast<byte, float>(bytes.AsSpan(start)).ToArray()
            : header.Contains("'<f8'") ? [.. MemoryMarshal.Cast<byte, double>(bytes.AsSpan(start)).ToArray().Select(v => (float)v)]
            : throw new InvalidDataException(header);
        return Literal.Of<float>(values, sizes);
    }

    [GeneratedRegex(@"'shape': \(([^)]*)\)")]
    private static partial Regex ShapeText();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Number();
}

/// <summary>Compares with numbers of another system: 1e-4 of the value and 1e-5, as the reference data suggest.</summary>
internal static class Near
{
    /// <summary>The first element that is too far off, or null.</summary>
    public static string? Difference(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, double relative = 1e-4, double absolute = 1e-5)
    {
        if (expected.Length != actual.Length)
        {
            return $"{actual.Length} elements instead of {expected.Length}";
        }
        for (int i = 0; i < expected.Length; i++)
        {
            bool near = float.IsNaN(expected[i]) ? float.IsNaN(actual[i])
                : expected[i].Equals(actual[i]) || Math.Abs(expected[i] - (double)actual[i]) <= absolute + relative * Math.Abs((double)expected[i]);
            if (!near)
            {
                return $"[{i}] is {actual[i]:g9} instead of {expected[i]:g9}";
            }
        }
        return null;
    }
}
