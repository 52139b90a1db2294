using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Symbolic;

/// <summary>An immutable list with value equality, so that records which hold one compare by their contents.</summary>
/// <typeparam name="T">The type of an item.</typeparam>
[CollectionBuilder(typeof(Seq), nameof(Seq.Create))]
[SuppressMessage("Naming", "CA1710", Justification = "Seq is the word used throughout; a Collection suffix adds nothing")]
public sealed class Seq<T> : IReadOnlyList<T>, IEquatable<Seq<T>>
{
    private readonly T[] items;
    private int hash;

    private Seq(T[] items) => this.items = items;

    /// <summary>The list without items.</summary>
    public static Seq<T> Empty { get; } = new([]);

    /// <summary>The number of items.</summary>
    public int Count => items.Length;

    /// <summary>The item at an index.</summary>
    public T this[int index] => items[index];

    /// <summary>The items of a range, which also makes list patterns with slices work.</summary>
    public Seq<T> this[Range range] => Owning(items[range]);

    /// <summary>The items as a span, without copying.</summary>
    public ReadOnlySpan<T> AsSpan() => items;

    /// <summary>A list with one more item, before the one now at <paramref name="index"/>.</summary>
    public Seq<T> Insert(int index, T item) => Owning([.. items[..index], item, .. items[index..]]);

    /// <summary>A list with one more item at its end.</summary>
    public Seq<T> Add(T item) => Owning([.. items, item]);

    /// <summary>A list without the item at <paramref name="index"/>.</summary>
    public Seq<T> RemoveAt(int index) => Owning([.. items[..index], .. items[(index + 1)..]]);

    /// <summary>A list whose item at <paramref name="index"/> is another.</summary>
    public Seq<T> With(int index, T item)
    {
        T[] copy = [.. items];
        copy[index] = item;
        return Owning(copy);
    }

    /// <summary>The results of a function of each item.</summary>
    public Seq<TResult> Map<TResult>(Func<T, TResult> function) => Seq<TResult>.Owning(Array.ConvertAll(items, item => function(item)));

    /// <summary>These items, then those of another list.</summary>
    public Seq<T> Concat(Seq<T> other) => Count == 0 ? other : other.Count == 0 ? this : Owning([.. items, .. other.items]);

    /// <summary>The index of the first item equal to <paramref name="item"/>, or -1.</summary>
    public int IndexOf(T item) => Array.IndexOf(items, item);

    /// <inheritdoc/>
    public bool Equals(Seq<T>? other)
    {
        if (ReferenceEquals(this, other))
        {
            return true;
        }
        return other is not null && Count == other.Count && GetHashCode() == other.GetHashCode() && items.AsSpan().SequenceEqual(other.items);
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Seq<T>);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        if (hash == 0)
        {
            var code = new HashCode();
            foreach (T item in items)
            {
                code.Add(item);
            }
            int found = code.ToHashCode();
            hash = found == 0 ? 1 : found;
        }
        return hash;
    }

    /// <summary>Whether two lists hold equal items in the same order.</summary>
    public static bool operator ==(Seq<T>? left, Seq<T>? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Whether two lists differ.</summary>
    public static bool operator !=(Seq<T>? left, Seq<T>? right) => !(left == right);

    /// <summary>The items between brackets: <c>[1, 2]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", items)}]";

    /// <inheritdoc/>
    public IEnumerator<T> GetEnumerator() => ((IEnumerable<T>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    // The caller hands the array over: nobody else may keep it.
    internal static Seq<T> Owning(T[] items) => items.Length == 0 ? Empty : new(items);
}

/// <summary>Makes <see cref="Seq{T}"/>s.</summary>
public static class Seq
{
    /// <summary>What a collection expression calls.</summary>
    public static Seq<T> Create<T>(ReadOnlySpan<T> items) => Seq<T>.Owning(items.ToArray());

    /// <summary>The items of an enumerable, in its order.</summary>
    public static Seq<T> Of<T>(IEnumerable<T> items) => items as Seq<T> ?? Seq<T>.Owning([.. items]);

    /// <summary>The items of an enumerable, in its order.</summary>
    public static Seq<T> ToSeq<T>(this IEnumerable<T> items) => Of(items);
}
