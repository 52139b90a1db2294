namespace Symbolic;

/// <summary>A user's mistake in building a graph: types, shapes or arguments that do not fit. Raised where the graph is built.</summary>
public sealed class TypeMismatch : Exception
{
    /// <summary>A mismatch described in the user's words.</summary>
    public TypeMismatch(string message) : base(message) { }
}

/// <summary>A condition asserted inside a graph did not hold when it ran.</summary>
public sealed class AssertionFailed : Exception
{
    /// <summary>A failure with the message given to the assertion.</summary>
    public AssertionFailed(string message) : base(message) { }
}

/// <summary>A user's mistake in asking for a gradient: not a float, not connected, or an op without one.</summary>
public sealed class GradientError : Exception
{
    /// <summary>The reason, naming the expressions.</summary>
    public GradientError(string message) : base(message) { }
}
