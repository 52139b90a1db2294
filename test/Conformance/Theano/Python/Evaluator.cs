using System.Diagnostics;
using System.Numerics;

namespace Symbolic.Conformance.Theano.Python;

/// <summary>What the evaluator asks of the objects that the cases compute with.</summary>
internal interface IObjects
{
    /// <summary>A global name; false where there is none.</summary>
    bool TryGlobal(string name, out object? value);

    /// <summary>An attribute of a value that is no plain Python object.</summary>
    object? Attribute(object? owner, string name);

    /// <summary>An operator with at least one operand that is no plain Python number; <c>"neg"</c> and <c>"~"</c> have one.</summary>
    object? Operator(string symbol, object? left, object? right);

    /// <summary>A subscript of a value that is no plain Python object.</summary>
    object? Subscript(object? owner, object? index);
}

/// <summary>Runs the small Python over the objects that the table of our API gives.</summary>
internal sealed class Evaluator(IObjects objects)
{
    private readonly Scope globals = new(null);

    /// <summary>Names of a call, within those of where its function was written.</summary>
    private sealed class Scope(Scope? outer)
    {
        private readonly Dictionary<string, object?> names = new(StringComparer.Ordinal);

        public object? this[string name] { set => names[name] = value; }

        public bool TryGet(string name, out object? value) => names.TryGetValue(name, out value) || (outer is not null && outer.TryGet(name, out value));
    }

    /// <summary>Sets a global name.</summary>
    public void Set(string name, object? value) => globals[name] = value;

    public object? Evaluate(string expression) => Evaluate(Parser.ParseExpression(expression), globals);

    public void Run(string program) => Run(Parser.ParseProgram(program), globals, out _);

    private bool Run(IReadOnlyList<Statement> statements, Scope scope, out object? returned)
    {
        foreach (Statement statement in statements)
        {
            switch (statement)
            {
                case Statement.Assign(var target, var value):
                    Assign(target, Evaluate(value, scope), scope);
                    break;
                case Statement.Evaluate(var value):
                    Evaluate(value, scope);
                    break;
                case Statement.Return(var value):
                    returned = value is null ? null : Evaluate(value, scope);
                    return true;
                case Statement.Define(var name, var parameters, var body):
                    scope[name] = Function(name, parameters, scope, inner => Run(body, inner, out object? result) ? result : null);
                    break;
                case Statement.For(var target, var source, var body):
                    foreach (object? item in Value.Items(Evaluate(source, scope)))
                    {
                        Assign(target, item, scope);
                        if (Run(body, scope, out returned))
                        {
                            return true;
                        }
                    }
                    break;
                default:
                    throw new UnreachableException($"{statement}");
            }
        }
        returned = null;
        return false;
    }

    private void Assign(Node target, object? value, Scope scope)
    {
        switch (target)
        {
            case Node.Name(var name):
                scope[name] = value;
                break;
            case Node.Tuple(var items):
                Unpack(items, value, scope);
                break;
            case Node.List(var items):
                Unpack(items, value, scope);
                break;
            default:
                throw new PythonError("SyntaxError", "cannot assign here");
        }
    }

    private void Unpack(IReadOnlyList<Node> targets, object? value, Scope scope)
    {
        IReadOnlyList<object?> items = Value.Items(value);
        if (items.Count != targets.Count)
        {
            throw PythonError.ValueError($"{targets.Count} values expected to unpack, got {items.Count}");
        }
        for (int i = 0; i < items.Count; i++)
        {
            Assign(targets[i], items[i], scope);
        }
    }

    private object? Evaluate(Node node, Scope scope)
    {
        switch (node)
        {
            case Node.Constant(var value):
                return value;
            case Node.Name(var name):
                return scope.TryGet(name, out object? local) || objects.TryGlobal(name, out local) || Builtins.TryGet(name, objects, out local) ? local
                    : throw new PythonError("NameError", $"name '{name}' is not defined");
            case Node.Attribute(var owner, var name):
                return objects.Attribute(Evaluate(owner, scope), name);
            case Node.Call call:
                return Call(call, scope);
            case Node.Subscript(var owner, var index):
                return Subscript(Evaluate(owner, scope), Evaluate(index, scope));
            case Node.Slice(var start, var stop, var step):
                object? Bound(Node? bound) => bound is null ? null : Evaluate(bound, scope);
                return new SliceValue(Bound(start), Bound(stop), Bound(step));
            case Node.Tuple(var items):
                return Sequence.Tuple(items.Select(item => Evaluate(item, scope)));
            case Node.List(var items):
                return Sequence.List(items.Select(item => Evaluate(item, scope)));
            case Node.Dict(var items):
                return new Dictionary([.. items.Select(item => (Evaluate(item.Key, scope), Evaluate(item.Value, scope)))]);
            case Node.Unary(var symbol, var operand):
                return Arithmetic.Unary(symbol, Evaluate(operand, scope), objects);
            case Node.Binary(var symbol, var left, var right):
                return Arithmetic.Binary(symbol, Evaluate(left, scope), Evaluate(right, scope), objects);
            case Node.Lambda(var parameters, var body):
                return Function("<lambda>", parameters, scope, inner => Evaluate(body, inner));
            case Node.Comprehension(var item, var target, var source):
                var inside = new Scope(scope);
                return Sequence.List(Value.Items(Evaluate(source, scope)).Select(value =>
                {
                    Assign(target, value, inside);
                    return Evaluate(item, inside);
                }));
            default:
                throw new UnreachableException($"{node}");
        }
    }

    private object? Call(Node.Call call, Scope scope)
    {
        object? function = Evaluate(call.Function, scope);
        object?[] positional = [.. call.Positional.Select(argument => Evaluate(argument, scope))];
        (string, object?)[] keywords = [.. call.Keywords.Select(keyword => (keyword.Name, Evaluate(keyword.Value, scope)))];
        return function is FunctionValue callable ? callable.Body(positional, keywords)
            : throw PythonError.TypeError($"'{Value.TypeName(function)}' object is not callable");
    }

    private static FunctionValue Function(string name, IReadOnlyList<string> parameters, Scope outer, Func<Scope, object?> body) => new(name, (positional, keywords) =>
    {
        if (positional.Count + keywords.Count != parameters.Count)
        {
            throw PythonError.TypeError($"{name}() takes {parameters.Count} arguments but {positional.Count + keywords.Count} were given");
        }
        var scope = new Scope(outer);
        for (int i = 0; i < positional.Count; i++)
        {
            scope[parameters[i]] = positional[i];
        }
        foreach ((string keyword, object? value) in keywords)
        {
            scope[keyword] = parameters.Contains(keyword) ? value : throw PythonError.TypeError($"{name}() got an unexpected keyword argument '{keyword}'");
        }
        return body(scope);
    });

    private object? Subscript(object? owner, object? index)
    {
        if (owner is not Sequence sequence)
        {
            return objects.Subscript(owner, index);
        }
        int count = sequence.Items.Count;
        if (index is SliceValue slice)
        {
            return new Sequence(Slices.Positions(slice, count).Select(i => sequence.Items[i]), sequence.IsTuple);
        }
        int at = Value.Int(index is BigInteger or bool ? index : throw PythonError.TypeError($"list indices must be integers or slices, not {Value.TypeName(index)}"));
        return at >= -count && at < count ? sequence.Items[at < 0 ? at + count : at] : throw new PythonError("IndexError", "list index out of range");
    }
}

/// <summary>Python's slices of a known number of items.</summary>
internal static class Slices
{
    /// <summary>The positions that a slice takes, in its order.</summary>
    public static IEnumerable<int> Positions(SliceValue slice, int count)
    {
        int step = slice.Step is null ? 1 : Value.Int(slice.Step);
        int Clamp(object? bound, int none, int low, int high)
        {
            if (bound is null)
            {
                return none;
            }
            int value = Value.Int(bound);
            return Math.Clamp(value < 0 ? value + count : value, low, high);
        }
        int low = step > 0 ? 0 : -1, high = step > 0 ? count : count - 1;
        int start = Clamp(slice.Start, step > 0 ? 0 : count - 1, low, high), stop = Clamp(slice.Stop, step > 0 ? count : -1, low, high);
        for (int i = start; step > 0 ? i < stop : i > stop; i += step)
        {
            yield return i;
        }
    }
}
