using System.Numerics;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Api;

/// <summary>
/// Our API under Theano's names: a table from dotted names to functions over our expressions. Where Theano means something else than we
/// do by the same name (constants take small dtypes, softmax of a vector is a row), the difference lives here.
/// </summary>
internal sealed partial class TheanoApi : IObjects
{
    private static readonly Dictionary<string, string> Aliases = new(StringComparer.Ordinal)
    {
        ["theano.tensor"] = "T",
        ["theano.gradient"] = "gradient",
        ["theano.dot"] = "T.dot",
        ["T.nnet"] = "nnet",
        ["T.extra_ops"] = "extra_ops",
        ["T.nlinalg"] = "nlinalg",
        ["T.slinalg"] = "slinalg",
        ["T.signal.pool"] = "pool",
        ["nnet.bn"] = "bn",
        ["nnet.neighbours"] = "neighbours",
        ["nnet.conv2d"] = "conv2d",
        ["abstract_conv.conv2d"] = "conv2d",
        ["nnet.abstract_conv"] = "abstract_conv",
        ["T.xlogx"] = "xlogx",
        ["numpy"] = "np",
        ["conv3d"] = "abstract_conv.conv3d",
        ["bilinear_upsampling"] = "abstract_conv.bilinear_upsampling",
        ["nnet.conv3d"] = "abstract_conv.conv3d",
    };

    private readonly Dictionary<string, FunctionValue> functions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object?> constants = new(StringComparer.Ordinal);
    private readonly HashSet<string> modules = new(StringComparer.Ordinal) { "theano", "T", "np", "T.signal", "slinalg", "nlinalg", "fft" };

    public TheanoApi(Settings settings)
    {
        Settings = settings;
        AddElementwise();
        AddReductions();
        AddShapes();
        AddCreation();
        AddLinear();
        AddSorting();
        AddIndexing();
        AddGradients();
        AddImages();
        AddNetworks();
        AddNumpy();
    }

    public Settings Settings { get; }

    public bool TryGlobal(string name, out object? value)
    {
        value = Named(name);
        return value is not null;
    }

    public object? Attribute(object? owner, string name)
    {
        switch (owner)
        {
            case ModuleValue module:
                return Named($"{module.Name}.{name}") ?? throw PythonError.NoAttribute(module.Name, name);
            case Expr or ShapeValue:
                return Variable(AsTensor(owner), name);
            default:
                throw PythonError.NoAttribute(Value.TypeName(owner), name);
        }
    }

    public object? Operator(string symbol, object? left, object? right)
    {
        if (left is not (Expr or ShapeValue or ArrayValue) && right is not (Expr or ShapeValue or ArrayValue))
        {
            throw PythonError.TypeError($"unsupported operand type(s) for {symbol}: '{Value.TypeName(left)}' and '{Value.TypeName(right)}'");
        }
        string function = symbol switch
        {
            "+" => "add",
            "-" => "sub",
            "*" => "mul",
            "/" => "true_div",
            "//" => "int_div",
            "%" => "mod",
            "**" => "pow",
            "<" => "lt",
            "<=" => "le",
            ">" => "gt",
            ">=" => "ge",
            "&" => "and_",
            "|" => "or_",
            "^" => "xor",
            "~" => "invert",
            "abs" => "abs_",
            _ => symbol,
        };
        return functions.TryGetValue($"T.{function}", out FunctionValue? found)
            ? symbol is "neg" or "~" or "abs" ? found.Call(left) : found.Call(left, right)
            : throw new MissingFeature($"operator {symbol}");
    }

    /// <summary>Adds a function of our API under Theano's name and parameters.</summary>
    private void Add(string signature, Func<Arguments, object?> body)
    {
        var parsed = new Signature(signature);
        functions.Add(parsed.Path, new FunctionValue(parsed.Path, (positional, keywords) => body(parsed.Bind(this, positional, keywords))));
        for (int dot = parsed.Path.LastIndexOf('.'); dot > 0; dot = parsed.Path.LastIndexOf('.', dot - 1))
        {
            modules.Add(parsed.Path[..dot]);
        }
    }

    /// <summary>A second name of a function.</summary>
    private void Alias(string path, string function) => functions.Add(path, functions[function]);

    private object? Named(string path)
    {
        string known = Aliases.GetValueOrDefault(path, path);
        return functions.TryGetValue(known, out FunctionValue? function) ? function
            : constants.TryGetValue(known, out object? constant) ? constant
            : modules.Contains(known) ? new ModuleValue(known)
            : null;
    }

    /// <summary>A property of a symbolic variable, or a method bound to it.</summary>
    private object? Variable(Expr x, string name)
    {
        switch (name)
        {
            case "T":
                return x.Transpose();
            case "shape":
                return new ShapeValue(x.Shape);
            case "real" or "imag":
                return functions[$"T.{name}"].Call(x);
            case "size":
                return SizeOf(x.Shape.Elements);
            case "ndim":
                return (BigInteger)x.Rank;
            case "dtype":
                return x.DType.TheanoName();
            case "broadcastable":
                return Sequence.Tuple(x.Shape.Select(size => (object?)size.Is(1)));
            default:
                FunctionValue method = functions.GetValueOrDefault($"Variable.{name}") ?? functions.GetValueOrDefault($"T.{name}") ?? throw PythonError.NoAttribute("TensorVariable", name);
                return new FunctionValue(method.Name, (positional, keywords) => method.Body([x, .. positional], keywords));
        }
    }
}
