namespace Symbolic.Codegen;

/// <summary>Joins launches that follow each other to one where what lies between them then needs no memory of its own, see <see cref="Strips"/> and <see cref="Planes"/>.</summary>
internal static class LaunchFusion
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
            if (between < 0 || Disturbs(named[outer.Kernel], outer.Buffers, inner.Buffers, between) || Joined(named[inner.Kernel], inner.Buffers, named[outer.Kernel], outer.Buffers, between, buffers) is not var (joined, used))
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

    /// <summary>Whether a kernel writes what the one before it has still to read once the two take turns, such as a parameter that is updated in place.</summary>
    private static bool Disturbs(Kernel outer, Seq<int> outerBuffers, Seq<int> innerBuffers, int between) =>
        outerBuffers.Where((buffer, slot) => buffer != between && outer.Buffers[slot].IsWritten).Any(innerBuffers.Contains);

    private static (Kernel Kernel, Seq<int> Buffers)? Joined(Kernel inner, Seq<int> innerBuffers, Kernel outer, Seq<int> outerBuffers, int between, IReadOnlyList<PlannedBuffer> buffers) =>
        Strips.Of(inner, innerBuffers, outer, outerBuffers, between, buffer => buffers[buffer].Role == BufferRole.Constant) is var (strips, ofStrips) ? (strips, ofStrips)
            : Planes.Of(inner, innerBuffers, outer, outerBuffers, between, buffer => buffers[buffer].Type.Shape) is var (planes, ofPlanes) ? (planes, ofPlanes) : null;
}
