namespace Symbolic.Caffe.Images.Jpeg;

/// <summary>Decodes one scan into coefficients: sequential (ITU-T T.81, annex F), or a step of a progressive picture (annex G).</summary>
internal sealed class JpegScan(JpegFrame frame, JpegBits bits, byte[] file, int restartInterval)
{
    // The place in a block of each coefficient in the order of the file (figure A.6).
    public static ReadOnlySpan<byte> Zigzag =>
    [
        0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
        35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
    ];

    private int ended;

    /// <summary>The components of the scan, each with the codes of its lowest and its other frequencies.</summary>
    public required (JpegComponent Component, JpegCode? Low, JpegCode? High)[] Parts { get; init; }

    /// <summary>The first and the last frequency of the scan.</summary>
    public required (int First, int Last) Band { get; init; }

    /// <summary>Which bit was the last known before, 0 for none, and which is the last known after.</summary>
    public required (int Before, int After) Precision { get; init; }

    public void Decode()
    {
        int units = 0, restarts = 0;
        if (Parts.Length == 1)
        {
            // A scan of one component has just the blocks of the picture.
            JpegComponent component = Parts[0].Component;
            (int across, int down) = ((component.Width + 7) / 8, (component.Height + 7) / 8);
            for (int y = 0; y < down; y++)
            {
                for (int x = 0; x < across; x++)
                {
                    Restart(ref units, ref restarts);
                    Block(Parts[0], (y * component.BlocksAcross) + x);
                }
            }
            return;
        }
        JpegComponent any = Parts[0].Component;
        (int unitsAcross, int unitsDown) = (any.BlocksAcross / any.Across, any.BlocksDown / any.Down);
        for (int unit = 0; unit < unitsAcross * unitsDown; unit++)
        {
            Restart(ref units, ref restarts);
            foreach ((JpegComponent Component, JpegCode? Low, JpegCode? High) part in Parts)
            {
                (int across, int down) = (part.Component.Across, part.Component.Down);
                (int top, int left) = (unit / unitsAcross * down, unit % unitsAcross * across);
                for (int block = 0; block < across * down; block++)
                {
                    Block(part, ((top + (block / across)) * part.Component.BlocksAcross) + left + (block % across));
                }
            }
        }
    }

    private void Restart(ref int units, ref int restarts)
    {
        if (restartInterval > 0 && units == restartInterval)
        {
            bits.Align();
            int at = bits.Position;
            while (at + 1 < file.Length && file[at] == 0xFF && file[at + 1] == 0xFF)
            {
                at++;
            }
            if (at + 1 >= file.Length || file[at] != 0xFF || file[at + 1] != 0xD0 + (restarts & 7))
            {
                throw bits.Bad("a restart marker is missing");
            }
            bits.Position = at + 2;
            restarts++;
            units = 0;
            ended = 0;
            foreach ((JpegComponent component, _, _) in Parts)
            {
                component.Predicted = 0;
            }
        }
        units++;
    }

    private void Block((JpegComponent Component, JpegCode? Low, JpegCode? High) part, int number)
    {
        Span<short> block = part.Component.Coefficients.AsSpan(number * 64, 64);
        if (!frame.IsProgressive)
        {
            LowFirst(part.Component, block, Code(part.Low));
            HighSequential(block, Code(part.High));
        }
        else if (Band.First == 0)
        {
            if (Precision.Before == 0)
            {
                LowFirst(part.Component, block, Code(part.Low));
            }
            else if (bits.Bit() == 1)
            {
                block[0] |= (short)(1 << Precision.After);
            }
        }
        else if (Precision.Before == 0)
        {
            HighFirst(block, Code(part.High));
        }
        else
        {
            HighAgain(block, Code(part.High));
        }
    }

    private JpegCode Code(JpegCode? code) => code ?? throw bits.Bad("a Huffman table that was not given");

    private void LowFirst(JpegComponent component, Span<short> block, JpegCode code)
    {
        int size = bits.Symbol(code);
        component.Predicted += size <= 15 ? bits.Signed(size) : throw bits.Bad($"a difference of {size} bits");
        block[0] = (short)(component.Predicted << Precision.After);
    }

    private void HighSequential(Span<short> block, JpegCode code)
    {
        for (int k = 1; k < 64; k++)
        {
            int symbol = bits.Symbol(code), run = symbol >> 4, size = symbol & 15;
            if (size == 0)
            {
                if (run < 15)
                {
                    return;
                }
                k += 15;
                continue;
            }
            k += run;
            block[Place(k)] = (short)bits.Signed(size);
        }
    }

    private void HighFirst(Span<short> block, JpegCode code)
    {
        if (ended > 0)
        {
            ended--;
            return;
        }
        for (int k = Band.First; k <= Band.Last; k++)
        {
            int symbol = bits.Symbol(code), run = symbol >> 4, size = symbol & 15;
            if (size == 0)
            {
                if (run < 15)
                {
                    ended = (1 << run) + bits.Bits(run) - 1;
                    return;
                }
                k += 15;
                continue;
            }
            k += run;
            block[Place(k)] = (short)(bits.Signed(size) << Precision.After);
        }
    }

    // G.1.2.3: coefficients that are known get another bit each on the way to where the next new one goes.
    private void HighAgain(Span<short> block, JpegCode code)
    {
        short plus = (short)(1 << Precision.After), minus = (short)-plus;
        int k = Band.First;
        if (ended == 0)
        {
            for (; k <= Band.Last; k++)
            {
                int symbol = bits.Symbol(code), run = symbol >> 4, size = symbol & 15;
                short value = 0;
                if (size == 0)
                {
                    if (run < 15)
                    {
                        ended = (1 << run) + bits.Bits(run);
                        break;
                    }
                }
                else
                {
                    value = size != 1 ? throw bits.Bad($"a new coefficient of {size} bits") : bits.Bit() == 1 ? plus : minus;
                }
                for (; k <= Band.Last; k++)
                {
                    ref short known = ref block[Zigzag[k]];
                    if (known != 0)
                    {
                        Refine(ref known, plus);
                    }
                    else if (run-- == 0)
                    {
                        known = value;
                        break;
                    }
                }
            }
        }
        if (ended > 0)
        {
            for (; k <= Band.Last; k++)
            {
                ref short known = ref block[Zigzag[k]];
                if (known != 0)
                {
                    Refine(ref known, plus);
                }
            }
            ended--;
        }
    }

    private void Refine(ref short known, short plus)
    {
        if (bits.Bit() == 1 && (known & plus) == 0)
        {
            known += known > 0 ? plus : (short)-plus;
        }
    }

    private int Place(int k) => k <= Band.Last ? Zigzag[k] : throw bits.Bad("more coefficients than a block has");
}
