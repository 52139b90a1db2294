using System.Text;

namespace Symbolic.Runtime;

/// <summary>What the cache holds of one program: enough that a hit runs neither rewriting nor generating nor compiling.</summary>
/// <param name="Plan">The text of the plan.</param>
/// <param name="Constants">The constant arrays.</param>
/// <param name="Effects">For each effect of the plan, its place among those of the graph; the graph in hand has the delegates.</param>
/// <param name="Image">The assembly; empty if there is no kernel.</param>
internal sealed record CacheEntry(string Plan, Seq<Literal> Constants, Seq<int> Effects, byte[] Image)
{
    /// <summary>The entry as bytes.</summary>
    public byte[] ToBytes()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
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
            writer.Write(Effects.Count);
            foreach (int effect in Effects)
            {
                writer.Write(effect);
            }
            writer.Write(Image.Length);
            writer.Write(Image);
        }
        return stream.ToArray();
    }

    /// <summary>The entry that the bytes hold.</summary>
    /// <exception cref="FormatException">They hold none.</exception>
    public static CacheEntry FromBytes(byte[] bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
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
                constants.Add(Literal.FromBytes(dtype, Seq.Create<long>(sizes), Block(reader)));
            }
            var effects = new int[Count(reader)];
            for (int i = 0; i < effects.Length; i++)
            {
                effects[i] = reader.ReadInt32();
            }
            byte[] image = Block(reader);
            return reader.BaseStream.Position == bytes.Length ? new CacheEntry(plan, constants.ToSeq(), Seq.Create<int>(effects), image) : throw new FormatException("a cache entry has bytes behind its end");
        }
        catch (Exception inner) when (inner is EndOfStreamException or ArgumentException or OverflowException or System.Diagnostics.UnreachableException or IOException)
        {
            throw new FormatException($"a cache entry is malformed: {inner.Message}", inner);
        }
    }

    // No count can be greater than the bytes that are left, so none makes a large array of a small file.
    private static int Count(BinaryReader reader)
    {
        int count = reader.ReadInt32();
        return count >= 0 && count <= reader.BaseStream.Length - reader.BaseStream.Position ? count : throw new FormatException($"a cache entry counts {count} items");
    }

    private static byte[] Block(BinaryReader reader) => reader.ReadBytes(Count(reader));
}
