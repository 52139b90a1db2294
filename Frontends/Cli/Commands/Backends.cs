using Symbolic.Caffe;
using Symbolic.Cli.CommandLine;
using DB = Symbolic.Caffe.Schema.DataParameter.Types.DB;

namespace Symbolic.Cli.Commands;

/// <summary>The kinds of database that -backend names.</summary>
internal static class Backends
{
    /// <summary>The kind of the flag, LMDB where it was not given, as in Caffe's tools.</summary>
    public static DB Of(Arguments arguments) => Parse(arguments.Text("backend") ?? "lmdb", "-backend ");

    /// <summary>The kind of a word.</summary>
    public static DB Parse(string word, string what) => word switch
    {
        "lmdb" => DB.Lmdb,
        "leveldb" => DB.Leveldb,
        _ => throw new UsageError($"{what}{word}: neither lmdb nor leveldb"),
    };

    /// <summary>The items of a database.</summary>
    public static IDatumSource Open(string folder, DB backend) => backend == DB.Lmdb ? LmdbSource.Open(folder) : LevelDbSource.Open(folder);
}
