using System.Buffers.Binary;

namespace Symbolic.Fuzz.Mutations;

/// <summary>Damage to LMDB files at the places where the format says something: page headers, lists of nodes, nodes, meta pages.</summary>
internal static class Pages
{
    private const int PageSize = 4096;
    private const int HeaderSize = 16;

    /// <summary>One damage.</summary>
    public static byte[] Damage(byte[] file, byte[] other, Random random)
    {
        int pages = file.Length / PageSize;
        if (pages == 0 || random.Next(6) == 0)
        {
            return Bytes.Damage(file, other, random);
        }
        byte[] copy = [.. file];
        int page = random.Next(4) == 0 ? random.Next(Math.Min(2, pages)) : random.Next(pages);
        Span<byte> place = copy.AsSpan(page * PageSize, PageSize);
        switch (random.Next(6))
        {
            case 0:
                // Page number, kind, the ends of the list of nodes or the count of overflow pages.
                Write(place, random.Next(4) switch { 0 => 0, 1 => 10, 2 => 12, _ => 14 }, random.Next(2) == 0 ? 2 : 4, random);
                break;
            case 1:
                // A meta page: page size, flags, depth, entries, root, last page, transaction.
                Write(place, HeaderSize + random.Next(4) switch { 0 => 24, 1 => 72 + random.Next(48), 2 => 120, _ => 128 }, 1 << random.Next(1, 4), random);
                break;
            case 2:
                // Where a node begins.
                Write(place, HeaderSize + 2 * random.Next(20), 2, random);
                break;
            case 3:
                int node = BinaryPrimitives.ReadUInt16LittleEndian(place[(HeaderSize + 2 * random.Next(8))..]);
                if (node <= PageSize - 8)
                {
                    // Size of the value or child page, flags, size of the key, and the child or overflow page behind.
                    Write(place, node + 2 * random.Next(6), 2, random);
                }
                break;
            case 4:
                copy.AsSpan(random.Next(pages) * PageSize, PageSize).CopyTo(place);
                break;
            default:
                // A page of another file, under this page's number.
                int from = other.Length / PageSize;
                if (from > 0)
                {
                    other.AsSpan(random.Next(from) * PageSize, PageSize).CopyTo(place);
                    BinaryPrimitives.WriteInt64LittleEndian(place, page);
                }
                break;
        }
        return copy;
    }

    private static void Write(Span<byte> page, int at, int width, Random random)
    {
        Span<byte> bytes = stackalloc byte[8];
        Span<byte> place = page[Math.Min(at, page.Length)..];
        width = Math.Min(width, place.Length);
        long was = width >= 2 ? BinaryPrimitives.ReadUInt16LittleEndian(place) : 0;
        BinaryPrimitives.WriteInt64LittleEndian(bytes, random.Next(3) == 0 ? random.Next(64) : Bytes.Edge(random, was));
        bytes[..width].CopyTo(place);
    }
}
