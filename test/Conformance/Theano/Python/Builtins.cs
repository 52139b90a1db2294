using System.Numerics;

namespace Symbolic.Conformance.Theano.Python;

/// <summary>The built-in functions that occur in the cases.</summary>
internal static class Builtins
{
    public static bool TryGet(string name, IObjects objects, out object? value)
    {
        Func<IReadOnlyList<object?>, IReadOnlyList<(string Name, object? Value)>, object?>? body = name switch
        {
            "abs" => (x, _) => Abs(x[0], objects),
            "len" => (x, _) => x[0] is Sequence sequence ? (BigInteger)sequence.Items.Count : throw PythonError.TypeError($"object of type '{Value.TypeName(x[0])}' has no len()"),
            "list" => (x, _) => Sequence.List(x.Count == 0 ? [] : Value.Items(x[0])),
            "tuple" => (x, _) => Sequence.Tuple(x.Count == 0 ? [] : Value.Items(x[0])),
            "range" => (x, _) => Sequence.List(Range(x).Select(i => (object?)(BigInteger)i)),
            "int" => (x, _) => x[0] is BigInteger or double or bool ? new BigInteger(Math.Truncate(Value.Real(x[0]))) : throw PythonError.TypeError($"int() argument must be a number, not '{Value.TypeName(x[0])}'"),
            "float" => (x, _) => Value.Real(x[0]),
            "dict" => (_, keywords) => new Dictionary([.. keywords.Select(k => ((object?)k.Name, k.Value))]),
            _ => null,
        };
        value = body is null ? null : new FunctionValue(name, body);
        return body is not null;
    }

    private static object? Abs(object? x, IObjects objects) => x switch
    {
        BigInteger integer => BigInteger.Abs(integer),
        double real => Math.Abs(real),
        Complex complex => Complex.Abs(complex),
        _ => objects.Operator("abs", x, null),
    };

    private static IEnumerable<int> Range(IReadOnlyList<object?> x)
    {
        int start = x.Count == 1 ? 0 : Value.Int(x[0]), stop = Value.Int(x[x.Count == 1 ? 0 : 1]), step = x.Count == 3 ? Value.Int(x[2]) : 1;
        for (int i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            yield return i;
        }
    }
}
