using System.Buffers.Binary;
using Symbolic.Caffe.Images.Jpeg;

namespace Symbolic.Test;

/// <summary>
/// Writes JPEG pictures from coefficients, baseline or progressive, in the simplest way that ITU-T T.81 allows: one Huffman code for
/// everything, of 8 bits for the first half of the symbols and of 9 for the rest.
/// </summary>
internal sealed class JpegWriter
{
    private readonly MemoryStream file = new();
    private readonly short[][] components;
    private readonly (int Across, int Down)[] sampling;
    private readonly int width, height;
    private readonly int restartInterval;
    private uint held;
    private int count;

    private JpegWriter(int width, int height, (int, int)[] sampling, short[][] components, int restartInterval) =>
        (this.width, this.height, this.sampling, this.components, this.restartInterval) = (width, height, sampling, components, restartInterval);

    /// <summary>The file. Components hold 64 coefficients a block, in rows of blocks that fill whole units.</summary>
    public static byte[] Write(int width, int height, (int Across, int Down)[] sampling, short[][] components, bool isProgressive, int restartInterval = 0)
    {
        var writer = new JpegWriter(width, height, sampling, components, restartInterval);
        writer.Head(isProgressive);
        if (!isProgressive)
        {
            writer.Scan([.. Enumerable.Range(0, components.Length)], 0, 63, 0, 0, writer.Sequential);
        }
        else
        {
            int[] all = [.. Enumerable.Range(0, components.Length)];
            writer.Scan(all, 0, 0, 0, 1, (component, block) => writer.LowFirst(component, block, 1));
            writer.Scan(all, 0, 0, 1, 0, (component, block) => writer.Bits(writer.At(component, block, 0) & 1, 1));
            foreach (int component in all)
            {
                writer.Scan([component], 1, 5, 0, 2, (c, block) => writer.HighFirst(c, block, 1, 5, 2));
                writer.Scan([component], 6, 63, 0, 2, (c, block) => writer.HighFirst(c, block, 6, 63, 2));
                writer.Scan([component], 1, 63, 2, 1, (c, block) => writer.HighAgain(c, block, 1));
                writer.Scan([component], 1, 63, 1, 0, (c, block) => writer.HighAgain(c, block, 0));
            }
        }
        writer.file.Write([0xFF, 0xD9]);
        return writer.file.ToArray();
    }

    private readonly int[] predicted = new int[4];

    private (int Across, int Down) Most => (sampling.Max(s => s.Across), sampling.Max(s => s.Down));

    private (int Across, int Down) Units => ((width + (8 * Most.Across) - 1) / (8 * Most.Across), (height + (8 * Most.Down) - 1) / (8 * Most.Down));

    private void Head(bool isProgressive)
    {
        file.Write([0xFF, 0xD8]);
        Segment(0xDB, [0, .. Enumerable.Range(0, 64).Select(i => (byte)(1 + (i / 8)))]);
        byte[] counts = new byte[16];
        (counts[7], counts[8]) = (128, 128);
        Segment(0xC4, [0x00, .. counts, .. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        Segment(0xC4, [0x10, .. counts, .. Enumerable.Range(0, 256).Select(i => (byte)i)]);
        Segment((byte)(isProgressive ? 0xC2 : 0xC0), [8, (byte)(height >> 8), (byte)height, (byte)(width >> 8), (byte)width, (byte)components.Length,
            .. sampling.SelectMany((s, i) => new byte[] { (byte)(i + 1), (byte)((s.Across << 4) | s.Down), 0 })]);
        if (restartInterval > 0)
        {
            Segment(0xDD, [(byte)(restartInterval >> 8), (byte)restartInterval]);
        }
    }

    private void Scan(int[] which, int first, int last, int before, int after, Action<int, int> write)
    {
        Segment(0xDA, [(byte)which.Length, .. which.SelectMany(c => new byte[] { (byte)(c + 1), 0 }), (byte)first, (byte)last, (byte)((before << 4) | after)]);
        int units = 0, restarts = 0;
        Array.Clear(predicted);
        if (which.Length == 1)
        {
            int c = which[0], stride = Units.Across * sampling[c].Across;
            int wide = ((width * sampling[c].Across / Most.Across) + (width * sampling[c].Across % Most.Across > 0 ? 1 : 0) + 7) / 8;
            int high = ((height * sampling[c].Down / Most.Down) + (height * sampling[c].Down % Most.Down > 0 ? 1 : 0) + 7) / 8;
            for (int block = 0; block < wide * high; block++)
            {
                Restart(ref units, ref restarts);
                write(c, (block / wide * stride) + (block % wide));
            }
        }
        for (int unit = 0; which.Length > 1 && unit < Units.Across * Units.Down; unit++)
        {
            Restart(ref units, ref restarts);
            foreach (int c in which)
            {
                for (int block = 0; block < sampling[c].Across * sampling[c].Down; block++)
                {
                    int y = (unit / Units.Across * sampling[c].Down) + (block / sampling[c].Across), x = (unit % Units.Across * sampling[c].Across) + (block % sampling[c].Across);
                    write(c, (y * Units.Across * sampling[c].Across) + x);
                }
            }
        }
        Align();
    }

    private void Restart(ref int units, ref int restarts)
    {
        if (restartInterval > 0 && units == restartInterval)
        {
            Align();
            file.Write([0xFF, (byte)(0xD0 + (restarts++ & 7))]);
            Array.Clear(predicted);
            units = 0;
        }
        units++;
    }

    private int At(int component, int block, int k) => components[component][(block * 64) + JpegScan.Zigzag[k]];

    private void Sequential(int component, int block)
    {
        LowFirst(component, block, 0);
        HighFirst(component, block, 1, 63, 0);
    }

    private void LowFirst(int component, int block, int after)
    {
        int value = At(component, block, 0) >> after, difference = value - predicted[component], size = Size(difference);
        predicted[component] = value;
        Symbol(size);
        Bits(difference < 0 ? difference - 1 : difference, size);
    }

    // Every block ends with its own end-of-block, so that runs of ended blocks are of one; nothing is left out where it is full.
    private void HighFirst(int component, int block, int first, int last, int after)
    {
        int run = 0;
        for (int k = first; k <= last; k++)
        {
            int value = At(component, block, k);
            value = value < 0 ? -(-value >> after) : value >> after;
            if (value == 0)
            {
                run++;
                continue;
            }
            for (; run > 15; run -= 16)
            {
                Symbol(0xF0);
            }
            Symbol((run << 4) | Size(value));
            Bits(value < 0 ? value - 1 : value, Size(value));
            run = 0;
        }
        if (run > 0)
        {
            Symbol(0);
        }
    }

    // G.1.2.3: new coefficients with the further bits of those that they pass.
    private void HighAgain(int component, int block, int after)
    {
        var passed = new List<int>();
        int run = 0, lastNew = 0;
        int[] sizes = [.. Enumerable.Range(0, 64).Select(k => Math.Abs(At(component, block, k)) >> after)];
        for (int k = 1; k < 64; k++)
        {
            lastNew = sizes[k] == 1 ? k : lastNew;
        }
        for (int k = 1; k < 64; k++)
        {
            if (sizes[k] == 0)
            {
                run++;
                continue;
            }
            for (; run > 15 && k <= lastNew; run -= 16)
            {
                Symbol(0xF0);
                Flush(passed);
            }
            if (sizes[k] > 1)
            {
                passed.Add(sizes[k] & 1);
                continue;
            }
            Symbol((run << 4) | 1);
            Bits(At(component, block, k) < 0 ? 0 : 1, 1);
            Flush(passed);
            run = 0;
        }
        if (run > 0 || passed.Count > 0)
        {
            Symbol(0);
            Flush(passed);
        }
    }

    private void Flush(List<int> passed)
    {
        passed.ForEach(bit => Bits(bit, 1));
        passed.Clear();
    }

    private static int Size(int value) => value == 0 ? 0 : 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Abs(value));

    private void Symbol(int symbol) => Bits(symbol < 128 ? symbol : 256 + symbol - 128, symbol < 128 ? 8 : 9);

    private void Bits(int value, int wanted)
    {
        for (int bit = wanted - 1; bit >= 0; bit--)
        {
            held = (held << 1) | (uint)((value >> bit) & 1);
            if (++count == 8)
            {
                file.WriteByte((byte)held);
                if ((byte)held == 0xFF)
                {
                    file.WriteByte(0);
                }
                (held, count) = (0, 0);
            }
        }
    }

    private void Align()
    {
        while (count > 0)
        {
            Bits(1, 1);
        }
    }

    private void Segment(byte marker, byte[] data)
    {
        byte[] length = new byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)(data.Length + 2));
        file.Write([0xFF, marker, .. length, .. data]);
    }
}
