using Google.Protobuf;
using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe;

/// <summary>As what a net is built, and where it finds what its file refers to.</summary>
public sealed record NetOptions
{
    /// <summary>Training or testing.</summary>
    public Phase Phase { get; init; } = Phase.Test;

    /// <summary>The level that include and exclude rules see.</summary>
    public int Level { get; init; }

    /// <summary>The stages that include and exclude rules see.</summary>
    public Seq<string> Stages { get; init; } = [];

    /// <summary>Opens the files that the net names; any file by default.</summary>
    public ModelFiles Files { get; init; } = ModelFiles.Anywhere;

    /// <summary>The key of the random fillers: one seed gives one set of weights.</summary>
    public long Seed { get; init; }

    /// <summary>
    /// The dtype of parameters and of all that is computed: float32 as in Caffe, or float64, which tells rounding from error. Inputs are
    /// float32 either way and converted.
    /// </summary>
    public DType DType { get; init; } = DType.Float32;

    /// <summary>The first size of every input instead of the one in the file; a name makes a function for any batch size.</summary>
    public Dim? Batch { get; init; }

    /// <summary>A net whose parameters this one uses where layers have the same name, as a test net does of the training net.</summary>
    public Net? SharedWith { get; init; }

    /// <summary>
    /// Gives the items of a Data layer instead of the database that it names, or null to open that; the layer's batch size and
    /// transform apply either way.
    /// </summary>
    public Func<LayerParameter, Phase, IDatumSource?>? DataSource { get; init; }

    /// <summary>Where the net's messages stand in their file, for errors; null for a net that was not read from one.</summary>
    public PrototxtPlaces? Places { get; init; }

    internal string? PlaceOf(IMessage message) => Places?.Of(message)?.ToString();

    /// <summary>An error about a layer, at the place of a field of a message inside it, or of the layer.</summary>
    internal PrototxtError Error(LayerParameter layer, string message, IMessage? at = null, string? field = null)
    {
        string what = $"layer '{layer.Name}' ({layer.Type}): {message}";
        TextPlace? place = at is null || field is null ? null : Places?.Of(at, field);
        place ??= at is null ? null : Places?.Of(at);
        place ??= Places?.Of(layer);
        return place is { } known ? new PrototxtError(known, what) : new PrototxtError(what);
    }
}
