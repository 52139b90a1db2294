using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Vectors of 256 bits of float or double. The file is a table from <see cref="ILanes{TVector, T}"/> to the framework's vectors,
/// once per width: the framework has no public interface over its widths.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly unsafe struct Lanes256<T> : ILanes<Vector256<T>, T>
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
        get => Vector256<T>.Count;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Load(T* source) => Vector256.Load(source);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Load(T* source, long left) => left >= Width ? Vector256.Load(source) : LoadPart(source, left);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, Vector256<T> value) => Vector256.Store(value, target);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, Vector256<T> value, long left)
    {
        if (left >= Width)
        {
            Vector256.Store(value, target);
        }
        else
        {
            StorePart(target, value, left);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePast(T* target, Vector256<T> value, long left, bool past)
    {
        if (past && left >= Width && ((nint)target & (32 - 1)) == 0)
        {
            Vector256.StoreAlignedNonTemporal(value, target);
        }
        else
        {
            Store(target, value, left);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> LoadStrided(T* source, long stride, long left)
    {
        if (IsFloat && Avx2.IsSupported && stride == 2 && left >= Width)
        {
            // Elements 0..7 and 7..14, so that nothing behind the last wanted one is touched; then the even ones of the whole.
            Vector256<float> low = Vector256.Load((float*)source), high = Vector256.Load((float*)source + 7);
            return Avx2.Permute4x64(Avx.Shuffle(low, high, 0b11_01_10_00).AsDouble(), 0b11_01_10_00).As<double, T>();
        }
        if (IsFloat && Avx2.IsSupported && stride == 2 && left > 0)
        {
            // The same with what is behind the last wanted one left out.
            Vector256<float> low = LoadPart(source, (2 * left) - 1).As<T, float>(), high = left > Width / 2 ? LoadPart(source + 7, (2 * left) - 8).As<T, float>() : default;
            return Avx2.Permute4x64(Avx.Shuffle(low, high, 0b11_01_10_00).AsDouble(), 0b11_01_10_00).As<double, T>();
        }
        return Gather(source, stride, left);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreStrided(T* target, long stride, Vector256<T> value, long left)
    {
        int count = (int)Math.Min(left, Width);
        for (int i = 0; i < count; i++)
        {
            target[i * stride] = value[i];
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> FromInt32(int* source, long left) =>
        IsFloat && left >= Width ? Vector256.ConvertToSingle(Vector256.Load(source)).As<float, T>() : FromInt32(source, 0, left);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Between(long first, long left)
    {
        int from = (int)Math.Max(first, 0), to = (int)Math.Clamp(left, 0, Width);
        if (IsFloat)
        {
            Vector256<int> lanes = Vector256<int>.Indices;
            return (Vector256.LessThan(lanes, Vector256.Create(to)) & Vector256.GreaterThanOrEqual(lanes, Vector256.Create(from))).As<int, T>();
        }
        Vector256<long> wide = Vector256<long>.Indices;
        return (Vector256.LessThan(wide, Vector256.Create((long)to)) & Vector256.GreaterThanOrEqual(wide, Vector256.Create((long)from))).As<long, T>();
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> LoadMasked(T* source, Vector256<T> mask)
    {
        if (Avx.IsSupported)
        {
            return IsFloat ? Avx.MaskLoad((float*)source, mask.As<T, float>()).As<float, T>() : Avx.MaskLoad((double*)source, mask.As<T, double>()).As<double, T>();
        }
        return Vector256.Create(Lanes128<T>.LoadMasked(source, mask.GetLower()), Lanes128<T>.LoadMasked(source + (Width / 2), mask.GetUpper()));
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> LoadStrided(T* source, long stride, long first, long left)
    {
        if (IsFloat && Avx2.IsSupported && stride == 2)
        {
            // As above, with what lies outside left out.
            Vector256<float> low = Avx.MaskLoad((float*)source, Between(2 * first, (2 * left) - 1).As<T, float>());
            Vector256<float> high = Avx.MaskLoad((float*)source + 7, Between((2 * first) - 7, (2 * left) - 8).As<T, float>());
            return Avx2.Permute4x64(Avx.Shuffle(low, high, 0b11_01_10_00).AsDouble(), 0b11_01_10_00).As<double, T>();
        }
        return GatherFrom(source, stride, first, left);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePair(T* target, Vector256<T> even, Vector256<T> odd, long left)
    {
        if (IsFloat && Avx.IsSupported)
        {
            Vector256<float> a = even.As<T, float>(), b = odd.As<T, float>(), low = Avx.UnpackLow(a, b), high = Avx.UnpackHigh(a, b);
            Store(target, Avx.Permute2x128(low, high, 0x20).As<float, T>(), 2 * left);
            if (2 * left > Width)
            {
                Store(target + Width, Avx.Permute2x128(low, high, 0x31).As<float, T>(), (2 * left) - Width);
            }
            return;
        }
        StoreStrided(target, 2, even, left);
        StoreStrided(target + 1, 2, odd, left);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> FromInt32(int* source, long first, long left)
    {
        if (IsFloat && first <= 0 && left >= Width)
        {
            return Vector256.ConvertToSingle(Vector256.Load(source)).As<float, T>();
        }
        if (IsFloat && Avx2.IsSupported)
        {
            return Vector256.ConvertToSingle(Avx2.MaskLoad(source, Between(first, left).As<T, int>())).As<float, T>();
        }
        Vector256<T> value = default;
        for (long i = Math.Max(first, 0); i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = T.CreateTruncating(source[i]);
        }
        return value;
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StoreInt32(int* target, Vector256<T> value, long left)
    {
        if (IsFloat && left >= Width)
        {
            Vector256.Store(Vector256.ConvertToInt32(value.As<T, float>()), target);
            return;
        }
        for (int i = 0; i < Math.Min(left, Width); i++)
        {
            target[i] = int.CreateTruncating(value[i]);
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Create(T value) => Vector256.Create(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Constant(double value) => IsFloat ? Vector256.Create((float)value).As<float, T>() : Vector256.Create(value).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Index(T first) => Vector256.Create(first) + Vector256<T>.Indices;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Add(Vector256<T> a, Vector256<T> b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Subtract(Vector256<T> a, Vector256<T> b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Multiply(Vector256<T> a, Vector256<T> b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Rectify(Vector256<T> a) => Vector256.MaxNative(Vector256<T>.Zero, a) + Vector256<T>.Zero;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Gated(Vector256<T> a, Vector256<T> gate) => a * Select(Less(Vector256<T>.Zero, gate), Vector256<T>.One, Vector256<T>.Zero);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Divide(Vector256<T> a, Vector256<T> b) => a / b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> MultiplyAdd(Vector256<T> a, Vector256<T> b, Vector256<T> c) => IsFloat
        ? Vector256.MultiplyAddEstimate(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Vector256.MultiplyAddEstimate(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> MultiplySubtract(Vector256<T> a, Vector256<T> b, Vector256<T> c) => !Fma.IsSupported ? MultiplyAdd(a, b, -c)
        : IsFloat ? Fma.MultiplySubtract(a.As<T, float>(), b.As<T, float>(), c.As<T, float>()).As<float, T>()
        : Fma.MultiplySubtract(a.As<T, double>(), b.As<T, double>(), c.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Negate(Vector256<T> a) => -a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Abs(Vector256<T> a) => Vector256.Abs(a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Sqrt(Vector256<T> a) => Vector256.Sqrt(a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Maximum(Vector256<T> a, Vector256<T> b) => Vector256.Max(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Minimum(Vector256<T> a, Vector256<T> b) => Vector256.Min(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> AtMost(Vector256<T> bound, Vector256<T> a) => Vector256.MinNative(bound, a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> AtLeast(Vector256<T> bound, Vector256<T> a) => Vector256.MaxNative(bound, a);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Floor(Vector256<T> a) => IsFloat ? Vector256.Floor(a.As<T, float>()).As<float, T>() : Vector256.Floor(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Ceiling(Vector256<T> a) => IsFloat ? Vector256.Ceiling(a.As<T, float>()).As<float, T>() : Vector256.Ceiling(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Round(Vector256<T> a) => IsFloat ? Vector256.Round(a.As<T, float>()).As<float, T>() : Vector256.Round(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Truncate(Vector256<T> a) => IsFloat ? Vector256.Truncate(a.As<T, float>()).As<float, T>() : Vector256.Truncate(a.As<T, double>()).As<double, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Equal(Vector256<T> a, Vector256<T> b) => Vector256.Equals(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> NotEqual(Vector256<T> a, Vector256<T> b) => ~Vector256.Equals(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Less(Vector256<T> a, Vector256<T> b) => Vector256.LessThan(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> LessOrEqual(Vector256<T> a, Vector256<T> b) => Vector256.LessThanOrEqual(a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> And(Vector256<T> a, Vector256<T> b) => a & b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Or(Vector256<T> a, Vector256<T> b) => a | b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Xor(Vector256<T> a, Vector256<T> b) => a ^ b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Not(Vector256<T> a) => ~a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static bool Any(Vector256<T> mask) => Vector256.ExtractMostSignificantBits(mask) != 0;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Select(Vector256<T> mask, Vector256<T> a, Vector256<T> b) => Vector256.ConditionalSelect(mask, a, b);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceAdd(Vector256<T> a) => Lanes128<T>.ReduceAdd(Lanes128<T>.Add(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMultiply(Vector256<T> a) => Lanes128<T>.ReduceMultiply(Lanes128<T>.Multiply(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMax(Vector256<T> a) => Lanes128<T>.ReduceMax(Lanes128<T>.Maximum(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T ReduceMin(Vector256<T> a) => Lanes128<T>.ReduceMin(Lanes128<T>.Minimum(a.GetLower(), a.GetUpper()));

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> PowerOfTwo(Vector256<T> n) => IsFloat
        ? Vector256.ShiftLeft(Vector256.ConvertToInt32Native(n.As<T, float>()) + Vector256.Create(127), 23).As<int, T>()
        // Adding 2^52 + 1023 leaves the biased exponent in the low bits of the sum: no 64-bit conversion is needed.
        : Vector256.ShiftLeft((n.As<T, double>() + Vector256.Create(4503599627371519.0)).AsInt64(), 52).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Scale(Vector256<T> a, Vector256<T> n)
    {
        if (Avx512F.VL.IsSupported)
        {
            return IsFloat ? Avx512F.VL.Scale(a.As<T, float>(), n.As<T, float>()).As<float, T>() : Avx512F.VL.Scale(a.As<T, double>(), n.As<T, double>()).As<double, T>();
        }
        if (IsFloat)
        {
            // Half of n is added to a's own exponent, the rest is a factor: a is near 1.
            Vector256<int> whole = Vector256.ConvertToInt32Native(n.As<T, float>()), half = Vector256.ShiftRightArithmetic(whole, 1);
            Vector256<float> near = (a.As<T, int>() + Vector256.ShiftLeft(half, 23)).AsSingle();
            return (near * Vector256.ShiftLeft(whole - half + Vector256.Create(127), 23).AsSingle()).As<float, T>();
        }
        Vector256<T> lower = Floor(n * Create(T.CreateTruncating(0.5)));
        return a * PowerOfTwo(lower) * PowerOfTwo(n - lower);
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static (Vector256<T> Mantissa, Vector256<T> Exponent) Split(Vector256<T> a)
    {
        if (IsFloat)
        {
            Vector256<int> bits = a.As<T, int>(), e = Vector256.ShiftRightArithmetic(bits - Vector256.Create(0x3f3504f3), 23);
            return ((bits - Vector256.ShiftLeft(e, 23)).As<int, T>(), Vector256.ConvertToSingle(e).As<float, T>());
        }
        Vector256<long> word = a.As<T, long>(), biased = Vector256.ShiftRightLogical(word + Vector256.Create(0x3ff0000000000000L - 0x3fe6a09e667f3bcdL), 52);
        // The biased exponent put below the leading bit of 2^52 is a double; 2^52 + 1023 is taken off.
        return ((word - Vector256.ShiftLeft(biased - Vector256.Create(1023L), 52)).As<long, T>(),
            ((biased | Vector256.Create(4503599627370496.0).AsInt64()).AsDouble() - Vector256.Create(4503599627371519.0)).As<double, T>());
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static Vector256<T> Bit(Vector256<T> n, int bit) => IsFloat
        ? Vector256.ShiftRightArithmetic(Vector256.ShiftLeft(Vector256.ConvertToInt32Native(n.As<T, float>()), 31 - bit), 31).As<int, T>()
        // Adding 1.5·2^52 leaves a whole number in the low bits of the sum.
        : Vector256.LessThan(Vector256.ShiftLeft((n.As<T, double>() + Vector256.Create(6755399441055744.0)).AsInt64(), 63 - bit), Vector256<long>.Zero).As<long, T>();

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector256<T> Map(Vector256<T> a, delegate*<T, T> function)
    {
        for (int i = 0; i < Width; i++)
        {
            ((T*)&a)[i] = function(((T*)&a)[i]);
        }
        return a;
    }

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static Vector256<T> Map(Vector256<T> a, Vector256<T> b, delegate*<T, T, T> function)
    {
        for (int i = 0; i < Width; i++)
        {
            ((T*)&a)[i] = function(((T*)&a)[i], ((T*)&b)[i]);
        }
        return a;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<T> Gather(T* source, long stride, long left)
    {
        Vector256<T> value = default;
        for (int i = 0; i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = source[i * stride];
        }
        return value;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static Vector256<T> GatherFrom(T* source, long stride, long first, long left)
    {
        Vector256<T> value = default;
        for (long i = Math.Max(first, 0); i < Math.Min(left, Width); i++)
        {
            ((T*)&value)[i] = source[i * stride];
        }
        return value;
    }

    [MethodImpl(Inline)]
    private static Vector256<T> LoadPart(T* source, long left)
    {
        if (Avx.IsSupported)
        {
            return IsFloat
                ? Avx.MaskLoad((float*)source, Vector256.LessThan(Vector256<int>.Indices, Vector256.Create((int)left)).AsSingle()).As<float, T>()
                : Avx.MaskLoad((double*)source, Vector256.LessThan(Vector256<long>.Indices, Vector256.Create(left)).AsDouble()).As<double, T>();
        }
        return Gather(source, 1, left);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void StorePart(T* target, Vector256<T> value, long left)
    {
        // In halves, for masked stores are microcode on some machines.
        Vector128<T> rest = value.GetLower();
        if (left >= Vector128<T>.Count)
        {
            Vector128.Store(rest, target);
            target += Vector128<T>.Count;
            left -= Vector128<T>.Count;
            rest = value.GetUpper();
        }
        for (int i = 0; i < left; i++)
        {
            target[i] = rest[i];
        }
    }
}
