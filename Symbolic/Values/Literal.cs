using System.Runtime.InteropServices;

namespace Symbolic;

/// <summary>
/// A tensor of known values in row-major order: constants, and what the interpreter computes. Immutable; two literals
/// are equal if dtype, sizes and all bits are (so 0.0 is not -0.0, and NaN equals itself).
/// </summary>
public sealed class Literal : IEquatable<Literal>
{
    private readonly ReadOnlyMemory<byte> data;

    private Literal(DType dtype, Seq<long> sizes, ReadOnlyMemory<byte> data)
    {
        DType = dtype;
        Sizes = sizes;
        this.data = data;
    }

    /// <summary>Element type.</summary>
    public DType DType { get; }

    /// <summary>Size per axis.</summary>
    public Seq<long> Sizes { get; }

    /// <summary>Number of elements.</summary>
    public long Count => data.Length / DType.Size();

    /// <summary>Its type.</summary>
    public TensorType Type => new(DType, Shape.Of(Sizes));

    /// <summary>The elements' bytes, row-major, little-endian.</summary>
    public ReadOnlySpan<byte> Bytes => data.Span;

    /// <summary>The same bytes where they lie.</summary>
    public ReadOnlyMemory<byte> Memory => data;

    /// <summary>Copies bytes into a literal; their number must fit the sizes.</summary>
    /// <exception cref="ArgumentException">Their number is another, or a boolean is neither 0 nor 1.</exception>
    public static Literal FromBytes(DType dtype, Seq<long> sizes, ReadOnlySpan<byte> bytes) => OfMemory(dtype, sizes, bytes.ToArray());

    /// <summary>A literal of bytes where they lie: whoever hands them over changes them no more. Large weights need no second copy so.</summary>
    /// <exception cref="ArgumentException">Their number does not fit the sizes, or a boolean is neither 0 nor 1.</exception>
    public static Literal OfMemory(DType dtype, Seq<long> sizes, ReadOnlyMemory<byte> bytes)
    {
        long count = sizes.Aggregate(1L, (a, b) => checked(a * b));
        if (bytes.Length != checked(count * dtype.Size()))
        {
            throw new ArgumentException($"{bytes.Length} bytes for {dtype.Text()}[{string.Join(",", sizes)}]");
        }
        if (dtype == DType.Bool && bytes.Span.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            throw new ArgumentException("a boolean is a byte 0 or 1");
        }
        return new Literal(dtype, sizes, bytes);
    }

    /// <summary>The same elements under other sizes.</summary>
    /// <exception cref="ArgumentException">These have more elements, or fewer.</exception>
    public Literal WithSizes(Seq<long> sizes) => OfMemory(DType, sizes, data);

    /// <summary>Copies values into a literal, e.g. <c>Literal.Of([1f, 2f], 2)</c>.</summary>
    public static Literal Of<T>(ReadOnlySpan<T> values, params ReadOnlySpan<long> sizes) where T : unmanaged =>
        FromBytes(DTypes.Of<T>(), Seq.Create(sizes), MemoryMarshal.AsBytes(values));

    /// <summary>A literal of the scalar values that <paramref name="element"/> gives by row-major position.</summary>
    public static Literal Build(DType dtype, Seq<long> sizes, Func<long, ScalarValue> element)
    {
        long count = sizes.Aggregate(1L, (a, b) => checked(a * b));
        int size = dtype.Size();
        var data = new byte[checked(count * size)];
        Span<byte> buffer = stackalloc byte[16];
        for (long i = 0; i < count; i++)
        {
            UInt128 bits = element(i).Bits;
            MemoryMarshal.Write(buffer, in bits);
            buffer[..size].CopyTo(data.AsSpan((int)(i * size)));
        }
        return new Literal(dtype, sizes, data);
    }

    /// <summary>A scalar.</summary>
    public static Literal Scalar(ScalarValue value) => Build(value.DType, Seq<long>.Empty, _ => value);

    /// <summary>The element at a row-major position.</summary>
    public ScalarValue this[long position]
    {
        get
        {
            int size = DType.Size();
            Span<byte> buffer = stackalloc byte[16];
            buffer.Clear();
            data.Span.Slice(checked((int)(position * size)), size).CopyTo(buffer);
            return ScalarValue.FromBits(DType, MemoryMarshal.Read<UInt128>(buffer));
        }
    }

    /// <summary>The elements as numbers of a C# type, which must be the literal's.</summary>
    public ReadOnlySpan<T> Values<T>() where T : unmanaged => DTypes.Of<T>() == DType
        ? MemoryMarshal.Cast<byte, T>(data.Span)
        : throw new InvalidOperationException($"a literal of {DType.Text()} read as {DTypes.Of<T>().Text()}");

    /// <summary>The elements as doubles.</summary>
    /// <exception cref="InvalidOperationException">They are complex.</exception>
    public double[] ToDoubles()
    {
        var values = new double[Count];
        for (long i = 0; i < values.Length; i++)
        {
            values[i] = this[i].ToDouble();
        }
        return values;
    }

    /// <summary>The elements as complex numbers.</summary>
    public System.Numerics.Complex[] ToComplexes()
    {
        var values = new System.Numerics.Complex[Count];
        for (long i = 0; i < values.Length; i++)
        {
            values[i] = this[i].ToComplex();
        }
        return values;
    }

    /// <summary>The single value that all elements have by bits, or null (also for no elements).</summary>
    public ScalarValue? Uniform()
    {
        int size = DType.Size();
        if (data.Length == 0)
        {
            return null;
        }
        ReadOnlySpan<byte> bytes = data.Span, first = bytes[..size];
        for (int at = size; at < bytes.Length; at += size)
        {
            if (!bytes.Slice(at, size).SequenceEqual(first))
            {
                return null;
            }
        }
        return this[0];
    }

    /// <inheritdoc/>
    public bool Equals(Literal? other) =>
        other is not null && DType == other.DType && Sizes.Equals(other.Sizes) && data.Span.SequenceEqual(other.data.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Literal);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(DType);
        hash.Add(Sizes);
        hash.AddBytes(data.Span);
        return hash.ToHashCode();
    }

    /// <summary>Its type and the first few values.</summary>
    public override string ToString() =>
        $"{Type} {string.Join(" ", Enumerable.Range(0, (int)Math.Min(Count, 8)).Select(i => this[i].Text()))}{(Count > 8 ? " ..." : "")}";
}
