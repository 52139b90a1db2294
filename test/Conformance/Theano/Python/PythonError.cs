namespace Symbolic.Conformance.Theano.Python;

/// <summary>What Python would raise: the exception's class and its message.</summary>
internal sealed class PythonError(string type, string message) : Exception(message)
{
    /// <summary>The class, such as <c>TypeError</c>.</summary>
    public string Type { get; } = type;

    /// <summary>The name that was not found, where the error is that of a missing attribute.</summary>
    public string? Missing { get; private init; }

    public static PythonError TypeError(string message) => new("TypeError", message);

    public static PythonError ValueError(string message) => new("ValueError", message);

    public static PythonError NoAttribute(string owner, string name) =>
        new("AttributeError", $"{owner} has no attribute '{name}'") { Missing = $"{owner}.{name}" };
}

/// <summary>Something of Theano that our API does not have, by name.</summary>
internal sealed class MissingFeature(string name) : Exception(name);
