using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>One element as a vector of width 1: contractions on machines without vectors, and where vectors are switched off.</summary>
/// <typeparam name="T">float or double.</typeparam>
public readonly unsafe struct Lanes1<T> : ITileLanes<T, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <inheritdoc/>
    public static int Width => 1;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Load(T* source) => *source;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Load(T* source, long left) => left > 0 ? *source : T.Zero;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void StorePast(T* target, T value, long left, bool past) => Store(target, value, left);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, T value) => *target = value;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static void Store(T* target, T value, long left)
    {
        if (left > 0)
        {
            *target = value;
        }
    }

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Create(T value) => value;

    /// <inheritdoc/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Constant(double value) => T.CreateTruncating(value);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T MultiplyAdd(T a, T b, T c) => T.MultiplyAddEstimate(a, b, c);

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Add(T a, T b) => a + b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Subtract(T a, T b) => a - b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Multiply(T a, T b) => a * b;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Rectify(T a) => a <= T.Zero ? T.Zero : a;

    /// <inheritdoc/>
    [MethodImpl(Inline)]
    public static T Gated(T a, T gate) => a * (T.Zero < gate ? T.One : T.Zero);
}
