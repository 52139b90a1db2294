using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>The tensors that a net's inputs read. Data layers write theirs before each run; the others keep what the user wrote.</summary>
public sealed class NetFeed
{
    private readonly Net net;
    private readonly Dictionary<string, Tensor> byName = new(StringComparer.Ordinal);
    private readonly Tensor[][] tops;

    /// <summary>Zeros for every input, whose sizes must be known numbers.</summary>
    /// <exception cref="InvalidOperationException">An input has no known size.</exception>
    public NetFeed(Net net)
    {
        this.net = net;
        Tensors = [.. net.Inputs.Select(input =>
        {
            if (!input.Variable.Type.Shape.IsKnown)
            {
                throw new InvalidOperationException($"input {input.Name}: {input.Variable.Type} of net {net.Name} has no known size");
            }
            return Tensor.Zeros(input.Variable.Type.DType, input.Variable.Type.Shape.Sizes);
        })];
        for (int i = 0; i < Tensors.Length; i++)
        {
            byName[net.Inputs[i].Name] = Tensors[i];
        }
        tops = [.. net.Data.Select(data => data.Tops.Select(top => byName[top.Name]).ToArray())];
    }

    /// <summary>One tensor per input, in the net's order.</summary>
    public Tensor[] Tensors { get; }

    /// <summary>The tensor of an input.</summary>
    /// <exception cref="KeyNotFoundException">There is no such input.</exception>
    public Tensor this[string input] => byName.TryGetValue(input, out Tensor? tensor)
        ? tensor
        : throw new KeyNotFoundException($"net {net.Name} has no input '{input}'; it has {string.Join(", ", byName.Keys)}");

    /// <summary>Reads the next batch of every data layer.</summary>
    /// <returns>How often one of them came to its end and began again.</returns>
    /// <exception cref="InvalidDataException">An item is damaged.</exception>
    public long Next()
    {
        long restarts = 0;
        for (int i = 0; i < tops.Length; i++)
        {
            IBatches batches = net.Data[i].Batches;
            long before = batches.Restarts;
            batches.Next(tops[i]);
            restarts += batches.Restarts - before;
        }
        return restarts;
    }
}
