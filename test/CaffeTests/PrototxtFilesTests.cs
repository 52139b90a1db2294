using Google.Protobuf;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;

namespace Symbolic.Test;

/// <summary>Prototxt files as people and Caffe write them.</summary>
public class PrototxtFilesTests
{
    [DataFact]
    public void EveryModelAndSolverParses()
    {
        string[] paths = [.. Directory.EnumerateFiles(ReferenceData.File("caffe"), "*.prototxt", SearchOption.AllDirectories)
            .Where(path => !path.Contains($"{Path.DirectorySeparatorChar}errors{Path.DirectorySeparatorChar}", StringComparison.Ordinal))];
        var failures = new List<string>();
        int solvers = 0;
        foreach (string path in paths)
        {
            try
            {
                bool isSolver = Path.GetFileName(path).Contains("solver", StringComparison.Ordinal) && !path.EndsWith("_net.prototxt", StringComparison.Ordinal);
                solvers += isSolver ? 1 : 0;
                IMessage message = isSolver ? Prototxt.Read<SolverParameter>(path).Message : Prototxt.Read<NetParameter>(path).Message;
                string text = PrototxtWriter.Write(message);
                IMessage again = isSolver ? Prototxt.Parse<SolverParameter>(text, path).Message : Prototxt.Parse<NetParameter>(text, path).Message;
                if (!message.Equals(again))
                {
                    failures.Add($"{path}: what is written differs from what was read");
                }
            }
            catch (PrototxtError error)
            {
                failures.Add(error.Message);
            }
        }
        Assert.Empty(failures);
        Assert.True(paths.Length > 300 && solvers > 40, $"{paths.Length} files, {solvers} solvers");
    }

    [DataFact]
    public void WritesWhatCaffeWrites()
    {
        string[] paths = Directory.GetFiles(ReferenceData.File("caffe", "golden", "upgrade"), "*.out.prototxt");
        foreach (string path in paths)
        {
            bool isSolver = Path.GetFileName(path).StartsWith("solver", StringComparison.Ordinal);
            IMessage message = isSolver ? Prototxt.Read<SolverParameter>(path).Message : Prototxt.Read<NetParameter>(path).Message;
            Assert.Equal(File.ReadAllText(path), PrototxtWriter.Write(message));
        }
        Assert.True(paths.Length > 5);
    }

    [DataFact]
    public void RefusesWhatCaffeRefusesToParse()
    {
        foreach ((string file, string message) in new[]
        {
            ("parse_unknown_field", "2:53: LayerParameter has no field 'relu_paramm'; did you mean 'relu_param'?"),
            ("parse_bad_enum", "2:78: 'pool' wants MAX, AVE or STOCHASTIC, not MIN"),
            ("parse_missing_brace", "3:1: the file ends; expected the name of a field or '}'"),
            ("parse_bad_number", "2:87: 'dropout_ratio' wants a number, not abc"),
        })
        {
            string path = ReferenceData.File("caffe", "golden", "errors", file + ".prototxt");
            Assert.Equal($"{path}:{message}", Assert.Throws<PrototxtError>(() => Prototxt.Read<NetParameter>(path)).Message);
        }
    }
}
