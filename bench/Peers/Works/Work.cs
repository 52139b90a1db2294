using Symbolic.Peers.Limits;

namespace Symbolic.Peers.Works;

/// <summary>Something that contestants do, the same for all: a row of the report, or one of the shapes of which a row is the geometric mean.</summary>
/// <param name="Row">The row it counts in.</param>
/// <param name="Name">Its own name; the row's where it is the row's only work.</param>
internal abstract record Work(string Row, string Name)
{
    /// <summary>Whom it is compared with; where there are several, with whoever is faster.</summary>
    public virtual IReadOnlyList<string> Peers => [PeerNames.Libtorch];

    /// <summary>Multiplications and additions by the definition.</summary>
    public virtual double Flops => 0;

    /// <summary>The least that a known algorithm does: Winograd's F(4x4,3x3) does a quarter of the multiplications.</summary>
    public virtual double LeastFlops => Flops;

    /// <summary>Bytes that must be read and written.</summary>
    public virtual double Bytes => 0;

    /// <summary>What binds it.</summary>
    public virtual LimitKind Limit => LimitKind.None;

    /// <summary>The work by which contestants are compared; another only where this one's results are random.</summary>
    public virtual Work Compared => this;

    /// <summary>Whether libtorch can do it in float64 too, to judge between itself and us.</summary>
    public virtual bool IsJudged => false;

    /// <summary>Milliseconds of a turn at least, of which then only the mean of all runs counts; 0 where runs count one by one.</summary>
    public virtual double TurnMs => 0;

    /// <summary>How far the results of two contestants may be apart, as vectors, relative to their length.</summary>
    public virtual double Tolerance => 1e-4;
}

/// <summary>How the report spells contestants.</summary>
internal static class PeerNames
{
    /// <summary>Our own.</summary>
    public const string Ours = "symbolic";

    /// <summary>libtorch by way of TorchSharp.</summary>
    public const string Libtorch = "libtorch";

    /// <summary>The same in float64, where it does without oneDNN: who judges when libtorch and we disagree, and never takes part.</summary>
    public const string Exact = "libtorch in float64";

    /// <summary>ONNX Runtime.</summary>
    public const string OnnxRuntime = "onnxruntime";

    /// <summary>Ourselves with one thread.</summary>
    public const string OneThread = "one thread";

    /// <summary>Nobody: the machine's own limit, in its turn like a peer.</summary>
    public const string Limit = "limit";
}
