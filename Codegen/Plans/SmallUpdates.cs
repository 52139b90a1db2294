namespace Symbolic.Codegen;

/// <summary>
/// Gathers launches that write nothing but small parameters, such as an optimiser's steps for biases and for the scales of normalisations, into batches. A launch of
/// its own is no work for several threads, and takes longer than its arithmetic; of a batch each thread runs a part.
/// </summary>
internal static class SmallUpdates
{
    /// <summary>Bytes of all that a launch touches, of which a core of its own makes little: some microseconds.</summary>
    private const long MostBytes = 32 << 10;

    /// <summary>Replaces steps by batches; returns where the steps that commit begin now.</summary>
    /// <param name="steps">The steps of the program.</param>
    /// <param name="commit">Where those that commit begin.</param>
    /// <param name="kernels">The kernels by name.</param>
    /// <param name="buffers">The buffers.</param>
    /// <param name="touched">The buffers that a step touches.</param>
    public static int Gather(List<Step> steps, int commit, IReadOnlyDictionary<string, Kernel> kernels, IReadOnlyList<PlannedBuffer> buffers, Func<Step, IEnumerable<int>> touched)
    {
        // The launches of each batch, by the step ahead of which it runs: the first that needs what it writes, or writes what it reads.
        var ahead = new Dictionary<int, List<int>>();
        var waiting = new List<int>();
        HashSet<int> used = [], written = [];
        void Close(int before)
        {
            if (waiting.Count > 1)
            {
                ahead[before] = [.. waiting];
            }
            waiting.Clear();
            used.Clear();
            written.Clear();
        }
        for (int s = commit; s < steps.Count; s++)
        {
            int[] all = [.. touched(steps[s])], writes = [.. Written(steps[s], kernels, touched)];
            if (written.Overlaps(all) || used.Overlaps(writes))
            {
                Close(s);
            }
            if (IsSmallUpdate(steps[s], kernels, buffers))
            {
                waiting.Add(s);
                used.UnionWith(all);
                written.UnionWith(writes);
            }
        }
        Close(steps.Count);
        HashSet<int> moved = [.. ahead.Values.SelectMany(batch => batch)];
        var after = new List<Step>();
        for (int s = 0; s <= steps.Count; s++)
        {
            if (ahead.TryGetValue(s, out List<int>? batch))
            {
                after.Add(new Step.Batch(batch.Select(member => (Step.Launch)steps[member]).ToSeq()));
            }
            if (s < steps.Count && !moved.Contains(s))
            {
                after.Add(steps[s]);
            }
        }
        steps.Clear();
        steps.AddRange(after);
        while (commit < steps.Count && !Written(steps[commit], kernels, touched).Any(buffer => buffers[buffer].Role == BufferRole.Parameter))
        {
            commit++;
        }
        return commit;
    }

    private static bool IsSmallUpdate(Step step, IReadOnlyDictionary<string, Kernel> kernels, IReadOnlyList<PlannedBuffer> buffers) =>
        step is Step.Launch { Phases: 1, Traffic.Upper: <= MostBytes } launch && kernels[launch.Kernel] is Nest { Visit: null } nest
        && nest.Buffers.Select((buffer, slot) => !buffer.IsWritten || buffers[launch.Buffers[slot]].Role == BufferRole.Parameter).All(alone => alone);

    private static IEnumerable<int> Written(Step step, IReadOnlyDictionary<string, Kernel> kernels, Func<Step, IEnumerable<int>> touched) => step switch
    {
        Step.Launch launch => launch.Buffers.Where((_, slot) => kernels[launch.Kernel].Buffers[slot].IsWritten),
        Step.Batch batch => batch.Launches.SelectMany(launch => Written(launch, kernels, touched)),
        Step.Copy copy => [copy.To],
        _ => touched(step),
    };
}
