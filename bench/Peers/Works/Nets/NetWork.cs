using Symbolic.Caffe.Schema;
using Symbolic.Peers.Limits;

namespace Symbolic.Peers.Works.Nets;

/// <summary>A net forward, or a step of training it: forward, backward, and SGD with momentum and weight decay.</summary>
internal sealed record NetWork(string Row, string Name, NetSource Source, int Batch, bool Trains) : Work(Row, Name)
{
    /// <summary>The rate of learning; small, since the same batch is learned again and again.</summary>
    public const float Rate = 0.0005f, Momentum = 0.9f, Decay = 0.0005f;

    /// <summary>Whether Dropout drops: at random, so that results can be compared only where it does not.</summary>
    public bool Drops { get; init; }

    /// <summary>The phase in which layers see themselves.</summary>
    public Phase Phase => Trains && (Drops || !HasDropout) ? Phase.Train : Phase.Test;

    /// <summary>Whether there is something to drop.</summary>
    public bool HasDropout { get; init; }

    /// <summary>The layers with their sizes.</summary>
    public NetPlan Plan => NetPlan.Of(Source.Load(Batch, Trains, Phase));

    /// <inheritdoc/>
    public override Work Compared => Drops ? this with { Drops = false, Name = $"{Name} without dropout" } : this;

    /// <inheritdoc/>
    public override IReadOnlyList<string> Peers => [Trains ? PeerNames.Libtorch : PeerNames.OnnxRuntime];

    /// <inheritdoc/>
    public override double Flops => Plan.Flops(Trains).Full;

    /// <inheritdoc/>
    public override double LeastFlops => Plan.Flops(Trains).Least;

    /// <inheritdoc/>
    public override LimitKind Limit => LimitKind.Fma;

    /// <summary>
    /// Rounding turns a few of the values next to 0 to the other side, and with them the whole gradient that a ReLU lets pass: a share e of them moves
    /// a gradient by about the root of e, once more in every layer.
    /// </summary>
    public override double Tolerance => !Trains ? 1e-3 : Source.Scale.Gain < 1 ? 0.05 : 0.01;
}
