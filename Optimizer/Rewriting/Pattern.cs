using System.Globalization;

namespace Symbolic.Optimizer;

/// <summary>
/// One side of a rule, written in the vocabulary of expressions: <c>Log(1 + x)</c>. C# numbers in it stand for uniform constants
/// of any dtype and shape; commutative ops match both ways round.
/// </summary>
public abstract class Pattern : Term<Pattern>, ITerm<Pattern>
{
    private Pattern() { }

    /// <summary>Any expression; the same one wherever the variable stands.</summary>
    public sealed class Variable : Pattern
    {
        internal Variable(int index) => Index = index;

        /// <summary>Its place among the variables of the rule.</summary>
        public int Index { get; }

        /// <summary>Its name.</summary>
        public override string ToString() => "xyzw"[Index].ToString();
    }

    /// <summary>An expression of a certain kind; the same one wherever the variable stands.</summary>
    public sealed class Restricted : Pattern
    {
        internal Restricted(Kind kind, Variable variable)
        {
            Kind = kind;
            Variable = variable;
        }

        /// <summary>What it must be.</summary>
        public Kind Kind { get; }

        /// <summary>The variable that it binds.</summary>
        public new Variable Variable { get; }

        /// <summary>The variable's name; the kind is told beside the rule.</summary>
        public override string ToString() => Variable.ToString();
    }

    /// <summary>An op, parameters included, applied to patterns.</summary>
    public sealed class Node : Pattern
    {
        internal Node(Op op, Seq<Term<Pattern>> inputs)
        {
            Op = op;
            Inputs = inputs;
        }

        /// <summary>The op.</summary>
        public Op Op { get; }

        /// <summary>Patterns and numbers.</summary>
        public Seq<Term<Pattern>> Inputs { get; }

        /// <summary>As a user would write it.</summary>
        public override string ToString() => Op switch
        {
            Ops.Add => $"({Inputs[0].Text()} + {Inputs[1].Text()})",
            Ops.Sub => $"({Inputs[0].Text()} - {Inputs[1].Text()})",
            Ops.Mul => $"({Inputs[0].Text()} * {Inputs[1].Text()})",
            Ops.Div => $"({Inputs[0].Text()} / {Inputs[1].Text()})",
            Ops.Neg => $"-{Inputs[0].Text()}",
            _ => $"{Op.Name}({string.Join(", ", Inputs.Map(Patterns.Bare))})",
        };
    }

    /// <summary>The pattern of an op over patterns and numbers.</summary>
    public static Pattern Apply(Op op, params ReadOnlySpan<Term<Pattern>> inputs) => new Node(op, Seq.Create(inputs));
}

/// <summary>How the terms of patterns are printed.</summary>
internal static class Patterns
{
    /// <summary>A pattern or a number, in brackets where it is a sum, product or quotient.</summary>
    public static string Text(this Term<Pattern> term) => term switch
    {
        WeakLiteral<Pattern> literal => literal.Value.ToString("R", CultureInfo.InvariantCulture),
        Pattern pattern => pattern.ToString()!,
        _ => throw new System.Diagnostics.UnreachableException($"{term}"),
    };

    /// <summary>The same without the outermost brackets.</summary>
    public static string Bare(this Term<Pattern> term) => term.Text() is ['(', .. var inner, ')'] ? inner : term.Text();
}
