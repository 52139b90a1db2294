using System.Numerics;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A vector width and element type as the micro-kernels of contractions need it: loads, stores and multiply-adds. Kernels are
/// generic over such a struct, so that one source serves every width and the JIT inlines each into straight code.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="T">Its element.</typeparam>
public unsafe interface ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Elements per vector.</summary>
    static abstract int Width { get; }

    /// <summary>All lanes from memory.</summary>
    static abstract TVector Load(T* source);

    /// <summary>As many lanes as are left, at most all; the others are 0 and their memory is not touched.</summary>
    static abstract TVector Load(T* source, long left);

    /// <summary>As many lanes as are left, at most all, to memory; if asked and the target is aligned, all lanes go past the cache.</summary>
    static abstract void StorePast(T* target, TVector value, long left, bool past);

    /// <summary>All lanes to memory.</summary>
    static abstract void Store(T* target, TVector value);

    /// <summary>As many lanes as are left, at most all; the memory of the others is not touched.</summary>
    static abstract void Store(T* target, TVector value, long left);

    /// <summary>One value in all lanes.</summary>
    static abstract TVector Create(T value);

    /// <summary>One number, rounded to the element type, in all lanes.</summary>
    static abstract TVector Constant(double value);

    /// <summary>a·b + c, fused where the machine can.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    /// <summary>a + b.</summary>
    static abstract TVector Add(TVector a, TVector b);

    /// <summary>a − b.</summary>
    static abstract TVector Subtract(TVector a, TVector b);

    /// <summary>a · b.</summary>
    static abstract TVector Multiply(TVector a, TVector b);

    /// <summary>0 where a is at most 0, else a; NaN stays.</summary>
    static abstract TVector Rectify(TVector a);

    /// <summary>a times 1 where the gate is above 0, and times 0 elsewhere.</summary>
    static abstract TVector Gated(TVector a, TVector gate);
}

/// <summary>
/// A vector width and element type with everything that emitted nests and <see cref="VectorMath{TLanes, TVector, T}"/> use.
/// Truth values are lane masks: all bits of a lane, or none.
/// </summary>
/// <typeparam name="TVector">The vector.</typeparam>
/// <typeparam name="T">Its element.</typeparam>
public unsafe interface ILanes<TVector, T> : ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>a·b − c, fused where the machine can.</summary>
    static abstract TVector MultiplySubtract(TVector a, TVector b, TVector c);

    /// <summary>As many lanes as are left, from elements a stride apart; the others are 0.</summary>
    static abstract TVector LoadStrided(T* source, long stride, long left);

    /// <summary>The mask of the lanes from the first on, as many as are left, counted from lane 0.</summary>
    static abstract TVector Between(long first, long left);

    /// <summary>The lanes of a mask; the others are 0 and their memory is not touched.</summary>
    static abstract TVector LoadMasked(T* source, TVector mask);

    /// <summary>The lanes from the first on, as many as are left, from elements a stride apart; the others are 0 and their memory is not touched.</summary>
    static abstract TVector LoadStrided(T* source, long stride, long first, long left);

    /// <summary>The lanes of two vectors in turn, as many of each as are left.</summary>
    static abstract void StorePair(T* target, TVector even, TVector odd, long left);

    /// <summary>As many lanes as are left, to elements a stride apart.</summary>
    static abstract void StoreStrided(T* target, long stride, TVector value, long left);

    /// <summary>As many lanes as are left, from 32-bit integers; the others are 0.</summary>
    static abstract TVector FromInt32(int* source, long left);

    /// <summary>The lanes from the first on, as many as are left, from 32-bit integers; the others are 0 and their memory is not touched.</summary>
    static abstract TVector FromInt32(int* source, long first, long left);

    /// <summary>As many lanes as are left, to 32-bit integers; the lanes hold whole numbers.</summary>
    static abstract void StoreInt32(int* target, TVector value, long left);

    /// <summary>first, first + 1, first + 2, ...</summary>
    static abstract TVector Index(T first);

    /// <summary>a / b.</summary>
    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>−a.</summary>
    static abstract TVector Negate(TVector a);

    /// <summary>|a|.</summary>
    static abstract TVector Abs(TVector a);

    /// <summary>√a.</summary>
    static abstract TVector Sqrt(TVector a);

    /// <summary>The greater; NaN if either is.</summary>
    static abstract TVector Maximum(TVector a, TVector b);

    /// <summary>The smaller; NaN if either is.</summary>
    static abstract TVector Minimum(TVector a, TVector b);

    /// <summary>a, but not more than the bound; NaN stays NaN.</summary>
    static abstract TVector AtMost(TVector bound, TVector a);

    /// <summary>a, but not less than the bound; NaN stays NaN.</summary>
    static abstract TVector AtLeast(TVector bound, TVector a);

    /// <summary>Largest integer not above.</summary>
    static abstract TVector Floor(TVector a);

    /// <summary>Smallest integer not below.</summary>
    static abstract TVector Ceiling(TVector a);

    /// <summary>Nearest integer, halves to even.</summary>
    static abstract TVector Round(TVector a);

    /// <summary>The integer part: rounds toward 0.</summary>
    static abstract TVector Truncate(TVector a);

    /// <summary>Where a = b.</summary>
    static abstract TVector Equal(TVector a, TVector b);

    /// <summary>Where a ≠ b; NaN differs from everything.</summary>
    static abstract TVector NotEqual(TVector a, TVector b);

    /// <summary>Where a &lt; b.</summary>
    static abstract TVector Less(TVector a, TVector b);

    /// <summary>Where a ≤ b.</summary>
    static abstract TVector LessOrEqual(TVector a, TVector b);

    /// <summary>Where both masks hold.</summary>
    static abstract TVector And(TVector a, TVector b);

    /// <summary>Where either mask holds.</summary>
    static abstract TVector Or(TVector a, TVector b);

    /// <summary>The bits in which two masks or numbers differ.</summary>
    static abstract TVector Xor(TVector a, TVector b);

    /// <summary>Where the mask does not hold.</summary>
    static abstract TVector Not(TVector a);

    /// <summary>Whether the mask holds anywhere.</summary>
    static abstract bool Any(TVector mask);

    /// <summary>a where the mask holds, b elsewhere.</summary>
    static abstract TVector Select(TVector mask, TVector a, TVector b);

    /// <summary>The sum of all lanes, in a tree that the width fixes.</summary>
    static abstract T ReduceAdd(TVector a);

    /// <summary>The product of all lanes, in a tree that the width fixes.</summary>
    static abstract T ReduceMultiply(TVector a);

    /// <summary>The greatest lane; NaN if any is.</summary>
    static abstract T ReduceMax(TVector a);

    /// <summary>The least lane; NaN if any is.</summary>
    static abstract T ReduceMin(TVector a);

    /// <summary>2 to the n for whole n in the range of normal exponents.</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>a·2^n, rounded once, for a near 1 and whole n of up to twice the range of exponents.</summary>
    static abstract TVector Scale(TVector a, TVector n);

    /// <summary>The m and e of normal positive a = m·2^e with √½ ≤ m &lt; √2.</summary>
    static abstract (TVector Mantissa, TVector Exponent) Split(TVector a);

    /// <summary>Where a bit of whole numbers n, counted from the lowest and in two's complement, is set.</summary>
    static abstract TVector Bit(TVector n, int bit);

    /// <summary>A function of each lane alone.</summary>
    static abstract TVector Map(TVector a, delegate*<T, T> function);

    /// <summary>A function of each pair of lanes alone.</summary>
    static abstract TVector Map(TVector a, TVector b, delegate*<T, T, T> function);
}
