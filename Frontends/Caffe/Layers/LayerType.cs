namespace Symbolic.Caffe.Layers;

/// <summary>
/// What a layer type of Caffe means: how many bottoms and tops it takes, and the expressions of its tops. One type is one
/// short class; <see cref="LayerTypes"/> lists them all.
/// </summary>
internal abstract class LayerType
{
    /// <summary>The type as prototxt spells it; case matters.</summary>
    public abstract string Name { get; }

    /// <summary>How many bottoms it takes.</summary>
    public virtual Arity Bottoms => Arity.Exactly(1);

    /// <summary>How many tops it gives.</summary>
    public virtual Arity Tops => Arity.Exactly(1);

    /// <summary>Whether its first top counts in the objective with weight 1 unless said otherwise. Such a layer may leave its top unnamed.</summary>
    public virtual bool IsLoss => false;

    /// <summary>The expressions of its tops, as many as the layer names.</summary>
    public abstract Seq<Expr> Build(LayerScope layer);
}

/// <summary>A least and a greatest number of blobs.</summary>
internal readonly record struct Arity(int Least, int Most)
{
    public static Arity Exactly(int count) => new(count, count);

    public static Arity AtLeast(int count) => new(count, int.MaxValue);

    public static Arity Between(int least, int most) => new(least, most);

    public bool Allows(int count) => count >= Least && count <= Most;

    /// <summary>As in Caffe's messages: "2", "at least 1", "at most 2".</summary>
    public string Describe(int got) => Least == Most ? $"{Least}" : got < Least ? $"at least {Least}" : $"at most {Most}";
}
