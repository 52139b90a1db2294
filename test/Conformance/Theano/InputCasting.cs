using System.Numerics;
using System.Text.Json;
using Symbolic.Conformance.Theano.Api;
using Symbolic.Conformance.Theano.Python;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Theano;

/// <summary>
/// What Theano's functions accept for a declared input. Ours take a tensor of the declared dtype and nothing else; the conversions that
/// Theano makes on the way (theano.tensor.type, TensorType.filter) are made here, and the function itself is ours.
/// </summary>
internal static class InputCasting
{
    private static readonly Evaluator Python = new(new TheanoApi(new Settings()));

    private enum Mode
    {
        Default,
        Strict,
        Downcast,
    }

    public static Verdict Judge(string name, JsonElement expected)
    {
        string[] sides = name.Split(" <- ", 2);
        (DType dtype, int rank) = Declared(sides[0].Split(' ')[0]);
        Mode mode = sides[0].EndsWith("(strict=True)", StringComparison.Ordinal) ? Mode.Strict : sides[0].EndsWith("(allow_downcast=True)", StringComparison.Ordinal) ? Mode.Downcast : Mode.Default;
        bool accepts = expected.GetProperty("ok").GetBoolean();
        Literal result;
        try
        {
            result = Call(dtype, rank, Filtered(Python.Evaluate(sides[1]), dtype, rank, mode));
        }
        catch (Exception error) when (error is PythonError or BindingError)
        {
            return accepts ? Verdict.Fail($"refused: {error.Message}") : Verdict.Pass;
        }
        if (!accepts)
        {
            return Verdict.Fail($"accepted as {result}; Theano refuses it");
        }
        double[] wanted = [.. expected.GetProperty("value").EnumerateArray().Select(v => v.GetDouble())];
        bool equal = result.DType.TheanoName() == expected.GetProperty("dtype").GetString()
            && result.ToDoubles().Zip(wanted).All(pair => Math.Abs(pair.First - pair.Second) <= 1e-6 * Math.Abs(pair.Second)) && result.Count == wanted.Length;
        return equal ? Verdict.Pass : Verdict.Fail($"wanted {expected}; got {result}");
    }

    /// <summary>fscalar, dvector, lmatrix and the like.</summary>
    private static (DType DType, int Rank) Declared(string type) => (type[0] switch
    {
        'b' => DType.Int8,
        'w' => DType.Int16,
        'i' => DType.Int32,
        'l' => DType.Int64,
        'f' => DType.Float32,
        _ => DType.Float64,
    }, type[1..] switch
    {
        "scalar" => 0,
        "vector" => 1,
        _ => 2,
    });

    private static Literal Call(DType dtype, int rank, Literal value)
    {
        Expr x = new Variable("x", dtype, new Dim?[rank]).Expr;
        using Function function = Function.Compile([x], [x + 0], options: new CompileOptions { UseCache = false });
        return function.Call(Tensor.From(value))[0].ToLiteral();
    }

    private static Literal Filtered(object? value, DType dtype, int rank, Mode mode)
    {
        bool isArray = value is ArrayValue { IsScalar: false };
        if (mode == Mode.Strict)
        {
            return value is ArrayValue { IsScalar: false, Literal: var exact } && exact.DType == dtype && exact.Sizes.Count == rank ? exact
                : throw PythonError.TypeError("a strict input takes an array of exactly its dtype");
        }
        Literal literal = TheanoApi.Numpy(value);
        if (mode == Mode.Default && !Holds(value, literal, dtype, isArray))
        {
            throw PythonError.TypeError($"{dtype.TheanoName()} cannot store {literal.DType.TheanoName()} without risking loss of precision");
        }
        if (literal.Sizes.Count != rank)
        {
            throw PythonError.TypeError($"Wrong number of dimensions: expected {rank}, got {literal.Sizes.Count}");
        }
        return Literal.Build(dtype, literal.Sizes, i => literal[i].Cast(dtype));
    }

    /// <summary>
    /// An array is taken where its dtype is upcast safely; Python numbers and lists where the values survive, and a Python float also by a
    /// float32 that is floatX or narrower.
    /// </summary>
    private static bool Holds(object? value, Literal literal, DType dtype, bool isArray)
    {
        if (isArray || value is ArrayValue)
        {
            return Promotion.Of(literal.DType, dtype) == dtype || (!isArray && Survives(literal, dtype));
        }
        return (dtype.IsFloat() && value is double or BigInteger or bool) || Survives(literal, dtype);
    }

    private static bool Survives(Literal literal, DType dtype) =>
        Enumerable.Range(0, (int)literal.Count).All(i => literal[i].Cast(dtype).ToDouble() == literal[i].ToDouble());
}
