namespace Symbolic;

/// <summary>What a kind of term must offer so that operators and functions can build it: one vocabulary for expressions and patterns.</summary>
public interface ITerm<T> where T : Term<T>, ITerm<T>
{
    /// <summary>The term that applies <paramref name="op"/> to <paramref name="inputs"/>; literals take their dtype from the others.</summary>
    static abstract T Apply(Op op, params ReadOnlySpan<Term<T>> inputs);
}

/// <summary>Operators shared by expressions and by the patterns of rewrite rules. C# numbers convert to weak literals.</summary>
public abstract class Term<T> where T : Term<T>, ITerm<T>
{
    /// <summary>A weak integer literal: takes the dtype of the operand beside it.</summary>
    public static implicit operator Term<T>(int value) => new WeakLiteral<T>((long)value);

    /// <summary>A weak integer literal: takes the dtype of the operand beside it.</summary>
    public static implicit operator Term<T>(long value) => new WeakLiteral<T>(value);

    /// <summary>A weak float literal: takes the dtype of a float operand beside it.</summary>
    public static implicit operator Term<T>(double value) => new WeakLiteral<T>(value, IsInteger: false);

    /// <summary>Elementwise sum.</summary>
    public static T operator +(Term<T> a, Term<T> b) => T.Apply(new Ops.Add(), a, b);

    /// <summary>Elementwise difference.</summary>
    public static T operator -(Term<T> a, Term<T> b) => T.Apply(new Ops.Sub(), a, b);

    /// <summary>Elementwise product.</summary>
    public static T operator *(Term<T> a, Term<T> b) => T.Apply(new Ops.Mul(), a, b);

    /// <summary>Elementwise true division: integers give a float.</summary>
    public static T operator /(Term<T> a, Term<T> b) => T.Apply(new Ops.Div(), a, b);

    /// <summary>Elementwise remainder with the sign of the divisor, as in Python.</summary>
    public static T operator %(Term<T> a, Term<T> b) => T.Apply(new Ops.Mod(), a, b);

    /// <summary>Elementwise negation.</summary>
    public static T operator -(Term<T> a) => T.Apply(new Ops.Neg(), a);

    /// <summary>Elementwise comparison.</summary>
    public static T operator <(Term<T> a, Term<T> b) => T.Apply(new Ops.Less(), a, b);

    /// <summary>Elementwise comparison.</summary>
    public static T operator >(Term<T> a, Term<T> b) => T.Apply(new Ops.Less(), b, a);

    /// <summary>Elementwise comparison.</summary>
    public static T operator <=(Term<T> a, Term<T> b) => T.Apply(new Ops.LessOrEqual(), a, b);

    /// <summary>Elementwise comparison.</summary>
    public static T operator >=(Term<T> a, Term<T> b) => T.Apply(new Ops.LessOrEqual(), b, a);
}

/// <summary>A C# number written beside a term; it has no dtype of its own until an operand gives it one.</summary>
public sealed class WeakLiteral<T>(double Value, bool IsInteger) : Term<T> where T : Term<T>, ITerm<T>
{
    /// <summary>The number.</summary>
    public double Value { get; } = Value;

    /// <summary>True if it was written as an integer.</summary>
    public bool IsInteger { get; } = IsInteger;

    /// <summary>The number where it was written as an integer, which a double cannot always hold.</summary>
    public long Integer { get; } = IsInteger ? (long)Value : 0;

    /// <summary>An integer.</summary>
    public WeakLiteral(long value) : this(value, IsInteger: true) => Integer = value;

    /// <summary>The number as a value of a dtype.</summary>
    /// <exception cref="TypeMismatch">It was written as an integer, and the dtype is of integers that do not hold it.</exception>
    public ScalarValue As(DType dtype)
    {
        ScalarValue value = IsInteger ? ScalarValue.Of(dtype, Integer) : ScalarValue.Of(dtype, Value);
        return IsInteger && dtype.IsInteger() && value.ToInteger() != Integer
            ? throw new TypeMismatch($"the number {Integer} is none of {dtype.Text()}, the dtype beside which it stands; cast the expression, or write Constant(value) with a dtype")
            : value;
    }
}
