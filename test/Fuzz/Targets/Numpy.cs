using System.IO.Compression;
using Symbolic.Fuzz.Mutations;
using Symbolic.Runtime;

namespace Symbolic.Fuzz.Targets;

/// <summary>One array of numpy.</summary>
internal sealed class NpyTarget : Target
{
    public override string Name => "npy";

    public override string Extension => ".npy";

    public override IEnumerable<byte[]> Own() => Arrays().Select(Bytes);

    // Half of the damage keeps to the header, where everything is decided.
    public override byte[] Damage(byte[] valid, byte[] other, Random random)
    {
        int header = Math.Min(valid.Length, 128);
        return random.Next(2) == 0 ? Mutations.Bytes.Damage(valid, other, random)
            : [.. (random.Next(2) == 0 ? Tokens.Damage(valid[..header], other[..Math.Min(other.Length, 128)], random) : Mutations.Bytes.Damage(valid[..header], other, random)), .. valid[header..]];
    }

    public override void Read(string file) => NumpyFile.Read(file);

    public override bool IsClear(Exception error, string file) => IsClearError(error, file);

    internal static bool IsClearError(Exception error, string file) =>
        error is InvalidDataException && error.Message.StartsWith(file, StringComparison.Ordinal) && error.Message.Length < 4000;

    internal static IEnumerable<Tensor> Arrays() =>
        [Tensor.Of<float>([1, 2, 3, 4, 5, 6], 2, 3), Tensor.Of<bool>([true, false, true], 3), Tensor.Scalar(7L), Tensor.Zeros(DType.Float16, 0, 4), Tensor.Of<double>([0.5, double.NaN], 1, 2, 1)];

    internal static byte[] Bytes(Tensor tensor)
    {
        string folder = Directory.CreateTempSubdirectory("fuzz").FullName;
        try
        {
            NumpyFile.Write(Path.Combine(folder, "own.npy"), tensor);
            return File.ReadAllBytes(Path.Combine(folder, "own.npy"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}

/// <summary>A zip of arrays of numpy.</summary>
internal sealed class NpzTarget : Target
{
    private readonly NpyTarget inner = new();

    public override string Name => "npz";

    public override string Extension => ".npz";

    public override IEnumerable<byte[]> Own() => [.. new[] { CompressionLevel.NoCompression, CompressionLevel.Optimal }.Select(level =>
        Zip([.. NpyTarget.Arrays().Select((array, i) => ($"layer/{i}.npy", NpyTarget.Bytes(array)))], level))];

    // A damaged array inside of a zip that is right, or a damaged zip.
    public override byte[] Damage(byte[] valid, byte[] other, Random random)
    {
        if (random.Next(2) == 0 || Entries(valid) is not { Length: > 0 } entries)
        {
            return Mutations.Bytes.Damage(valid, other, random);
        }
        int at = random.Next(entries.Length);
        byte[] piece = Entries(other) is { Length: > 0 } others ? others[random.Next(others.Length)].Bytes : other;
        entries[at].Bytes = inner.Damage(entries[at].Bytes, piece, random);
        return Zip(entries, random.Next(2) == 0 ? CompressionLevel.NoCompression : CompressionLevel.Optimal);
    }

    public override void Read(string file) => NumpyFile.ReadArchive(file);

    public override bool IsClear(Exception error, string file) => NpyTarget.IsClearError(error, file);

    private static (string Name, byte[] Bytes)[] Entries(byte[] file)
    {
        try
        {
            using var zip = new ZipArchive(new MemoryStream(file), ZipArchiveMode.Read);
            return [.. zip.Entries.Select(entry =>
            {
                using Stream stream = entry.Open();
                using var copy = new MemoryStream();
                stream.CopyTo(copy);
                return (entry.FullName, copy.ToArray());
            })];
        }
        catch (InvalidDataException)
        {
            return [];
        }
    }

    private static byte[] Zip((string Name, byte[] Bytes)[] entries, CompressionLevel level)
    {
        using var made = new MemoryStream();
        using (var zip = new ZipArchive(made, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, byte[] bytes) in entries)
            {
                using Stream stream = zip.CreateEntry(name.Length == 0 ? "unnamed" : name, level).Open();
                stream.Write(bytes);
            }
        }
        return made.ToArray();
    }
}
