using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli.Demo.Digits;

namespace Symbolic.Cli.Demo;

/// <summary>Digits as what a Data layer reads, in order, again and again.</summary>
internal sealed class DigitSource(string name, DigitSet digits) : IDatumSource
{
    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public long Count => digits.Count;

    /// <inheritdoc/>
    public long Position { get; private set; }

    /// <inheritdoc/>
    public Datum Next()
    {
        int at = (int)Position;
        Position = (Position + 1) % Count;
        return new() { Channels = 1, Height = digits.Rows, Width = digits.Columns, Data = ByteString.CopyFrom(digits.Picture(at)), Label = digits.Labels[at] };
    }

    /// <inheritdoc/>
    public void Seek(long items)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(items);
        Position = items % Count;
    }

    /// <summary>Nothing to let go of.</summary>
    public void Dispose()
    {
    }
}
