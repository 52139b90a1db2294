using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Symbolic.Test;

/// <summary>The float32 arrays of a NumPy .npz file, by name.</summary>
internal static partial class Npz
{
    public static Dictionary<string, Literal> Read(string path)
    {
        using ZipArchive archive = ZipFile.OpenRead(path);
        return archive.Entries.ToDictionary(entry => Path.GetFileNameWithoutExtension(entry.Name), entry =>
        {
            using Stream stream = entry.Open();
            using var memory = new MemoryStream();
            stream.CopyTo(memory);
            return Array(memory.ToArray());
        });
    }

    // https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html, version 1.0.
    private static Literal Array(byte[] file)
    {
        int header = BitConverter.ToUInt16(file, 8);
        string text = Encoding.Latin1.GetString(file, 10, header);
        if (!text.Contains("'<f4'", StringComparison.Ordinal) || !text.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new NotSupportedException($"the test reads float32 in C order only: {text}");
        }
        long[] sizes = [.. Number().Matches(text[text.IndexOf('(', StringComparison.Ordinal)..]).Select(match => long.Parse(match.Value, System.Globalization.CultureInfo.InvariantCulture))];
        return Literal.FromBytes(DType.Float32, Seq.Create<long>(sizes), file.AsSpan(10 + header));
    }

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Number();
}
