using System.Xml.Linq;
using Symbolic.Caffe;
using Symbolic.Caffe.Schema;
using Symbolic.Cli;
using Symbolic.Cli.Draw;

namespace Symbolic.Test;

/// <summary>Drawings of nets.</summary>
public class DrawCommandTests
{
    private const string Net = """
        name: 'a "quoted" <net>'
        layer { name: 'train' type: 'Data' top: 'x' include { phase: TRAIN } }
        layer { name: 'test' type: 'Data' top: 'x' include { phase: TEST } }
        layer { name: 'conv' type: 'Convolution' bottom: 'x' top: 'c' convolution_param { num_output: 8 kernel_size: 3 stride: 2 } }
        layer { name: 'relu' type: 'ReLU' bottom: 'c' top: 'c' }
        layer { name: 'side' type: 'Pooling' bottom: 'x' top: 'side' pooling_param { kernel_size: 2 stride: 2 } }
        layer { name: 'join' type: 'Concat' bottom: 'c' bottom: 'side' bottom: 'x' top: 'join' }
        """;

    [Fact]
    public void DotHasEveryLayerAndEdge()
    {
        string dot = Draw("net.dot", "");
        Assert.StartsWith("digraph \"a \\\"quoted\\\" <net>\" {\n  rankdir=LR;", dot, StringComparison.Ordinal);
        Assert.Contains("n2 [label=\"conv\\nConvolution\\n8 of 3, stride 2\", fillcolor=\"#cfe0f5\"];", dot, StringComparison.Ordinal);
        // Both data layers give x; ReLU works in place, so what follows comes from it.
        foreach (string edge in new[] { "n0 -> n2 [label=\"x\"];", "n1 -> n2 [label=\"x\"];", "n2 -> n3 [label=\"c\"];", "n3 -> n5 [label=\"c\"];", "n4 -> n5;" })
        {
            Assert.Contains(edge, dot, StringComparison.Ordinal);
        }
        string test = Draw("net.dot", "-phase TEST -rankdir TB");
        Assert.Contains("rankdir=TB", test, StringComparison.Ordinal);
        Assert.DoesNotContain("\"train", test, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("net.svg", "")]
    [InlineData("net.html", "-rankdir TB")]
    public void DrawingsAreWellFormedAndNothingOverlaps(string file, string flags)
    {
        string text = Draw(file, flags);
        XNamespace svg = "http://www.w3.org/2000/svg";
        XElement drawing = XElement.Parse(text[text.IndexOf("<svg", StringComparison.Ordinal)..(text.IndexOf("</svg>", StringComparison.Ordinal) + 6)]);
        (double X, double Y)[] boxes = [.. drawing.Descendants(svg + "rect").Select(box => ((double)box.Attribute("x")!, (double)box.Attribute("y")!))];
        Assert.Equal(6, boxes.Length);
        for (int i = 0; i < boxes.Length; i++)
        {
            Assert.InRange(boxes[i].X, 0, (double)drawing.Attribute("width")! - 168);
            Assert.InRange(boxes[i].Y, 0, (double)drawing.Attribute("height")! - 62);
            Assert.All(boxes[..i], other => Assert.True(Math.Abs(other.X - boxes[i].X) >= 168 || Math.Abs(other.Y - boxes[i].Y) >= 62));
        }
        Assert.Equal(9, drawing.Elements(svg + "path").Count());
        Assert.DoesNotMatch("https?:", text.Replace("http://www.w3.org/2000/svg", "", StringComparison.Ordinal));
    }

    [DataFact]
    public void EveryNetOfTheModelsIsDrawn()
    {
        foreach (string path in Directory.EnumerateFiles(ReferenceData.File("caffe", "models"), "*.prototxt", SearchOption.AllDirectories).Where(path => !path.Contains("solver", StringComparison.Ordinal)))
        {
            NetParameter net = Prototxt.ReadNet(path).Message;
            NetGraph graph = NetGraph.Of(net.Name, net.Layer.ToSeq());
            Assert.All(graph.Edges, edge => Assert.True(edge.From < edge.To));
            _ = XElement.Parse(NetSvg.Write(graph, sideways: true));
        }
    }

    private static string Draw(string file, string flags)
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("symbolic-draw-");
        try
        {
            File.WriteAllText(Path.Combine(folder.FullName, "net.prototxt"), Net);
            using StringWriter output = new(), error = new();
            Assert.Equal((0, ""), (Tool.Run(["draw", .. flags.Split(' ', StringSplitOptions.RemoveEmptyEntries), Path.Combine(folder.FullName, "net.prototxt"), Path.Combine(folder.FullName, file)], output, error), error.ToString()));
            return File.ReadAllText(Path.Combine(folder.FullName, file));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
