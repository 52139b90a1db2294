namespace Symbolic.Runtime;

/// <summary>
/// What a shared variable becomes at the end of each call of a function. All updates of a function read the values before the call,
/// so <c>[(a, b), (b, a)]</c> swaps two.
/// </summary>
public readonly record struct Update
{
    /// <summary>An update of a variable to the value of an expression of its dtype and rank; sizes that are not known to be the variable's become an equation.</summary>
    /// <exception cref="TypeMismatch">The expression can never have the variable's type.</exception>
    public Update(SharedVariable variable, Expr value)
    {
        TensorType wanted = variable.Type, given = value.Tensor;
        bool clashes = given.Rank != wanted.Rank || Enumerable.Range(0, given.Rank).Any(axis => given.Shape[axis].IsConstant && !given.Shape[axis].Equals(wanted.Shape[axis]));
        if (clashes || given.DType != wanted.DType)
        {
            throw new TypeMismatch($"{variable.Name} is {wanted}; its update is {value.Label}{(clashes ? "" : ". Cast it to the variable's dtype")}");
        }
        Variable = variable;
        Value = value.Equate(wanted.Shape);
    }

    /// <summary>The variable.</summary>
    public SharedVariable Variable { get; }

    /// <summary>Its next value.</summary>
    public Expr Value { get; }

    /// <summary>An update as a pair: <c>(W, W - rate * gradient)</c>.</summary>
    public static implicit operator Update((SharedVariable Variable, Expr Value) pair) => new(pair.Variable, pair.Value);
}
