namespace Symbolic.Caffe.Images.Jpeg;

/// <summary>One colour component of a JPEG: how finely it is sampled, and the coefficients of its blocks.</summary>
internal sealed class JpegComponent(int id, int across, int down, int table)
{
    public int Id => id;

    /// <summary>Blocks in a unit, horizontally.</summary>
    public int Across => across;

    /// <summary>Blocks in a unit, vertically.</summary>
    public int Down => down;

    /// <summary>Which quantisation table it uses.</summary>
    public int Table => table;

    /// <summary>The samples in a row that belong to the picture.</summary>
    public int Width { get; private set; }

    /// <summary>The rows of samples that belong to the picture.</summary>
    public int Height { get; private set; }

    /// <summary>The blocks in a row, with those that only fill up the last unit.</summary>
    public int BlocksAcross { get; private set; }

    public int BlocksDown { get; private set; }

    /// <summary>64 for each block, in the order of rows.</summary>
    public short[] Coefficients { get; private set; } = [];

    /// <summary>The table as it was when the component's first scan began.</summary>
    public ushort[]? Quantisation { get; set; }

    /// <summary>The last coefficient of lowest frequency, of which the next says the difference.</summary>
    public int Predicted { get; set; }

    public void Size(int width, int height, int mostAcross, int mostDown)
    {
        (Width, Height) = (((width * across) + mostAcross - 1) / mostAcross, ((height * down) + mostDown - 1) / mostDown);
        (int unitsAcross, int unitsDown) = ((width + (8 * mostAcross) - 1) / (8 * mostAcross), (height + (8 * mostDown) - 1) / (8 * mostDown));
        (BlocksAcross, BlocksDown) = (unitsAcross * across, unitsDown * down);
        Coefficients = new short[checked(BlocksAcross * BlocksDown * 64)];
    }
}

/// <summary>What a frame header says (ITU-T T.81, B.2.2).</summary>
internal sealed class JpegFrame
{
    public JpegFrame(ReadOnlySpan<byte> segment, bool isProgressive, string where)
    {
        IsProgressive = isProgressive;
        if (segment.Length < 6 || segment[5] is not (1 or 3) || segment.Length != 6 + (3 * segment[5]))
        {
            throw new InvalidDataException($"{where}: a JPEG of {(segment.Length < 6 ? 0 : segment[5])} components; pictures of one or three are read");
        }
        if (segment[0] != 8)
        {
            throw new InvalidDataException($"{where}: a JPEG of {segment[0]} bits a sample; 8 are read");
        }
        (Height, Width) = ((segment[1] << 8) | segment[2], (segment[3] << 8) | segment[4]);
        Components = new JpegComponent[segment[5]];
        for (int i = 0; i < Components.Length; i++)
        {
            ReadOnlySpan<byte> part = segment.Slice(6 + (3 * i), 3);
            (int across, int down) = (part[1] >> 4, part[1] & 15);
            if (across is < 1 or > 4 || down is < 1 or > 4 || part[2] > 3)
            {
                throw new InvalidDataException($"{where}: damaged: a component of {across} x {down} blocks a unit with table {part[2]}");
            }
            // The sampling of a single component means nothing.
            Components[i] = Components.Length == 1 ? new(part[0], 1, 1, part[2]) : new(part[0], across, down, part[2]);
        }
        (Across, Down) = (Components.Max(component => component.Across), Components.Max(component => component.Down));
        if (Width == 0 || Height == 0)
        {
            throw new InvalidDataException($"{where}: a JPEG of {Width} x {Height} pixels");
        }
        foreach (JpegComponent component in Components)
        {
            if (Across % component.Across != 0 || Down % component.Down != 0)
            {
                throw new InvalidDataException($"{where}: a component sampled {component.Across} x {component.Down} beside one of {Across} x {Down}; only whole ratios are read");
            }
            component.Size(Width, Height, Across, Down);
        }
    }

    public int Width { get; }

    public int Height { get; }

    public bool IsProgressive { get; }

    public JpegComponent[] Components { get; }

    /// <summary>The most blocks of a component in a unit, horizontally.</summary>
    public int Across { get; }

    public int Down { get; }
}
