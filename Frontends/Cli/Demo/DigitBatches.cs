using System.Globalization;
using Symbolic.Caffe;
using Symbolic.Cli.Demo.Digits;
using Symbolic.Runtime;

namespace Symbolic.Cli.Demo;

/// <summary>Digits as what a Data layer reads: pictures n x 1 x rows x columns, scaled, and labels n; in order, again and again.</summary>
internal sealed class DigitBatches(DigitSet digits, int batch, float scale) : IBatchSource
{
    private int next;

    /// <inheritdoc/>
    public Seq<Seq<long>> Sizes => [[batch, 1, digits.Rows, digits.Columns], [batch]];

    /// <inheritdoc/>
    public string Cursor => next.ToString(CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public long Restarts { get; private set; }

    /// <inheritdoc/>
    public void Next(ReadOnlySpan<Tensor> tops)
    {
        Span<float> pixels = tops[0].AsSpan<float>(), labels = tops[1].AsSpan<float>();
        int size = digits.Rows * digits.Columns;
        for (int i = 0; i < batch; i++)
        {
            ReadOnlySpan<byte> picture = digits.Picture(next);
            for (int p = 0; p < size; p++)
            {
                pixels[(i * size) + p] = picture[p] * scale;
            }
            labels[i] = digits.Labels[next];
            if (++next == digits.Count)
            {
                next = 0;
                Restarts++;
            }
        }
    }

    /// <inheritdoc/>
    public void Seek(string cursor) => next = int.TryParse(cursor, NumberStyles.None, CultureInfo.InvariantCulture, out int at) && at < digits.Count
        ? at
        : throw new InvalidDataException($"'{cursor}' is no place among {digits.Count} digits");

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
