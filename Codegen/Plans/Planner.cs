using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// Turns a program into buffers, kernels and steps. Updates of shared variables come last: in place where nobody reads the old
/// value afterwards, else by a copy from a temporary.
/// </summary>
internal sealed class Planner(CodegenOptions options)
{
    private readonly List<PlannedBuffer> buffers = [];
    private readonly List<Kernel> kernels = [];
    private readonly List<Literal> constants = [];
    private readonly List<EffectOp> effects = [];
    private readonly Dictionary<Expr, int> constantBuffers = new(ReferenceEqualityComparer.Instance);
    private int temporaries;
    private int named;

    /// <summary>Plans the program and writes its kernels.</summary>
    public GeneratedProgram Build(ProgramBody program)
    {
        Seq<Expr> results = Expanded(program.Body.Results);
        int[] parameters = [.. program.Body.Parameters.Select((type, i) => Add(type, BufferRole.Parameter, i))];
        int[] outputs = [.. Enumerable.Range(0, program.Outputs).Select(j => Add(results[j].Tensor, BufferRole.Output, j))];
        var demoted = new HashSet<int>();
        while (true)
        {
            Block block = Distinct(results, program.Outputs, demoted);
            int OfUpdate(int j) => program.Updated[j - outputs.Length];
            Dictionary<Expr, int> updates = new(ReferenceEqualityComparer.Instance), inPlace = new(ReferenceEqualityComparer.Instance);
            for (int j = outputs.Length; j < block.Results.Count; j++)
            {
                if (!demoted.Contains(j))
                {
                    updates[block.Results[j]] = j;
                    inPlace[block.Results[j]] = OfUpdate(j);
                }
            }
            List<Unit> units = Grouping.Group(block.Outline, updates.ContainsKey);
            int before = demoted.Count;
            foreach (Unit unit in units)
            {
                bool overwrites = unit.Roots.TrueForAll(updates.ContainsKey);
                demoted.UnionWith(unit.Roots.Where(root => updates.ContainsKey(root) && !(overwrites && InPlaceIsSafe(unit, root, inPlace[root], block.Outline))).Select(root => updates[root]));
            }
            if (demoted.Count > before)
            {
                continue;
            }
            var shown = new HashSet<Expr>(block.Results.Take(outputs.Length), ReferenceEqualityComparer.Instance);
            (List<Unit> order, int committed, List<Expr> stuck) = UnitOrder.Sort(units, inPlace, shown.Contains);
            if (stuck.Count > 0)
            {
                demoted.UnionWith(stuck.Select(root => updates[root]));
                continue;
            }
            block.Outline.Layouts = LayoutChoice.Of(block.Outline, order, options);
            int[] targets = [.. outputs, .. program.Updated.Select((p, u) => demoted.Contains(outputs.Length + u) ? Temporary(program.Body.Parameters[p]) : parameters[p])];
            var scope = new Scope(block.Outline, parameters);
            for (int j = 0; j < targets.Length; j++)
            {
                scope.Buffers[block.Results[j]] = [targets[j]];
            }
            if (options.Target == Target.Cpu)
            {
                (order, committed) = RowVisits.Join(order, committed, block.Outline, updates.ContainsKey);
                scope.Parts = Joining.Lay(block.Outline, order);
            }
            var steps = new List<Step>();
            Emit(order[..committed], scope, steps);
            int commit = steps.Count;
            Emit(order[committed..], scope, steps);
            foreach (int j in demoted.Order())
            {
                steps.Add(new Step.Copy(targets[j], parameters[OfUpdate(j)]));
            }
            return Finish(steps, commit, outputs);
        }
    }

    private sealed record Block(Seq<Expr> Results, Outline Outline);

    private sealed class Scope(Outline outline, int[] parameters)
    {
        public Outline Outline { get; } = outline;

        public int[] Parameters { get; } = parameters;

        public Dictionary<Expr, int[]> Buffers { get; } = new(ReferenceEqualityComparer.Instance);

        /// <summary>What lies within another array.</summary>
        public IReadOnlyDictionary<Expr, Joining.Place> Parts { get; set; } = new Dictionary<Expr, Joining.Place>();
    }

    /// <summary>The results with a buffer each: what cannot be computed straight into its target is duplicated.</summary>
    private Block Distinct(Seq<Expr> results, int outputs, HashSet<int> demoted)
    {
        var taken = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        var distinct = new Expr[results.Count];
        for (int j = 0; j < distinct.Length; j++)
        {
            Expr result = results[j];
            bool direct = Outline.IsComputed(result) && result.Op is not (Ops.Loop or Ops.IfElse) && (j < outputs || demoted.Contains(j) || result.Op is FormulaOp) && taken.Add(result);
            distinct[j] = direct ? result : Expr.Of(new Duplicate(j), result);
        }
        Seq<Expr> all = Seq.Create<Expr>(distinct);
        var outline = new Outline(all, options.Contractions);
        PooledShape.LeaveUnstored(outline, options);
        return new Block(all, outline);
    }

    private static bool InPlaceIsSafe(Unit unit, Expr root, int target, Outline outline)
    {
        // The kernel may read the old value only at the very element that it writes.
        bool safe = true;
        Seq<Dim> at = Inlining.Space(root.Shape).Map(i => (Dim)i);
        var inlining = new Inlining(outline, node => IsParameter(node, target) ? 0 : 1);
        if (unit.Contraction is { } contraction)
        {
            // Its operands are read while elements of the result are already stored; what follows the sum is computed once per element, right before its store.
            safe = !Elements.All([inlining.At(contraction, at, isRoot: true)]).OfType<Element.Read>().Any(r => r.Operand == 0);
            inlining.Set(contraction, at, new Element.Read(1, [0], contraction.DType));
        }
        foreach (Expr other in unit.Roots)
        {
            Element value = inlining.At(other, at, isRoot: true);
            safe &= Elements.All([value]).OfType<Element.Read>().All(r => r.Operand != 0 || r.At[0].Equals(Layout.Offset(null, root.Shape, at)));
        }
        return safe;
    }

    private static bool IsParameter(Expr node, int index) => node.Op is Ops.Parameter parameter && parameter.Index == index;

    private void Emit(List<Unit> units, Scope scope, List<Step> steps)
    {
        foreach (Unit unit in units)
        {
            if (scope.Parts.Values.Any(part => ReferenceEquals(part.Whole, unit.Roots[0])))
            {
                // Its parts have made it.
                continue;
            }
            foreach (Expr root in unit.Roots)
            {
                if (scope.Parts.TryGetValue(root, out Joining.Place? place))
                {
                    if (!scope.Buffers.ContainsKey(place.Whole))
                    {
                        scope.Buffers[place.Whole] = [Temporary(place.Whole.Tensor, scope.Outline.LayoutOf(place.Whole))];
                    }
                    int part = Temporary(root.Tensor, place.Layout);
                    buffers[part] = buffers[part] with { Within = scope.Buffers[place.Whole][0], At = place.At };
                    scope.Buffers[root] = [part];
                }
                else if (!scope.Buffers.ContainsKey(root) && !unit.Inner.Contains(root) && !unit.Passing.Contains(root))
                {
                    scope.Buffers[root] = root.Type is TupleType tuple ? [.. tuple.Items.Select(item => Temporary(item))] : [Temporary(root.Tensor, scope.Outline.LayoutOf(root))];
                }
            }
            Expr first = unit.Roots[0];
            switch (first.Op)
            {
                case EffectOp effect:
                    effects.Add(effect);
                    steps.Add(new Step.Perform(effects.Count - 1, first.Inputs.Map(x => BufferOf(x, scope)), scope.Buffers[first][0]));
                    break;
                case ProcedureOp procedure:
                    Dim scratch = procedure.Scratch(first.Inputs.Map(x => x.Tensor).AsSpan());
                    steps.Add(new Step.Compute(procedure, first.Inputs.Map(x => BufferOf(x, scope)), Seq.Create<int>(scope.Buffers[first]),
                        scratch.Is(0) ? [] : [Temporary(new TensorType(DType.UInt8, [scratch]))]));
                    break;
                case Ops.Loop loop:
                    EmitLoop(loop, first, scope, steps);
                    break;
                case Ops.IfElse branch:
                    EmitBranch(branch, first, scope, steps);
                    break;
                case FormulaOp:
                    EmitKernel(unit, scope, steps);
                    break;
                default:
                    throw new UnreachableException($"{first}");
            }
        }
    }

    private void EmitLoop(Ops.Loop loop, Expr node, Scope scope, List<Step> steps)
    {
        int[] carried = scope.Buffers[node];
        for (int j = 0; j < carried.Length; j++)
        {
            steps.Add(new Step.Copy(BufferOf(node.Inputs[j], scope), carried[j]));
        }
        int counter = Temporary(new TensorType(DType.Int64, Shape.Scalar));
        int[] captures = [.. node.Inputs[carried.Length..].Select(x => BufferOf(x, scope))];
        int[] next = [.. node.Inputs[..carried.Length].Select(x => Temporary(x.Tensor))];
        List<Step> body = EmitLambda(loop.Body, [counter, .. carried, .. captures], next);
        body.AddRange(carried.Select((c, j) => new Step.Copy(next[j], c)));
        steps.Add(new Step.Repeat(loop.Count, counter, body.ToSeq()));
    }

    private void EmitBranch(Ops.IfElse branch, Expr node, Scope scope, List<Step> steps)
    {
        int[] captures = [.. node.Inputs[1..].Select(x => BufferOf(x, scope))];
        int[] results = scope.Buffers[node];
        steps.Add(new Step.Branch(BufferOf(node.Inputs[0], scope), EmitLambda(branch.Then, captures, results).ToSeq(), EmitLambda(branch.Else, captures, results).ToSeq()));
    }

    private List<Step> EmitLambda(Lambda lambda, int[] parameters, int[] targets)
    {
        Seq<Expr> results = Expanded(lambda.Results);
        Block block = Distinct(results, results.Count, []);
        var scope = new Scope(block.Outline, parameters);
        for (int j = 0; j < targets.Length; j++)
        {
            scope.Buffers[block.Results[j]] = [targets[j]];
        }
        var steps = new List<Step>();
        List<Unit> units = Grouping.Group(block.Outline, _ => false);
        block.Outline.Layouts = LayoutChoice.Of(block.Outline, units, options);
        Emit(options.Target == Target.Cpu ? RowVisits.Join(units, units.Count, block.Outline, _ => false).Units : units, scope, steps);
        return steps;
    }

    private void EmitKernel(Unit unit, Scope scope, List<Step> steps)
    {
        var builder = new KernelBuilder(options, scope.Outline, node => BufferOf(node, scope), Temporary, () => $"k{named++}");
        foreach ((Kernel kernel, Seq<int> used) in builder.Build(unit))
        {
            kernels.Add(kernel);
            Dim traffic = used.Aggregate((Dim)0, (sum, b) => sum + buffers[b].Type.Shape.Elements * buffers[b].Type.DType.Size());
            steps.Add(new Step.Launch(kernel.Name, kernel.Phases, used, kernel.Sizes.Map(s => (Dim)s), kernel.Label, kernel.Work, traffic));
        }
    }

    private int BufferOf(Expr node, Scope scope)
    {
        switch (node.Op)
        {
            case Ops.Parameter parameter:
                return scope.Parameters[parameter.Index];
            case Ops.Item item:
                return scope.Buffers[node.Inputs[0]][item.Index];
            case Ops.Constant constant:
                if (!constantBuffers.TryGetValue(node, out int known))
                {
                    constants.Add(constant.Value);
                    constantBuffers[node] = known = Add(node.Tensor, BufferRole.Constant, constants.Count - 1);
                }
                return known;
            default:
                return scope.Buffers[node][0];
        }
    }

    private int Temporary(TensorType type, Layout? layout = null) => Add(type, BufferRole.Temporary, temporaries++, layout);

    private int Add(TensorType type, BufferRole role, int index, Layout? layout = null)
    {
        buffers.Add(new PlannedBuffer(type, role, index, 0, 0, Layout: layout));
        return buffers.Count - 1;
    }

    private GeneratedProgram Finish(List<Step> steps, int commit, int[] outputs)
    {
        if (options is { Target: Target.Cpu, Schedule: null })
        {
            commit = LaunchFusion.Join(steps, commit, kernels, buffers, Touched);
            Untouched.Drop(buffers, steps, Touched);
        }
        if (options.Target == Target.Cpu)
        {
            PassedUpdates.Mark(kernels, steps, buffers, Touched);
        }
        Dictionary<string, Kernel> byName = kernels.ToDictionary(kernel => kernel.Name);
        if (options.Target == Target.Cpu)
        {
            commit = SmallUpdates.Gather(steps, commit, byName, buffers, Touched);
        }
        var first = new int[buffers.Count];
        var last = new int[buffers.Count];
        Array.Fill(first, int.MaxValue);
        for (int s = 0; s < steps.Count; s++)
        {
            foreach (int buffer in Touched(steps[s]))
            {
                first[buffer] = Math.Min(first[buffer], s);
                last[buffer] = s;
            }
        }
        foreach ((PlannedBuffer part, int i) in buffers.Select((b, i) => (b, i)).Where(pair => pair.b.Within >= 0))
        {
            (first[part.Within], last[part.Within]) = (Math.Min(first[part.Within], first[i]), Math.Max(last[part.Within], last[i]));
        }
        Seq<PlannedBuffer> planned = buffers.Select((b, i) => b with { First = first[i] == int.MaxValue ? 0 : first[i], Last = last[i] }).ToSeq();
        planned = InPlace.Mark(planned, steps, byName);
        (Seq<string> sources, IReadOnlyDictionary<string, string>? names) = options.Target == Target.Gpu ? (GpuSource.Write(kernels), null) : KernelSource.Write(kernels, options);
        var plan = new Plan(planned, steps.Select(step => Named(step, names)).ToSeq(), commit, outputs.ToSeq());
        return new GeneratedProgram(plan, sources, constants.ToSeq(), effects.ToSeq());
    }

    private static Step Named(Step step, IReadOnlyDictionary<string, string>? names) => step switch
    {
        Step.Launch launch => names is null ? launch : launch with { Kernel = names[launch.Kernel] },
        Step.Batch batch => new Step.Batch(batch.Launches.Map(launch => (Step.Launch)Named(launch, names))),
        Step.Repeat repeat => repeat with { Body = repeat.Body.Map(inner => Named(inner, names)) },
        Step.Branch branch => branch with { Then = branch.Then.Map(inner => Named(inner, names)), Else = branch.Else.Map(inner => Named(inner, names)) },
        _ => step,
    };

    private static IEnumerable<int> Touched(Step step) => step switch
    {
        Step.Launch launch => launch.Buffers,
        Step.Batch batch => batch.Launches.SelectMany(Touched),
        Step.Perform perform => perform.Inputs.Add(perform.Result),
        Step.Compute compute => compute.Inputs.Concat(compute.Results).Concat(compute.Scratch),
        Step.Copy copy => [copy.From, copy.To],
        Step.Repeat repeat => repeat.Body.SelectMany(Touched).Append(repeat.Counter),
        Step.Branch branch => branch.Then.SelectMany(Touched).Concat(branch.Else.SelectMany(Touched)).Append(branch.Condition),
        _ => throw new UnreachableException($"{step}"),
    };

    private static Seq<Expr> Expanded(Seq<Expr> results)
    {
        Seq<Expr> expanded = Traversal.Rebuild(results, (node, inputs) => node.Op is CompositeOp composite ? composite.Expand(Seq.Create<Expr>(inputs)) : null);
        return expanded.Any(r => Traversal.Order([r]).Any(n => n.Op is CompositeOp)) ? Expanded(expanded) : expanded;
    }
}
