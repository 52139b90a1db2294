using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>Temporaries that no step touches, since kernels were joined, are no buffers of the plan.</summary>
internal static class Untouched
{
    /// <summary>Removes them from the buffers and gives the steps the numbers that the others have then.</summary>
    /// <param name="buffers">All buffers; outputs and parameters come before any temporary.</param>
    /// <param name="steps">The steps of the program.</param>
    /// <param name="touched">The buffers that a step touches.</param>
    public static void Drop(List<PlannedBuffer> buffers, List<Step> steps, Func<Step, IEnumerable<int>> touched)
    {
        var used = steps.SelectMany(touched).ToHashSet();
        var numbers = new int[buffers.Count];
        var kept = new List<PlannedBuffer>();
        int temporaries = 0;
        for (int i = 0; i < buffers.Count; i++)
        {
            bool isTemporary = buffers[i].Role == BufferRole.Temporary;
            numbers[i] = kept.Count;
            if (!isTemporary || used.Contains(i))
            {
                // A whole comes before its parts.
                kept.Add(isTemporary ? buffers[i] with { Index = temporaries++, Within = buffers[i].Within < 0 ? -1 : numbers[buffers[i].Within] } : buffers[i]);
            }
        }
        if (kept.Count == buffers.Count)
        {
            return;
        }
        for (int s = 0; s < steps.Count; s++)
        {
            steps[s] = Renumbered(steps[s], numbers);
        }
        buffers.Clear();
        buffers.AddRange(kept);
    }

    private static Step Renumbered(Step step, int[] numbers)
    {
        int Of(int buffer) => numbers[buffer];
        return step switch
        {
            Step.Launch launch => launch with { Buffers = launch.Buffers.Map(Of) },
            Step.Batch batch => new Step.Batch(batch.Launches.Map(launch => launch with { Buffers = launch.Buffers.Map(Of) })),
            Step.Perform perform => perform with { Inputs = perform.Inputs.Map(Of), Result = Of(perform.Result) },
            Step.Compute compute => compute with { Inputs = compute.Inputs.Map(Of), Results = compute.Results.Map(Of), Scratch = compute.Scratch.Map(Of) },
            Step.Copy copy => new Step.Copy(Of(copy.From), Of(copy.To)),
            Step.Repeat repeat => repeat with { Counter = Of(repeat.Counter), Body = repeat.Body.Map(inner => Renumbered(inner, numbers)) },
            Step.Branch branch => new Step.Branch(Of(branch.Condition), branch.Then.Map(inner => Renumbered(inner, numbers)), branch.Else.Map(inner => Renumbered(inner, numbers))),
            _ => throw new UnreachableException($"{step}"),
        };
    }
}
