namespace Symbolic.Runtime;

// Operators are looked up in the types of the operands alone, so W * 0.5 and W * W need their own; W - gradient has that of expressions.
public sealed partial class SharedVariable
{
    /// <summary>Elementwise negation.</summary>
    public static Expr operator -(SharedVariable a) => -a.Expr;

    /// <summary>Elementwise sum.</summary>
    public static Expr operator +(SharedVariable a, Term<Expr> b) => a.Expr + b;

    /// <summary>Elementwise sum.</summary>
    public static Expr operator +(Term<Expr> a, SharedVariable b) => a + b.Expr;

    /// <summary>Elementwise sum.</summary>
    public static Expr operator +(SharedVariable a, SharedVariable b) => a.Expr + b.Expr;

    /// <summary>Elementwise difference.</summary>
    public static Expr operator -(SharedVariable a, Term<Expr> b) => a.Expr - b;

    /// <summary>Elementwise difference.</summary>
    public static Expr operator -(Term<Expr> a, SharedVariable b) => a - b.Expr;

    /// <summary>Elementwise difference.</summary>
    public static Expr operator -(SharedVariable a, SharedVariable b) => a.Expr - b.Expr;

    /// <summary>Elementwise product.</summary>
    public static Expr operator *(SharedVariable a, Term<Expr> b) => a.Expr * b;

    /// <summary>Elementwise product.</summary>
    public static Expr operator *(Term<Expr> a, SharedVariable b) => a * b.Expr;

    /// <summary>Elementwise product.</summary>
    public static Expr operator *(SharedVariable a, SharedVariable b) => a.Expr * b.Expr;

    /// <summary>Elementwise true division.</summary>
    public static Expr operator /(SharedVariable a, Term<Expr> b) => a.Expr / b;

    /// <summary>Elementwise true division.</summary>
    public static Expr operator /(Term<Expr> a, SharedVariable b) => a / b.Expr;

    /// <summary>Elementwise true division.</summary>
    public static Expr operator /(SharedVariable a, SharedVariable b) => a.Expr / b.Expr;
}
