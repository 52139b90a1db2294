using System.Buffers.Binary;

namespace Symbolic.Caffe.Images.Jpeg;

/// <summary>
/// Reads JPEG pictures (ITU-T T.81): baseline, extended sequential and progressive, of 8 bits, Huffman-coded, of one or three
/// components. A file whose data end before its last block is refused.
/// </summary>
internal sealed class JpegFile
{
    // Pictures have about ten; each is a walk over all blocks, which a hostile file can ask for with a few bytes.
    private const int MostScans = 256;

    private readonly byte[] file;
    private readonly string where;
    private readonly JpegBits bits;
    private readonly ushort[]?[] tables = new ushort[]?[4];
    private readonly JpegCode?[] low = new JpegCode?[4], high = new JpegCode?[4];
    private JpegFrame? frame;
    private int restartInterval, scans, orientation = 1;
    private bool hasJfif;
    private int? adobe;

    private JpegFile(byte[] file, string where) => (this.file, this.where, bits) = (file, where, new JpegBits(file, where));

    /// <summary>Decodes a file, whose size was checked against its length.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a kind that is not read.</exception>
    public static Picture Decode(byte[] file, PictureColor color, string where)
    {
        var reader = new JpegFile(file, where);
        reader.ReadSegments();
        JpegFrame frame = reader.frame is { } found && reader.scans > 0 ? found : throw reader.Bad(file.Length, "no picture in it");
        bool isGray = color == PictureColor.Gray || (color == PictureColor.Unchanged && frame.Components.Length == 1);
        var colors = new JpegColors(frame);
        Picture picture = isGray
            ? new Picture(1, frame.Height, frame.Width, colors.Gray(reader.IsRgb(frame)))
            : new Picture(3, frame.Height, frame.Width, colors.Colors(reader.IsRgb(frame)));
        return color == PictureColor.Unchanged ? picture : PictureTurn.Upright(picture, reader.orientation);
    }

    private void ReadSegments()
    {
        int at = 2;
        while (at + 1 < file.Length)
        {
            if (file[at] != 0xFF || file[at + 1] is 0 or 0xFF)
            {
                // Bytes between segments mean nothing.
                at++;
                continue;
            }
            int marker = file[at + 1];
            at += 2;
            if (marker == 0xD9)
            {
                return;
            }
            if (marker is (>= 0xD0 and <= 0xD8) or 0x01)
            {
                continue;
            }
            int length = at + 2 <= file.Length ? BinaryPrimitives.ReadUInt16BigEndian(file.AsSpan(at)) : 0;
            if (length < 2 || at + length > file.Length)
            {
                throw Bad(at, $"a segment of {length} bytes");
            }
            ReadOnlySpan<byte> segment = file.AsSpan(at + 2, length - 2);
            at += length;
            switch (marker)
            {
                case 0xC0 or 0xC1 or 0xC2:
                    frame = frame is null ? new JpegFrame(segment, marker == 0xC2, where) : throw Bad(at, "two pictures in one");
                    break;
                case 0xC4:
                    Codes(segment, at);
                    break;
                case >= 0xC3 and <= 0xCF:
                    throw new InvalidDataException($"{where}: a JPEG of process {marker - 0xC0}; baseline, extended and progressive with Huffman codes are read");
                case 0xDA:
                    at = Scan(segment, at);
                    break;
                case 0xDB:
                    Tables(segment, at);
                    break;
                case 0xDD when segment.Length == 2:
                    restartInterval = BinaryPrimitives.ReadUInt16BigEndian(segment);
                    break;
                case 0xE0 when segment.StartsWith("JFIF"u8):
                    hasJfif = true;
                    break;
                case 0xE1 when orientation == 1:
                    orientation = PictureTurn.Read(segment);
                    break;
                case 0xEE when segment.Length >= 12 && segment.StartsWith("Adobe"u8):
                    adobe = segment[11];
                    break;
            }
        }
    }

    private void Tables(ReadOnlySpan<byte> segment, int at)
    {
        while (segment.Length > 0)
        {
            (int width, int number) = (segment[0] >> 4, segment[0] & 15);
            int size = 64 * (width + 1);
            if (width > 1 || number > 3 || segment.Length < 1 + size)
            {
                throw Bad(at, "a quantisation table");
            }
            ushort[] table = new ushort[64];
            for (int i = 0; i < 64; i++)
            {
                table[JpegScan.Zigzag[i]] = width == 0 ? segment[1 + i] : BinaryPrimitives.ReadUInt16BigEndian(segment[(1 + (2 * i))..]);
            }
            tables[number] = table;
            segment = segment[(1 + size)..];
        }
    }

    private void Codes(ReadOnlySpan<byte> segment, int at)
    {
        while (segment.Length > 0)
        {
            int count = 0;
            for (int i = 1; i <= 16 && i < segment.Length; i++)
            {
                count += segment[i];
            }
            if (segment[0] >> 4 > 1 || (segment[0] & 15) > 3 || count > 256 || segment.Length < 17 + count)
            {
                throw Bad(at, "a Huffman table");
            }
            (segment[0] >> 4 == 0 ? low : high)[segment[0] & 15] = new JpegCode(segment[1..17], segment.Slice(17, count).ToArray(), where);
            segment = segment[(17 + count)..];
        }
    }

    private int Scan(ReadOnlySpan<byte> segment, int at)
    {
        if (frame is null || segment.Length < 1 || segment[0] is 0 or > 4 || segment.Length != 4 + (2 * segment[0]) || ++scans > MostScans)
        {
            throw Bad(at, frame is null ? "a scan before its frame" : $"a scan header of {segment.Length} bytes, or more than {MostScans} scans");
        }
        var parts = new List<(JpegComponent, JpegCode?, JpegCode?)>();
        for (int i = 0; i < segment[0]; i++)
        {
            int id = segment[1 + (2 * i)], codes = segment[2 + (2 * i)];
            JpegComponent component = Array.Find(frame.Components, c => c.Id == id) is { } found && !parts.Exists(part => part.Item1 == found) && codes >> 4 < 4 && (codes & 15) < 4
                ? found : throw Bad(at, $"a scan of component {id} with the tables {codes:x2}");
            component.Quantisation ??= tables[component.Table] ?? throw Bad(at, $"quantisation table {component.Table} is missing");
            component.Predicted = 0;
            parts.Add((component, low[codes >> 4], high[codes & 15]));
        }
        ReadOnlySpan<byte> rest = segment[^3..];
        (int first, int last, int before, int after) = frame.IsProgressive ? (rest[0], rest[1], rest[2] >> 4, rest[2] & 15) : (0, 63, 0, 0);
        if (last > 63 || first > last || before > 13 || after > 13 || (frame.IsProgressive && (first == 0 ? last != 0 : parts.Count != 1)))
        {
            throw Bad(at, $"a scan of coefficients {first} to {last}, bits {before} to {after}, in {parts.Count} components");
        }
        bits.Align();
        bits.Position = at;
        new JpegScan(frame, bits, file, restartInterval) { Parts = [.. parts], Band = (first, last), Precision = (before, after) }.Decode();
        bits.Align();
        return bits.Position;
    }

    // As libjpeg guesses it: Adobe's marker says, JFIF is never RGB, and else the components may be named so.
    private bool IsRgb(JpegFrame frame) => frame.Components.Length == 3 && (hasJfif ? false : adobe is { } transform ? transform == 0
        : frame.Components[0].Id == 'R' && frame.Components[1].Id == 'G' && frame.Components[2].Id == 'B');

    private InvalidDataException Bad(int at, string what) => new($"{where}: damaged at byte {at}: {what}");
}
