using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// Which updates of parameters pass the caches by. An optimiser's step reads weights that all threads have just read for other gradients: a core that stores over a line of which another one has a copy waits until that one has given it up,
/// line by line, 27 to 35 ns each where the cores share no cache and 2 to 7 where they do; a store past the caches takes 2 to 4 in both. What nobody else reads, such as momenta, is no other core's, and stays where it is.
/// </summary>
internal static class PassedUpdates
{
    /// <summary>Bytes that launches touch from which on the last cache keeps nothing until the next step, so that weights are read from memory in any case.</summary>
    private const long MostInStep = 4 * Chunking.MostInCache;

    /// <summary>Bytes of weights that second-level caches hold, whose lines are the slowest to get back, and which are soon read from memory. More of them pass only where the last cache keeps nothing: 128 rows in two layers of a thousand lost 5 % otherwise.</summary>
    private const long MostNear = 2 << 20;

    /// <summary>Marks the kernels whose launches are such updates.</summary>
    /// <param name="kernels">The kernels, of which each has one launch.</param>
    /// <param name="steps">The steps of the program.</param>
    /// <param name="buffers">The buffers.</param>
    /// <param name="touched">The buffers that a step touches.</param>
    public static void Mark(List<Kernel> kernels, IReadOnlyList<Step> steps, IReadOnlyList<PlannedBuffer> buffers, Func<Step, IEnumerable<int>> touched)
    {
        long all = steps.OfType<Step.Launch>().Sum(launch => launch.Traffic.Lower ?? 0);
        if (all <= Chunking.MostInCache)
        {
            return;
        }
        var users = new int[buffers.Count];
        foreach (int buffer in steps.SelectMany(step => touched(step).Distinct()))
        {
            users[buffer]++;
        }
        Dictionary<string, Step.Launch> launches = steps.OfType<Step.Launch>().ToDictionary(launch => launch.Kernel);
        for (int k = 0; k < kernels.Count; k++)
        {
            if (!launches.TryGetValue(kernels[k].Name, out Step.Launch? launch))
            {
                continue;
            }
            bool Passes(int slot)
            {
                int buffer = launch.Buffers[slot];
                return buffers[buffer].Role == BufferRole.Parameter && users[buffer] > 1 && (all > MostInStep || buffers[buffer].Type.Shape.Elements * buffers[buffer].Type.DType.Size() is { Upper: <= MostNear });
            }
            IEnumerable<Seq<Store>> stores = kernels[k] switch
            {
                Product product => [product.Stores],
                Nest { Visit: null } nest => nest.Pieces.Select(piece => piece.Stores),
                _ => [],
            };
            kernels[k] = kernels[k] with { Past = stores.SelectMany(Store.Updated).Select(read => read.Operand).Distinct().Where(Passes).ToSeq() };
        }
    }
}
