namespace Symbolic.Runtime;

/// <summary>The bindings of one program by sizes, the most recently used first; a bounded number of them.</summary>
internal sealed class BindingCache(int capacity)
{
    private readonly (long[] Key, Binding Binding)[] entries = new (long[], Binding)[capacity];

    /// <summary>Number of bindings kept.</summary>
    public int Count { get; private set; }

    /// <summary>The binding for these sizes, or null; allocates nothing.</summary>
    public Binding? Find(ReadOnlySpan<long> key)
    {
        for (int i = 0; i < Count; i++)
        {
            if (key.SequenceEqual(entries[i].Key))
            {
                MoveToFront(i);
                return entries[0].Binding;
            }
        }
        return null;
    }

    /// <summary>Keeps a binding, in place of the least recently used one if there are too many.</summary>
    public void Add(ReadOnlySpan<long> key, Binding binding)
    {
        Count = Math.Min(Count + 1, entries.Length);
        entries[Count - 1] = (key.ToArray(), binding);
        MoveToFront(Count - 1);
    }

    /// <summary>Puts another binding in the place of the one found last.</summary>
    public void Replace(Binding binding) => entries[0].Binding = binding;

    /// <summary>Drops all.</summary>
    public void Clear()
    {
        Array.Clear(entries);
        Count = 0;
    }

    private void MoveToFront(int index)
    {
        (long[] Key, Binding Binding) found = entries[index];
        for (int i = index; i > 0; i--)
        {
            entries[i] = entries[i - 1];
        }
        entries[0] = found;
    }
}
