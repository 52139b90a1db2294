namespace Symbolic.Codegen;

/// <summary>Joins launches that follow each other to one where what lies between them then needs no memory of its own, see <see cref="Strips"/>.</summary>
internal static class StripFusion
{
    /// <summary>Replaces steps and kernels by the joined ones; returns where the steps that commit begin now.</summary>
    /// <param name="steps">The steps of the program.</param>
    /// <param name="commit">Where those that commit begin.</param>
    /// <param name="kernels">The kernels.</param>
    /// <param name="buffers">The buffers.</param>
    /// <param name="touched">The buffers that a step touches.</param>
    public static int Join(List<Step> steps, int commit, List<Kernel> kernels, IReadOnlyList<PlannedBuffer> buffers, Func<Step, IEnumerable<int>> touched)
    {
        var uses = new int[buffers.Count];
        foreach (int buffer in steps.SelectMany(step => touched(step).Distinct()))
        {
            uses[buffer]++;
        }
        Dictionary<string, Kernel> named = kernels.ToDictionary(kernel => kernel.Name);
        for (int s = 0; s + 1 < steps.Count; s++)
        {
            if (s + 1 == commit || steps[s] is not Step.Launch inner || steps[s + 1] is not Step.Launch outer)
            {
                continue;
            }
            int between = inner.Buffers.FirstOrDefault(buffer => buffers[buffer].Role == BufferRole.Temporary && uses[buffer] == 2 && outer.Buffers.Contains(buffer), -1);
            if (between < 0 || Strips.Of(named[inner.Kernel], inner.Buffers, named[outer.Kernel], outer.Buffers, between, buffer => buffers[buffer].Role == BufferRole.Constant) is not var (joined, used))
            {
                continue;
            }
            kernels.Remove(named[inner.Kernel]);
            kernels[kernels.IndexOf(named[outer.Kernel])] = joined;
            Dim traffic = used.Aggregate((Dim)0, (sum, b) => sum + (buffers[b].Type.Shape.Elements * buffers[b].Type.DType.Size()));
            steps[s] = new Step.Launch(joined.Name, joined.Phases, used, outer.Sizes, joined.Label, joined.Work, traffic);
            steps.RemoveAt(s + 1);
            commit -= s < commit ? 1 : 0;
        }
        return commit;
    }
}
