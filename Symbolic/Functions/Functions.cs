namespace Symbolic;

using Symbolic.Ops;

/// <summary>
/// The user's vocabulary: variables, constants and the functions of mathematics over them. Conveniences such as negative
/// axes and kept axes live here; the ops below have one job each.
/// </summary>
public static partial class Functions
{
    /// <summary>A scalar input.</summary>
    public static Expr Scalar(string name, DType dtype = DType.Float32) => new Variable(name, dtype).Expr;

    /// <summary>A vector input; an axis without a size or name gets a symbol of its own.</summary>
    public static Expr Vector(string name, Size? size = null, DType dtype = DType.Float32) => new Variable(name, dtype, size?.Dim).Expr;

    /// <summary>A matrix input: <c>Matrix("x", "n", 784)</c> fixes what is known.</summary>
    public static Expr Matrix(string name, Size? rows = null, Size? columns = null, DType dtype = DType.Float32) =>
        new Variable(name, dtype, rows?.Dim, columns?.Dim).Expr;

    /// <summary>An input of four axes: images [n,c,h,w].</summary>
    public static Expr Tensor4(string name, Size? n = null, Size? c = null, Size? h = null, Size? w = null, DType dtype = DType.Float32) =>
        new Variable(name, dtype, n?.Dim, c?.Dim, h?.Dim, w?.Dim).Expr;

    /// <summary>An input of any rank.</summary>
    public static Expr Input(string name, DType dtype, params ReadOnlySpan<Size> sizes)
    {
        var dims = new Dim?[sizes.Length];
        for (int axis = 0; axis < dims.Length; axis++)
        {
            dims[axis] = sizes[axis].Dim;
        }
        return new Variable(name, dtype, dims).Expr;
    }

    /// <summary>A scalar constant.</summary>
    public static Expr Constant(ScalarValue value) => Expr.Of(new Full(value, Shape.Scalar));

    /// <summary>A float64 scalar constant. Numbers written beside an expression need no such call: they take its dtype.</summary>
    public static Expr Constant(double value) => Constant(ScalarValue.Of(DType.Float64, value));

    /// <summary>A constant array; its data are copied. One whose elements are all equal becomes the uniform form.</summary>
    public static Expr Constant(Literal value) => value.Uniform() is { } single
        ? Expr.Of(new Full(single, Shape.Of(value.Sizes)))
        : Expr.Of(new Constant(value));

    /// <summary>A tensor of one value.</summary>
    public static Expr Full(DType dtype, Shape shape, double value) => Expr.Of(new Full(ScalarValue.Of(dtype, value), shape));

    /// <summary>A tensor of one value with the type of another.</summary>
    public static Expr FullLike(Expr like, double value) => Full(like.DType, like.Shape, value);

    /// <summary>Zeros of a type.</summary>
    public static Expr Zeros(TensorType type) => Full(type.DType, type.Shape, 0);

    /// <summary>Positions along an axis of a shape, as int64.</summary>
    public static Expr Iota(Shape shape, int axis) => Expr.Of(new Iota(shape, axis));

    /// <summary>A size as an int64 scalar.</summary>
    public static Expr SizeOf(Dim size) => size.IsConstant ? Constant(ScalarValue.Of(DType.Int64, size.Constant)) : Expr.Of(new SizeOf(size));

    /// <summary>The value of an integer scalar expression as a size, at most <paramref name="upper"/> where given.</summary>
    public static Dim SizeFrom(Expr value, Dim? upper = null) => value.Rank == 0 && value.DType.IsInteger()
        ? new ValueSymbol(value, upper)
        : throw new TypeMismatch($"a size wants an integer scalar; got {value.Label}");

    /// <summary>
    /// The gradient of a scalar with respect to each of the given expressions. Throws <see cref="GradientError"/> where one is
    /// disconnected or undefined; <see cref="Differentiation.Gradient"/> tells them apart without throwing.
    /// </summary>
    public static Expr[] Grad(Expr loss, params ReadOnlySpan<Expr> wrt)
    {
        Expr[] inputs = wrt.ToArray();
        Derivative[] slopes = Differentiation.Gradient(Seq.Create<Expr>(inputs), [loss]);
        return [.. slopes.Select((slope, i) => slope switch
        {
            Derivative.Known(var gradient) => gradient,
            Derivative.UndefinedEntry(var reason) => throw new GradientError(reason),
            _ => throw new GradientError($"{loss.Label} does not depend on {inputs[i].Label} through any differentiable path"),
        })];
    }

    /// <summary>The gradient of a scalar with respect to one expression.</summary>
    public static Expr Grad(Expr loss, Expr wrt) => Grad(loss, [wrt])[0];

    /// <summary>Runs a body a fixed number of times over carried values; captures are handed to every step unchanged.</summary>
    public static Seq<Expr> Loop(int count, Seq<Expr> start, Seq<Expr> captures, Func<Expr, Seq<Expr>, Seq<Expr>, Seq<Expr>> body)
    {
        Seq<TensorType> types = [.. start.Map(s => s.Tensor), .. captures.Map(c => c.Tensor)];
        Lambda lambda = Lambda.Of([new TensorType(DType.Int64, Shape.Scalar), .. types], p => body(p[0], p[1..(1 + start.Count)], p[(1 + start.Count)..]));
        Expr loop = Expr.Of(new Loop(count, lambda), [.. start, .. captures]);
        return Enumerable.Range(0, start.Count).Select(loop.Item).ToSeq();
    }

    /// <summary>Computes only the branch that the boolean scalar chooses.</summary>
    public static Seq<Expr> IfElse(Expr condition, Seq<Expr> captures, Func<Seq<Expr>, Seq<Expr>> then, Func<Seq<Expr>, Seq<Expr>> otherwise)
    {
        Seq<TensorType> types = captures.Map(c => c.Tensor);
        Lambda chosen = Lambda.Of(types, then);
        Expr branch = Expr.Of(new IfElse(chosen, Lambda.Of(types, otherwise)), [condition, .. captures]);
        return Enumerable.Range(0, chosen.Results.Count).Select(branch.Item).ToSeq();
    }

    /// <summary>Passes <paramref name="x"/> on if the condition holds throughout; else the call fails with the message.</summary>
    public static Expr Require(Expr x, Expr condition, string message) => Expr.Of(new Assert(message), x, condition);

    /// <summary>Passes <paramref name="x"/> on and prints it when the function runs.</summary>
    public static Expr Print(Expr x, string label) => Expr.Of(new Print(label), x);

    /// <summary>Passes <paramref name="x"/> on and hands its value to a delegate when the function runs.</summary>
    public static Expr Callback(Expr x, Action<Literal> action) => Expr.Of(new Callback(action), x);
}

/// <summary>The size of an axis as a user writes it: a number, a name, or a size expression.</summary>
public readonly record struct Size(Dim Dim)
{
    /// <summary>A known size.</summary>
    public static implicit operator Size(long size) => new(size);

    /// <summary>A size known by name: equal names are equal sizes.</summary>
    public static implicit operator Size(string name) => new(new NamedSymbol(name));

    /// <summary>A size expression.</summary>
    public static implicit operator Size(Dim dim) => new(dim);
}
