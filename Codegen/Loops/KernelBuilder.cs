namespace Symbolic.Codegen;

/// <summary>Makes the kernels of a unit: a nest, or a contraction with the nests that prepare its operands.</summary>
internal sealed class KernelBuilder(CodegenOptions options, Outline outline, Func<Expr, int> bufferOf, Func<TensorType, Layout?, int> temporary, Func<string> nextName)
{
    /// <summary>The kernels in the order in which they run, each with the numbers of the buffers that it takes.</summary>
    public IEnumerable<(Kernel Kernel, Seq<int> Buffers)> Build(Unit unit) =>
        unit.Contraction is { } contraction ? Contract(unit, contraction) : unit.Rows is { } rows ? Visiting(unit, rows) : Nested(unit, bufferOf);

    private IEnumerable<(Kernel, Seq<int>)> Nested(Unit unit, Func<Expr, int> bufferOf)
    {
        var slots = new Slots();
        Seq<LoopIndex> axes = Inlining.Space(unit.Roots[0].Shape);
        Seq<Dim> at = axes.Map(i => (Dim)i);
        // Walked as the results lie, so that the last index has neighbours in memory.
        Layout? layout = unit.Roots.Where(root => !unit.Inner.Contains(root)).Select(outline.LayoutOf).FirstOrDefault(layout => layout is not null);
        Seq<LoopIndex> space = Layout.InOrder(layout, axes);
        HashSet<int> inPlane = [], beyond = [];
        bool hasPlanes = axes.Count > 2 && unit.Roots.TrueForAll(root => root.Rank > 2 && HasPlanesOf(root, axes));
        var inlining = new Inlining(outline, node => slots.Of(bufferOf(node), node.DType), (node, index) =>
            (hasPlanes && node.Rank > 2 && HasPlanesOf(node, axes) && index[0].Equals(at[0]) && index[1].Equals(at[1]) ? inPlane : beyond).Add(slots.Of(bufferOf(node), node.DType)));
        Seq<Store> stores = Stores(unit, at, inlining, root => slots.Of(bufferOf(root), root.DType, written: true));
        return Shared(unit, space, stores, slots) ?? [Finish(nextName(), slots, Label(unit.Roots) + Conversion(unit, layout), space, stores, inPlane.Except(beyond))];
    }

    /// <summary>Whether planes of the last axes lie one after the other, as many as the first two axes have.</summary>
    private bool HasPlanesOf(Expr node, Seq<LoopIndex> axes) => outline.LayoutOf(node) is null && node.Shape[0].Equals(axes[0].Extent) && node.Shape[1].Equals(axes[1].Extent);

    /// <summary>Bytes of the rows that are visited at a time, which the first level of the caches holds; there is at least one row. Of columns the second level does: long pieces of memory are read faster.</summary>
    private const long GroupBytes = 24 << 10, ColumnBytes = 128 << 10;

    /// <summary>One kernel for all members, a few rows at a time, or one for each where that cannot be.</summary>
    private IEnumerable<(Kernel, Seq<int>)> Visiting(Unit unit, RowSpace rows)
    {
        var slots = new Slots();
        Expr[] passing = [.. unit.Passing];
        int SlotOf(Expr node, bool written) => Array.IndexOf(passing, node) is >= 0 and var k ? PassingRows.FirstSlot + k : slots.Of(bufferOf(node), node.DType, written);
        IEnumerable<Expr> whole = unit.Reads.Concat(unit.Roots.Where(root => !unit.Inner.Contains(root))).Where(array => array.Type is TensorType { Shape: var shape } && shape.Equals(rows.Whole));
        long elements = (rows.IsOfColumns ? rows.Terms : rows.RowElements).Constant, bytes = Math.Max(1, whole.Sum(array => elements * array.DType.Size()));
        long group = rows.IsOfColumns ? Columns(rows.Columns.Constant, bytes) : Math.Max(1, GroupBytes / bytes);
        Dim? PlaceOf(Expr node, Seq<Dim> at) => rows.IsOfColumns && unit.Passing.Contains(node)
            ? (Linear(rows.Axes.Order(), rows.Whole, at) * group) + Linear(Enumerable.Range(rows.Axis, rows.Whole.Rank - rows.Axis), rows.Whole, at) : null;
        HashSet<int> within = [], beyond = [];
        var parts = new List<(Seq<LoopIndex>, Seq<Store>, Seq<string>)>();
        foreach (Unit member in unit.Members)
        {
            Shape shape = member.Roots[0].Shape;
            Seq<LoopIndex> axes = Inlining.Space(shape);
            Seq<int> places = rows.PlacesIn(shape)!;
            Seq<Dim> row = places.Map(axis => (Dim)axes[axis]);
            var inlining = new Inlining(outline, node => SlotOf(node, written: false), (node, at) =>
                (node.Shape.Equals(rows.Whole) && rows.PlacesIn(node.Shape)!.Map(axis => at[axis]).Equals(row) ? within : beyond).Add(SlotOf(node, written: false)), PlaceOf);
            Seq<Store> stores = Stores(member, axes.Map(i => (Dim)i), inlining, root => SlotOf(root, written: true));
            within.UnionWith(shape.Equals(rows.Whole) ? stores.Map(store => store.Buffer) : []);
            parts.Add(rows.IsOfColumns
                ? (axes, stores, rows.EndsIn(shape).Map(axis => axes[axis].Name))
                : ([axes[places[0]], .. axes.Where((_, axis) => axis != places[0])], stores, [axes[places[0]].Name]));
        }
        var visit = new RowVisit(rows.IsOfColumns ? rows.Columns : rows.Rows, group, passing.Select((root, k) => new PassingRows(PassingRows.FirstSlot + k, root.DType, elements)).ToSeq(), within.Except(beyond).Order().ToSeq())
        {
            Batches = rows.IsOfColumns ? rows.Batches : null,
        };
        if (NestBuilder.Visit(nextName(), slots.Buffers, Label(unit.Roots), parts.ToSeq(), visit, options) is { } nest)
        {
            return [(nest, slots.Numbers)];
        }
        var own = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        foreach (Expr root in passing)
        {
            own[root] = temporary(root.Tensor, null);
        }
        return unit.Members.SelectMany(member => Nested(member, node => own.TryGetValue(node, out int buffer) ? buffer : bufferOf(node)));
    }

    /// <summary>Columns that are visited at a time, a multiple of <see cref="RowSpace.FewestColumns"/> unless these are all.</summary>
    private static long Columns(long all, long bytesOfOne)
    {
        long most = Math.Max(1, ColumnBytes / bytesOfOne / RowSpace.FewestColumns), pieces = (all + (most * RowSpace.FewestColumns) - 1) / (most * RowSpace.FewestColumns);
        long each = (all + pieces - 1) / pieces;
        return Math.Min(all, (each + RowSpace.FewestColumns - 1) / RowSpace.FewestColumns * RowSpace.FewestColumns);
    }

    private static Dim Linear(IEnumerable<int> axes, Shape shape, Seq<Dim> at) => axes.Aggregate((Dim)0, (place, axis) => (place * shape[axis]) + at[axis]);

    private Seq<Store> Stores(Unit unit, Seq<Dim> at, Inlining inlining, Func<Expr, int> slotOf)
    {
        var stores = new List<Store>();
        foreach (Expr root in unit.Roots)
        {
            // The value stands for the root in those behind it, whether it is stored or not.
            Element value = inlining.At(root, at, isRoot: true);
            if (!unit.Inner.Contains(root))
            {
                stores.Add(new Store(slotOf(root), inlining.Offset(root, at), value));
            }
        }
        return stores.ToSeq();
    }

    /// <summary>The two nests of a reduction that is worth sharing out, or null.</summary>
    private Seq<(Kernel, Seq<int>)>? Shared(Unit unit, Seq<LoopIndex> space, Seq<Store> stores, Slots slots)
    {
        // Numbers of buffers here are those of the nest as one; no kernel has as many.
        const int parts = int.MaxValue;
        if (options.Target != Target.Cpu || SharedReduction.Of(space, stores, parts) is not { } shared)
        {
            return null;
        }
        DType type = shared.Parts[0].Stores[0].Value.DType;
        int buffer = temporary(new TensorType(type, [shared.Blocks, shared.Results]), null);
        Slots first = new(), second = new();
        Seq<(Seq<LoopIndex> Space, Seq<Store> Stores)> nests = shared.Parts.Map(part => (part.Space, Renumbered(part.Stores, first)));
        (Kernel, Seq<int>) join = Finish(nextName(), second, $"{Label(unit.Roots)} of parts", shared.Joined.Space, Renumbered(shared.Joined.Stores, second));
        return [(NestBuilder.Nest(nextName(), first.Buffers, $"{Label(unit.Roots)} in parts", nests, options), first.Numbers), join];

        Seq<Store> Renumbered(Seq<Store> all, Slots own)
        {
            int Of(int slot, DType dtype, bool written) => own.Of(slot == parts ? buffer : slots.Numbers[slot], dtype, written);
            Seq<Element> values = Elements.Map(all.Map(s => s.Value), dim => dim, over => over, element => element is Element.Read read ? read with { Operand = Of(read.Operand, read.DType, false) } : null);
            return all.Select((store, k) => new Store(Of(store.Buffer, store.Buffer == parts ? type : slots.Buffers[store.Buffer].DType, true), store.Offset, values[k])).ToSeq();
        }
    }

    private (Kernel, Seq<int>) Finish(string name, Slots slots, string label, Seq<LoopIndex> space, Seq<Store> stores, IEnumerable<int>? inPlane = null) =>
        (NestBuilder.Nest(name, slots.Buffers, label, [(space, stores)], options) with { InPlane = (inPlane ?? []).Order().ToSeq() }, slots.Numbers);

    private IEnumerable<(Kernel, Seq<int>)> Contract(Unit unit, Expr contraction)
    {
        var prepared = new List<(Kernel, Seq<int>)>();
        var slots = new Slots();
        Expr root = unit.Roots[0];
        var inlining = new Inlining(outline, node => slots.Of(bufferOf(node), node.DType));
        Roles roles = Roles.Of(root, contraction, outline, inlining, options);
        (Seq<Dim> at, int wide) = (roles.At, roles.Wide);
        (Element a, Element b) = (roles.Operands[0], roles.Operands[1]);
        (Seq<LoopIndex> batch, Seq<LoopIndex> rows, Seq<LoopIndex> columns, Seq<LoopIndex> depth) = (roles.Batch, roles.Rows, roles.Columns, roles.Depth);
        Schedule? convolved = roles.Convolved;
        bool isPlaced = convolved is not null || roles.Gradient is not null;
        Seq<Border> borders = [];
        bool isSmaller = Product.Extent(rows) is { IsConstant: true } few && Product.Extent(columns) is { IsConstant: true } many && few.Constant <= many.Constant;
        if (!isPlaced && batch.Count == 0 && isSmaller && ImageLanes.For(wide == 1 ? b : a, contraction.Inputs[wide].Tensor, roles.Indices[wide], columns, depth, options) is { } images)
        {
            Element moved = WithImagesLast(images, contraction.Inputs[wide], roles.Indices[wide], slots, prepared);
            (a, b) = wide == 1 ? (a, moved) : (moved, b);
            borders = images.Borders;
            columns = columns.RemoveAt(columns.IndexOf(images.Images)).Add(images.Images);
            depth = [.. borders.Map(x => x.Depth), .. depth.Where(d => !borders.Any(x => x.Depth == d))];
        }
        if (!isPlaced)
        {
            a = WithHalo(a, contraction.Inputs[0], roles.Indices[0], slots, prepared);
            b = WithHalo(b, contraction.Inputs[1], roles.Indices[1], slots, prepared);
            // Nothing is left of runs that whole vectors fill: as products of their own even last tiles are stored straight.
            int width = (options.ProductBits ?? options.VectorBits) / 8 / contraction.DType.Size();
            if (borders.Count == 0 && width > 0 && ColumnRuns.Of(wide == 1 ? b : a, columns, depth) is { Columns: { IsConstant: true } run } && run.Constant % width == 0)
            {
                (batch, columns) = (batch.Add(columns[0]), columns.RemoveAt(0));
            }
        }

        Seq<Dim> tile = [columns.Count > 0 ? columns[^1] : 0, .. batch.Concat(rows).Concat(columns).Select(i => (Dim)i)];
        var sum = new Element.Read(-1, tile, contraction.DType);
        inlining.Set(contraction, at, sum);
        (Seq<LoopIndex> down, Seq<Store> stores) = Collapsing.Collapse(rows, Stores(unit, at, inlining, written => slots.Of(bufferOf(written), written.DType, written: true)));
        (Seq<LoopIndex> lanes, stores) = Collapsing.Collapse(columns, stores);
        var product = new Product(nextName(), slots.Buffers, Label([contraction, .. unit.Roots]), contraction.DType, batch, rows, columns, depth,
            wide == 1 ? a : b, wide == 1 ? b : a, borders, down, lanes, stores, Vectorizing.Suits(lanes, stores, contraction.DType, options))
        {
            Convolution = convolved is null ? null : roles.Convolution,
            Gradient = roles.Gradient,
        };
        Expr[] kernels = [.. contraction.Inputs.Where((_, operand) => root.Shape.Rank > 0 && !(roles.Indices[operand].Count > 0 && roles.Indices[operand][0].Equals(at[0])))];
        string label = Label([contraction, .. unit.Roots]) + Conversion(unit, outline.LayoutOf(root), kernels);
        prepared.Add((Scheduling.Scheduled(product with { Label = label }, outline.Source(contraction.Inputs[wide]).Op is Ops.Constant, convolved, options), slots.Numbers));
        return prepared;
    }

    /// <summary>What the label says of a kernel that stores its result in another layout than one of the arrays alike that it reads.</summary>
    private string Conversion(Unit unit, Layout? layout, params Expr[] kernels)
    {
        Shape stored = unit.Roots[0].Shape;
        bool converts = Layout.Matters(stored) && unit.Reads.Any(read => read.Type is TensorType { Shape: var shape } && !kernels.Contains(read)
            && shape.Rank == stored.Rank && shape[0].Equals(stored[0]) && Layout.Matters(shape) && !Equals(outline.LayoutOf(read), layout));
        return !converts ? "" : layout is null ? " to row-major" : " to channels last";
    }

    /// <summary>The operand copied with its images innermost.</summary>
    private Element WithImagesLast(ImageLanes images, Expr source, Seq<Dim> index, Slots slots, List<(Kernel, Seq<int>)> prepared)
    {
        int buffer = temporary(images.Source, null);
        var own = new Slots();
        Seq<LoopIndex> space = Inlining.Space(images.Source.Shape);
        var inlining = new Inlining(outline, node => own.Of(bufferOf(node), node.DType));
        Element value = inlining.At(source, images.Original(space.Map(i => (Dim)i)));
        var store = new Store(own.Of(buffer, source.DType, written: true), Layout.Offset(null, images.Source.Shape, space.Map(i => (Dim)i)), value);
        prepared.Add(Finish(nextName(), own, "images last", space, [store]));
        return new Element.Read(slots.Of(buffer, source.DType), [Layout.Offset(null, images.Source.Shape, images.Moved(index))], source.DType);
    }

    /// <summary>
    /// An operand that is zero outside its borders is first copied into a buffer with a halo of zeros, so that packing it tests
    /// nothing. Where a stride leaves holes the test stays.
    /// </summary>
    private Element WithHalo(Element operand, Expr source, Seq<Dim> index, Slots slots, List<(Kernel, Seq<int>)> prepared)
    {
        if (operand is not Element.Call { Function: Intrinsic.Select } select || Elements.All([select.Arguments[0]]).Any(e => e is Element.Call { Function: Intrinsic.Equal }))
        {
            return operand;
        }
        var reach = index.Select((d, axis) => Reach(d, source.Shape[axis])).ToSeq();
        Seq<Dim> low = reach.Map(r => r.Low);
        Shape padded = new(reach.Map(r => r.High - r.Low + 1));
        var type = new TensorType(source.DType, padded);
        Layout? layout = outline.LayoutOf(source);
        int buffer = temporary(type, layout);

        var own = new Slots();
        Seq<LoopIndex> space = Inlining.Space(padded);
        var inlining = new Inlining(outline, node => own.Of(bufferOf(node), node.DType));
        var formula = new Formula([source.Tensor], type, (_, at) => inlining.At(source, at), new IndexNames());
        Element value = formula.ReadOrZero(0, space.Select((i, axis) => i + low[axis]).ToSeq());
        var store = new Store(own.Of(buffer, source.DType, written: true), Layout.Offset(layout, padded, space.Map(i => (Dim)i)), value);
        prepared.Add(Finish(nextName(), own, "halo", Layout.InOrder(layout, space), [store]));

        return new Element.Read(slots.Of(buffer, source.DType), [Layout.Offset(layout, padded, index.Select((d, axis) => d - low[axis]).ToSeq())], source.DType);
    }

    /// <summary>The least and greatest value of an index expression: known where it is linear in its loop indices; else it must stay inside its axis.</summary>
    private static (Dim Low, Dim High) Reach(Dim dim, Dim size)
    {
        if (Extreme(dim, least: true) is { } low && Extreme(dim, least: false) is { } high)
        {
            return (low, high);
        }
        return dim.IsAtLeast(0) && size.IsAtLeast(dim + 1) ? (0, size - 1) : throw new System.Diagnostics.UnreachableException($"{dim} may leave an axis of {size}, and is not linear");
    }

    private static Dim? Extreme(Dim dim, bool least)
    {
        foreach (LoopIndex index in dim.Symbols.OfType<LoopIndex>().ToArray())
        {
            if (dim.Linear(index) is not (var stride, _))
            {
                return null;
            }
            Dim end = (stride.Lower >= 0) == least ? 0 : index.Extent - 1;
            dim = dim.Substitute(s => s == index ? end : null);
        }
        return dim;
    }

    /// <summary>
    /// Ops and types. The label becomes a comment of the emitted text, and a size's name may come from a user's file: whatever could end
    /// the comment is replaced.
    /// </summary>
    private static string Label(IEnumerable<Expr> roots) => string.Concat(string.Join(" ", roots.Distinct().Select(r => $"{r.Op.Name} {r.Type}"))
        .Select(c => char.IsAsciiLetterOrDigit(c) || " _[](),.+-*/%".Contains(c, StringComparison.Ordinal) ? c : '?'));

    /// <summary>The buffers of one kernel in order of first use.</summary>
    private sealed class Slots
    {
        private readonly List<int> numbers = [];
        private readonly List<KernelBuffer> buffers = [];

        public Seq<int> Numbers => numbers.ToSeq();

        public Seq<KernelBuffer> Buffers => buffers.ToSeq();

        public int Of(int number, DType dtype, bool written = false)
        {
            int slot = numbers.IndexOf(number);
            if (slot < 0)
            {
                slot = numbers.Count;
                numbers.Add(number);
                buffers.Add(new KernelBuffer(dtype, written));
            }
            buffers[slot] = buffers[slot] with { IsWritten = buffers[slot].IsWritten || written };
            return slot;
        }
    }
}
