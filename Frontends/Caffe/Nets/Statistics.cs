using Symbolic.Runtime;

namespace Symbolic.Caffe.Nets;

/// <summary>
/// What parameters that a forward run changes are worth at this point of a net, and at its end. Layers that share one see what
/// those before them made of it, as they do in Caffe.
/// </summary>
internal sealed class Statistics
{
    private readonly List<SharedVariable> order = [];
    private readonly Dictionary<SharedVariable, Expr> values = [];

    /// <summary>The value at this point of the net.</summary>
    public Expr this[SharedVariable variable]
    {
        get => values.GetValueOrDefault(variable, variable.Expr);
        set
        {
            if (!values.ContainsKey(variable))
            {
                order.Add(variable);
            }
            values[variable] = value;
        }
    }

    /// <summary>What the net's end leaves.</summary>
    public Seq<Update> Updates() => order.Select(variable => new Update(variable, values[variable])).ToSeq();
}
