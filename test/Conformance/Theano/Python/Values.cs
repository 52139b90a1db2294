using System.Numerics;

namespace Symbolic.Conformance.Theano.Python;

// Values of the small Python: null (None), bool, BigInteger, double, Complex and string stand for themselves; so do expressions of ours.

/// <summary>A tuple or list.</summary>
internal sealed class Sequence(IEnumerable<object?> items, bool isTuple)
{
    public IReadOnlyList<object?> Items { get; } = [.. items];

    public bool IsTuple { get; } = isTuple;

    public static Sequence Tuple(params IEnumerable<object?> items) => new(items, true);

    public static Sequence List(params IEnumerable<object?> items) => new(items, false);
}

/// <summary>A dictionary; keys are compared as Python compares symbolic variables, by identity.</summary>
internal sealed class Dictionary(IReadOnlyList<(object? Key, object? Value)> items)
{
    public IReadOnlyList<(object? Key, object? Value)> Items { get; } = items;
}

/// <summary>start:stop:step within a subscript.</summary>
internal sealed record SliceValue(object? Start, object? Stop, object? Step);

/// <summary>A NumPy array or, where it came from a NumPy scalar type, a scalar of a dtype.</summary>
internal sealed record ArrayValue(Literal Literal, bool IsScalar = false);

/// <summary>A size by size tuple that Theano would hold as a vector: <c>x.shape</c>.</summary>
internal sealed record ShapeValue(Shape Shape);

/// <summary>A module, or a class used as one.</summary>
internal sealed record ModuleValue(string Name);

/// <summary>Something that can be called.</summary>
internal sealed record FunctionValue(string Name, Func<IReadOnlyList<object?>, IReadOnlyList<(string Name, object? Value)>, object?> Body)
{
    public object? Call(params object?[] arguments) => Body(arguments, []);
}

/// <summary>Python's view of values.</summary>
internal static class Value
{
    /// <summary>The class of a value, as messages name it.</summary>
    public static string TypeName(object? value) => value switch
    {
        null => "NoneType",
        bool => "bool",
        BigInteger => "int",
        double => "float",
        Complex => "complex",
        string => "str",
        Sequence { IsTuple: true } => "tuple",
        Sequence => "list",
        Dictionary => "dict",
        SliceValue => "slice",
        ArrayValue => "numpy.ndarray",
        Expr or ShapeValue => "TensorVariable",
        FunctionValue => "function",
        ModuleValue => "module",
        _ => value.GetType().Name,
    };

    /// <summary>The items of a list or tuple.</summary>
    public static IReadOnlyList<object?> Items(object? value) => value switch
    {
        Sequence sequence => sequence.Items,
        Expr => throw PythonError.TypeError("TensorType does not support iteration"),
        _ => throw PythonError.TypeError($"'{TypeName(value)}' object is not iterable"),
    };

    /// <summary>An integer, where Python takes one.</summary>
    public static int Int(object? value) => value switch
    {
        bool b => b ? 1 : 0,
        BigInteger integer => (int)integer,
        ArrayValue { Literal: { Count: 1 } literal } when !literal.DType.IsFloat() => (int)literal[0].ToInt64(),
        _ => throw PythonError.TypeError($"an integer is required, got {TypeName(value)}"),
    };

    /// <summary>A real number, where Python takes one.</summary>
    public static double Real(object? value) => value switch
    {
        bool b => b ? 1 : 0,
        BigInteger integer => (double)integer,
        double real => real,
        ArrayValue { Literal: { Count: 1 } literal } => literal[0].ToDouble(),
        _ => throw PythonError.TypeError($"must be real number, not {TypeName(value)}"),
    };

    public static bool Truth(object? value) => value switch
    {
        null => false,
        bool b => b,
        BigInteger integer => !integer.IsZero,
        double real => real != 0,
        Complex complex => complex != 0,
        string text => text.Length > 0,
        Sequence sequence => sequence.Items.Count > 0,
        Expr => throw PythonError.TypeError("Variables do not support boolean operations."),
        _ => true,
    };
}
