using Symbolic.Ops;

namespace Symbolic.Test;

/// <summary>Every op, found by reflection, with its samples and their values.</summary>
internal static class OpTable
{
    public static Seq<Type> Types { get; } = typeof(Op).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Op)) && !type.IsAbstract)
        .OrderBy(type => type.Name, StringComparer.Ordinal).ToSeq();

    public static IReadOnlyList<Sample> SamplesOf(Type type) => [.. Instance(type).Samples];

    /// <summary>The program of one sample: its inputs are parameters of known sizes.</summary>
    public static Lambda Program(Sample sample, DType floats = DType.Float32) =>
        Lambda.Of(sample.Inputs.Map(input => new TensorType(input.DType ?? floats, Shape.Of(input.Sizes))), inputs => [Expr.Of(sample.Op, inputs.AsSpan())]);

    /// <summary>Values for the inputs of a sample, the same in every run.</summary>
    public static Seq<Literal> Values(Sample sample, DType floats)
    {
        var random = new Random(7);
        return sample.Inputs.Map(input =>
        {
            DType dtype = input.DType ?? floats;
            double Between() => input.Low + (input.High - input.Low) * random.NextDouble();
            return Literal.Build(dtype, input.Sizes, position => input.Values is { } given
                ? dtype.IsComplex() ? Pair(dtype, given, (int)position) : ScalarValue.Of(DType.Float64, given[(int)position]).Cast(dtype)
                : dtype.IsComplex() ? ScalarValue.Of(dtype, new System.Numerics.Complex(Between(), Between()))
                : input.DType is { } whole && !whole.IsFloat() ? ScalarValue.Of(dtype, random.NextInt64((long)input.Low, (long)input.High + 1))
                : ScalarValue.Of(dtype, Between()));
        });
    }

    /// <summary>The samples of all ops that take complex numbers, of inputs that may be of any dtype.</summary>
    public static IEnumerable<Sample> OfComplex(DType dtype) => Types.SelectMany(SamplesOf).Where(sample => sample.Op.TakesComplex && sample.Inputs.Any(input => input.DType is null) && Fits(sample, dtype));

    private static bool Fits(Sample sample, DType dtype)
    {
        try
        {
            return Program(sample, dtype).Results.Count > 0;
        }
        catch (TypeMismatch)
        {
            return false;
        }
    }

    // Another given value is the imaginary part, so that edges meet.
    private static ScalarValue Pair(DType dtype, Seq<double> given, int position) =>
        ScalarValue.Of(dtype, new System.Numerics.Complex(given[position], given[((5 * position) + (position / 3) + 1) % given.Count]));

    // An op's samples do not depend on its own parameters, so that any values will do to get at them.
    private static Op Instance(Type type)
    {
        System.Reflection.ConstructorInfo constructor = type.GetConstructors().Single();
        return (Op)constructor.Invoke([.. constructor.GetParameters().Select(parameter => Some(parameter.ParameterType))]);
    }

    private static object Some(Type type) =>
        type == typeof(Seq<int>) ? Seq<int>.Empty
        : type == typeof(Seq<Dim>) ? Seq<Dim>.Empty
        : type == typeof(Shape) ? Shape.Scalar
        : type == typeof(Dim) ? (Dim)1
        : type == typeof(string) ? "message"
        : type == typeof(Window) ? Window.Of([1])
        : type == typeof(Literal) ? Literal.Scalar(ScalarValue.Of(DType.Int32, 1L))
        : type == typeof(Lambda) ? new Lambda([new TensorType(DType.Int64, Shape.Scalar)], [])
        : type == typeof(Action<Literal>) ? (Action<Literal>)(_ => { })
        : type == typeof(TensorType) ? new TensorType(DType.Float32, Shape.Scalar)
        : type == typeof(Variable) ? new Variable("x", DType.Float32)
        : type.IsValueType ? Activator.CreateInstance(type)!
        : throw new ArgumentException($"the test has no {type}");
}
