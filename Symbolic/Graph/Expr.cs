using System.Runtime.CompilerServices;

namespace Symbolic;

/// <summary>
/// The one node of the language: an op, its inputs, and a type derived from them. Immutable and interned: building the
/// same thing twice gives the same object, so equality is identity and common subexpressions cost nothing.
/// </summary>
public sealed class Expr : Term<Expr>, ITerm<Expr>
{
    private static readonly Interning Table = new();
    private static readonly ConditionalWeakTable<Expr, string> Names = [];
    private readonly int hash;

    private Expr(Op op, Expr[] inputs, ExprType type, int hash)
    {
        Op = op;
        Inputs = Seq.Create<Expr>(inputs);
        Type = type;
        this.hash = hash;
    }

    /// <summary>How many nodes the table of all nodes has places for.</summary>
    internal static int TableSize => Table.Size;

    /// <summary>What is done.</summary>
    public Op Op { get; }

    /// <summary>To what.</summary>
    public Seq<Expr> Inputs { get; }

    /// <summary>What it yields.</summary>
    public ExprType Type { get; }

    /// <summary>The type of a tensor-valued expression.</summary>
    public TensorType Tensor => Type as TensorType ?? throw new TypeMismatch($"{Label} yields {Type}; take one of its results with Item");

    /// <summary>Element type.</summary>
    public DType DType => Tensor.DType;

    /// <summary>Sizes.</summary>
    public Shape Shape => Tensor.Shape;

    /// <summary>Number of axes.</summary>
    public int Rank => Shape.Rank;

    /// <summary>The name given by the user, if any. Names stand beside the graph and never split equal nodes.</summary>
    public string? Name => Op is Ops.Leaf leaf ? leaf.Variable.Name : Names.TryGetValue(this, out string? name) ? name : null;

    /// <summary>How messages call this expression: its name and type, else its op and type.</summary>
    public string Label => $"{Name ?? Op.Name}: {Type}";

    /// <summary>Where it was first built; no part of what it is.</summary>
    internal Origin? Origin { get; set; }

    /// <summary>Gives the expression a name for messages and printed graphs.</summary>
    public Expr Named(string name)
    {
        Names.AddOrUpdate(this, name);
        return this;
    }

    /// <summary>
    /// The elements that the subscripts name, one for each axis from the first on, as in numpy: <c>x[0]</c>, <c>x[1..^1, Subscript.NewAxis]</c>,
    /// <c>x[Subscript.Ellipsis, Subscript.Range(null, null, -1)]</c>. Ranges are cut at the ends of the axis; a position outside it is an error, where the graph is
    /// built or, for sizes not known there, before any kernel runs.
    /// </summary>
    [IndexerName("Subscripted")]
    public Expr this[params ReadOnlySpan<Subscript> at] => Functions.Subscripted(this, at);

    /// <summary>One result of a tuple-valued expression.</summary>
    public Expr Item(int index) => Of(new Ops.Item(index), this);

    /// <summary>
    /// The node of exactly this op and these inputs: no promotion, no broadcasting. Throws <see cref="TypeMismatch"/>
    /// where the op's type rule refuses them.
    /// </summary>
    public static Expr Of(Op op, params ReadOnlySpan<Expr> inputs) => Table.Find(op, inputs, static (op, inputs, hash) =>
    {
        ExprType type;
        if (op is Ops.Item item)
        {
            type = item.Of(inputs is [var tuple] ? tuple.Type : throw new TypeMismatch($"item takes 1 input; got {inputs.Length}"));
        }
        else
        {
            var types = new TensorType[inputs.Length];
            for (int i = 0; i < types.Length; i++)
            {
                types[i] = inputs[i].Tensor;
            }
            if (!op.TakesComplex && Array.Exists(types, input => input.DType.IsComplex()))
            {
                throw new TypeMismatch($"{op.Name} is not defined on complex numbers; got {string.Join(" and ", types.Select(input => input.ToString()))}");
            }
            type = op.Infer(types);
        }
        foreach (TensorType tensor in type is TupleType several ? several.Items : [(TensorType)type])
        {
            if (tensor.Shape.Any(size => size.Upper < 0))
            {
                throw new TypeMismatch($"{op.Name} would yield {tensor}, which has a negative size");
            }
        }
        var made = new Expr(op, inputs, type, hash);
        Symbolic.Origin.Record(made);
        return made;
    });

    /// <summary>
    /// The friendly form: literals take their dtype from the other operands, and a pointwise op's operands are promoted,
    /// broadcast and equated until their types agree.
    /// </summary>
    public static Expr Apply(Op op, params ReadOnlySpan<Term<Expr>> inputs)
    {
        if (op is Pointwise pointwise)
        {
            using Origin.Scope scope = Symbolic.Origin.OneCall();
            return Alignment.Apply(pointwise, inputs);
        }
        var exprs = new Expr[inputs.Length];
        for (int i = 0; i < exprs.Length; i++)
        {
            exprs[i] = inputs[i] as Expr ?? throw new TypeMismatch($"{op.Name} wants an expression as input {i}; got a C# number. Write Constant(value) to give it a dtype");
        }
        return Of(op, exprs);
    }

    /// <summary>True if this is the node of that op and those inputs.</summary>
    internal bool Is(Op op, ReadOnlySpan<Expr> others)
    {
        if (Inputs.Count != others.Length)
        {
            return false;
        }
        for (int i = 0; i < others.Length; i++)
        {
            if (!ReferenceEquals(Inputs[i], others[i]))
            {
                return false;
            }
        }
        return Op.Equals(op);
    }

    /// <summary>The same op on other inputs; itself where they are the same.</summary>
    public Expr WithInputs(ReadOnlySpan<Expr> others) => Is(Op, others) ? this : Of(Op, others);

    /// <inheritdoc/>
    public override int GetHashCode() => hash;

    /// <summary>Bits of both integers, or both of two booleans.</summary>
    public static Expr operator &(Expr a, Expr b) => Functions.BitAnd<Expr>(a, b);

    /// <summary>Bits of either integer, or either of two booleans.</summary>
    public static Expr operator |(Expr a, Expr b) => Functions.BitOr<Expr>(a, b);

    /// <summary>Bits in which two integers differ, or whether two booleans do.</summary>
    public static Expr operator ^(Expr a, Expr b) => Functions.BitXor<Expr>(a, b);

    /// <summary>All bits of an integer turned over, or the opposite of a boolean.</summary>
    public static Expr operator ~(Expr a) => Functions.BitNot<Expr>(a);

    /// <summary>Its label; the whole graph is printed by the printer.</summary>
    public override string ToString() => Label;
}
