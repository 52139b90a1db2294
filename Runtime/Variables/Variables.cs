namespace Symbolic.Runtime;

/// <summary>The user's vocabulary for values that live between calls; meant for <c>using static</c>.</summary>
public static class Variables
{
    /// <summary>A shared variable with a copy of a value.</summary>
    public static SharedVariable Shared(Tensor value, string name) => new(value, name);

    /// <summary>A shared variable with a copy of row-major values: <c>Shared&lt;float&gt;([0, 0], "b", 2)</c>.</summary>
    /// <exception cref="ArgumentException">The number of values is not the product of the sizes.</exception>
    public static SharedVariable Shared<T>(ReadOnlySpan<T> values, string name, params ReadOnlySpan<long> sizes) where T : unmanaged
    {
        var variable = new SharedVariable(DTypes.Of<T>(), Seq.Create(sizes), name);
        variable.SetValues(values);
        return variable;
    }
}
