using System.Runtime.InteropServices;

namespace Symbolic;

/// <summary>
/// The weak table that makes equal nodes the same object. It holds nodes weakly, so a graph nobody keeps is collected;
/// dead entries are swept when a shard is full, and at the first new node after a full collection, which is when many die. Sharded by hash so that threads building graphs seldom wait.
/// </summary>
internal sealed class Interning
{
    private readonly Shard[] shards = [.. Enumerable.Range(0, 32).Select(_ => new Shard())];

    /// <summary>For how many nodes there are places.</summary>
    public int Size => shards.Sum(shard => shard.Size);

    /// <summary>The node equal to this op and inputs if one lives, else the one that <paramref name="create"/> makes.</summary>
    public Expr Find(Op op, ReadOnlySpan<Expr> inputs, Func<Op, Expr[], int, Expr> create)
    {
        var hash = new HashCode();
        hash.Add(op);
        foreach (Expr input in inputs)
        {
            hash.Add(System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(input));
        }
        int code = hash.ToHashCode();
        // The shard by the upper bits and the bucket in it by the lower ones: else a shard would use few of its buckets.
        return shards[(uint)code >> 27].Find(code, op, inputs, create);
    }

    private sealed class Shard
    {
        // A shard of so few entries is not worth a sweep before it is full.
        private const int FewEntries = 1024;

        private int[] buckets = new int[64];
        private Entry[] entries = new Entry[64];
        private int count;
        private int collections;
        private readonly Lock gate = new();

        public int Size
        {
            get
            {
                lock (gate)
                {
                    return entries.Length;
                }
            }
        }

        private struct Entry
        {
            public int Hash;
            public int Next;
            public GCHandle Node;
        }

        public Expr Find(int hash, Op op, ReadOnlySpan<Expr> inputs, Func<Op, Expr[], int, Expr> create)
        {
            lock (gate)
            {
                if (Lookup(hash, op, inputs) is { } found)
                {
                    return found;
                }
            }
            // Type inference may build nodes (and throw), so it runs outside the lock; a rival that won meanwhile is found again.
            Expr made = create(op, inputs.ToArray(), hash);
            lock (gate)
            {
                if (Lookup(hash, op, inputs) is { } rival)
                {
                    return rival;
                }
                if (count == entries.Length || (count > FewEntries && collections != GC.CollectionCount(2)))
                {
                    Sweep();
                }
                ref int bucket = ref buckets[(uint)hash % (uint)buckets.Length];
                entries[count] = new Entry { Hash = hash, Next = bucket - 1, Node = GCHandle.Alloc(made, GCHandleType.Weak) };
                bucket = ++count;
                return made;
            }
        }

        private Expr? Lookup(int hash, Op op, ReadOnlySpan<Expr> inputs)
        {
            for (int i = buckets[(uint)hash % (uint)buckets.Length] - 1; i >= 0; i = entries[i].Next)
            {
                if (entries[i].Hash == hash && entries[i].Node.Target is Expr node && node.Is(op, inputs))
                {
                    return node;
                }
            }
            return null;
        }

        private void Sweep()
        {
            collections = GC.CollectionCount(2);
            Entry[] old = entries;
            int live = 0;
            for (int i = 0; i < count; i++)
            {
                if (old[i].Node.Target is not null)
                {
                    live++;
                }
            }
            int size = Math.Max(64, live * 2);
            entries = new Entry[size];
            buckets = new int[size];
            int kept = 0;
            for (int i = 0; i < count; i++)
            {
                if (old[i].Node.Target is null || kept == size)
                {
                    old[i].Node.Free();
                    continue;
                }
                ref int bucket = ref buckets[(uint)old[i].Hash % (uint)size];
                entries[kept] = old[i] with { Next = bucket - 1 };
                bucket = ++kept;
            }
            count = kept;
        }
    }
}
