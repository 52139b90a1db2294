using System.Buffers.Binary;

namespace Symbolic.Caffe;

/// <summary>The branch pages over pages that come in the order of their keys. Levels are made as they are needed.</summary>
/// <param name="put">Writes a page and gives its number.</param>
internal sealed class LmdbBranches(Func<LmdbPage, ulong> put)
{
    private const int NodeHeaderSize = 8;

    private readonly List<List<(byte[] First, ulong Page)>> levels = [];

    /// <summary>How many pages were written.</summary>
    public ulong Pages { get; private set; }

    /// <summary>The number of levels.</summary>
    public int Depth => levels.Count;

    /// <summary>Takes the next page of the level below.</summary>
    public void Add(byte[] first, ulong page) => Add(0, first, page);

    /// <summary>Writes what is left, and gives the page of the root.</summary>
    public ulong Complete()
    {
        for (int level = 0; ; level++)
        {
            List<(byte[] First, ulong Page)> children = levels[level];
            int fitting = Fitting(children);
            if (fitting == children.Count && level == levels.Count - 1)
            {
                return Put(children, children.Count);
            }
            // A branch has at least two children, so the last page may take one of the page before.
            if (fitting < children.Count)
            {
                Pass(level, children.Count - 2);
            }
            Pass(level, children.Count);
        }
    }

    private void Add(int level, byte[] first, ulong page)
    {
        if (level == levels.Count)
        {
            levels.Add([]);
        }
        List<(byte[] First, ulong Page)> children = levels[level];
        children.Add((first, page));
        int fitting = Fitting(children);
        if (children.Count == fitting + 2)
        {
            Pass(level, fitting);
        }
    }

    // Writes a page of the first children, which becomes a child of the next level.
    private void Pass(int level, int count)
    {
        List<(byte[] First, ulong Page)> children = levels[level];
        byte[] first = children[0].First;
        Add(level + 1, first, Put(children, count));
        children.RemoveRange(0, count);
    }

    private ulong Put(List<(byte[] First, ulong Page)> children, int count)
    {
        var page = new LmdbPage(LmdbFile.BranchFlag);
        for (int i = 0; i < count; i++)
        {
            // The first child's key is never looked at, and LMDB leaves it empty.
            byte[] key = i == 0 ? [] : children[i].First;
            Span<byte> node = page.Add(NodeHeaderSize + key.Length);
            ulong child = children[i].Page;
            BinaryPrimitives.WriteUInt32LittleEndian(node, (uint)child);
            BinaryPrimitives.WriteUInt16LittleEndian(node[4..], (ushort)(child >> 32));
            BinaryPrimitives.WriteUInt16LittleEndian(node[6..], (ushort)key.Length);
            key.CopyTo(node[NodeHeaderSize..]);
        }
        Pages++;
        return put(page);
    }

    // How many of the children one page holds.
    private static int Fitting(List<(byte[] First, ulong Page)> children)
    {
        int room = LmdbPage.Size - LmdbFile.HeaderSize;
        for (int i = 0; i < children.Count; i++)
        {
            room -= LmdbPage.Room(NodeHeaderSize + (i == 0 ? 0 : children[i].First.Length));
            if (room < 0)
            {
                return i;
            }
        }
        return children.Count;
    }
}
