namespace Symbolic.Cli.Demo.Digits;

/// <summary>Grey pictures of digits with what they show: pixels picture by picture, row by row; 0 is paper, 255 ink.</summary>
internal sealed record DigitSet(byte[] Pixels, byte[] Labels, int Rows, int Columns)
{
    /// <summary>How many pictures.</summary>
    public int Count => Labels.Length;

    /// <summary>The pixels of one picture.</summary>
    public ReadOnlySpan<byte> Picture(int index) => Pixels.AsSpan(index * Rows * Columns, Rows * Columns);
}
