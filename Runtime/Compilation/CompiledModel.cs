namespace Symbolic.Runtime;

/// <summary>Everything about a compiled function that its copies share. Immutable.</summary>
internal sealed class CompiledModel
{
    /// <summary>Its options.</summary>
    public required CompileOptions Options { get; init; }

    /// <summary>Where it runs.</summary>
    public required Device Device { get; init; }

    /// <summary>Threads of a call.</summary>
    public required int Threads { get; init; }

    /// <summary>The inputs; parameters of the program in this order.</summary>
    public required Seq<Variable> Inputs { get; init; }

    /// <summary>The shared variables; parameters after the inputs, in this order.</summary>
    public required Seq<SharedVariable> Shared { get; init; }

    /// <summary>For each shared variable, whether a call updates it.</summary>
    public required bool[] IsUpdated { get; init; }

    /// <summary>The shared variables that became constants.</summary>
    public required Seq<SharedVariable> Frozen { get; init; }

    /// <summary>The types of the outputs, in the user's size symbols.</summary>
    public required Seq<TensorType> Outputs { get; init; }

    /// <summary>The sizes of the inputs' axes: each symbol of the program with the user's.</summary>
    public required Seq<(NamedSymbol Symbol, DimSymbol Original)> Sizes { get; init; }

    /// <summary>The sizes that are values of expressions, in the order in which they are computed.</summary>
    public required Seq<ComputedSize> Computed { get; init; }

    /// <summary>What must hold of the sizes, in the user's symbols.</summary>
    public required Seq<Equation> Equations { get; init; }

    /// <summary>The program.</summary>
    public required ProgramCode Code { get; init; }

    /// <summary>The trials of its products; null where there are none.</summary>
    public required Trials? Trials { get; init; }

    /// <summary>For each computed size, the program of one int64 output that computes it.</summary>
    public required ProgramCode[] SizeCodes { get; init; }

    /// <summary>What compiling took.</summary>
    public required CompileReport Report { get; init; }

    /// <summary>
    /// The numbers of the program's size symbols by name, given the inputs' sizes one after the other and then the values of the first
    /// <paramref name="computed"/> computed sizes. Checks the declared types and, once all are known, the equations.
    /// </summary>
    /// <exception cref="BindingError">The sizes contradict the declared types or each other.</exception>
    public IReadOnlyDictionary<string, long> Solve(long[] sizes, int computed)
    {
        var binding = new SizeBinding();
        int at = 0;
        foreach (Variable input in Inputs)
        {
            binding.Bind(input.Name, input.Type, sizes.AsSpan(at, input.Type.Rank));
            at += input.Type.Rank;
        }
        var numbers = new Dictionary<string, long>();
        foreach ((NamedSymbol symbol, DimSymbol original) in Sizes)
        {
            numbers.Add(symbol.Name, binding[original]);
        }
        for (int i = 0; i < computed; i++)
        {
            long value = sizes[at + i];
            ComputedSize size = Computed[i];
            binding.Set(size.Original, value, size.Label);
            if (size.Original.UpperBound is { } bound && value > binding.Evaluate(bound))
            {
                throw new BindingError($"{size.Label} gives a size of {value}, which is greater than its bound {bound} = {binding.Evaluate(bound)}");
            }
            numbers.Add(size.Symbol.Name, value);
        }
        if (computed == Computed.Count)
        {
            at = 0;
            foreach (Variable input in Inputs)
            {
                binding.Check(input.Name, input.Type, sizes.AsSpan(at, input.Type.Rank));
                at += input.Type.Rank;
            }
            foreach (Equation equation in Equations)
            {
                equation.Check(binding);
            }
        }
        return numbers;
    }
}

/// <summary>Sizes that a graph says are equal. The origin is resolved to a place in the user's file only if they are not.</summary>
internal sealed record Equation(TensorType From, Shape To, Origin? Origin)
{
    /// <summary>All equations of a graph and of the graphs nested in it.</summary>
    public static Seq<Equation> Of(Seq<Expr> roots)
    {
        var found = new List<Equation>();
        var seen = new HashSet<(TensorType, Shape)>();
        var waiting = new Queue<Seq<Expr>>([roots]);
        while (waiting.TryDequeue(out Seq<Expr>? graph))
        {
            foreach (Expr node in Traversal.Order(graph))
            {
                if (node.Op is Ops.Equate equate && seen.Add((node.Inputs[0].Tensor, equate.To)))
                {
                    found.Add(new Equation(node.Inputs[0].Tensor, equate.To, Origin.Of(node)));
                }
                foreach (Lambda lambda in node.Op.Lambdas)
                {
                    waiting.Enqueue(lambda.Results);
                }
            }
        }
        return found.ToSeq();
    }

    /// <summary>Throws where the sizes differ.</summary>
    /// <exception cref="BindingError">They do.</exception>
    public void Check(SizeBinding sizes)
    {
        for (int axis = 0; axis < To.Rank; axis++)
        {
            if (sizes.Evaluate(From.Shape[axis]) != sizes.Evaluate(To[axis]))
            {
                sizes.CheckEquation(From, To, Origin?.ToString());
            }
        }
    }
}
