using System.Runtime.Intrinsics;
using Symbolic.Codegen;

namespace Symbolic.Runtime;

public sealed unsafe partial class Function
{
    /// <summary>
    /// Compiles outputs and updates as a function of inputs. Shared variables are found in the graph; those with a default update
    /// are updated by it unless <paramref name="updates"/> names them. An input that nothing reads is allowed.
    /// </summary>
    /// <param name="inputs">Variables, such as <c>Matrix("x")</c> gives.</param>
    /// <param name="outputs">What a call yields.</param>
    /// <param name="updates">What shared variables become at the end of each call; all read the values before it.</param>
    /// <param name="options">How to compile and run.</param>
    /// <exception cref="TypeMismatch">An input is no variable or given twice; something is read that is no input; two updates name one variable; a variable lives on another device; an update of a frozen variable.</exception>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="InvalidOperationException">A variable that is to be frozen is being written, by a call or its owner; from here on it cannot be.</exception>
    public static Function Compile(Seq<Expr> inputs, Seq<Expr> outputs, Seq<Update>? updates = null, CompileOptions? options = null)
    {
        WarmUp.Begin();
        options ??= new CompileOptions();
        var clock = new CompileClock();
        Check(options);
        Seq<Variable> variables = inputs.Map(InputOf);
        List<Update> all = clock.Time("close", () => WithDefaults(outputs, updates ?? []));
        Seq<Expr> results = [.. outputs, .. all.Select(update => update.Value)];
        if (!options.Freeze)
        {
            return Compile(variables, outputs, all, results, [], options, clock);
        }
        Seq<SharedVariable> frozen = Closing.Variables(results).OfType<SharedVariable>().Where(v => !all.Exists(u => u.Variable == v)).ToSeq();
        if (frozen.Count == 0 && all.Count > 0)
        {
            throw new TypeMismatch($"{options.Name} updates every shared variable that it reads: there is none to freeze");
        }
        // The program reads their values where they lie, so nobody may write them from here on: compiling holds them, then the function.
        int held = 0;
        try
        {
            for (; held < frozen.Count; held++)
            {
                frozen[held].Acquire(writes: false, options.Name);
            }
            var constants = frozen.ToDictionary(v => v.Expr, v => Functions.Constant(v.Storage.AsLiteral()).Named(v.Name), (IEqualityComparer<Expr>)ReferenceEqualityComparer.Instance);
            return Compile(variables, outputs, all, Traversal.Substitute(results, constants), frozen, options, clock);
        }
        finally
        {
            while (held > 0)
            {
                frozen[--held].Release(writes: false);
            }
        }
    }

    private static Function Compile(Seq<Variable> variables, Seq<Expr> outputs, List<Update> all, Seq<Expr> results, Seq<SharedVariable> frozen, CompileOptions options, CompileClock clock)
    {
        Device device = options.Device ?? Device.Cpu;
        Seq<SharedVariable> shared = Shared(results, all, variables);
        foreach (SharedVariable variable in shared.Concat(frozen))
        {
            if (variable.Device != device)
            {
                throw new TypeMismatch($"{variable.Name} lives on {variable.Device}, but {options.Name} is compiled for {device}; all shared variables of a function are on its device");
            }
        }
        Closing closing = clock.Time("close", () => Closing.Of([.. variables, .. shared], results));
        var codegen = new CodegenOptions(options.VectorBits ?? BestVectors(), options.Contractions, Schedule: options.Schedule, Winograd: options.Winograd,
            ProductBits: options.VectorBits ?? BestWideVectors(), NestBits: options.VectorBits ?? BestWideVectors(), Layouts: options.Layouts);
        CacheFolder? cache = options.UseCache ? CacheFolder.Find(options.CacheFolder, clock) : null;
        var store = new ProgramStore(options, codegen, cache, Dump.Of(options), clock);
        var body = new ProgramBody(closing.Program, outputs.Count, all.Select(update => variables.Count + shared.IndexOf(update.Variable)).ToSeq());
        ProgramCode code = store.Get(body, options.Name);
        ProgramCode[] sizeCodes = [.. closing.Computed.Select((size, i) => store.Get(new ProgramBody(Int64(size.Value), 1, []), $"{options.Name}.size{i}"))];
        var function = new Function(new CompiledModel
        {
            Options = options,
            Device = device,
            Threads = options.Threads ?? device.Threads,
            Inputs = variables,
            Shared = shared,
            IsUpdated = [.. shared.Select(variable => all.Exists(update => update.Variable == variable))],
            Frozen = frozen,
            Outputs = outputs.Map(output => output.Tensor),
            Sizes = closing.Sizes,
            Computed = closing.Computed,
            Equations = clock.Time("close", () => Equation.Of(results)),
            Code = code,
            SizeCodes = sizeCodes,
            Trials = clock.Time("trials", () => Trials.For(code, options, device, options.Threads ?? device.Threads, cache)),
            Report = clock.Report(),
        });
        function.FreezeVariables();
        return function;
    }

    private static void Check(CompileOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(options.Name);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Bindings, 1);
        if (options.Threads is { } threads)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, Device.MostThreads);
        }
        if (options.VectorBits is not (null or 0 or 128 or 256 or 512))
        {
            throw new ArgumentOutOfRangeException(nameof(options), $"vectors have 128, 256 or 512 bits, or 0 for none; not {options.VectorBits}");
        }
    }

    private static Variable InputOf(Expr input) => input.Op switch
    {
        Ops.Leaf { Variable: SharedVariable shared } => throw new TypeMismatch($"{shared.Name} is a shared variable, which a function finds by itself; inputs are variables such as Matrix(\"x\")"),
        Ops.Leaf { Variable: var variable } => variable,
        _ => throw new TypeMismatch($"{input.Label} is no variable; inputs are variables such as Matrix(\"x\")"),
    };

    /// <summary>The updates given, and the default updates of all other shared variables that outputs and updates read.</summary>
    private static List<Update> WithDefaults(Seq<Expr> outputs, Seq<Update> given)
    {
        var all = new List<Update>();
        var updated = new HashSet<SharedVariable>();
        foreach (Update update in given)
        {
            if (!updated.Add(update.Variable))
            {
                throw new TypeMismatch($"{update.Variable.Name} has two updates in one function");
            }
            all.Add(update);
        }
        while (true)
        {
            int before = all.Count;
            foreach (SharedVariable variable in Closing.Variables([.. outputs, .. all.Select(u => u.Value)]).OfType<SharedVariable>())
            {
                if (variable.DefaultUpdate is { } value && updated.Add(variable))
                {
                    all.Add(new Update(variable, value));
                }
            }
            // A default update may read further variables.
            if (all.Count == before)
            {
                return all;
            }
        }
    }

    /// <summary>The shared variables in the order of first need, then those that are updated without being read.</summary>
    private static Seq<SharedVariable> Shared(Seq<Expr> results, List<Update> updates, Seq<Variable> inputs)
    {
        var shared = new List<SharedVariable>();
        foreach (Variable variable in Closing.Variables(results))
        {
            if (variable is SharedVariable found)
            {
                shared.Add(found);
            }
            else if (!inputs.Contains(variable))
            {
                throw new TypeMismatch($"{variable.Name}: {variable.Type} is read, but is not among the inputs ({string.Join(", ", inputs.Map(v => v.Expr.Label))})");
            }
        }
        shared.AddRange(updates.Select(update => update.Variable).Where(variable => !shared.Contains(variable)));
        return shared.ToSeq();
    }

    private static Lambda Int64(Lambda size) => new(size.Parameters, size.Results.Map(value => value.Cast(DType.Int64)));

    private static int BestWideVectors() => Vector512.IsHardwareAccelerated ? 512 : BestVectors();

    // 256 bits also where there are 512: docs/decisions/contractions.md has the measurement.
    private static int BestVectors() => Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;
}
