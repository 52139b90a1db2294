using System.IO.Compression;
using System.Text;
using Symbolic.Runtime;

namespace Symbolic.Test;

public sealed class NumpyFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("numpy").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }", "0000803f000000400000404000008040 0000a0400000c040", "f32[2,3] 1 2 3 4 5 6")]
    [InlineData("{'descr': '>f4', 'fortran_order': False, 'shape': (2,), }", "3f80000040000000", "f32[2] 1 2")]
    [InlineData("{'descr': '<i2', 'fortran_order': True, 'shape': (2, 3), }", "010002000300040005000600", "i16[2,3] 1 3 5 2 4 6")]
    [InlineData("{'shape': (), 'fortran_order': False, \"descr\": '|u1'}\n", "ff", "u8[] 255")]
    [InlineData("{'descr': '|b1', 'fortran_order': False, 'shape': (3L,), }", "000102", "bool[3] false true true")]
    [InlineData("{'descr': '<f2', 'fortran_order': False, 'shape': (0, 4), }", "", "f16[0,4]")]
    [InlineData("{'descr': '>c8', 'fortran_order': False, 'shape': (1,), }", "3f800000c0000000", "c64[1] 1-2i")]
    [InlineData("{'descr': '<c16', 'fortran_order': False, 'shape': (1,), }", "000000000000f03f000000000000e0bf", "c128[1] 1-0.5i")]
    public void ArraysOfAllLayoutsAreRead(string header, string bytes, string expected)
    {
        Tensor read = NumpyFile.Read(Array(header, bytes));
        Assert.Equal(expected, $"{read.Type} {string.Join(" ", Enumerable.Range(0, (int)read.Count).Select(i => read.ToLiteral()[i].Text()))}".Trim());
    }

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "80034e2e", "pickled Python objects")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "00000000", "structured dtype")]
    [InlineData("{'descr': '<U3', 'fortran_order': False, 'shape': (1,), }", "00000000", "dtype \"<U3\"")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }", "00000000", "has 8 bytes, and the file only")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "0000000000", "holds more than its array f32[1]")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (4294967296, 4294967296), }", "", "more bytes than 64 bits count")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,), }", "", "a size")]
    [InlineData("{'descr': '<f8', 'fortran_order': False, 'shape': (-1,), }", "", "a size")]
    [InlineData("{'descr': '<f8', 'fortran_order': 1, 'shape': (1,), }", "", "True or False")]
    [InlineData("{'descr': '<f8', 'shape': (1,), }", "", "lacks")]
    [InlineData("{'descr': '<f8', 'descr': '<f8', 'shape': (1,), }", "", "twice")]
    [InlineData("__import__('os').system('x')", "", "'{'")]
    public void WhatIsNoArrayOfNumbersIsAnError(string header, string bytes, string reason)
    {
        string file = Array(header, bytes);
        var error = Assert.Throws<InvalidDataException>(() => NumpyFile.Read(file));
        Assert.StartsWith(file, error.Message, StringComparison.Ordinal);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryDtypeOfNumpyComesBack()
    {
        foreach (DType dtype in DTypes.All.Where(d => d != DType.BFloat16))
        {
            Tensor written = Tensor.Zeros(dtype, 3, 5).Slice(1, 1, 2);
            string file = Path.Combine(folder, "a.npy");
            NumpyFile.Write(file, written);
            Assert.Equal(written.Copy().ToLiteral(), NumpyFile.Read(file).ToLiteral());
            Assert.Equal(0, (new FileInfo(file).Length - (6 * dtype.Size())) % 64);
        }
        var error = Assert.Throws<NotSupportedException>(() => NumpyFile.Write(Path.Combine(folder, "b.npy"), Tensor.Zeros(DType.BFloat16, 1)));
        Assert.Contains("bf16", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void ArchivesComeBack()
    {
        string file = Path.Combine(folder, "a.npz");
        Dictionary<string, Tensor> written = new() { ["conv1/W"] = Tensor.Of<float>([1, 2, 3, 4], 2, 2), ["é"] = Tensor.Scalar(3L) };
        NumpyFile.WriteArchive(file, written);
        IReadOnlyDictionary<string, Tensor> read = NumpyFile.ReadArchive(file);
        Assert.Equal(written.Keys, read.Keys);
        Assert.All(written, entry => Assert.Equal(entry.Value.ToLiteral(), read[entry.Key].ToLiteral()));
    }

    [Fact]
    public void AZipThatUnfoldsToMoreThanAllowedIsAnErrorBeforeItIsUnfolded()
    {
        string file = Path.Combine(folder, "bomb.npz");
        using (var zip = new ZipArchive(File.Create(file), ZipArchiveMode.Create))
        {
            using Stream entry = zip.CreateEntry("zeros.npy", CompressionLevel.SmallestSize).Open();
            entry.Write(File.ReadAllBytes(Array("{'descr': '|u1', 'fortran_order': False, 'shape': (100000000,), }", "")));
            byte[] zeros = new byte[1_000_000];
            for (int i = 0; i < 100; i++)
            {
                entry.Write(zeros);
            }
        }
        var error = Assert.Throws<InvalidDataException>(() => NumpyFile.ReadArchive(file));
        Assert.Contains("is more than is allowed here", error.Message, StringComparison.Ordinal);
        Assert.Equal(100_000_000, NumpyFile.ReadArchive(file, mostBytes: 100_000_000)["zeros"].Count);
    }

    [Fact]
    public void WhatIsNoZipIsAnErrorThatNamesTheFile()
    {
        string file = Path.Combine(folder, "text.npz");
        File.WriteAllText(file, "no zip");
        Assert.StartsWith(file, Assert.Throws<InvalidDataException>(() => NumpyFile.ReadArchive(file)).Message, StringComparison.Ordinal);
    }

    [DataFact]
    public void ArraysThatNumpyWroteAreRead()
    {
        IReadOnlyDictionary<string, Tensor> read = NumpyFile.ReadArchive(ReferenceData.File("caffe", "golden", "weights_io", "tiny.npz"));
        Assert.NotEmpty(read);
        Assert.All(read.Values, array => Assert.Equal(DType.Float32, array.DType));
    }

    private string Array(string header, string hex)
    {
        byte[] text = Encoding.ASCII.GetBytes(header);
        string file = Path.Combine(folder, "array.npy");
        File.WriteAllBytes(file, [0x93, .. "NUMPY"u8, 1, 0, (byte)text.Length, (byte)(text.Length >> 8), .. text, .. Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal))]);
        return file;
    }
}
