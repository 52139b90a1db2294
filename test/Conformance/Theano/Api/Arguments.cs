using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

/// <summary>
/// A parameter list written as Python writes it: <c>T.sum(x, axis=None, keepdims=False)</c>. A parameter called <c>args</c> takes all
/// positional arguments from its place on.
/// </summary>
internal sealed class Signature
{
    private readonly (string Name, Node? Default)[] parameters;

    public Signature(string text)
    {
        var call = (Node.Call)Parser.ParseExpression(text);
        Path = PathOf(call.Function);
        parameters = [.. call.Positional.Select(p => (((Node.Name)p).Text, (Node?)null)), .. call.Keywords.Select(k => (k.Name, (Node?)k.Value))];
    }

    /// <summary>The dotted name.</summary>
    public string Path { get; }

    public Arguments Bind(TheanoApi api, IReadOnlyList<object?> positional, IReadOnlyList<(string Name, object? Value)> keywords)
    {
        var values = new Dictionary<string, object?>(StringComparer.Ordinal);
        int next = 0;
        foreach ((string name, Node? _) in parameters)
        {
            if (name == "args")
            {
                values[name] = Sequence.Tuple(positional.Skip(next));
                next = positional.Count;
            }
            else if (next < positional.Count)
            {
                values[name] = positional[next++];
            }
        }
        if (next < positional.Count)
        {
            throw PythonError.TypeError($"{Path}() takes {parameters.Length} positional arguments but {positional.Count} were given");
        }
        foreach ((string name, object? value) in keywords)
        {
            if (!Array.Exists(parameters, p => p.Name == name) || name == "args")
            {
                throw PythonError.TypeError($"{Path}() got an unexpected keyword argument '{name}'");
            }
            if (!values.TryAdd(name, value))
            {
                throw PythonError.TypeError($"{Path}() got multiple values for argument '{name}'");
            }
        }
        foreach ((string name, Node? standard) in parameters)
        {
            if (!values.ContainsKey(name))
            {
                values[name] = standard is null ? throw PythonError.TypeError($"{Path}() missing required argument '{name}'") : Default(standard);
            }
        }
        return new Arguments(api, Path, values);
    }

    private static string PathOf(Node node) => node is Node.Attribute(var owner, var name) ? $"{PathOf(owner)}.{name}" : ((Node.Name)node).Text;

    private static object? Default(Node node) => node switch
    {
        Node.Constant(var value) => value,
        Node.Unary("-", Node.Constant(System.Numerics.BigInteger value)) => -value,
        Node.Tuple(var items) => Sequence.Tuple(items.Select(Default)),
        _ => throw new System.Diagnostics.UnreachableException($"a default value {node}"),
    };
}

/// <summary>The arguments of one call, by name, in the forms that the table asks for.</summary>
internal sealed class Arguments(TheanoApi api, string function, IReadOnlyDictionary<string, object?> values)
{
    public TheanoApi Api { get; } = api;

    public object? this[string name] => values[name];

    public bool Has(string name) => values[name] is not null;

    public Expr Tensor(string name) => Api.AsTensor(values[name]);

    public IReadOnlyList<Expr> Tensors(string name) => [.. Value.Items(values[name]).Select(Api.AsTensor)];

    public int Int(string name) => Value.Int(values[name]);

    public double Real(string name) => Value.Real(values[name]);

    public bool Flag(string name) => Value.Truth(values[name]);

    public string Text(string name) => values[name] as string ?? throw PythonError.TypeError($"{function}() wants a string for {name}");

    public DType? DType(string name) => values[name] is null ? null : Api.DTypeOf(values[name]);

    public FunctionValue Function(string name) => values[name] as FunctionValue ?? throw PythonError.TypeError($"{function}() wants a function for {name}");

    /// <summary>Axes given as a number, a list or None.</summary>
    public Seq<int>? Axes(string name) => values[name] switch
    {
        null => null,
        Sequence sequence => sequence.Items.Select(Value.Int).ToSeq(),
        var single => [Value.Int(single)],
    };

    /// <summary>Whole numbers given as a list or tuple; a single one stands for <paramref name="count"/> of them.</summary>
    public Seq<int> Ints(string name, int count) => values[name] switch
    {
        Sequence sequence => sequence.Items.Select(Value.Int).ToSeq(),
        var single => Enumerable.Repeat(Value.Int(single), count).ToSeq(),
    };

    /// <summary>Sizes given as a list, tuple, symbolic shape or a single one.</summary>
    public IReadOnlyList<Dim> Dims(string name) => Api.Dims(values[name]);

    /// <summary>What an option asks for that we do not have, unless it is left at its value.</summary>
    public void Only(string name, object? value)
    {
        if (!Equals(values[name], value))
        {
            throw new MissingFeature($"{function}({name}=...)");
        }
    }
}
