using System.Text;

namespace Symbolic.Runtime;

/// <summary>What the cache holds of one program: enough that a hit runs neither rewriting nor generating nor compiling.</summary>
/// <param name="Plan">The text of the plan.</param>
/// <param name="Constants">The constant arrays that the graph does not have.</param>
/// <param name="Places">For each constant of the plan its place among the literals of the graph, or the complement of its place among <paramref name="Constants"/>.</param>
/// <param name="Effects">For each effect of the plan, its place among those of the graph; the graph in hand has the delegates.</param>
/// <param name="Image">The assembly; empty if there is no kernel.</param>
internal sealed record CacheEntry(string Plan, Seq<Literal> Constants, Seq<int> Places, Seq<int> Effects, byte[] Image)
{
    // Smaller ones are not worth looking for.
    private const int LeastReferred = 1024;

    /// <summary>The entry of a program. Frozen weights are in the graph of whoever asks for it again, so that no net is too large for an entry.</summary>
    public static CacheEntry Of(string plan, Seq<Literal> constants, Seq<Literal> literals, Seq<int> effects, byte[] image)
    {
        var known = new Dictionary<Literal, int>(ReferenceEqualityComparer.Instance);
        for (int i = 0; i < literals.Count; i++)
        {
            if (literals[i].Count >= LeastReferred)
            {
                known.TryAdd(literals[i], i);
            }
        }
        var own = new List<Literal>();
        var places = new int[constants.Count];
        for (int i = 0; i < places.Length; i++)
        {
            if (!known.TryGetValue(constants[i], out places[i]))
            {
                places[i] = ~own.Count;
                own.Add(constants[i]);
            }
        }
        return new CacheEntry(plan, own.ToSeq(), Seq.Create<int>(places), effects, image);
    }

    /// <summary>The constants of the plan, given the literals of the graph.</summary>
    /// <exception cref="FormatException">A place does not exist.</exception>
    public Seq<Literal> ConstantsFrom(Seq<Literal> literals) => Places.Map(place =>
    {
        (Seq<Literal> from, int at) = place >= 0 ? (literals, place) : (Constants, ~place);
        return at < from.Count ? from[at] : throw new FormatException($"a cache entry names constant {at} of {from.Count}");
    });

    /// <summary>Bytes of its arrays: nearly all that a large entry has.</summary>
    public long ArrayBytes => Constants.Sum(constant => (long)constant.Bytes.Length) + Image.Length;

    /// <summary>Writes the entry.</summary>
    public void WriteTo(Stream stream)
    {
        using (var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write(Plan);
            writer.Write(Constants.Count);
            foreach (Literal constant in Constants)
            {
                writer.Write((byte)constant.DType);
                writer.Write(constant.Sizes.Count);
                foreach (long size in constant.Sizes)
                {
                    writer.Write(size);
                }
                writer.Write(constant.Bytes.Length);
                writer.Write(constant.Bytes);
            }
            foreach (Seq<int> list in (Seq<int>[])[Places, Effects])
            {
                writer.Write(list.Count);
                foreach (int number in list)
                {
                    writer.Write(number);
                }
            }
            writer.Write(Image.Length);
            writer.Write(Image);
        }
    }

    /// <summary>The entry that a stream holds from here to its end; its arrays are read to where they will be used.</summary>
    /// <exception cref="FormatException">It holds none.</exception>
    public static CacheEntry Read(Stream stream)
    {
        try
        {
            using var reader = new BinaryReader(stream, Encoding.UTF8, leaveOpen: true);
            string plan = reader.ReadString();
            var constants = new List<Literal>();
            for (int left = Count(reader); left > 0; left--)
            {
                var dtype = (DType)reader.ReadByte();
                var sizes = new long[Count(reader)];
                for (int axis = 0; axis < sizes.Length; axis++)
                {
                    sizes[axis] = reader.ReadInt64();
                }
                constants.Add(Constant(reader, dtype, Seq.Create<long>(sizes)));
            }
            Seq<int> places = Numbers(reader), effects = Numbers(reader);
            byte[] image = Block(reader);
            return stream.Position == stream.Length ? new CacheEntry(plan, constants.ToSeq(), places, effects, image) : throw new FormatException("a cache entry has bytes behind its end");
        }
        catch (Exception inner) when (inner is EndOfStreamException or ArgumentException or OverflowException or System.Diagnostics.UnreachableException or IOException)
        {
            throw new FormatException($"a cache entry is malformed: {inner.Message}", inner);
        }
    }

    private static Seq<int> Numbers(BinaryReader reader)
    {
        var numbers = new int[Count(reader)];
        for (int i = 0; i < numbers.Length; i++)
        {
            numbers[i] = reader.ReadInt32();
        }
        return Seq.Create<int>(numbers);
    }

    // No count can be greater than the bytes that are left, so none makes a large array of a small file.
    private static int Count(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position ? count : throw new FormatException($"a cache entry counts {count} items");
    }

    private static Literal Constant(BinaryReader reader, DType dtype, Seq<long> sizes)
    {
        int bytes = Count(reader);
        if (bytes != checked(sizes.Aggregate(1L, (a, b) => checked(a * b)) * dtype.Size()))
        {
            throw new FormatException($"a cache entry has {bytes} bytes for {dtype.Text()}[{string.Join(",", sizes)}]");
        }
        Tensor memory = Tensor.Allocate(dtype, sizes, zeroed: false);
        memory.EachRun(reader.BaseStream.ReadExactly);
        return memory.AsLiteral();
    }

    private static byte[] Block(BinaryReader reader) => reader.ReadBytes(Count(reader));
}
