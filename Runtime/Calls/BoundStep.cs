using System.Diagnostics;
using Symbolic.Codegen;

namespace Symbolic.Runtime;

/// <summary>A step of a plan with its numbers and memory. Only effects allocate when they run.</summary>
internal abstract unsafe class BoundStep
{
    /// <summary>Runs it.</summary>
    public abstract void Run(Binding binding);

    /// <summary>Runs steps one after the other, each only if nobody has cancelled the call.</summary>
    protected static void Run(BoundStep[] steps, Binding binding)
    {
        foreach (BoundStep step in steps)
        {
            binding.Cancellation.ThrowIfCancellationRequested();
            step.Run(binding);
        }
    }

    /// <summary>A kernel: its phases one after the other, each shared by the pool.</summary>
    public sealed class Launch(WorkerPool pool, int threads, WorkerPool.Job[] phases, KernelCounter? counter, double work, double traffic) : BoundStep
    {
        public override void Run(Binding binding)
        {
            if (counter is null)
            {
                foreach (ref readonly WorkerPool.Job phase in phases.AsSpan())
                {
                    pool.Run(phase, threads);
                }
                return;
            }
            long start = Stopwatch.GetTimestamp(), last = start;
            for (int i = 0; i < phases.Length; i++)
            {
                bool shared = pool.Run(phases[i], threads);
                long end = Stopwatch.GetTimestamp();
                if (counter.IsTraced)
                {
                    Trace(counter, i, shared, last, end);
                }
                last = end;
            }
            counter.Add(last - start, work, traffic);
        }

        private void Trace(KernelCounter counted, int phase, bool shared, long start, long end)
        {
            if (!shared)
            {
                counted.Trace(phase, 0, start, end);
                return;
            }
            for (int thread = 0; thread < threads; thread++)
            {
                if (pool.SpanOf(thread) is ( > 0, var until) span)
                {
                    counted.Trace(phase, thread, span.Begin, until);
                }
            }
        }
    }

    /// <summary>A copy of one buffer to another.</summary>
    public sealed class Copy(int from, int to, long bytes) : BoundStep
    {
        public override void Run(Binding binding) => Buffer.MemoryCopy(binding.Addresses[from], binding.Addresses[to], bytes, bytes);
    }

    /// <summary>An effect, then a copy of its first input to its result.</summary>
    public sealed class Perform(EffectOp effect, Seq<int> inputs, int result, ProgramLayout layout, Plan plan) : BoundStep
    {
        public override void Run(Binding binding)
        {
            effect.Perform([.. inputs.Map(i => Value(binding, i))]);
            long bytes = layout.Bytes[result];
            Buffer.MemoryCopy(binding.Addresses[inputs[0]], binding.Addresses[result], bytes, bytes);
        }

        private Literal Value(Binding binding, int buffer) => layout.Bytes[buffer] <= int.MaxValue
            ? Literal.FromBytes(plan.Buffers[buffer].Type.DType, layout.Sizes[buffer], new ReadOnlySpan<byte>(binding.Addresses[buffer], (int)layout.Bytes[buffer]))
            : throw new BindingError($"{effect.Name} is given {plan.Buffers[buffer].Type} of {layout.Bytes[buffer]:N0} bytes, more than a literal holds");
    }

    /// <summary>The algorithm of a procedure, on memory that is placed anew for each call.</summary>
    public sealed class Compute(ProcedureOp procedure, Seq<int> inputs, Seq<int> results, Seq<int> scratch, ProgramLayout layout, Plan plan, KernelCounter? counter) : BoundStep
    {
        private readonly ProcedureCall call = new(inputs.Map(i => Array(i, layout, plan)), results.Map(i => Array(i, layout, plan)),
            scratch.Count == 0 ? new ProcedureArray(DType.UInt8, [0]) : Array(scratch[0], layout, plan));

        private readonly double bytes = inputs.Concat(results).Sum(i => (double)layout.Bytes[i]);

        public override void Run(Binding binding)
        {
            Place(call.Inputs, inputs, binding);
            Place(call.Results, results, binding);
            if (scratch.Count > 0)
            {
                call.Scratch.Place((nint)binding.Addresses[scratch[0]]);
            }
            long start = counter is null ? 0 : Stopwatch.GetTimestamp();
            procedure.Compute(call);
            if (counter is not null)
            {
                long end = Stopwatch.GetTimestamp();
                counter.Add(end - start, 0, bytes);
                counter.Trace(0, 0, start, end);
            }
        }

        private static ProcedureArray Array(int buffer, ProgramLayout layout, Plan plan) => new(plan.Buffers[buffer].Type.DType, layout.Sizes[buffer]);

        private static void Place(Seq<ProcedureArray> arrays, Seq<int> buffers, Binding binding)
        {
            for (int i = 0; i < buffers.Count; i++)
            {
                arrays[i].Place((nint)binding.Addresses[buffers[i]]);
            }
        }
    }

    /// <summary>A body run a number of times.</summary>
    public sealed class Repeat(int count, int counter, BoundStep[] body) : BoundStep
    {
        public override void Run(Binding binding)
        {
            for (long i = 0; i < count; i++)
            {
                *(long*)binding.Addresses[counter] = i;
                Run(body, binding);
            }
        }
    }

    /// <summary>One of two sequences.</summary>
    public sealed class Branch(int condition, BoundStep[] then, BoundStep[] otherwise) : BoundStep
    {
        public override void Run(Binding binding) => Run(*binding.Addresses[condition] != 0 ? then : otherwise, binding);
    }
}
