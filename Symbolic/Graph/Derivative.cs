namespace Symbolic;

/// <summary>What a gradient is with respect to one input: an expression, nothing since no path leads there, or undefined.</summary>
public abstract record Derivative
{
    private Derivative() { }

    /// <summary>The gradient is this expression.</summary>
    public sealed record Known(Expr Expr) : Derivative;

    /// <summary>The result does not depend on the input through any differentiable path.</summary>
    public sealed record DisconnectedEntry : Derivative;

    /// <summary>The result depends on the input, but no gradient is defined; the reason says why.</summary>
    public sealed record UndefinedEntry(string Reason) : Derivative;

    /// <summary>No differentiable path.</summary>
    public static Derivative Disconnected { get; } = new DisconnectedEntry();

    /// <summary>No gradient is defined, for this reason.</summary>
    public static Derivative Undefined(string reason) => new UndefinedEntry(reason);

    /// <summary>A known gradient.</summary>
    public static implicit operator Derivative(Expr expr) => new Known(expr);
}
