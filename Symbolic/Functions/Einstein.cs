namespace Symbolic;

using Symbolic.Ops;

/// <summary>An expression with a letter for each of its axes.</summary>
internal sealed record Labelled(Expr Value, string Labels)
{
    public Dim SizeOf(char label) => Value.Shape[Labels.IndexOf(label, StringComparison.Ordinal)];
}

/// <summary>Sums of products in Einstein's notation: brings them to products of two operands, and those to the op that suits.</summary>
internal static class Einstein
{
    /// <summary>The number of letters.</summary>
    public const int MostLabels = 52;

    /// <summary>The order of a product of n operands is sought among 3^n; more than this are hardly meant.</summary>
    private const int MostOperands = 10;

    /// <summary>What a size that only the call knows is taken to be when the order is chosen.</summary>
    private const double Guess = 64;

    /// <summary>The n-th letter.</summary>
    public static char Label(int n) => (char)(n < 26 ? 'a' + n : 'A' + n - 26);

    /// <summary>The sum of products that the subscripts say.</summary>
    public static Expr Sum(string subscripts, ReadOnlySpan<Expr> operands)
    {
        EinsteinSubscripts parsed = EinsteinSubscripts.Parse(subscripts, operands);
        var sizes = new Dictionary<char, Dim>();
        for (int i = 0; i < operands.Length; i++)
        {
            for (int axis = 0; axis < operands[i].Rank; axis++)
            {
                Dim size = operands[i].Shape[axis];
                char label = parsed.Operands[i][axis];
                if (!sizes.TryGetValue(label, out Dim? known) || known.Is(1) || (size.IsConstant && !size.Is(1) && !known.IsConstant))
                {
                    sizes[label] = size;
                }
                else if (!size.Is(1) && size.IsConstant && known.IsConstant && !size.Equals(known))
                {
                    throw new TypeMismatch($"einsum \"{subscripts}\": {parsed.Spell(label)} is {known} and, in {operands[i].Label}, {size}");
                }
            }
        }
        string to = parsed.To;
        var terms = new List<Labelled>();
        for (int i = 0; i < operands.Length; i++)
        {
            terms.Add(Diagonal(new Labelled(operands[i], parsed.Operands[i]), sizes));
        }
        for (int i = 0; i < terms.Count; i++)
        {
            terms[i] = Alone(terms[i], to + string.Concat(terms.Where((_, other) => other != i).Select(x => x.Labels)));
        }
        Labelled product = terms.Count == 1 ? terms[0] : Cheapest(terms, to, sizes);
        return Arranged(product, to, sizes);
    }

    /// <summary>The sum of products of two operands whose labels are each distinct; each label is in two of the three.</summary>
    public static Expr Product(string name, Labelled left, Labelled right, string to)
    {
        DType dtype = Promotion.Of(left.Value.DType, right.Value.DType);
        string shared = string.Concat(left.Labels.Where(l => right.Labels.Contains(l, StringComparison.Ordinal)));
        foreach (char label in shared)
        {
            if (left.SizeOf(label).IsConstant && right.SizeOf(label).IsConstant && !left.SizeOf(label).Equals(right.SizeOf(label)))
            {
                throw new TypeMismatch($"{name} wants axis {left.Labels.IndexOf(label, StringComparison.Ordinal)} of {left.Value.Label} and axis {right.Labels.IndexOf(label, StringComparison.Ordinal)} of {right.Value.Label} to agree: {left.SizeOf(label)} is not {right.SizeOf(label)}");
            }
        }
        Dim Common(char label) => !shared.Contains(label, StringComparison.Ordinal) ? (left.Labels.Contains(label, StringComparison.Ordinal) ? left : right).SizeOf(label)
            : left.SizeOf(label).IsConstant ? left.SizeOf(label) : right.SizeOf(label);
        Expr Ready(Labelled x) => x.Value.Cast(dtype).Equate([.. x.Labels.Select(Common)]);
        left = left with { Value = Ready(left) };
        right = right with { Value = Ready(right) };
        string summed = string.Concat(shared.Where(l => !to.Contains(l, StringComparison.Ordinal)));
        bool bothOwn = left.Labels.Length > shared.Length && right.Labels.Length > shared.Length;
        return summed.Length == 0 || !bothOwn ? Elementwise(left, right, to, summed)
            : IsMatrixProduct(left, right, to) ? MatrixProduct(left, right, to, summed[0])
            : Expr.Of(new Contract(left.Labels, right.Labels, to), left.Value, right.Value);
    }

    /// <summary>
    /// Where nothing is summed, or one operand has no axis of its own, each of its elements is used once for each of the other's: that is
    /// one pass over memory, which blocking cannot better.
    /// </summary>
    private static Expr Elementwise(Labelled left, Labelled right, string to, string summed)
    {
        DType dtype = left.Value.DType, accumulator = summed.Length == 0 ? dtype : dtype.Accumulator();
        string all = to + summed;
        var shape = new Shape(all.Select(l => (left.Labels.Contains(l, StringComparison.Ordinal) ? left : right).SizeOf(l)).ToSeq());
        Expr Spread(Labelled x)
        {
            string sorted = string.Concat(x.Labels.OrderBy(l => all.IndexOf(l, StringComparison.Ordinal)));
            return x.Value.Cast(accumulator).Transpose(sorted.Select(l => x.Labels.IndexOf(l, StringComparison.Ordinal)).ToSeq())
                .BroadcastTo(shape, sorted.Select(l => all.IndexOf(l, StringComparison.Ordinal)).ToSeq());
        }
        Expr product = Spread(left) * Spread(right);
        return summed.Length == 0 ? product : Expr.Of(new Sum(Enumerable.Range(to.Length, summed.Length).ToSeq()), product).Cast(dtype);
    }

    private static bool IsMatrixProduct(Labelled left, Labelled right, string to) => left.Labels.Length == 2 && right.Labels.Length == 2 && to.Length == 2;

    private static Expr MatrixProduct(Labelled left, Labelled right, string to, char summed)
    {
        (Labelled first, Labelled second) = left.Labels.Contains(to[0], StringComparison.Ordinal) ? (left, right) : (right, left);
        return Expr.Of(new Dot(), first.Labels[1] == summed ? first.Value : first.Value.Transpose(), second.Labels[0] == summed ? second.Value : second.Value.Transpose());
    }

    /// <summary>An operand without axes of size 1 where the label is larger elsewhere, and with one axis for a label that it has twice.</summary>
    private static Labelled Diagonal(Labelled x, Dictionary<char, Dim> sizes)
    {
        int[] kept = [.. Enumerable.Range(0, x.Labels.Length).Where(axis => !x.Value.Shape[axis].Is(1) || (sizes[x.Labels[axis]].Is(1) && x.Labels.IndexOf(x.Labels[axis], StringComparison.Ordinal) == axis))];
        var thin = new Labelled(x.Value.Reshape(x.Value.Shape.Only(kept.ToSeq())), string.Concat(kept.Select(axis => x.Labels[axis])));
        for (int axis = thin.Labels.Length - 1; axis > 0; axis--)
        {
            int first = thin.Labels.IndexOf(thin.Labels[axis], StringComparison.Ordinal);
            if (first < axis)
            {
                Shape shape = thin.Value.Shape;
                Dim size = shape[first].IsConstant ? shape[first] : shape[axis];
                Expr square = thin.Value.Equate(new(shape.Select((d, i) => i == first || i == axis ? size : d).ToSeq()));
                thin = new(square.Diagonal(0, first, axis), thin.Labels.Remove(axis, 1).Remove(first, 1) + thin.Labels[axis]);
            }
        }
        return thin;
    }

    /// <summary>An operand summed over the labels that are nowhere else. Integers keep their dtype, as in numpy's einsum.</summary>
    private static Labelled Alone(Labelled x, string elsewhere)
    {
        Seq<int> alone = Enumerable.Range(0, x.Labels.Length).Where(axis => !elsewhere.Contains(x.Labels[axis], StringComparison.Ordinal)).ToSeq();
        return alone.Count == 0 ? x : new(Expr.Of(new Sum(alone), x.Value), string.Concat(x.Labels.Where((_, axis) => !alone.Contains(axis))));
    }

    /// <summary>The axes in the order of the result; labels that all operands had as size 1 come back.</summary>
    private static Expr Arranged(Labelled x, string to, Dictionary<char, Dim> sizes)
    {
        string have = string.Concat(to.Where(l => x.Labels.Contains(l, StringComparison.Ordinal)));
        return x.Value.Transpose(have.Select(l => x.Labels.IndexOf(l, StringComparison.Ordinal)).ToSeq())
            .Reshape([.. to.Select(l => x.Labels.Contains(l, StringComparison.Ordinal) ? x.SizeOf(l) : sizes[l])]);
    }

    /// <summary>
    /// The product of all terms, two at a time, in the order with the fewest multiplications: the best order of each subset is the best split
    /// of it in two.
    /// </summary>
    private static Labelled Cheapest(List<Labelled> terms, string to, Dictionary<char, Dim> sizes)
    {
        if (terms.Count > MostOperands)
        {
            throw new TypeMismatch($"einsum takes up to {MostOperands} operands; got {terms.Count}");
        }
        double Extent(IEnumerable<char> labels) => labels.Aggregate(1.0, (all, l) => all * (sizes[l].IsConstant ? sizes[l].Constant : Guess));
        int full = (1 << terms.Count) - 1;
        string Kept(int set)
        {
            var outside = new HashSet<char>(to);
            var inside = new List<char>();
            for (int i = 0; i < terms.Count; i++)
            {
                if ((set >> i & 1) == 0)
                {
                    outside.UnionWith(terms[i].Labels);
                }
                else
                {
                    inside.AddRange(terms[i].Labels);
                }
            }
            string kept = string.Concat(inside.Distinct().Where(outside.Contains));
            return set == full ? string.Concat(to.Where(kept.Contains)) : kept;
        }
        var labels = new string[full + 1];
        var cost = new double[full + 1];
        var split = new int[full + 1];
        for (int set = 1; set <= full; set++)
        {
            labels[set] = Kept(set);
            if ((set & (set - 1)) == 0)
            {
                labels[set] = terms[System.Numerics.BitOperations.TrailingZeroCount(set)].Labels;
                continue;
            }
            cost[set] = double.PositiveInfinity;
            for (int part = (set - 1) & set; part > 0; part = (part - 1) & set)
            {
                // Each split once: the part with the first operand is the left one.
                if ((part & set & -set) == 0)
                {
                    continue;
                }
                double total = cost[part] + cost[set ^ part] + Extent(labels[part].Union(labels[set ^ part]));
                if (total < cost[set])
                {
                    (cost[set], split[set]) = (total, part);
                }
            }
        }
        Labelled Build(int set) => split[set] == 0
            ? terms[System.Numerics.BitOperations.TrailingZeroCount(set)]
            : new(Product("einsum", Build(split[set]), Build(set ^ split[set]), labels[set]), labels[set]);
        return Build(full);
    }
}
