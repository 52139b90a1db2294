using System.Buffers.Binary;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Symbolic.Runtime;

/// <summary>
/// Arrays in numpy's files: <c>.npy</c> holds one, <c>.npz</c> is a zip of several. Both are untrusted: reading ends in tensors or in an
/// error that names the file and the array. Pickled objects are programs and are refused.
/// </summary>
public static class NumpyFile
{
    // Deflate makes at most 1032 bytes of one (RFC 1951: 258 bytes by two bits); so much more than it holds is no array of numbers.
    private const long MostOfOneByte = 64;
    private const long AlwaysAllowed = 64 << 20;
    private const int MostArrays = 100_000;

    /// <summary>Reads the array of a <c>.npy</c> file, in any byte order, by rows or by columns.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, holds objects or a dtype that tensors do not have, or more than its array.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static Tensor Read(string path)
    {
        using FileStream stream = File.OpenRead(path);
        return Read(stream, path, stream.Length, stream.Length);
    }

    /// <summary>Reads all arrays of an <c>.npz</c> file by their names, as <c>numpy.savez</c> and <c>savez_compressed</c> write it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostBytes">How much memory its arrays may take together; 64 MiB or 64 times the file if none is given, whichever is more.</param>
    /// <exception cref="InvalidDataException">The file is damaged, larger than allowed, or holds something else than arrays that tensors can be.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, Tensor> ReadArchive(string path, long? mostBytes = null)
    {
        using FileStream stream = File.OpenRead(path);
        long allowed = mostBytes ?? Math.Max(AlwaysAllowed, stream.Length * MostOfOneByte);
        var arrays = new Dictionary<string, Tensor>(StringComparer.Ordinal);
        try
        {
            using var zip = new ZipArchive(stream, ZipArchiveMode.Read);
            foreach (ZipArchiveEntry entry in zip.Entries)
            {
                string name = entry.FullName.EndsWith(".npy", StringComparison.Ordinal) ? entry.FullName[..^4] : throw NumpyHeader.Bad(path, "holds a file that is no .npy");
                string place = $"{path}({(name.Length <= 80 && name.All(c => char.IsAscii(c) && !char.IsControl(c)) ? name : $"array {arrays.Count}")})";
                using Stream content = entry.Open();
                Tensor array = Read(content, place, entry.Length, allowed);
                allowed -= array.Count * array.DType.Size();
                if (arrays.Count == MostArrays || !arrays.TryAdd(name, array))
                {
                    throw NumpyHeader.Bad(place, arrays.Count == MostArrays ? $"more than {MostArrays} arrays" : "is there twice");
                }
            }
        }
        catch (Exception error) when (error is not InvalidDataException || !error.Message.StartsWith(path, StringComparison.Ordinal))
        {
            // Whatever the library for zip files stumbles over in bytes that anybody may have written.
            throw new InvalidDataException($"{path}: is no zip of arrays: {error.Message}", error);
        }
        return arrays;
    }

    /// <summary>Writes a tensor as a <c>.npy</c> file of format 1.0, row-major, little-endian.</summary>
    /// <exception cref="NotSupportedException">numpy has no such dtype (bfloat16).</exception>
    public static void Write(string path, Tensor tensor)
    {
        using FileStream stream = File.Create(path);
        Write(stream, tensor);
    }

    /// <summary>Writes tensors as an <c>.npz</c> file, uncompressed, as <c>numpy.savez</c> does.</summary>
    /// <exception cref="ArgumentException">Two have the same name.</exception>
    /// <exception cref="NotSupportedException">numpy has no such dtype (bfloat16).</exception>
    public static void WriteArchive(string path, IEnumerable<KeyValuePair<string, Tensor>> tensors)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        using var zip = new ZipArchive(File.Create(path), ZipArchiveMode.Create);
        foreach ((string name, Tensor tensor) in tensors)
        {
            if (!written.Add(name))
            {
                throw new ArgumentException($"two arrays have the name {name}", nameof(tensors));
            }
            using Stream entry = zip.CreateEntry($"{name}.npy", CompressionLevel.NoCompression).Open();
            Write(entry, tensor);
        }
    }

    private static void Write(Stream stream, Tensor tensor)
    {
        stream.Write(NumpyHeader.Write(tensor.DType, tensor.Sizes));
        Tensor source = tensor.IsRowMajor ? tensor : tensor.Copy();
        source.EachRun(bytes => stream.Write(bytes));
    }

    private static Tensor Read(Stream stream, string file, long length, long allowed)
    {
        var header = NumpyHeader.Read(stream, file);
        long bytes = header.Bytes(file);
        if (bytes > length - header.Length)
        {
            throw NumpyHeader.Bad(file, $"an array {header.DType.Text()}[{string.Join(",", header.Sizes)}] has {bytes} bytes, and the file only {length - header.Length} for it");
        }
        if (bytes < length - header.Length)
        {
            throw NumpyHeader.Bad(file, $"holds more than its array {header.DType.Text()}[{string.Join(",", header.Sizes)}]");
        }
        if (bytes > allowed)
        {
            throw NumpyHeader.Bad(file, $"an array {header.DType.Text()}[{string.Join(",", header.Sizes)}] of {bytes} bytes is more than is allowed here ({Math.Max(0, allowed)})");
        }
        Seq<long> sizes = header.IsFortranOrder ? header.Sizes.Reverse().ToSeq() : header.Sizes;
        Tensor read = Tensor.Allocate(header.DType, sizes, zeroed: false);
        read.EachRun(run =>
        {
            NumpyHeader.Fill(stream, run, file);
            if (header.IsBigEndian)
            {
                // Of a complex number each part by itself.
                Swap(run, header.DType.Real().Size());
            }
            else if (header.DType == DType.Bool)
            {
                foreach (ref byte value in run)
                {
                    value = value == 0 ? (byte)0 : (byte)1;
                }
            }
        });
        return header.IsFortranOrder && sizes.Count > 1 ? read.Transpose().Copy() : read;
    }

    private static void Swap(Span<byte> bytes, int size)
    {
        switch (size)
        {
            case 2:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, short>(bytes), MemoryMarshal.Cast<byte, short>(bytes));
                break;
            case 4:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, int>(bytes), MemoryMarshal.Cast<byte, int>(bytes));
                break;
            case 8:
                BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, long>(bytes), MemoryMarshal.Cast<byte, long>(bytes));
                break;
            default:
                throw new System.Diagnostics.UnreachableException($"an element of {size} bytes");
        }
    }
}
