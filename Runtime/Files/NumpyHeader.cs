using System.Globalization;
using System.Text;

namespace Symbolic.Runtime;

/// <summary>
/// What stands before the elements of an array of numpy: a Python dict of <c>descr</c>, <c>fortran_order</c> and <c>shape</c>
/// (numpy's format specification, numpy.lib.format 1.0 to 3.0). Length is that of all before the elements, in bytes.
/// </summary>
internal sealed record NumpyHeader(DType DType, bool IsBigEndian, bool IsFortranOrder, Seq<long> Sizes, long Length)
{
    // numpy itself refuses more (numpy.lib.format._MAX_HEADER_SIZE).
    private const int MostCharacters = 10_000;
    private const int MostAxes = 32;

    private static readonly (string Code, DType DType)[] Codes =
    [
        ("b1", DType.Bool), ("i1", DType.Int8), ("i2", DType.Int16), ("i4", DType.Int32), ("i8", DType.Int64),
        ("u1", DType.UInt8), ("u2", DType.UInt16), ("u4", DType.UInt32), ("u8", DType.UInt64), ("f2", DType.Float16), ("f4", DType.Float32), ("f8", DType.Float64),
        ("c8", DType.Complex64), ("c16", DType.Complex128),
    ];

    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Bytes of the elements; more than 64 bits count are an error of the file.</summary>
    public long Bytes(string file)
    {
        try
        {
            return Sizes.Contains(0) ? 0 : Sizes.Aggregate((long)DType.Size(), (product, size) => checked(product * size));
        }
        catch (OverflowException)
        {
            throw Bad(file, $"an array of [{string.Join(",", Sizes)}] has more bytes than 64 bits count");
        }
    }

    /// <summary>Reads everything before the elements.</summary>
    /// <exception cref="InvalidDataException">It is no such header, or its dtype is none of ours.</exception>
    public static NumpyHeader Read(Stream stream, string file)
    {
        Span<byte> start = stackalloc byte[8];
        Fill(stream, start, file);
        if (!start[..6].SequenceEqual(Magic))
        {
            throw Bad(file, "is no array of numpy: it does not begin with \\x93NUMPY");
        }
        (int major, int minor) = (start[6], start[7]);
        if (major is < 1 or > 3 || minor != 0)
        {
            throw Bad(file, $"format {major}.{minor} is not one of 1.0, 2.0 and 3.0");
        }
        Span<byte> length = stackalloc byte[4];
        length.Clear();
        Fill(stream, length[..(major == 1 ? 2 : 4)], file);
        uint characters = System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(length);
        if (characters > MostCharacters)
        {
            throw Bad(file, $"a header of {characters} bytes; numpy too stops at {MostCharacters}");
        }
        byte[] text = new byte[characters];
        Fill(stream, text, file);
        return new Cursor(Encoding.UTF8.GetString(text), file).Header(start.Length + (major == 1 ? 2 : 4) + text.Length);
    }

    /// <summary>A header of format 1.0 for a row-major array, padded so that the elements begin at a multiple of 64 bytes.</summary>
    /// <exception cref="NotSupportedException">numpy has no such dtype.</exception>
    public static byte[] Write(DType dtype, Seq<long> sizes)
    {
        string code = Codes.FirstOrDefault(c => c.DType == dtype).Code ?? throw new NotSupportedException($"numpy has no dtype {dtype.Text()}; cast the tensor first");
        string order = dtype.Size() == 1 ? "|" : "<";
        string shape = sizes.Count == 1 ? $"{sizes[0]}," : string.Join(", ", sizes);
        string text = string.Create(CultureInfo.InvariantCulture, $"{{'descr': '{order}{code}', 'fortran_order': False, 'shape': ({shape}), }}");
        int padded = (10 + text.Length + 1 + 63) / 64 * 64;
        text = text.PadRight(padded - 11) + "\n";
        return [.. Magic, 1, 0, (byte)(text.Length & 0xFF), (byte)(text.Length >> 8), .. Encoding.ASCII.GetBytes(text)];
    }

    /// <summary>An error that names the file.</summary>
    public static InvalidDataException Bad(string file, string what) => new($"{file}: {what}");

    /// <summary>Reads so many bytes, or says that the file ends before them.</summary>
    public static void Fill(Stream stream, Span<byte> bytes, string file)
    {
        if (stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
        {
            throw Bad(file, "ends in the middle of an array");
        }
    }

    /// <summary>Reads the dict: Python's literals, as many as occur in it.</summary>
    private ref struct Cursor(string text, string file)
    {
        private int at;

        public NumpyHeader Header(long length)
        {
            string? descr = null;
            bool? fortran = null;
            Seq<long>? shape = null;
            Expect('{');
            while (!Accept('}'))
            {
                string key = Quoted();
                Expect(':');
                switch (key)
                {
                    case "descr" when descr is null:
                        descr = Peek() == '[' ? throw Bad(file, "a structured dtype; only arrays of numbers and bools can be read") : Quoted();
                        break;
                    case "fortran_order" when fortran is null:
                        fortran = Bool();
                        break;
                    case "shape" when shape is null:
                        shape = Tuple();
                        break;
                    default:
                        throw Bad(file, $"the header's key {Shown(key)} is unknown or there twice");
                }
                if (!Accept(','))
                {
                    Expect('}');
                    break;
                }
            }
            if (Peek() != '\0')
            {
                throw Unexpected("the end of the header");
            }
            if (descr is null || fortran is null || shape is null)
            {
                throw Bad(file, "the header lacks descr, fortran_order or shape");
            }
            (DType dtype, bool big) = Type(descr);
            return new NumpyHeader(dtype, big, fortran.Value, shape, length);
        }

        private readonly (DType, bool) Type(string descr)
        {
            foreach ((string code, DType dtype) in Codes)
            {
                if (descr.Length == code.Length + 1 && descr.EndsWith(code, StringComparison.Ordinal) && "<>|=".Contains(descr[0], StringComparison.Ordinal) && (descr[0] != '|' || dtype.Size() == 1))
                {
                    return (dtype, descr[0] == '>' && dtype.Size() > 1);
                }
            }
            throw descr == "|O"
                ? Bad(file, "holds pickled Python objects, which are programs and are not read")
                : Bad(file, $"dtype {Shown(descr)} is none that can be read");
        }

        private char Peek()
        {
            while (at < text.Length && text[at] is ' ' or '\t' or '\n' or '\r')
            {
                at++;
            }
            return at < text.Length ? text[at] : '\0';
        }

        private bool Accept(char c)
        {
            bool found = Peek() == c;
            at += found ? 1 : 0;
            return found;
        }

        private void Expect(char c)
        {
            if (!Accept(c))
            {
                throw Unexpected($"'{c}'");
            }
        }

        private string Quoted()
        {
            char quote = Peek();
            int end = quote is '\'' or '"' ? text.IndexOf(quote, at + 1) : -1;
            if (end < 0)
            {
                throw Unexpected("a quoted name");
            }
            string content = text[(at + 1)..end];
            at = end + 1;
            return content;
        }

        private bool Bool()
        {
            Peek();
            foreach (bool value in (ReadOnlySpan<bool>)[true, false])
            {
                if (text.AsSpan(at).StartsWith(value ? "True" : "False", StringComparison.Ordinal))
                {
                    at += value ? 4 : 5;
                    return value;
                }
            }
            throw Unexpected("True or False");
        }

        private Seq<long> Tuple()
        {
            var sizes = new List<long>();
            Expect('(');
            while (!Accept(')'))
            {
                Peek();
                int start = at;
                while (at < text.Length && char.IsAsciiDigit(text[at]))
                {
                    at++;
                }
                if (!long.TryParse(text.AsSpan(start, at - start), NumberStyles.None, CultureInfo.InvariantCulture, out long size))
                {
                    throw Unexpected("a size");
                }
                sizes.Add(size);
                // Python 2 wrote its long integers so.
                Accept('L');
                if (sizes.Count > MostAxes)
                {
                    throw Bad(file, $"more than {MostAxes} axes");
                }
                if (!Accept(','))
                {
                    Expect(')');
                    break;
                }
            }
            return sizes.ToSeq();
        }

        private readonly InvalidDataException Unexpected(string wanted) => Bad(file, $"the header should have {wanted} at character {at}: {Shown(text)}");

        private static string Shown(string part) => "\"" + string.Concat(part.Take(80).Select(c => char.IsAscii(c) && !char.IsControl(c) ? c : '?')).Trim() + "\"";
    }
}
