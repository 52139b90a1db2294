using System.Text;

namespace Symbolic.Caffe.LevelDb;

/// <summary>A table that is part of the database.</summary>
/// <param name="Level">0 for those that may overlap; within a higher level keys ascend from table to table.</param>
/// <param name="Number">The number in its name.</param>
/// <param name="Smallest">Its first key, with the eight bytes that LevelDB adds to each key.</param>
internal sealed record LevelDbTableEntry(int Level, ulong Number, byte[] Smallest);

/// <summary>Which files of a folder are the database: what CURRENT's MANIFEST adds up to (leveldb's version_edit.cc, version_set.cc).</summary>
internal sealed class LevelDbVersion
{
    public const string Comparator = "leveldb.BytewiseComparator";
    private const int MostLevels = 7;
    private const long MostManifestBytes = 1 << 28;

    private readonly Dictionary<(int Level, ulong Number), LevelDbTableEntry> tables = [];

    /// <summary>Reads CURRENT and the MANIFEST that it names.</summary>
    /// <exception cref="InvalidDataException">One of them is damaged.</exception>
    /// <exception cref="IOException">One of them is not there.</exception>
    public static LevelDbVersion Read(string folder, ModelFiles files)
    {
        string current = Encoding.UTF8.GetString(files.ReadAll(Path.Combine(folder, "CURRENT"), most: 1024));
        string manifest = current.TrimEnd('\n');
        if (!manifest.StartsWith("MANIFEST-", StringComparison.Ordinal) || !manifest["MANIFEST-".Length..].All(char.IsAsciiDigit) || current.Length == manifest.Length)
        {
            throw new InvalidDataException($"{Path.Combine(folder, "CURRENT")}: is no pointer to the MANIFEST of a LevelDB");
        }
        string name = Path.Combine(folder, manifest);
        var version = new LevelDbVersion();
        foreach (ReadOnlyMemory<byte> record in LevelDbLog.Records(files.ReadAll(name, MostManifestBytes), name))
        {
            version.Add(record.Span, name);
        }
        var numbers = new HashSet<ulong>();
        return version.tables.Values.FirstOrDefault(table => !numbers.Add(table.Number)) is { } twice
            ? throw new InvalidDataException($"{name}: table {twice.Number} belongs to two levels")
            : version;
    }

    /// <summary>The tables of the database.</summary>
    public IReadOnlyCollection<LevelDbTableEntry> Tables => tables.Values;

    /// <summary>Logs from this number on hold what is not yet in a table.</summary>
    public ulong LogNumber { get; private set; }

    /// <summary>An older log that also does, or 0.</summary>
    public ulong PreviousLogNumber { get; private set; }

    private void Add(ReadOnlySpan<byte> record, string name)
    {
        var reader = new VarintReader(record, name);
        while (!reader.AtEnd)
        {
            ulong tag = reader.Number();
            switch (tag)
            {
                case 1:
                    string comparator = Encoding.UTF8.GetString(reader.String());
                    if (comparator != Comparator)
                    {
                        throw reader.Bad($"keys are ordered by '{comparator}'; Caffe's databases are by {Comparator}");
                    }
                    break;
                case 2:
                    LogNumber = reader.Number();
                    break;
                case 3 or 4:
                    reader.Number();
                    break;
                case 5:
                    Level(ref reader);
                    reader.String();
                    break;
                case 6:
                    int from = Level(ref reader);
                    tables.Remove((from, reader.Number()));
                    break;
                case 7:
                    int level = Level(ref reader);
                    ulong number = reader.Number();
                    reader.Number();
                    byte[] smallest = reader.String().ToArray();
                    reader.String();
                    tables[(level, number)] = new LevelDbTableEntry(level, number, smallest);
                    break;
                case 9:
                    PreviousLogNumber = reader.Number();
                    break;
                default:
                    throw reader.Bad($"an entry of kind {tag}");
            }
        }
    }

    private static int Level(ref VarintReader reader)
    {
        ulong level = reader.Number();
        return level < MostLevels ? (int)level : throw reader.Bad($"level {level}");
    }
}
