using System.Globalization;

namespace Symbolic.Caffe.Solvers;

/// <summary>
/// What Caffe forgets when it stops: where the data layers stood, the losses being averaged, and how often random numbers were drawn. Text, one fact a line:
/// <c>data NET LAYER ITEMS</c> with net 0 for training and 1, 2, ... for the test nets, <c>loss BITS</c>, <c>smoothed BITS</c>, <c>start ITERATION</c>,
/// <c>random NET CALLS</c>.
/// </summary>
internal sealed record ResumeFile(Seq<(int Net, int Layer, long Items)> Positions, Seq<float> Losses, float Smoothed, int Start, Seq<(int Net, ulong Calls)> Draws)
{
    private const string Header = "symbolic resume 1";
    private const int MostBytes = 1 << 20;

    /// <summary>The text of the file.</summary>
    public void Write(Stream stream)
    {
        using var writer = new StreamWriter(stream, leaveOpen: true) { NewLine = "\n" };
        writer.WriteLine(Header);
        foreach ((int net, int layer, long items) in Positions)
        {
            writer.WriteLine($"data {net} {layer} {items}");
        }
        foreach (float loss in Losses)
        {
            writer.WriteLine($"loss {Bits(loss)}");
        }
        foreach ((int net, ulong calls) in Draws)
        {
            writer.WriteLine($"random {net} {calls}");
        }
        writer.WriteLine($"smoothed {Bits(Smoothed)}");
        writer.WriteLine($"start {Start}");
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static ResumeFile Read(string path, ModelFiles files)
    {
        string[] lines = System.Text.Encoding.UTF8.GetString(files.ReadAll(path, MostBytes)).TrimEnd('\n').Split('\n');
        if (lines[0] != Header)
        {
            throw new InvalidDataException($"{path}:1: expected '{Header}'");
        }
        var positions = new List<(int, int, long)>();
        var losses = new List<float>();
        var draws = new List<(int, ulong)>();
        float smoothed = 0;
        int start = 0;
        for (int i = 1; i < lines.Length; i++)
        {
            string[] words = lines[i].Split(' ');
            bool known = words switch
            {
                ["data", var net, var layer, var items] => Int(net, out int n) && Int(layer, out int l) && Long(items, out long count) && Keep(positions, (n, l, count)),
                ["loss", var bits] => Float(bits, out float loss) && Keep(losses, loss),
                ["smoothed", var bits] => Float(bits, out smoothed),
                ["random", var net, var calls] => Int(net, out int n) && ulong.TryParse(calls, NumberStyles.None, CultureInfo.InvariantCulture, out ulong count) && Keep(draws, (n, count)),
                ["start", var number] => Int(number, out start),
                _ => false,
            };
            if (!known)
            {
                throw new InvalidDataException($"{path}:{i + 1}: '{(lines[i].Length > 60 ? lines[i][..60] : lines[i])}' is no line of a resume file");
            }
        }
        return new ResumeFile(positions.ToSeq(), losses.ToSeq(), smoothed, start, draws.ToSeq());
    }

    private static bool Keep<T>(List<T> list, T value)
    {
        list.Add(value);
        return true;
    }

    private static bool Int(string text, out int value) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static bool Long(string text, out long value) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);

    private static string Bits(float value) => BitConverter.SingleToUInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture);

    private static bool Float(string text, out float value)
    {
        bool known = uint.TryParse(text, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint bits);
        value = BitConverter.UInt32BitsToSingle(bits);
        return known;
    }
}
