namespace Symbolic.Fuzz;

/// <summary>The inputs of a reader, each made from seed, reader and index alone.</summary>
internal sealed class Variants(Target target, List<byte[]> corpus, int seed)
{
    private const int MostDamages = 6;

    /// <summary>The input of an index; the first ones are the valid files themselves.</summary>
    public byte[] this[long index]
    {
        get
        {
            if (index < corpus.Count)
            {
                return corpus[(int)index];
            }
            var random = new Random(Mixed(index));
            byte[] file = corpus[random.Next(corpus.Count)];
            // Mostly one or two: what is damaged in many places is refused at the first.
            for (int damages = 1 + random.Next(1 + random.Next(MostDamages)); damages > 0; damages--)
            {
                file = target.Damage(file, corpus[random.Next(corpus.Count)], random);
            }
            return file;
        }
    }

    // FNV-1a (Fowler, Noll, Vo): string hashes of .NET differ from process to process.
    private int Mixed(long index)
    {
        uint hash = 2166136261;
        foreach (char c in $"{target.Name} {seed} {index}")
        {
            hash = (hash ^ c) * 16777619;
        }
        return (int)hash;
    }
}
