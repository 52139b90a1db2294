namespace Symbolic.Codegen;

/// <summary>
/// Temporaries that may lie in the memory of another: the kernel that writes them is the last to read the other, and reads of it only the
/// element that it is about to write over. So a chain of pointwise kernels works in one piece of memory, which stays in the cache.
/// </summary>
internal static class InPlace
{
    /// <summary>The buffers with what they may lie over.</summary>
    /// <param name="buffers">The buffers with their lifetimes.</param>
    /// <param name="steps">The steps of the program.</param>
    /// <param name="kernels">The kernels by name.</param>
    public static Seq<PlannedBuffer> Mark(Seq<PlannedBuffer> buffers, List<Step> steps, IReadOnlyDictionary<string, Kernel> kernels)
    {
        PlannedBuffer[] marked = [.. buffers];
        for (int s = 0; s < steps.Count; s++)
        {
            if (steps[s] is not Step.Launch launch || kernels[launch.Kernel] is not Nest nest)
            {
                continue;
            }
            var taken = new HashSet<int>();
            for (int slot = 0; slot < launch.Buffers.Count; slot++)
            {
                int written = launch.Buffers[slot];
                if (!nest.Buffers[slot].IsWritten || !IsTemporary(marked[written]) || marked[written].First != s || !nest.Pieces.Any(piece => piece.Stores.Any(store => store.Buffer == slot)))
                {
                    continue;
                }
                for (int other = 0; other < launch.Buffers.Count; other++)
                {
                    int read = launch.Buffers[other];
                    // What has the lower number was planned first; a text of the plan is read in this order.
                    if (read < written && IsTemporary(marked[read]) && marked[read].Last == s && marked[read].First < s && !nest.Buffers[other].IsWritten
                        && marked[read].HasBytesOf(marked[written]) && ReadsWhatItWrites(nest, other, slot) && taken.Add(read))
                    {
                        marked[written] = marked[written] with { Over = read };
                        break;
                    }
                }
            }
        }
        return Seq.Create<PlannedBuffer>(marked);
    }

    private static bool IsTemporary(PlannedBuffer buffer) => buffer is { Role: BufferRole.Temporary, Within: < 0 };

    /// <summary>Whether each point of the nest reads of one buffer the very element that it stores to the other. The dtypes are of one size, or offsets would not be comparable.</summary>
    private static bool ReadsWhatItWrites(Nest nest, int read, int written)
    {
        // What goes over rows may have read the whole row before it writes.
        int first = nest.Visit is { } visit && visit.Within.Contains(read) && visit.Within.Contains(written) ? Enumerable.Range(0, nest.Pieces.Count).First(k => Stores(nest.Pieces[k], written) is not null) : 0;
        return nest.Buffers[read].DType.Size() == nest.Buffers[written].DType.Size() && nest.Pieces.Skip(first).All(piece =>
        {
            Dim[] reads = [.. Elements.All(piece.Stores.Select(store => store.Value)).OfType<Element.Read>().Where(r => r.Operand == read).Select(r => r.At[0])];
            return reads.Length == 0 || (Stores(piece, written) is { } own && reads.All(own.Offset.Equals));
        });
    }

    private static Store? Stores(Piece piece, int buffer) => piece.Stores.FirstOrDefault(store => store.Buffer == buffer);
}
