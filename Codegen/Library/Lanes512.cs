using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Vectors of 512 bits of float or double. The file is a table from <see cref="ILanes{TVector, T}"/> to the framework's vectors,
/// once per width: the framework has no public interface over its widths.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly unsafe struct Lanes512<T> : ILanes<Vector512<T>, T>
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
        get => Vector512<T>.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Load(T* source) => Vector512.Load(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Load(T* source, long left) => left >= Width ? Vector512.Load(source) : LoadPart(source, left);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, Vector512<T> value) => Vector512.Store(value, target);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, Vector512<T> value, long left)
    {
        if (left >= Width)
        {
            Vector512.Store(value, target);
        }
        else
        {
            StorePart(target, value, left);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePast(T* target, Vector512<T> value, long left, bool past)
    {
        if (past && left >= Width && ((nint)target & (64 - 1)) == 0)
        {
            Vector512.StoreAlignedNonTemporal(value, target);
        }
        else
        {
            Store(target, value, left);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> LoadStrided(T* source, long stride, long left) => IsFloat && Avx512F.IsSupported && stride == 2
        ? Evens(source, 0, left)
        : Vector512.Create(Lanes256<T>.LoadStrided(source, stride, left), Lanes256<T>.LoadStrided(source + (Width / 2 * stride), stride, left - (Width / 2)));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreStrided(T* target, long stride, Vector512<T> value, long left)
    {
        int count = (int)Math.Min(left, Width);
        for (int i = 0; i < count; i++)
        {
            target[i * stride] = value[i];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> FromInt32(int* source, long left)
    {
        if (IsFloat && left >= Width)
        {
            return Vector512.ConvertToSingle(Vector512.Load(source)).As<float, T>();
        }
        return FromInt32(source, 0, left);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Between(long first, long left)
    {
        int from = (int)Math.Max(first, 0), to = (int)Math.Clamp(left, 0, Width);
        if (IsFloat)
        {
            Vector512<int> lanes = Vector512<int>.Indices;
            return (Vector512.LessThan(lanes, Vector512.Create(to)) & Vector512.GreaterThanOrEqual(lanes, Vector512.Create(from))).As<int, T>();
        }
        Vector512<long> wide = Vector512<long>.Indices;
        return (Vector512.LessThan(wide, Vector512.Create((long)to)) & Vector512.GreaterThanOrEqual(wide, Vector512.Create((long)from))).As<long, T>();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> LoadMasked(T* source, Vector512<T> mask)
    {
        if (Avx512F.IsSupported)
        {
            return IsFloat
                ? Avx512F.MaskLoad((float*)source, mask.As<T, float>(), default).As<float, T>()
                : Avx512F.MaskLoad((double*)source, mask.As<T, double>(), default).As<double, T>();
        }
        return Vector512.Create(Lanes256<T>.LoadMasked(source, mask.GetLower()), Lanes256<T>.LoadMasked(source + (Width / 2), mask.GetUpper()));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> LoadStrided(T* source, long stride, long first, long left) => IsFloat && Avx512F.IsSupported && stride == 2
        ? Evens(source, first, left)
        : Vector512.Create(
            Lanes256<T>.LoadStrided(source, stride, first, left), Lanes256<T>.LoadStrided(source + (Width / 2 * stride), stride, first - (Width / 2), left - (Width / 2)));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePair(T* target, Vector512<T> even, Vector512<T> odd, long left)
    {
        if (IsFloat && Avx512F.IsSupported)
        {
            Vector512<int> turns = Vector512.Create(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
            Vector512<float> a = even.As<T, float>(), b = odd.As<T, float>();
            Store(target, Avx512F.PermuteVar16x32x2(a, turns, b).As<float, T>(), 2 * left);
            Store(target + Width, Avx512F.PermuteVar16x32x2(a, turns + Vector512.Create(8), b).As<float, T>(), (2 * left) - Width);
            return;
        }
        Lanes256<T>.StorePair(target, even.GetLower(), odd.GetLower(), left);
        Lanes256<T>.StorePair(target + Width, even.GetUpper(), odd.GetUpper(), left - (Width / 2));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> FromInt32(int* source, long first, long left)
    {
        if (IsFloat && Avx512F.IsSupported)
        {
            return Vector512.ConvertToSingle(Avx512F.MaskLoad(source, Between(first, left).As<T, int>(), default)).As<float, T>();
        }
        return FromInt32Part(source, first, left);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreInt32(int* target, Vector512<T> value, long left)
    {
        if (IsFloat && left >= Width)
        {
            Vector512.Store(Vector512.ConvertToInt32(value.As<T, float>()), target);
            return;
        }
        if (IsFloat && Avx512F.IsSupported)
        {
            Avx512F.MaskStore(target, Below(left).As<T, int>(), Vector512.ConvertToInt32(value.As<T, float>()));
            return;
        }
        for (int i = 0; i < Math.Min(left, Width); i++)
        {
            target[i] = int.CreateTruncating(value[i]);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Create(T value) => Vector512.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Constant(double value) => IsFloat ? Vector512.Create((float)value).As<float, T>() : Vector512.Create(value).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Index(T first) => Vector512.Create(first) + Vector512<T>.Indices;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Add(Vector512<T> a, Vector512<T> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Subtract(Vector512<T> a, Vector512<T> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Multiply(Vector512<T> a, Vector512<T> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Rectify(Vector512<T> a) => Vector512.MaxNative(Vector512<T>.Zero, a) + Vector512<T>.Zero;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Gated(Vector512<T> a, Vector512<T> gate) => a * Select(Less(Vector512<T>.Zero, gate), Vector512<T>.One, Vector512<T>.Zero);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Divide(Vector512<T> a, Vector512<T> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> MultiplyAdd(Vector512<T> a, Vector512<T> b, Vector512<T> c) => IsFloat
        ? Vector512.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector512.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> MultiplySubtract(Vector512<T> a, Vector512<T> b, Vector512<T> c) => !Avx512F.IsSupported ? MultiplyAdd(a, b, -c)
        : IsFloat ? Avx512F.FusedMultiplySubtract(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Avx512F.FusedMultiplySubtract(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Negate(Vector512<T> a) => -a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Abs(Vector512<T> a) => Vector512.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Sqrt(Vector512<T> a) => Vector512.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Maximum(Vector512<T> a, Vector512<T> b) => Vector512.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Minimum(Vector512<T> a, Vector512<T> b) => Vector512.Min(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> AtMost(Vector512<T> bound, Vector512<T> a) => Vector512.MinNative(bound, a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> AtLeast(Vector512<T> bound, Vector512<T> a) => Vector512.MaxNative(bound, a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Floor(Vector512<T> a) => IsFloat ? Vector512.Floor(a.As<T, float>()).As<float, T>() : Vector512.Floor(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Ceiling(Vector512<T> a) => IsFloat ? Vector512.Ceiling(a.As<T, float>()).As<float, T>() : Vector512.Ceiling(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Round(Vector512<T> a) => IsFloat ? Vector512.Round(a.As<T, float>()).As<float, T>() : Vector512.Round(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Truncate(Vector512<T> a) => IsFloat ? Vector512.Truncate(a.As<T, float>()).As<float, T>() : Vector512.Truncate(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Equal(Vector512<T> a, Vector512<T> b) => Vector512.Equals(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> NotEqual(Vector512<T> a, Vector512<T> b) => ~Vector512.Equals(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Less(Vector512<T> a, Vector512<T> b) => Vector512.LessThan(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> LessOrEqual(Vector512<T> a, Vector512<T> b) => Vector512.LessThanOrEqual(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> And(Vector512<T> a, Vector512<T> b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Or(Vector512<T> a, Vector512<T> b) => a | b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Xor(Vector512<T> a, Vector512<T> b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Not(Vector512<T> a) => ~a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static bool Any(Vector512<T> mask) => Vector512.ExtractMostSignificantBits(mask) != 0;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Select(Vector512<T> mask, Vector512<T> a, Vector512<T> b) => Vector512.ConditionalSelect(mask, a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceAdd(Vector512<T> a) => Lanes256<T>.ReduceAdd(Lanes256<T>.Add(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMultiply(Vector512<T> a) => Lanes256<T>.ReduceMultiply(Lanes256<T>.Multiply(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMax(Vector512<T> a) => Lanes256<T>.ReduceMax(Lanes256<T>.Maximum(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMin(Vector512<T> a) => Lanes256<T>.ReduceMin(Lanes256<T>.Minimum(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> PowerOfTwo(Vector512<T> n) => IsFloat
        ? Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n.As<T, float>()) + Vector512.Create(127), 23).As<int, T>()
        // Adding 2^52 + 1023 leaves the biased exponent in the low bits of the sum: no 64-bit conversion is needed.
        : Vector512.ShiftLeft((n.As<T, double>() + Vector512.Create(4503599627371519.0)).AsInt64(), 52).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Scale(Vector512<T> a, Vector512<T> n)
    {
        if (Avx512F.IsSupported)
        {
            return IsFloat ? Avx512F.Scale(a.As<T, float>(), n.As<T, float>()).As<float, T>() : Avx512F.Scale(a.As<T, double>(), n.As<T, double>()).As<double, T>();
        }
        if (IsFloat)
        {
            // Half of n is added to a's own exponent, the rest is a factor: a is near 1.
            Vector512<int> whole = Vector512.ConvertToInt32Native(n.As<T, float>()), half = Vector512.ShiftRightArithmetic(whole, 1);
            Vector512<float> near = (a.As<T, int>() + Vector512.ShiftLeft(half, 23)).AsSingle();
            return (near * Vector512.ShiftLeft(whole - half + Vector512.Create(127), 23).AsSingle()).As<float, T>();
        }
        Vector512<T> lower = Floor(n * Create(T.CreateTruncating(0.5)));
        return a * PowerOfTwo(lower) * PowerOfTwo(n - lower);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static (Vector512<T> Mantissa, Vector512<T> Exponent) Split(Vector512<T> a)
    {
        if (IsFloat)
        {
            Vector512<int> bits = a.As<T, int>(), e = Vector512.ShiftRightArithmetic(bits - Vector512.Create(0x3f3504f3), 23);
            return ((bits - Vector512.ShiftLeft(e, 23)).As<int, T>(), Vector512.ConvertToSingle(e).As<float, T>());
        }
        Vector512<long> word = a.As<T, long>(), biased = Vector512.ShiftRightLogical(word + Vector512.Create(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL), 52);
        // The biased exponent put below the leading bit of 2^52 is a double; 2^52 + 1023 is taken off.
        return ((word - Vector512.ShiftLeft(biased - Vector512.Create(1023L), 52)).As<long, T>(),
            ((biased | Vector512.Create(4503599627370496.0).AsInt64()).AsDouble() - Vector512.Create(4503599627371519.0)).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector512<T> Bit(Vector512<T> n, int bit) => IsFloat
        ? Vector512.ShiftRightArithmetic(Vector512.ShiftLeft(Vector512.ConvertToInt32Native(n.As<T, float>()), 31 - bit), 31).As<int, T>()
        // Adding 1.5·2^52 leaves a whole number in the low bits of the sum.
        : Vector512.LessThan(Vector512.ShiftLeft((n.As<T, double>() + Vector512.Create(6755399441055744.0)).AsInt64(), 63 - bit), Vector512<long>.Zero).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector512<T> Map(Vector512<T> a, delegate*<T, T> function)
    {
        for (int i = 0; i < Width; i++)
        {
            ((T*)&a)[i] = function(((T*)&a)[i]);
        }
        return a;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector512<T> Map(Vector512<T> a, Vector512<T> b, delegate*<T, T, T> function)
    {
        for (int i = 0; i < Width; i++)
        {
            ((T*)&a)[i] = function(((T*)&a)[i], ((T*)&b)[i]);
        }
        return a;
    }

    [MethodImpl(Inline)]
    private static Vector512<T> LoadPart(T* source, long left)
    {
        if (Avx512F.IsSupported)
        {
            return IsFloat
                ? Avx512F.MaskLoad((float*)source, Below(left).As<T, float>(), default).As<float, T>()
                : Avx512F.MaskLoad((double*)source, Below(left).As<T, double>(), default).As<double, T>();
        }
        return Vector512.Create(Lanes256<T>.Load(source, left), Lanes256<T>.Load(source + (Width / 2), left - (Width / 2)));
    }

    [MethodImpl(Inline)]
    private static void StorePart(T* target, Vector512<T> value, long left)
    {
        if (Avx512F.IsSupported)
        {
            if (IsFloat)
            {
                Avx512F.MaskStore((float*)target, Below(left).As<T, float>(), value.As<T, float>());
            }
            else
            {
                Avx512F.MaskStore((double*)target, Below(left).As<T, double>(), value.As<T, double>());
            }
            return;
        }
        Lanes256<T>.Store(target, value.GetLower(), left);
        Lanes256<T>.Store(target + (Width / 2), value.GetUpper(), left - (Width / 2));
    }

    /// <summary>The lanes from the first on, as many as are left, from every other element, none but those wanted being touched.</summary>
    [MethodImpl(Inline)]
    private static Vector512<T> Evens(T* source, long first, long left)
    {
        // Elements 0..15 and 15..30 of which every other is taken.
        Vector512<int> evens = Vector512.Create(0, 2, 4, 6, 8, 10, 12, 14, 17, 19, 21, 23, 25, 27, 29, 31);
        float* at = (float*)source;
        if (first <= 0 && left >= Width)
        {
            return Avx512F.PermuteVar16x32x2(Vector512.Load(at), evens, Vector512.Load(at + 15)).As<float, T>();
        }
        Vector512<float> low = Avx512F.MaskLoad(at, Between(2 * first, (2 * left) - 1).As<T, float>(), default);
        Vector512<float> high = Avx512F.MaskLoad(at + 15, Between((2 * first) - 15, (2 * left) - 16).As<T, float>(), default);
        return Avx512F.PermuteVar16x32x2(low, evens, high).As<float, T>();
    }

    private static Vector512<T> FromInt32Part(int* source, long first, long left)
    {
        Vector512<T> value = default;
        for (long i = Math.Max(first, 0); i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = T.CreateTruncating(source[i]);
        }
        return value;
    }

    /// <summary>The mask of so many first lanes.</summary>
    [MethodImpl(Inline)]
    private static Vector512<T> Below(long left) => IsFloat
        ? Vector512.LessThan(Vector512<int>.Indices, Vector512.Create((int)left)).As<int, T>()
        : Vector512.LessThan(Vector512<long>.Indices, Vector512.Create(left)).As<long, T>();
}
