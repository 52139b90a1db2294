using Symbolic.Fuzz.Targets;

namespace Symbolic.Fuzz;

/// <summary>A reader that is attacked: valid files of its format, how to damage one, and what may come of reading it.</summary>
internal abstract class Target
{
    /// <summary>All readers.</summary>
    public static IReadOnlyList<Target> All { get; } =
    [
        new PrototxtTarget(), new SolverTarget(), new CaffemodelTarget(), new SolverstateTarget(), new MeanTarget(), new ResumeTarget(),
        new NetTarget(), new LmdbTarget(), new LevelDbTarget(), new Hdf5Target(), new NpyTarget(), new NpzTarget(), new PictureTarget(), new IdxTarget(), new IrTarget(), new PlanTarget(), new CacheTarget(),
    ];

    /// <summary>The reader of this name, or null.</summary>
    public static Target? Find(string name) => All.FirstOrDefault(target => target.Name == name);

    /// <summary>The name on the command line.</summary>
    public abstract string Name { get; }

    /// <summary>Ends the names of its files.</summary>
    public abstract string Extension { get; }

    /// <summary>Small valid files that need no data from elsewhere.</summary>
    public abstract IEnumerable<byte[]> Own();

    /// <summary>Which files of a folder of valid ones are of this format.</summary>
    public virtual bool Takes(string file) => file.EndsWith(Extension, StringComparison.Ordinal);

    /// <summary>A damaged copy.</summary>
    /// <param name="valid">A valid file.</param>
    /// <param name="other">Another one, to take pieces from.</param>
    /// <param name="random">Decides what is damaged.</param>
    public abstract byte[] Damage(byte[] valid, byte[] other, Random random);

    /// <summary>Reads the file as users' programs do, all of what it holds.</summary>
    public abstract void Read(string file);

    /// <summary>Whether an exception is a clear error about the file, as opposed to a defect of the reader.</summary>
    public abstract bool IsClear(Exception error, string file);
}
