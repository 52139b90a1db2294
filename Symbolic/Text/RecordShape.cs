using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Symbolic;

/// <summary>
/// How a record is written as text: its name and its constructor's parameters in snake case. Read once from the type, so that an
/// op says nothing about text.
/// </summary>
internal sealed class RecordShape
{
    private static readonly ConcurrentDictionary<Type, RecordShape> Known = new();
    private readonly ConstructorInfo constructor;
    private readonly PropertyInfo[] properties;

    private RecordShape(Type type)
    {
        Name = Op.SnakeCase(type.Name);
        constructor = type.GetConstructors() is [var only] ? only : throw new UnreachableException($"{type} has not one public constructor");
        ParameterInfo[] parameters = constructor.GetParameters();
        properties = [.. parameters.Select(p => type.GetProperty(p.Name!) ?? throw new UnreachableException($"{type} has no property {p.Name}"))];
        Parameters = parameters.Select(p => (Op.SnakeCase(p.Name!), p.ParameterType)).ToSeq();
    }

    // Only who reads text needs them all.
    private static readonly Lazy<IReadOnlyDictionary<string, RecordShape>> All = new(() => typeof(Op).Assembly.GetTypes()
        .Where(type => type.IsSubclassOf(typeof(Op)) && type.IsSealed && type != typeof(Ops.Leaf) && type != typeof(Ops.Parameter))
        .Select(Of).ToDictionary(shape => shape.Name));

    /// <summary>The ops by the name that they have in text.</summary>
    public static IReadOnlyDictionary<string, RecordShape> Ops => All.Value;

    public string Name { get; }

    public Seq<(string Name, Type Type)> Parameters { get; }

    public static RecordShape Of(Type type) => Known.GetOrAdd(type, static type => new RecordShape(type));

    public object? Value(object record, int parameter) => properties[parameter].GetValue(record);

    /// <summary>The record with these values; what its constructor throws comes out as it is.</summary>
    public object Make(object[] values) => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, values, null);
}
