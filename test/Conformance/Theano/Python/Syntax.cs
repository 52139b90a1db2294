namespace Symbolic.Conformance.Theano.Python;

/// <summary>An expression of the small Python that the cases are written in.</summary>
internal abstract record Node
{
    public sealed record Name(string Text) : Node;

    public sealed record Constant(object? Value) : Node;

    public sealed record Attribute(Node Owner, string Member) : Node;

    public sealed record Call(Node Function, IReadOnlyList<Node> Positional, IReadOnlyList<(string Name, Node Value)> Keywords) : Node;

    public sealed record Subscript(Node Owner, Node Index) : Node;

    public sealed record Slice(Node? Start, Node? Stop, Node? Step) : Node;

    public sealed record Tuple(IReadOnlyList<Node> Items) : Node;

    public sealed record List(IReadOnlyList<Node> Items) : Node;

    public sealed record Dict(IReadOnlyList<(Node Key, Node Value)> Items) : Node;

    public sealed record Unary(string Operator, Node Operand) : Node;

    public sealed record Binary(string Operator, Node Left, Node Right) : Node;

    public sealed record Lambda(IReadOnlyList<string> Parameters, Node Body) : Node;

    public sealed record Comprehension(Node Item, Node Target, Node Source) : Node;
}

/// <summary>A statement.</summary>
internal abstract record Statement
{
    public sealed record Assign(Node Target, Node Value) : Statement;

    public sealed record Evaluate(Node Value) : Statement;

    public sealed record Return(Node? Value) : Statement;

    public sealed record Define(string Name, IReadOnlyList<string> Parameters, IReadOnlyList<Statement> Body) : Statement;

    public sealed record For(Node Target, Node Source, IReadOnlyList<Statement> Body) : Statement;
}
