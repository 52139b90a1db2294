using System.Numerics;

namespace Symbolic.Conformance.Theano.Python;

/// <summary>Operators: of Python numbers here, of everything else as the objects say.</summary>
internal static class Arithmetic
{
    public static object? Unary(string symbol, object? operand, IObjects objects) => (symbol, operand) switch
    {
        ("-", BigInteger a) => -a,
        ("-", double a) => -a,
        ("-", Complex a) => -a,
        ("+", BigInteger or double or Complex) => operand,
        ("~", BigInteger a) => -a - 1,
        ("-", _) => objects.Operator("neg", operand, null),
        ("~", _) => objects.Operator("~", operand, null),
        _ => throw PythonError.TypeError($"bad operand type for unary {symbol}: '{Value.TypeName(operand)}'"),
    };

    public static object? Binary(string symbol, object? left, object? right, IObjects objects)
    {
        (left, right) = (Widened(left, right), Widened(right, left));
        return (symbol, left, right) switch
        {
            ("+", Sequence a, Sequence b) when a.IsTuple == b.IsTuple => new Sequence(a.Items.Concat(b.Items), a.IsTuple),
            ("*", Sequence a, BigInteger n) => new Sequence(Enumerable.Repeat(a.Items, (int)n).SelectMany(items => items), a.IsTuple),
            ("+", string a, string b) => a + b,
            ("/", BigInteger a, BigInteger b) => (double)a / (double)b,
            ("**", BigInteger a, BigInteger b) => b.Sign >= 0 ? BigInteger.Pow(a, (int)b) : Math.Pow((double)a, (double)b),
            (_, BigInteger a, BigInteger b) => Integers(symbol, a, b),
            (_, double a, double b) => Reals(symbol, a, b),
            (_, Complex a, Complex b) => Complexes(symbol, a, b),
            _ => objects.Operator(symbol, left, right),
        };
    }

    /// <summary>A Python number beside a complex one is complex, an integer beside a float a float; a bool beside a plain number is an integer.</summary>
    private static object? Widened(object? value, object? other) => (value, other) switch
    {
        (BigInteger or double or bool, Complex) => new Complex(Value.Real(value), 0),
        (BigInteger a, double) => (double)a,
        (bool a, double) => a ? 1.0 : 0.0,
        (bool a, BigInteger or bool) => a ? BigInteger.One : BigInteger.Zero,
        _ => value,
    };

    private static object Integers(string symbol, BigInteger a, BigInteger b)
    {
        switch (symbol)
        {
            case "+":
                return a + b;
            case "-":
                return a - b;
            case "*":
                return a * b;
            case "//" or "%":
                if (b.IsZero)
                {
                    throw new PythonError("ZeroDivisionError", "integer division or modulo by zero");
                }
                BigInteger remainder = a % b;
                remainder += !remainder.IsZero && remainder.Sign != b.Sign ? b : 0;
                return symbol == "%" ? remainder : (a - remainder) / b;
            case "&":
                return a & b;
            case "|":
                return a | b;
            case "^":
                return a ^ b;
            default:
                return Compared(symbol, a.CompareTo(b));
        }
    }

    private static object Reals(string symbol, double a, double b) => symbol switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => b != 0 ? a / b : throw new PythonError("ZeroDivisionError", "float division by zero"),
        "//" => Math.Floor(a / b),
        "%" => a - b * Math.Floor(a / b),
        "**" => Math.Pow(a, b),
        _ => Compared(symbol, a.CompareTo(b)),
    };

    private static object Complexes(string symbol, Complex a, Complex b) => symbol switch
    {
        "+" => a + b,
        "-" => a - b,
        "*" => a * b,
        "/" => b != 0 ? a / b : throw new PythonError("ZeroDivisionError", "complex division by zero"),
        "**" => Complex.Pow(a, b),
        "==" => a == b,
        "!=" => a != b,
        _ => throw PythonError.TypeError($"unsupported operand type(s) for {symbol}: 'complex' and 'complex'"),
    };

    private static object Compared(string symbol, int order) => symbol switch
    {
        "<" => order < 0,
        "<=" => order <= 0,
        ">" => order > 0,
        ">=" => order >= 0,
        "==" => order == 0,
        "!=" => order != 0,
        _ => throw PythonError.TypeError($"unsupported operand for {symbol}"),
    };
}
