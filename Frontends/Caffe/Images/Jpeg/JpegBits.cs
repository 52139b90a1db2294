namespace Symbolic.Caffe.Images.Jpeg;

/// <summary>The bits of a JPEG's entropy-coded data, up to the next marker (ITU-T T.81, F.2.2.5).</summary>
internal sealed class JpegBits(byte[] file, string where)
{
    private uint held;
    private int count;

    /// <summary>The next byte that was not taken as bits.</summary>
    public int Position { get; set; }

    /// <summary>One bit.</summary>
    public int Bit()
    {
        if (count == 0)
        {
            Fill(1);
        }
        return (int)(held >> --count) & 1;
    }

    /// <summary>So many bits, at most 16.</summary>
    public int Bits(int wanted)
    {
        if (wanted == 0)
        {
            return 0;
        }
        if (count < wanted)
        {
            Fill(wanted);
        }
        count -= wanted;
        return (int)(held >> count) & ((1 << wanted) - 1);
    }

    /// <summary>A number of so many bits whose first bit says its sign (F.2.2.1, EXTEND).</summary>
    public int Signed(int wanted)
    {
        int value = Bits(wanted);
        return wanted > 0 && value < 1 << (wanted - 1) ? value - (1 << wanted) + 1 : value;
    }

    /// <summary>The next symbol of a code.</summary>
    public int Symbol(JpegCode code)
    {
        if (count < JpegCode.Ahead)
        {
            TryFill();
        }
        if (count >= JpegCode.Ahead && code.Look((int)(held >> (count - JpegCode.Ahead)) & ((1 << JpegCode.Ahead) - 1)) is var found && found.Length > 0)
        {
            count -= found.Length;
            return found.Symbol;
        }
        int bits = 0;
        for (int length = 1; length <= 16; length++)
        {
            bits = (bits << 1) | Bit();
            if (code.Find(length, bits) is >= 0 and int symbol)
            {
                return symbol;
            }
        }
        throw Bad("a code that no table has");
    }

    /// <summary>Lets go of the bits that are left of a byte.</summary>
    public void Align() => count = 0;

    public InvalidDataException Bad(string what) => new($"{where}: damaged at byte {Position}: {what}");

    private void Fill(int wanted)
    {
        TryFill();
        if (count < wanted)
        {
            throw Bad("the data end too early");
        }
    }

    // A byte 255 of data is followed by a 0; another byte behind it is a marker, before which the data end.
    private void TryFill()
    {
        while (count <= 24 && Position < file.Length)
        {
            byte next = file[Position];
            if (next == 0xFF && (Position + 1 >= file.Length || file[Position + 1] != 0))
            {
                return;
            }
            Position += next == 0xFF ? 2 : 1;
            held = (held << 8) | next;
            count += 8;
        }
    }
}

/// <summary>A Huffman code as a DHT segment gives it: how many codes of each length, and their symbols (annex C, F.2.2.3).</summary>
internal sealed class JpegCode
{
    /// <summary>Codes up to this length are looked up at once.</summary>
    public const int Ahead = 9;

    private readonly byte[] symbols;
    private readonly int[] first = new int[17], last = new int[17], place = new int[17];
    private readonly (byte Length, byte Symbol)[] ahead = new (byte, byte)[1 << Ahead];

    public JpegCode(ReadOnlySpan<byte> counts, byte[] symbols, string where)
    {
        this.symbols = symbols;
        int code = 0, at = 0;
        for (int length = 1; length <= 16; length++)
        {
            (first[length], place[length]) = (code, at);
            for (int i = 0; i < counts[length - 1]; i++, code++, at++)
            {
                if (length <= Ahead && code < 1 << length)
                {
                    ahead.AsSpan(code << (Ahead - length), 1 << (Ahead - length)).Fill(((byte)length, symbols[at]));
                }
            }
            last[length] = code - 1;
            if (code > 1 << length)
            {
                throw new InvalidDataException($"{where}: damaged: a Huffman table with more codes of {length} bits than there are");
            }
            code <<= 1;
        }
    }

    public (byte Length, byte Symbol) Look(int bits) => ahead[bits];

    /// <summary>The symbol of a code, or -1 if it is none.</summary>
    public int Find(int length, int code) => code >= first[length] && code <= last[length] ? symbols[place[length] + code - first[length]] : -1;
}
