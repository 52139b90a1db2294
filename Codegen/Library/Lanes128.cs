using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Vectors of 128 bits of float or double. The file is a table from <see cref="ILanes{TVector, T}"/> to the framework's vectors,
/// once per width: the framework has no public interface over its widths.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly unsafe struct Lanes128<T> : ILanes<Vector128<T>, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    private static bool IsFloat
    {
        [MethodImpl(Inline)]
        get => typeof(T) == typeof(float);
    }

    /// <inheritdoc/>
    public static int Width
    {
        [MethodImpl(Inline)]
        get => Vector128<T>.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Load(T* source) => Vector128.Load(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Load(T* source, long left) => left >= Width ? Vector128.Load(source) : LoadPart(source, left);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, Vector128<T> value) => Vector128.Store(value, target);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, Vector128<T> value, long left)
    {
        if (left >= Width)
        {
            Vector128.Store(value, target);
        }
        else
        {
            StorePart(target, value, left);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePast(T* target, Vector128<T> value, long left, bool past)
    {
        if (past && left >= Width && ((nint)target & (16 - 1)) == 0)
        {
            Vector128.StoreAlignedNonTemporal(value, target);
        }
        else
        {
            Store(target, value, left);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<T> LoadStrided(T* source, long stride, long left)
    {
        Vector128<T> value = default;
        for (int i = 0; i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = source[i * stride];
        }
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreStrided(T* target, long stride, Vector128<T> value, long left)
    {
        int count = (int)Math.Min(left, Width);
        for (int i = 0; i < count; i++)
        {
            target[i * stride] = value[i];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> FromInt32(int* source, long left)
    {
        if (IsFloat && left >= Width)
        {
            return Vector128.ConvertToSingle(Vector128.Load(source)).As<float, T>();
        }
        Vector128<T> value = default;
        for (int i = 0; i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = T.CreateTruncating(source[i]);
        }
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Between(long first, long left)
    {
        int from = (int)Math.Max(first, 0), to = (int)Math.Clamp(left, 0, Width);
        if (IsFloat)
        {
            Vector128<int> lanes = Vector128<int>.Indices;
            return (Vector128.LessThan(lanes, Vector128.Create(to)) & Vector128.GreaterThanOrEqual(lanes, Vector128.Create(from))).As<int, T>();
        }
        Vector128<long> wide = Vector128<long>.Indices;
        return (Vector128.LessThan(wide, Vector128.Create((long)to)) & Vector128.GreaterThanOrEqual(wide, Vector128.Create((long)from))).As<long, T>();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> LoadMasked(T* source, Vector128<T> mask)
    {
        if (Avx.IsSupported)
        {
            return IsFloat ? Avx.MaskLoad((float*)source, mask.As<T, float>()).As<float, T>() : Avx.MaskLoad((double*)source, mask.As<T, double>()).As<double, T>();
        }
        return Vector128.EqualsAll(mask.AsByte(), Vector128<byte>.AllBitsSet) ? Vector128.Load(source) : LoadLanes(source, Vector128.ExtractMostSignificantBits(mask));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> LoadStrided(T* source, long stride, long first, long left)
    {
        Vector128<T> value = default;
        for (long i = Math.Max(first, 0); i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = source[i * stride];
        }
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePair(T* target, Vector128<T> even, Vector128<T> odd, long left)
    {
        StoreStrided(target, 2, even, left);
        StoreStrided(target + 1, 2, odd, left);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> FromInt32(int* source, long first, long left)
    {
        if (first <= 0)
        {
            return FromInt32(source, left);
        }
        Vector128<T> value = default;
        for (long i = first; i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = T.CreateTruncating(source[i]);
        }
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreInt32(int* target, Vector128<T> value, long left)
    {
        if (IsFloat && left >= Width)
        {
            Vector128.Store(Vector128.ConvertToInt32(value.As<T, float>()), target);
            return;
        }
        for (int i = 0; i < Math.Min(left, Width); i++)
        {
            target[i] = int.CreateTruncating(value[i]);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Create(T value) => Vector128.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Constant(double value) => IsFloat ? Vector128.Create((float)value).As<float, T>() : Vector128.Create(value).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Index(T first) => Vector128.Create(first) + Vector128<T>.Indices;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Add(Vector128<T> a, Vector128<T> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Subtract(Vector128<T> a, Vector128<T> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Multiply(Vector128<T> a, Vector128<T> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Rectify(Vector128<T> a) => Select(LessOrEqual(a, Vector128<T>.Zero), Vector128<T>.Zero, a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Gated(Vector128<T> a, Vector128<T> gate) => a * Select(Less(Vector128<T>.Zero, gate), Vector128<T>.One, Vector128<T>.Zero);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Divide(Vector128<T> a, Vector128<T> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> MultiplyAdd(Vector128<T> a, Vector128<T> b, Vector128<T> c) => IsFloat
        ? Vector128.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector128.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> MultiplySubtract(Vector128<T> a, Vector128<T> b, Vector128<T> c) => !Fma.IsSupported ? MultiplyAdd(a, b, -c)
        : IsFloat ? Fma.MultiplySubtract(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Fma.MultiplySubtract(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Negate(Vector128<T> a) => -a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Abs(Vector128<T> a) => Vector128.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Sqrt(Vector128<T> a) => Vector128.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Maximum(Vector128<T> a, Vector128<T> b) => Vector128.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Minimum(Vector128<T> a, Vector128<T> b) => Vector128.Min(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> AtMost(Vector128<T> bound, Vector128<T> a) => Vector128.MinNative(bound, a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> AtLeast(Vector128<T> bound, Vector128<T> a) => Vector128.MaxNative(bound, a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Floor(Vector128<T> a) => IsFloat ? Vector128.Floor(a.As<T, float>()).As<float, T>() : Vector128.Floor(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Ceiling(Vector128<T> a) => IsFloat ? Vector128.Ceiling(a.As<T, float>()).As<float, T>() : Vector128.Ceiling(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Round(Vector128<T> a) => IsFloat ? Vector128.Round(a.As<T, float>()).As<float, T>() : Vector128.Round(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Truncate(Vector128<T> a) => IsFloat ? Vector128.Truncate(a.As<T, float>()).As<float, T>() : Vector128.Truncate(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Equal(Vector128<T> a, Vector128<T> b) => Vector128.Equals(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> NotEqual(Vector128<T> a, Vector128<T> b) => ~Vector128.Equals(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Less(Vector128<T> a, Vector128<T> b) => Vector128.LessThan(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> LessOrEqual(Vector128<T> a, Vector128<T> b) => Vector128.LessThanOrEqual(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> And(Vector128<T> a, Vector128<T> b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Or(Vector128<T> a, Vector128<T> b) => a | b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Xor(Vector128<T> a, Vector128<T> b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Not(Vector128<T> a) => ~a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static bool Any(Vector128<T> mask) => Vector128.ExtractMostSignificantBits(mask) != 0;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Select(Vector128<T> mask, Vector128<T> a, Vector128<T> b) => Vector128.ConditionalSelect(mask, a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceAdd(Vector128<T> a)
    {
        Vector128<T> pair = Add(a, Upper(a));
        return (IsFloat ? Add(pair, Second(pair)) : pair).ToScalar();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMultiply(Vector128<T> a)
    {
        Vector128<T> pair = Multiply(a, Upper(a));
        return (IsFloat ? Multiply(pair, Second(pair)) : pair).ToScalar();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMax(Vector128<T> a)
    {
        Vector128<T> pair = Maximum(a, Upper(a));
        return (IsFloat ? Maximum(pair, Second(pair)) : pair).ToScalar();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMin(Vector128<T> a)
    {
        Vector128<T> pair = Minimum(a, Upper(a));
        return (IsFloat ? Minimum(pair, Second(pair)) : pair).ToScalar();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> PowerOfTwo(Vector128<T> n) => IsFloat
        ? Vector128.ShiftLeft(Vector128.ConvertToInt32Native(n.As<T, float>()) + Vector128.Create(127), 23).As<int, T>()
        // Adding 2^52 + 1023 leaves the biased exponent in the low bits of the sum: no 64-bit conversion is needed.
        : Vector128.ShiftLeft((n.As<T, double>() + Vector128.Create(4503599627371519.0)).AsInt64(), 52).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Scale(Vector128<T> a, Vector128<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return IsFloat ? Avx512F.VL.Scale(a.As<T, float>(), n.As<T, float>()).As<float, T>() : Avx512F.VL.Scale(a.As<T, double>(), n.As<T, double>()).As<double, T>();
        }
        if (IsFloat)
        {
            // Half of n is added to a's own exponent, the rest is a factor: a is near 1.
            Vector128<int> whole = Vector128.ConvertToInt32Native(n.As<T, float>()), half = Vector128.ShiftRightArithmetic(whole, 1);
            Vector128<float> near = (a.As<T, int>() + Vector128.ShiftLeft(half, 23)).AsSingle();
            return (near * Vector128.ShiftLeft(whole - half + Vector128.Create(127), 23).AsSingle()).As<float, T>();
        }
        Vector128<T> lower = Floor(n * Create(T.CreateTruncating(0.5)));
        return a * PowerOfTwo(lower) * PowerOfTwo(n - lower);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static (Vector128<T> Mantissa, Vector128<T> Exponent) Split(Vector128<T> a)
    {
        if (IsFloat)
        {
            Vector128<int> bits = a.As<T, int>(), e = Vector128.ShiftRightArithmetic(bits - Vector128.Create(0x3f3504f3), 23);
            return ((bits - Vector128.ShiftLeft(e, 23)).As<int, T>(), Vector128.ConvertToSingle(e).As<float, T>());
        }
        Vector128<long> word = a.As<T, long>(), biased = Vector128.ShiftRightLogical(word + Vector128.Create(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL), 52);
        // The biased exponent put below the leading bit of 2^52 is a double; 2^52 + 1023 is taken off.
        return ((word - Vector128.ShiftLeft(biased - Vector128.Create(1023L), 52)).As<long, T>(),
            ((biased | Vector128.Create(4503599627370496.0).AsInt64()).AsDouble() - Vector128.Create(4503599627371519.0)).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector128<T> Bit(Vector128<T> n, int bit) => IsFloat
        ? Vector128.ShiftRightArithmetic(Vector128.ShiftLeft(Vector128.ConvertToInt32Native(n.As<T, float>()), 31 - bit), 31).As<int, T>()
        // Adding 1.5·2^52 leaves a whole number in the low bits of the sum.
        : Vector128.LessThan(Vector128.ShiftLeft((n.As<T, double>() + Vector128.Create(6755399441055744.0)).AsInt64(), 63 - bit), Vector128<long>.Zero).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<T> Map(Vector128<T> a, delegate*<T, T> function)
    {
        for (int i = 0; i < Width; i++)
        {
            ((T*)&a)[i] = function(((T*)&a)[i]);
        }
        return a;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector128<T> Map(Vector128<T> a, Vector128<T> b, delegate*<T, T, T> function)
    {
        for (int i = 0; i < Width; i++)
        {
            ((T*)&a)[i] = function(((T*)&a)[i], ((T*)&b)[i]);
        }
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<T> LoadPart(T* source, long left)
    {
        Vector128<T> value = default;
        for (long i = 0; i < left; i++)
        {
            ((T*)&value)[i] = source[i];
        }
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector128<T> LoadLanes(T* source, uint lanes)
    {
        Vector128<T> value = default;
        for (int i = 0; i < Width; i++)
        {
            if ((lanes >> i & 1) != 0)
            {
                ((T*)&value)[i] = source[i];
            }
        }
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StorePart(T* target, Vector128<T> value, long left)
    {
        for (long i = 0; i < left; i++)
        {
            target[i] = ((T*)&value)[i];
        }
    }

    /// <summary>The upper half, in the lower one.</summary>
    [MethodImpl(Inline)]
    private static Vector128<T> Upper(Vector128<T> a) => Vector128.Shuffle(a.As<T, long>(), Vector128.Create(1L, 1L)).As<long, T>();

    /// <summary>The second of four lanes, in the first.</summary>
    [MethodImpl(Inline)]
    private static Vector128<T> Second(Vector128<T> a) => Vector128.Shuffle(a.As<T, int>(), Vector128.Create(1, 1, 3, 3)).As<int, T>();
}
