using System.Runtime.InteropServices;

namespace Symbolic.Peers.Onnx;

/// <summary>A model in ONNX's format (onnx.proto, IR version 8, operator set 17) that grows node by node. Weights are constants of it.</summary>
internal sealed class OnnxModel
{
    private const int IrVersion = 8, OperatorSet = 17, FloatType = 1, Int64Type = 7, FloatAttribute = 1, IntAttribute = 2, StringAttribute = 3, IntsAttribute = 7;

    private readonly ProtoMessage graph = new();
    private int constants;

    /// <summary>The only input's name.</summary>
    public const string Input = "input";

    /// <summary>The input and what it becomes.</summary>
    public OnnxModel(long[] inputSizes) => graph.Add(2, "graph").Add(11, Value(Input, inputSizes));

    /// <summary>Adds a node with one output, which has the name that is returned.</summary>
    public string Node(string op, string[] inputs, string output, params (string Name, object Value)[] attributes)
    {
        var node = new ProtoMessage();
        foreach (string input in inputs)
        {
            node.Add(1, input);
        }
        node.Add(2, output).Add(3, output).Add(4, op);
        foreach ((string name, object value) in attributes)
        {
            node.Add(5, Attribute(name, value));
        }
        graph.Add(1, node);
        return output;
    }

    /// <summary>Adds a constant; gives its name.</summary>
    public string Constant(float[] values, params long[] sizes) => Constant(FloatType, MemoryMarshal.AsBytes<float>(values).ToArray(), sizes);

    /// <summary>Adds a constant; gives its name.</summary>
    public string Constant(params long[] values) => Constant(Int64Type, MemoryMarshal.AsBytes<long>(values).ToArray(), [values.Length]);

    /// <summary>Says what is the result, and writes the model.</summary>
    public void Write(string output, long[] outputSizes, string path)
    {
        graph.Add(12, Value(output, outputSizes));
        ProtoMessage model = new ProtoMessage().Add(1, IrVersion).Add(2, "Symbolic.Peers").Add(7, graph).Add(8, new ProtoMessage().Add(1, "").Add(2, OperatorSet));
        using FileStream file = File.Create(path);
        model.WriteTo(file);
    }

    private string Constant(int type, byte[] bytes, long[] sizes)
    {
        string name = $"constant{constants++}";
        var tensor = new ProtoMessage();
        foreach (long size in sizes)
        {
            tensor.Add(1, size);
        }
        graph.Add(5, tensor.Add(2, type).Add(8, name).Add(9, bytes));
        return name;
    }

    private static ProtoMessage Attribute(string name, object value)
    {
        ProtoMessage attribute = new ProtoMessage().Add(1, name);
        switch (value)
        {
            case float number:
                return attribute.Add(2, number).Add(20, FloatAttribute);
            case int number:
                return attribute.Add(3, number).Add(20, IntAttribute);
            case string text:
                return attribute.Add(4, text).Add(20, StringAttribute);
            case long[] numbers:
                foreach (long number in numbers)
                {
                    attribute.Add(8, number);
                }
                return attribute.Add(20, IntsAttribute);
            default:
                throw new ArgumentException($"no attribute is a {value.GetType()}", nameof(value));
        }
    }

    private static ProtoMessage Value(string name, long[] sizes)
    {
        var shape = new ProtoMessage();
        foreach (long size in sizes)
        {
            shape.Add(1, new ProtoMessage().Add(1, size));
        }
        return new ProtoMessage().Add(1, name).Add(2, new ProtoMessage().Add(1, new ProtoMessage().Add(1, FloatType).Add(2, shape)));
    }
}
