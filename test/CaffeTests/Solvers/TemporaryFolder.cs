namespace Symbolic.Test.Solvers;

/// <summary>A folder that goes when the test ends.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolic-caffe-");

    public string Path(string name) => System.IO.Path.Combine(folder.FullName, name);

    public void Dispose() => folder.Delete(recursive: true);
}

/// <summary>A log kept in memory.</summary>
internal sealed class KeptLog : Caffe.ICaffeLog
{
    public List<Caffe.LogLine> Lines { get; } = [];

    public IEnumerable<string> Messages => Lines.Select(line => line.Message);

    public void Write(Caffe.LogLine line) => Lines.Add(line);
}
