namespace Symbolic.Codegen;

/// <summary>
/// Which expressions of a graph get a buffer and which are computed inside their readers. An expression is inlined where that
/// repeats no arithmetic: it has one reader, which reads each element once.
/// </summary>
internal sealed class Outline
{
    /// <summary>More arithmetic than this in one kernel gains nothing: registers spill and compilation slows down.</summary>
    private const int LargestKernel = 48;

    private readonly HashSet<Expr> results;
    private readonly HashSet<Expr> roots = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<Expr, List<Expr>> readers;
    private readonly bool contractions;

    public Outline(Seq<Expr> results, bool contractions)
    {
        this.contractions = contractions;
        Order = Traversal.Order(results);
        readers = Traversal.Readers(Order);
        this.results = new HashSet<Expr>(results, ReferenceEqualityComparer.Instance);
        roots.UnionWith(results);
        // What several read has a buffer wherever it stands: readers far behind it ask before its turn comes.
        roots.UnionWith(Order.Where(node => IsComputed(node) && IsSeveral(node) && !IsRepeatedFreely(node)));
        for (int n = Order.Count - 1; n >= 0; n--)
        {
            Expr node = Order[n];
            if (IsComputed(node) && !roots.Contains(node) && NeedsBuffer(node))
            {
                roots.Add(IsContraction(node) ? BeforeTheNext(node) : node);
            }
        }
        LimitSize();
    }

    /// <summary>The layouts of buffers that are not row-major; chosen once it is known which expressions are computed together.</summary>
    public IReadOnlyDictionary<Expr, Layout> Layouts { get; set; } = new Dictionary<Expr, Layout>();

    /// <summary>How the expression's buffer lies; null: row-major.</summary>
    public Layout? LayoutOf(Expr node) => Layouts.GetValueOrDefault(node);

    /// <summary>Whose memory is read where the expression itself has none: moved about on the way, it is still that of one source.</summary>
    public Expr Source(Expr node)
    {
        while (!HasBuffer(node) && node.Inputs.Count == 1)
        {
            node = node.Inputs[0];
        }
        return node;
    }

    /// <summary>The expressions that have this one as an input.</summary>
    public IReadOnlyList<Expr> ReadersOf(Expr node) => readers[node];

    /// <summary>All nodes, inputs first.</summary>
    public IReadOnlyList<Expr> Order { get; }

    /// <summary>Whether the graph is there for this node, whoever reads it.</summary>
    public bool IsResult(Expr node) => results.Contains(node);

    /// <summary>Whether the node has a buffer: sources, and results of kernels and steps.</summary>
    public bool HasBuffer(Expr node) => !IsComputed(node) || roots.Contains(node);

    /// <summary>Takes a node's buffer away, unless its only reader, asked when it is gone, cannot do without.</summary>
    public void Unstore(Expr node, Func<bool> canDoWithout)
    {
        roots.Remove(node);
        if (!canDoWithout())
        {
            roots.Add(node);
        }
    }

    /// <summary>Whether a kernel or a step computes it (as against parameters and constants, which are there).</summary>
    public static bool IsComputed(Expr node) => node.Op is not (Ops.Parameter or Ops.Constant or Ops.Item);

    /// <summary>Whether its formula is Σ A·B over floats, to which the contraction schedule applies.</summary>
    public bool IsContraction(Expr node) => contractions && Contraction.Applies(node);

    /// <summary>
    /// The contraction that a root may compute in the store of its own kernel: the root follows it by pointwise ops of the same
    /// shape with no other reader in between. Null if there is none.
    /// </summary>
    public Expr? ContractionOf(Expr root)
    {
        if (IsContraction(root))
        {
            return root;
        }
        Expr? found = null;
        var pending = new Stack<Expr>([root]);
        while (pending.TryPop(out Expr? node))
        {
            if (node.Op is not (Pointwise or Duplicate))
            {
                continue;
            }
            foreach (Expr input in node.Inputs)
            {
                if (roots.Contains(input) || !IsComputed(input))
                {
                    continue;
                }
                if (IsContraction(input))
                {
                    if (found is not null && !ReferenceEquals(found, input))
                    {
                        return null;
                    }
                    found = input;
                }
                else
                {
                    pending.Push(input);
                }
            }
        }
        return found;
    }

    /// <summary>
    /// The sum, product, extreme or its position over axes that a root is but for what is computed of its results; null where there is none, or something else too.
    /// </summary>
    public Expr? ReductionOf(Expr root)
    {
        Expr? found = null;
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance) { root };
        var pending = new Stack<Expr>([root]);
        while (pending.TryPop(out Expr? node))
        {
            if (node.Op is Ops.Sum or Ops.Product or Ops.Max or Ops.Min or Ops.ArgMax && found is null)
            {
                found = node;
            }
            else if (node.Op is Pointwise or Ops.Broadcast or Ops.Full or Ops.Reshape)
            {
                foreach (Expr input in node.Inputs.Where(input => !HasBuffer(input) && seen.Add(input)))
                {
                    pending.Push(input);
                }
            }
            else
            {
                return null;
            }
        }
        return found;
    }

    /// <summary>Whether a reduction is over the last axis among others, so that its terms lie along memory.</summary>
    public static bool IsAlongRows(Expr reduction) => ((Ops.ReductionOp)reduction.Op).Axes.Contains(reduction.Inputs[0].Rank - 1);

    /// <summary>Whether it is arithmetic that several read.</summary>
    private bool IsSeveral(Expr node) => readers[node].Distinct().Skip(1).Any() && (node.Op is not FormulaOp || IsContraction(node) || Meaning.Cost(node) > 0);

    /// <summary>Operations that are done anew for each reader rather than written and read.</summary>
    private const int FewOperations = 3;

    /// <summary>
    /// Whether each reader computes it for itself, since that reads no more than its results would be: some operations on one buffer that is there anyway and on
    /// what repeats along it, such as images less the mean of each channel.
    /// </summary>
    private bool IsRepeatedFreely(Expr node, int depth = 0)
    {
        if (depth == FewOperations || results.Contains(node) || readers[node].Any(reader => reader.Op is not (Pointwise or Ops.ReductionOp) || IsContraction(reader)))
        {
            return false;
        }
        if (ReadsLittle(node, depth))
        {
            return true;
        }
        if (!Meaning.IsCheap(node))
        {
            return false;
        }
        Expr[] whole = [.. node.Inputs.Where(input => input.Op is not (Ops.Broadcast or Ops.Full) && input.Rank > 0).Distinct()];
        return whole is [var input] && (!IsComputed(input) || results.Contains(input) || IsSeveral(input) || IsRepeatedFreely(input, depth + 1));
    }

    /// <summary>Whether a few operations on what repeats along it, and on positions, are all that it is, such as where the class is that of the label.</summary>
    private static bool ReadsLittle(Expr node, int depth) => depth < FewOperations && node.Op is Pointwise and not Ops.Cast && Meaning.Cost(node) == 1 && node.Inputs.All(input =>
        input.Rank == 0 || input.Op is Ops.Full or Ops.Iota || (input.Op is Ops.Broadcast && input.Inputs[0].Rank < input.Rank) || ReadsLittle(input, depth + 1));

    private bool NeedsBuffer(Expr node)
    {
        if (node.Op is not FormulaOp)
        {
            return true;
        }
        List<Expr> direct = [.. readers[node].Distinct()];
        if (IsContraction(node))
        {
            return !(direct.Count == 1 && Hosts(direct[0], node));
        }
        if (Meaning.Cost(node) == 0)
        {
            return direct.Any(reader => reader.Op is not FormulaOp) || (Thins(node) && direct.Any(reader => reader.Op is Ops.Convolution or Ops.ConvolutionKernel && IsContraction(reader)));
        }
        if (direct.Count > 1 && IsRepeatedFreely(node))
        {
            return false;
        }
        // What jumps from lane to lane is read one by one: a pass of its own lets all else keep its lanes.
        if (direct.Count > 1 || direct[0].Op is not FormulaOp || Meaning.Jumps(node))
        {
            return true;
        }
        Expr only = direct[0];
        if (Joining.EndsPart(node, only, ContractionOf(node)))
        {
            return true;
        }
        return Meaning.IsReduction(node) ? !Hosts(only, node) : Repeats(only, node) && !IsCheaperAgain(node, only);
    }

    /// <summary>Whether it takes elements apart along an axis: made once, they are a matrix; read where they lie, each reader packs them.</summary>
    private static bool Thins(Expr node) => node.Op is Ops.Slice slice && slice.Step.Any(step => !step.Is(1));

    /// <summary>Terms of a window in which a single operation is done again and again sooner than its results are written and read.</summary>
    private const int FewTerms = 9;

    /// <summary>Whether a node is one operation on one buffer, such as a square, and a small window reads it.</summary>
    private bool IsCheaperAgain(Expr node, Expr reader)
    {
        while (reader.Op is FormulaOp and not Pointwise && Meaning.Cost(reader) == 0 && !roots.Contains(reader) && readers[reader].Distinct().ToList() is [var next])
        {
            reader = next;
        }
        return node.Op is Pointwise && Meaning.Cost(node) == 1 && node.Inputs.Distinct().ToList() is [var input]
            && (!IsComputed(input) || (readers[input].Distinct().Count() > 1 && Meaning.Cost(input) > 0))
            && Meaning.IsReduction(reader) && !IsContraction(reader) && reader.Inputs.Count == 1
            && Elements.All([Meaning.Of(reader)]).OfType<Element.Reduce>().All(r => r.Over.Aggregate((Dim)1, (a, i) => a * i.Extent) is { IsConstant: true, Constant: <= FewTerms });
    }

    /// <summary>
    /// Whether a reader ends in a root through pointwise ops alone, so that a loop inside it is run once per element; what only moves elements may lie between it and a
    /// reduction.
    /// </summary>
    private bool Hosts(Expr reader, Expr node)
    {
        while (reader.Op is Pointwise || (reader.Op is Ops.Reshape && !IsContraction(node)))
        {
            if (roots.Contains(reader))
            {
                return HostedBy(reader, node);
            }
            List<Expr> next = [.. readers[reader].Distinct()];
            if (next.Count != 1)
            {
                return false;
            }
            reader = next[0];
        }
        return false;
    }

    /// <summary>
    /// What gets the buffer of a contraction that meets another one: the last of what follows it alone by pointwise ops, such as a bias. The sum of two layers then has one addend, which micro-kernels add in registers,
    /// rather than all that is added to either. The contraction itself where nothing lies between.
    /// </summary>
    private Expr BeforeTheNext(Expr node)
    {
        Expr end = node;
        while (readers[end].Distinct().ToList() is [{ Op: Pointwise } reader])
        {
            if (!HostedBy(reader, node, below: end))
            {
                return end;
            }
            if (roots.Contains(reader) || reader.DType != node.DType)
            {
                break;
            }
            end = reader;
        }
        return node;
    }

    /// <summary>One kernel hosts at most one contraction, and no loop beside it; below what is known to be none is not looked.</summary>
    private bool HostedBy(Expr root, Expr node, Expr? below = null)
    {
        below ??= node;
        var pending = new Stack<Expr>([root]);
        while (pending.TryPop(out Expr? inner))
        {
            foreach (Expr input in inner.Inputs)
            {
                if (ReferenceEquals(input, below) || roots.Contains(input) || !IsComputed(input))
                {
                    continue;
                }
                if (IsContraction(input) || (IsContraction(node) && Meaning.IsReduction(input)))
                {
                    return false;
                }
                pending.Push(input);
            }
        }
        return true;
    }

    /// <summary>Whether the reader, followed through movement to where arithmetic happens, reads an element more than once.</summary>
    private bool Repeats(Expr reader, Expr node) => IsContraction(reader) || reader.Op switch
    {
        // Of what windows see, each element goes to one place.
        Pointwise or Ops.ReductionOp or Ops.Fold or Duplicate => false,
        _ when Meaning.ReadsOnce(reader, node) => !HasBuffer(reader) && (readers[reader].Distinct().Count() != 1 || Repeats(readers[reader][0], reader)),
        _ => true,
    };

    /// <summary>Gives buffers to expressions in the middle of long chains.</summary>
    private void LimitSize()
    {
        var size = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        foreach (Expr node in Order)
        {
            int total = Meaning.Cost(node);
            foreach (Expr input in node.Inputs)
            {
                total += HasBuffer(input) ? 0 : size[input];
            }
            if (total > LargestKernel && node.Op is Pointwise && !IsContractionHost(node))
            {
                roots.Add(node);
            }
            size[node] = roots.Contains(node) ? 0 : total;
        }
    }

    private bool IsContractionHost(Expr node) => ContractionOf(node) is not null;
}
