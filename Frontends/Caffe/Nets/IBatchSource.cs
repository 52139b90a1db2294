using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>Where the tops of a data layer get their values: batch after batch, in an order that a cursor can go back to.</summary>
public interface IBatchSource : IDisposable
{
    /// <summary>The sizes of each top, batch axis first.</summary>
    Seq<Seq<long>> Sizes { get; }

    /// <summary>Writes the next batch into float32 tensors of these sizes, as many as the layer has tops.</summary>
    void Next(ReadOnlySpan<Tensor> tops);

    /// <summary>Where it stands, as text without spaces; what <see cref="Seek"/> takes.</summary>
    string Cursor { get; }

    /// <summary>Goes to where a cursor points.</summary>
    /// <exception cref="PrototxtError">The text is no cursor of this source.</exception>
    void Seek(string cursor);

    /// <summary>How often it has come to its end and begun again.</summary>
    long Restarts { get; }
}
