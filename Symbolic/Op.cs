using System.Collections.Concurrent;
using System.Text;

namespace Symbolic;

/// <summary>
/// An operation of the language. A sealed record whose properties are its parameters, so that two ops are equal
/// if they mean the same. It says its type rule, its meaning and its gradient; it knows no kernel and no device.
/// </summary>
public abstract record Op
{
    private static readonly ConcurrentDictionary<Type, string> Names = new();

    /// <summary>Its name in IR text, documentation and errors: the type's name in snake case.</summary>
    public string Name => Names.GetOrAdd(GetType(), type => SnakeCase(type.Name));

    /// <summary>Whether it is defined on complex numbers. Where it is not, no node of it has a complex input.</summary>
    public virtual bool TakesComplex => false;

    /// <summary>The type of the result; throws <see cref="TypeMismatch"/> in the user's words where the inputs do not fit.</summary>
    public abstract ExprType Infer(ReadOnlySpan<TensorType> inputs);

    /// <summary>
    /// The gradient with respect to each input, given those with respect to the results (null where no gradient arrives).
    /// </summary>
    public abstract Derivative[] Gradient(Expr node, Expr?[] resultGradients);

    /// <summary>This op with every size among its parameters mapped.</summary>
    public virtual Op MapDims(Func<Dim, Dim> map) => this;

    /// <summary>Inputs with which the tests try the op. An op whose samples are empty is covered by tests of its own, which it names.</summary>
    public abstract IEnumerable<Sample> Samples { get; }

    /// <summary>Nested graphs among the parameters; empty for most ops.</summary>
    public virtual IEnumerable<Lambda> Lambdas => [];

    /// <summary>This op with its nested graphs replaced, in the order of <see cref="Lambdas"/>.</summary>
    public virtual Op WithLambdas(IReadOnlyList<Lambda> lambdas) => this;

    /// <summary>Raises the mismatch, with the op's name ahead of the message.</summary>
    protected TypeMismatch Mismatch(string message) => new($"{Name} {message}");

    /// <summary>Checks the number of inputs.</summary>
    protected void Expect(int count, ReadOnlySpan<TensorType> inputs)
    {
        if (inputs.Length != count)
        {
            throw Mismatch($"takes {count} inputs; got {inputs.Length}");
        }
    }

    internal static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        for (int i = 0; i < name.Length; i++)
        {
            if (char.IsUpper(name[i]) && i > 0 && !char.IsUpper(name[i - 1]))
            {
                text.Append('_');
            }
            text.Append(char.ToLowerInvariant(name[i]));
        }
        return text.ToString();
    }
}

/// <summary>An op of one result whose meaning is a formula: one element of the result as a function of its index.</summary>
public abstract record FormulaOp : Op
{
    /// <inheritdoc/>
    public sealed override ExprType Infer(ReadOnlySpan<TensorType> inputs) => InferTensor(inputs);

    /// <summary>The type of the result tensor.</summary>
    public abstract TensorType InferTensor(ReadOnlySpan<TensorType> inputs);

    /// <summary>The element at index <paramref name="at"/>, written over the operands of <paramref name="formula"/>.</summary>
    public abstract Element Define(Formula formula, Seq<Dim> at);

    /// <inheritdoc/>
    public sealed override Derivative[] Gradient(Expr node, Expr?[] resultGradients) =>
        Gradient(node.Inputs, node, resultGradients[0]!);

    /// <summary>The gradient with respect to each input <paramref name="x"/> of result <paramref name="y"/>, given <paramref name="dy"/>.</summary>
    public abstract Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy);
}

/// <summary>An op of one result whose meaning is a composition of other ops; kept whole while rules may still recognise it.</summary>
public abstract record CompositeOp : Op
{
    /// <inheritdoc/>
    public sealed override ExprType Infer(ReadOnlySpan<TensorType> inputs) => InferTensor(inputs);

    /// <summary>The type of the result tensor.</summary>
    public abstract TensorType InferTensor(ReadOnlySpan<TensorType> inputs);

    /// <summary>The same value written with simpler ops.</summary>
    public abstract Expr Expand(Seq<Expr> inputs);

    /// <inheritdoc/>
    public sealed override Derivative[] Gradient(Expr node, Expr?[] resultGradients) =>
        Gradient(node.Inputs, node, resultGradients[0]!);

    /// <summary>The gradient with respect to each input <paramref name="x"/> of result <paramref name="y"/>, given <paramref name="dy"/>.</summary>
    public abstract Derivative[] Gradient(Seq<Expr> x, Expr y, Expr dy);
}

/// <summary>An op that is identity on its first input and does something on the way: it is never folded, merged away or moved past its readers.</summary>
public abstract record EffectOp : Op
{
    /// <inheritdoc/>
    public sealed override bool TakesComplex => true;

    /// <summary>What happens, given the values of all inputs. Throwing ends the call; shared variables then stay as they were.</summary>
    public abstract void Perform(IReadOnlyList<Literal> inputs);

    /// <inheritdoc/>
    public sealed override Derivative[] Gradient(Expr node, Expr?[] resultGradients) =>
        [resultGradients[0]!, .. Enumerable.Repeat(Derivative.Disconnected, node.Inputs.Count - 1)];
}
