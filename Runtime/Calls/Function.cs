using System.Diagnostics;

namespace Symbolic.Runtime;

/// <summary>
/// A compiled function. It is bound to a tuple of sizes by the first call with them; calls with these sizes then allocate nothing.
/// Inputs are only read and may alias each other. One call runs at a time; <see cref="Copy"/> gives another instance.
/// </summary>
public sealed unsafe partial class Function : IDisposable
{
    /// <summary>A function that is called once or twice is not worth a trial.</summary>
    private const int CallsBeforeTrial = 8, FirstTrialMs = 200;

    private readonly BindingCache bindings;
    private readonly BindingCache[] sizeBindings;
    private readonly KernelCounter[]? counters;
    private readonly TraceLog? trace;
    private readonly TimeProvider clock;

    // What a call fills in, so that it need not allocate.
    private readonly long[] key;
    private readonly Tensor?[] inputsInUse;
    private readonly Tensor?[] outputsInUse;
    private readonly Tensor sizeResult = Tensor.Zeros(DType.Int64);
    private readonly Tensor?[] staging;
    private CompiledModel? compiled;
    private long calls;
    private long ticks;
    private long trialDue;
    private int running;

    private Function(CompiledModel model)
    {
        compiled = model;
        Name = model.Options.Name;
        clock = model.Options.Clock;
        trialDue = clock.TimestampFrequency * FirstTrialMs / 1000;
        bindings = new BindingCache(model.Options.Bindings);
        sizeBindings = [.. model.SizeCodes.Select(_ => new BindingCache(model.Options.Bindings))];
        trace = model.Options.Trace ? new TraceLog() : null;
        counters = model.Options.Profile || model.Options.Trace ? [.. KernelCounter.For(model.Code.Plan.Steps, trace)] : null;
        key = new long[model.Inputs.Sum(input => input.Type.Rank) + model.SizeCodes.Length];
        inputsInUse = new Tensor?[model.Inputs.Count];
        outputsInUse = new Tensor?[model.Outputs.Count];
        staging = new Tensor?[model.Inputs.Count];
    }

    /// <summary>How messages call it.</summary>
    public string Name { get; }

    /// <summary>Whether it has been disposed.</summary>
    public bool IsDisposed => compiled is null;

    /// <summary>The inputs that a call takes, in order.</summary>
    public Seq<Variable> Inputs => Model.Inputs;

    /// <summary>The types of the outputs, in order; their sizes are expressions over those of the inputs.</summary>
    public Seq<TensorType> Outputs => Model.Outputs;

    /// <summary>The shared variables that it reads or updates.</summary>
    public Seq<SharedVariable> SharedVariables => Model.Shared;

    /// <summary>What compiling it took, and whether it came from the cache.</summary>
    public CompileReport Report => Model.Report;

    /// <summary>
    /// What calls have cost so far. Kernels are timed only if the function was compiled with <see cref="CompileOptions.Profile"/>; then the first
    /// use on a machine measures its limits too.
    /// </summary>
    public FunctionProfile Profile => new(Name, calls, (double)ticks / clock.TimestampFrequency, counters is null ? [] : counters.Select(c => c.Snapshot()).ToSeq(), counters is null ? null : MachineLimits.Of(Model.Threads));

    /// <summary>The constant arrays of its program; for tests of what is still read of them.</summary>
    internal Tensor[] Constants => Model.Code.Constants;

    /// <summary>Where its machine code lives; for tests that it unloads.</summary>
    internal object? LoadContext => Model.Code.Image.Context;

    private CompiledModel Model => compiled ?? throw new ObjectDisposedException(Name);

    /// <summary>Number of tuples of sizes that it is bound to now.</summary>
    public int BoundCount => bindings.Count;

    /// <summary>Runs the function; the outputs are fresh tensors, its only allocation once bound.</summary>
    /// <exception cref="ArgumentException">The number or a type of the inputs is wrong.</exception>
    /// <exception cref="BindingError">The sizes contradict the declared types or each other.</exception>
    /// <exception cref="InvalidOperationException">A call is already running, or a running call of another function updates a shared variable of this one.</exception>
    /// <exception cref="ObjectDisposedException">The function has been disposed.</exception>
    public Tensor[] Call(params ReadOnlySpan<Tensor> inputs)
    {
        var outputs = new Tensor[Model.Outputs.Count];
        Execute(inputs, outputs, allocateOutputs: true, CancellationToken.None);
        return outputs;
    }

    /// <summary>
    /// Runs the function and writes into the caller's row-major outputs. Once bound to the inputs' sizes, a call allocates nothing.
    /// If it throws or is cancelled, every shared variable is as before; the outputs' contents are then undefined.
    /// </summary>
    /// <exception cref="ArgumentException">The number or a type of the inputs or outputs is wrong, or an output overlaps an input or another output.</exception>
    /// <exception cref="BindingError">The sizes contradict the declared types or each other.</exception>
    /// <exception cref="InvalidOperationException">A call is already running, or a running call of another function updates a shared variable of this one.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; it is looked at between kernels.</exception>
    /// <exception cref="ObjectDisposedException">The function has been disposed.</exception>
    public void Run(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs, CancellationToken cancellation = default) =>
        Execute(inputs, outputs, allocateOutputs: false, cancellation);

    /// <summary>Writes when which thread worked on which kernel, for the last 65,536 pieces of work, as JSON for Chrome's trace viewer (chrome://tracing) or Perfetto.</summary>
    /// <exception cref="InvalidOperationException">The function was compiled without <see cref="CompileOptions.Trace"/>, or a call is running.</exception>
    public void WriteTrace(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        if (trace is null)
        {
            throw new InvalidOperationException($"{Name} was compiled without Trace = true");
        }
        Enter();
        try
        {
            trace.Write(stream, Name);
        }
        finally
        {
            Volatile.Write(ref running, 0);
        }
    }

    /// <summary>Another instance, for another thread: it shares machine code and shared variables, and has memory and profile of its own.</summary>
    public Function Copy()
    {
        var copy = new Function(Model);
        copy.FreezeVariables();
        return copy;
    }

    /// <summary>The memory that a call with inputs of these sizes needs; nothing is allocated or bound.</summary>
    /// <exception cref="BindingError">The sizes contradict the declared types or each other, or a size is the value of an expression.</exception>
    public FunctionMemory Memory(params ReadOnlySpan<Seq<long>> inputSizes)
    {
        ThrowIfCountDiffers(inputSizes.Length, Model.Inputs.Count, "inputs", Model.Inputs);
        if (Model.SizeCodes.Length > 0)
        {
            throw new BindingError($"the memory of {Name} depends on {string.Join(", ", Model.Computed.Select(c => c.Label))}, whose value only a call knows");
        }
        var sizes = new List<long>();
        for (int i = 0; i < inputSizes.Length; i++)
        {
            CheckRank(i, inputSizes[i].AsSpan());
            sizes.AddRange(inputSizes[i]);
        }
        var layout = new ProgramLayout(Model.Code, Model.Solve(sizes.ToArray(), 0), Model.Threads, Model.Trials);
        long Bytes(Func<int, bool> chosen) => Enumerable.Range(0, layout.Bytes.Length).Where(chosen).Sum(i => layout.Bytes[i]);
        Seq<Codegen.PlannedBuffer> buffers = Model.Code.Plan.Buffers;
        return new FunctionMemory(layout.Unshared, layout.LargestLiveSet, layout.ArenaBytes, Bytes(i => buffers[i].Role == Codegen.BufferRole.Output),
            Bytes(i => buffers[i].Role == Codegen.BufferRole.Parameter && buffers[i].Index >= Model.Inputs.Count), Bytes(i => buffers[i].Role == Codegen.BufferRole.Constant));
    }

    /// <summary>Gives back memory and, with the last copy, the machine code. Without it the collector does the same later.</summary>
    /// <exception cref="InvalidOperationException">A call is running.</exception>
    public void Dispose()
    {
        if (IsDisposed)
        {
            return;
        }
        Enter();
        compiled = null;
        bindings.Clear();
        Array.ForEach(sizeBindings, cache => cache.Clear());
        Array.Clear(staging);
    }

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref running, 1, 0) != 0)
        {
            ObjectDisposedException.ThrowIf(IsDisposed, this);
            throw new InvalidOperationException($"a call of {Name} is already running on another thread (or within one of its own callbacks); give each its own Copy()");
        }
    }

    private void Execute(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs, bool allocateOutputs, CancellationToken cancellation)
    {
        Enter();
        int acquired = 0;
        try
        {
            long start = clock.GetTimestamp();
            TakeInputs(inputs);
            for (; acquired < Model.Shared.Count; acquired++)
            {
                Model.Shared[acquired].Acquire(Model.IsUpdated[acquired], Name);
            }
            int known = key.Length - sizeBindings.Length;
            for (int i = 0; i < sizeBindings.Length; i++)
            {
                key[known] = ComputeSize(i, known, cancellation);
                known++;
            }
            Binding binding = bindings.Find(key) ?? Bind();
            TakeOutputs(binding, inputs, outputs, allocateOutputs);
            SetParameters(binding);
            binding.Run(cancellation);
            ticks += clock.GetTimestamp() - start;
            calls++;
            if (binding.IsOpen && ticks >= trialDue && calls >= CallsBeforeTrial)
            {
                Try(binding);
            }
        }
        finally
        {
            while (acquired > 0)
            {
                acquired--;
                Model.Shared[acquired].Release(Model.IsUpdated[acquired]);
            }
            Array.Clear(inputsInUse);
            Array.Clear(outputsInUse);
            Volatile.Write(ref running, 0);
        }
    }

    private void TakeInputs(ReadOnlySpan<Tensor> inputs)
    {
        ThrowIfCountDiffers(inputs.Length, Model.Inputs.Count, "inputs", Model.Inputs);
        int at = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            Tensor input = inputs[i] ?? throw new ArgumentNullException(nameof(inputs), $"input {Model.Inputs[i].Name} of {Name} is null");
            if (input.DType != Model.Inputs[i].Type.DType)
            {
                throw new ArgumentException($"{Model.Inputs[i].Name} of {Name} is declared as {Model.Inputs[i].Type}; got a tensor {input.Type}", nameof(inputs));
            }
            CheckRank(i, input.Sizes.AsSpan());
            input.Sizes.AsSpan().CopyTo(key.AsSpan(at));
            at += input.Rank;
            if (!input.IsRowMajor)
            {
                input = Staged(i, input);
            }
            inputsInUse[i] = input;
        }
    }

    /// <summary>Kernels take row-major inputs: a view of another layout is copied into memory kept for it.</summary>
    private Tensor Staged(int i, Tensor view)
    {
        Tensor? own = staging[i];
        if (own is null || !own.Sizes.Equals(view.Sizes))
        {
            staging[i] = own = Tensor.Allocate(view.DType, view.Sizes, zeroed: false);
        }
        own.CopyFrom(view);
        return own;
    }

    private void TakeOutputs(Binding binding, ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs, bool allocate)
    {
        ThrowIfCountDiffers(outputs.Length, Model.Outputs.Count, "outputs", null);
        for (int j = 0; j < outputs.Length; j++)
        {
            Seq<long> sizes = binding.OutputSizes(j);
            DType dtype = Model.Outputs[j].DType;
            if (allocate)
            {
                outputs[j] = Tensor.Allocate(dtype, sizes, zeroed: false);
            }
            else
            {
                Check(inputs, outputs, j, dtype, sizes);
            }
            outputsInUse[j] = outputs[j];
            binding.SetOutput(j, outputs[j].Address);
        }
    }

    private void Check(ReadOnlySpan<Tensor> inputs, Span<Tensor> outputs, int j, DType dtype, Seq<long> sizes)
    {
        Tensor output = outputs[j] ?? throw new ArgumentNullException(nameof(outputs), $"output {j} of {Name} is null");
        if (output.DType != dtype || !output.Sizes.Equals(sizes))
        {
            throw new ArgumentException($"output {j} of {Name} is {dtype.Text()}[{string.Join(",", sizes)}]; got a tensor {output.Type} to write it into", nameof(outputs));
        }
        if (!output.IsRowMajor)
        {
            throw new ArgumentException($"output {j} of {Name} is to be written into a view {output.Type} with strides [{string.Join(",", output.Strides)}]; outputs are row-major", nameof(outputs));
        }
        for (int i = 0; i < inputs.Length; i++)
        {
            if (output.Overlaps(inputs[i]))
            {
                throw new ArgumentException($"output {j} of {Name} overlaps its input {Model.Inputs[i].Name}; give it memory of its own", nameof(outputs));
            }
        }
        for (int other = 0; other < j; other++)
        {
            if (output.Overlaps(outputs[other]))
            {
                throw new ArgumentException($"outputs {other} and {j} of {Name} overlap", nameof(outputs));
            }
        }
    }

    private void SetParameters(Binding binding)
    {
        for (int i = 0; i < inputsInUse.Length; i++)
        {
            binding.SetParameter(i, inputsInUse[i]!.Address);
        }
        for (int i = 0; i < Model.Shared.Count; i++)
        {
            binding.SetParameter(inputsInUse.Length + i, Model.Shared[i].Storage.Address);
        }
    }

    private long ComputeSize(int i, int known, CancellationToken cancellation)
    {
        ReadOnlySpan<long> sizes = key.AsSpan(0, known);
        Binding? binding = sizeBindings[i].Find(sizes);
        if (binding is null)
        {
            var layout = new ProgramLayout(Model.SizeCodes[i], Model.Solve(sizes.ToArray(), i), Model.Threads);
            binding = new Binding(Model.SizeCodes[i], layout, Model.Device, Model.Threads, null);
            sizeBindings[i].Add(sizes, binding);
        }
        SetParameters(binding);
        binding.SetOutput(0, sizeResult.Address);
        binding.Run(cancellation);
        return sizeResult.Item<long>();
    }

    private Binding Bind()
    {
        Binding binding = Bound();
        bindings.Add(key, binding);
        return binding;
    }

    private Binding Bound(Binding? replaced = null)
    {
        var layout = new ProgramLayout(Model.Code, Model.Solve([.. key], Model.SizeCodes.Length), Model.Threads, Model.Trials);
        return new Binding(Model.Code, layout, Model.Device, Model.Threads, counters, replaced);
    }

    /// <summary>
    /// Tries how products run best, for a quarter of the time that calls have taken so far, and binds anew with what was found. What that time was not enough for is tried
    /// when calls have taken four times as long.
    /// </summary>
    private void Try(Binding binding)
    {
        trialDue = 4 * ticks;
        if (Model.Trials!.Run(binding.Layout, binding.Arena, ticks / 4))
        {
            bindings.Replace(Bound(binding));
        }
    }

    private void FreezeVariables()
    {
        foreach (SharedVariable variable in Model.Frozen)
        {
            variable.FreezeInto(this);
        }
    }

    private void CheckRank(int input, ReadOnlySpan<long> sizes)
    {
        Variable declared = Model.Inputs[input];
        if (sizes.Length != declared.Type.Rank)
        {
            throw new BindingError($"{declared.Name} of {Name} is declared as {declared.Type}; got sizes [{string.Join(",", sizes.ToArray())}]");
        }
    }

    private void ThrowIfCountDiffers(int given, int wanted, string what, Seq<Variable>? listed)
    {
        if (given != wanted)
        {
            string list = listed is { Count: > 0 } ? $" ({string.Join(", ", listed.Map(v => v.Expr.Label))})" : "";
            throw new ArgumentException($"{Name} takes {wanted} {what}{list}; got {given}");
        }
    }
}
