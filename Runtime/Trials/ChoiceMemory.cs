using System.Collections.Concurrent;

namespace Symbolic.Runtime;

/// <summary>
/// Which of the ways to run that give the same bits was the fastest of a product, as trials on this machine have found: one entry of the cache folder
/// for each number of threads, set of CPU features and version of the generator. What is damaged or of another version is as good as none.
/// </summary>
internal sealed class ChoiceMemory
{
    private const int MostProducts = 100_000;
    private const int ProductBytes = 17;

    private static readonly ConcurrentDictionary<(string Folder, int Threads), ChoiceMemory> Known = [];

    private readonly CacheFolder folder;
    private readonly CacheKey key;
    private readonly Lock gate = new();
    private Dictionary<UInt128, byte> choices;

    /// <summary>What a folder holds; <see cref="In"/> reads it once for all.</summary>
    internal ChoiceMemory(CacheFolder folder, int threads)
    {
        this.folder = folder;
        key = CacheKey.OfChoices(threads);
        choices = Read();
    }

    /// <summary>The memory in a folder; read once in a process.</summary>
    public static ChoiceMemory In(CacheFolder folder, int threads) => Known.GetOrAdd((folder.Location, threads), _ => new ChoiceMemory(folder, threads));

    /// <summary>The choice for a product; null if it has not been tried.</summary>
    public int? Find(UInt128 product)
    {
        lock (gate)
        {
            return choices.TryGetValue(product, out byte choice) ? choice : null;
        }
    }

    /// <summary>Keeps what trials have found, and what other processes have meanwhile. One of two that write at the same time may lose what it found, and find it again.</summary>
    public void Add(IReadOnlyCollection<(UInt128 Product, byte Choice)> found)
    {
        lock (gate)
        {
            Dictionary<UInt128, byte> all = Read();
            foreach ((UInt128 product, byte choice) in choices.Select(pair => (pair.Key, pair.Value)).Concat(found))
            {
                all[product] = choice;
            }
            choices = all;
            using var stream = new MemoryStream();
            using (var writer = new BinaryWriter(stream))
            {
                foreach ((UInt128 product, byte choice) in all.Take(MostProducts))
                {
                    writer.Write((ulong)(product >> 64));
                    writer.Write((ulong)product);
                    writer.Write(choice);
                }
            }
            // A folder that takes nothing any more costs the next process its trials, nothing else.
            _ = folder.Write(key, stream.ToArray());
        }
    }

    /// <summary>What the file says. Any number is a choice to a kernel, which takes its own where there is none of that number; so no file can do harm.</summary>
    private Dictionary<UInt128, byte> Read()
    {
        var read = new Dictionary<UInt128, byte>();
        if (folder.Read(key) is not { } bytes || bytes.Length % ProductBytes != 0 || bytes.Length > MostProducts * ProductBytes)
        {
            return read;
        }
        using var reader = new BinaryReader(new MemoryStream(bytes));
        for (int left = bytes.Length / ProductBytes; left > 0; left--)
        {
            ulong upper = reader.ReadUInt64(), lower = reader.ReadUInt64();
            read[new UInt128(upper, lower)] = reader.ReadByte();
        }
        return read;
    }
}
