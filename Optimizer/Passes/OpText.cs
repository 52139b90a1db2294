using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text;

namespace Symbolic.Optimizer;

/// <summary>
/// A text of an op and its parameters that is the same in every process, to order ops by. It tells no addresses, ages or names
/// given by the user, and writes nested graphs out.
/// </summary>
internal static class OpText
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Parameters = new();

    /// <summary>As <c>sum(Axes: [0])</c>.</summary>
    public static string Of(Op op)
    {
        PropertyInfo[] parameters = Parameters.GetOrAdd(op.GetType(), Positional);
        if (parameters.Length == 0)
        {
            return op.Name;
        }
        var text = new StringBuilder(op.Name).Append('(');
        foreach (PropertyInfo parameter in parameters)
        {
            text.Append(parameter.Name).Append(": ").Append(Value(parameter.GetValue(op))).Append("; ");
        }
        return text.Append(')').ToString();
    }

    private static PropertyInfo[] Positional(Type type) =>
        [.. type.GetConstructors().Where(c => c.GetParameters() is not [var only] || only.ParameterType != type)
            .SelectMany(c => c.GetParameters()).Select(p => type.GetProperty(p.Name!)).OfType<PropertyInfo>()];

    private static string Value(object? value) => value switch
    {
        null => "none",
        Lambda lambda => Graph(lambda),
        Delegate function => $"{function.Method.DeclaringType}.{function.Method.Name}",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };

    private static string Graph(Lambda lambda)
    {
        var numbers = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        var text = new StringBuilder($"({string.Join(", ", lambda.Parameters)}) => {{ ");
        foreach (Expr node in Traversal.Order(lambda.Results))
        {
            numbers.Add(node, numbers.Count);
            text.Append(Of(node.Op)).Append('[').AppendJoin(',', node.Inputs.Map(input => numbers[input])).Append("] ");
        }
        return text.Append("} ").AppendJoin(',', lambda.Results.Map(result => numbers[result])).ToString();
    }
}
