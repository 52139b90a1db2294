namespace Symbolic.Codegen;

/// <summary>Reads the text of a plan line by line; what it yields refers only to buffers that exist.</summary>
internal sealed class PlanParser(string text)
{
    // Far more than any program has, and few enough not to fill the stack.
    private const int MostNesting = 100;

    private const int MostGap = 1 << 16;

    private readonly string[] lines = text.Split('\n');
    private readonly Dictionary<string, DimSymbol> symbols = [];
    private readonly List<PlannedBuffer> buffers = [];
    private int next;

    /// <summary>The whole plan.</summary>
    public Plan Plan()
    {
        Take().Expect("symbolic-plan");
        if (lines[0] != PlanText.Header)
        {
            throw new FormatException($"line 1 of a plan is '{lines[0]}', not '{PlanText.Header}'");
        }
        while (Peek() is "size" or "count")
        {
            Declare(Take());
        }
        while (Peek() == "buffer")
        {
            Buffer(Take());
        }
        PlanCursor outputs = Take();
        outputs.Expect("outputs");
        Seq<int> results = outputs.List(buffers.Count);
        outputs.End();
        PlanCursor committed = Take();
        committed.Expect("commit");
        int commit = committed.Below(int.MaxValue);
        committed.End();
        Seq<Step> steps = Steps(0);
        if (next < lines.Length - 1 || lines[^1].Length > 0)
        {
            // A text whose last line has no end has been read to its end all the same.
            int at = Math.Min(next, lines.Length - 1);
            throw new FormatException($"line {at + 1} of a plan: unexpected '{lines[at]}'");
        }
        return commit <= steps.Count && buffers.All(b => b.Last < Math.Max(1, steps.Count) && b.First <= b.Last)
            ? new Plan(buffers.ToSeq(), steps, commit, results)
            : throw new FormatException("a plan names steps that it does not have");
    }

    private void Declare(PlanCursor line)
    {
        bool isCount = line.Word() == "count";
        string name = line.Name();
        DimSymbol symbol = isCount
            ? new CountSymbol(name, line.IsAtEnd ? null : line.Dim1())
            : new NamedSymbol(name, line.Long(), line.IsAtEnd ? null : line.Long());
        line.End();
        if (!symbols.TryAdd(name, symbol))
        {
            throw line.Error($"the size {name} is declared twice");
        }
    }

    private void Buffer(PlanCursor line)
    {
        line.Expect("buffer");
        if (line.Below(int.MaxValue) != buffers.Count)
        {
            throw line.Error($"buffer {buffers.Count} is missing");
        }
        string role = line.Word();
        BufferRole kind = Enum.GetValues<BufferRole>().FirstOrDefault(r => r.ToString().ToLowerInvariant() == role, (BufferRole)(-1));
        if (kind < 0)
        {
            throw line.Error($"{role} is no role of a buffer");
        }
        int index = line.Below(int.MaxValue);
        line.Expect("steps");
        int first = line.Below(int.MaxValue), last = line.Below(int.MaxValue);
        TensorType type = line.Type();
        int over = -1, within = -1;
        long at = 0;
        Layout? layout = null;
        if (line.Takes("axes"))
        {
            layout = new Layout(line.List(type.Rank), line.Takes("gap") ? line.Below(MostGap) : 0);
            if (kind != BufferRole.Temporary || !layout.Order.Order().SequenceEqual(Enumerable.Range(0, type.Rank)))
            {
                throw line.Error($"buffer {buffers.Count} of {type} cannot have its axes in the order {layout}");
            }
        }
        if (line.Takes("within"))
        {
            within = line.Below(buffers.Count);
            line.Expect("at");
            at = line.Below(int.MaxValue);
            line.End();
        }
        else if (!line.IsAtEnd)
        {
            line.Expect("over");
            over = line.Below(buffers.Count);
            line.End();
            // So that memory taken over is large enough, and no longer read.
            PlannedBuffer other = buffers[over];
            if (kind != BufferRole.Temporary || other is not { Role: BufferRole.Temporary, Within: < 0 } || other.Last != first || !other.HasBytesOf(new PlannedBuffer(type, kind, index, first, last, over, layout)) || buffers.Exists(b => b.Over == over))
            {
                throw line.Error($"buffer {buffers.Count} cannot lie over buffer {over}");
            }
        }
        var buffer = new PlannedBuffer(type, kind, index, first, last, over, layout, within, at);
        if (within >= 0 && !buffer.LiesWithin(buffers[within]))
        {
            throw line.Error($"buffer {buffers.Count} of {type} at {at} does not lie within buffer {within}");
        }
        buffers.Add(buffer);
    }

    private Seq<Step> Steps(int depth)
    {
        var steps = new List<Step>();
        while (next < lines.Length && lines[next].Length > 0 && !lines[next].TrimStart(' ').StartsWith('}'))
        {
            PlanCursor line = Take();
            if (depth == MostNesting)
            {
                throw line.Error($"steps nested more than {MostNesting} deep");
            }
            steps.Add(line.Word() switch
            {
                "launch" => Launch(line),
                "batch" => Batch(line, depth),
                "perform" => new Step.Perform(line.Below(int.MaxValue), line.List(buffers.Count) is { Count: > 0 } inputs ? inputs : throw line.Error("an effect without inputs"), line.Below(buffers.Count)),
                "compute" => Compute(line),
                "copy" => new Step.Copy(line.Below(buffers.Count), line.Below(buffers.Count)),
                "repeat" => Repeat(line, depth),
                "branch" => Branch(line, depth),
                var unknown => throw line.Error($"{unknown} is no step"),
            });
            line.End();
        }
        return steps.ToSeq();
    }

    private Step.Launch Launch(PlanCursor line)
    {
        string kernel = line.Word();
        line.Expect("phases");
        int phases = line.Below(1000);
        line.Expect("buffers");
        Seq<int> used = line.List(buffers.Count);
        line.Expect("sizes");
        Seq<Dim> sizes = line.Dims();
        line.Expect("work");
        Dim work = line.Dim1();
        line.Expect("traffic");
        return new Step.Launch(kernel, phases, used, sizes, Work: work, Traffic: line.Dim1(), Label: line.Text());
    }

    private Step.Batch Batch(PlanCursor line, int depth)
    {
        line.Expect("{");
        Seq<Step> launches = Steps(depth + 1);
        Close("}");
        return launches.All(step => step is Step.Launch { Phases: 1 }) ? new Step.Batch(launches.Map(step => (Step.Launch)step)) : throw line.Error("a batch is of launches of one phase each");
    }

    private Step.Compute Compute(PlanCursor line)
    {
        string text = line.Text();
        Seq<int> inputs = line.List(buffers.Count), results = line.List(buffers.Count), scratch = line.List(buffers.Count);
        if (IrText.ParseOp(text, name => symbols.GetValueOrDefault(name)) is not ProcedureOp procedure)
        {
            throw line.Error($"{text} is no procedure");
        }
        // The op itself says whether it can run on these buffers.
        TensorType[] types = [.. inputs.Map(i => buffers[i].Type)];
        try
        {
            ExprType wanted = procedure.Infer(types);
            Dim bytes = procedure.Scratch(types);
            return (wanted is TupleType several ? several.Items : [(TensorType)wanted]).Equals(results.Map(i => buffers[i].Type))
                && scratch.Map(i => buffers[i].Type).Equals(bytes.Is(0) ? [] : [new TensorType(DType.UInt8, [bytes])])
                ? new Step.Compute(procedure, inputs, results, scratch)
                : throw line.Error($"{text} computes {wanted} in {bytes} bytes");
        }
        catch (Exception inner) when (inner is TypeMismatch or OverflowException)
        {
            throw line.Error(inner.Message);
        }
    }

    private Step.Repeat Repeat(PlanCursor line, int depth)
    {
        int count = line.Below(int.MaxValue);
        line.Expect("counter");
        int counter = line.Below(buffers.Count);
        line.Expect("{");
        Seq<Step> body = Steps(depth + 1);
        Close("}");
        return buffers[counter].Type is { DType: DType.Int64, Rank: 0 } ? new Step.Repeat(count, counter, body) : throw line.Error("the counter of a loop is no i64[]");
    }

    private Step.Branch Branch(PlanCursor line, int depth)
    {
        int condition = line.Below(buffers.Count);
        line.Expect("{");
        Seq<Step> then = Steps(depth + 1);
        Close("} else {");
        Seq<Step> otherwise = Steps(depth + 1);
        Close("}");
        return buffers[condition].Type is { DType: DType.Bool, Rank: 0 } ? new Step.Branch(condition, then, otherwise) : throw line.Error("the condition of a branch is no bool[]");
    }

    private void Close(string text)
    {
        if (next == lines.Length || lines[next].TrimStart(' ') != text)
        {
            throw new FormatException($"line {next + 1} of a plan: expected '{text}'");
        }
        next++;
    }

    private string? Peek() => next < lines.Length ? lines[next].Split(' ', 2)[0] : null;

    private PlanCursor Take() => next < lines.Length
        ? new PlanCursor(lines[next++], next, symbols)
        : throw new FormatException($"a plan ends after line {lines.Length}, before it is complete");
}
