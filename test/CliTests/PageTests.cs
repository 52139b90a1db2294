using System.IO.Compression;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using Symbolic.Cli.Page;

namespace Symbolic.Test;

public partial class PageTests
{
    [Fact]
    public void EveryTextIsEscaped()
    {
        const string hostile = "<script>alert('\"&')</script>";
        string page = DemoPage.Write(Example with
        {
            Title = hostile,
            Lead = hostile,
            Layers = [new(hostile, hostile, [1, 28, 28], 0)],
            Headline = [(hostile, hostile)],
            Facts = [(hostile, hostile)],
            Kernels = [new(hostile, 1, 1, 1, 1)],
            Prototxt = hostile,
        });
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Equal(13, Regex.Count(page, Regex.Escape("&lt;script&gt;alert(&#39;&quot;&amp;&#39;)")));
    }

    [Fact]
    public void ThePageNeedsNoNetworkAndNoOtherFile()
    {
        string page = DemoPage.Write(Example);
        Assert.DoesNotContain("http:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page, StringComparison.Ordinal);
        Assert.All(Source().Matches(page), m => Assert.StartsWith("data:image/png;base64,", m.Groups[1].Value, StringComparison.Ordinal));
        Assert.Contains("default-src 'none'", page, StringComparison.Ordinal);
    }

    [Fact]
    public void TheMarkupIsWellFormed()
    {
        string page = DemoPage.Write(Example);
        string body = page[page.IndexOf("<body>", StringComparison.Ordinal)..page.IndexOf("</html>", StringComparison.Ordinal)];
        // Elements without an end are the only way in which this page is not XML.
        XElement tree = XElement.Parse(Regex.Replace(body, "<img([^>]*)>", "<img$1/>"));
        Assert.Equal(2, tree.Descendants("figure").Count());
        Assert.Equal(3, tree.Descendants("img").Count());
        Assert.All(tree.Descendants("img"), img => Assert.NotNull(img.Attribute("alt")));
        Assert.All(tree.Descendants("svg"), svg => Assert.NotEmpty(svg.Attribute("aria-label")!.Value));
        Assert.Equal(4, tree.Descendants("table").Single(t => (string?)t.Attribute("class") == "confusion").Descendants("tbody").Single().Descendants("td").Count());
    }

    [Fact]
    public void CurvesOfNothingAndOfNonsenseAreDrawn()
    {
        string none = DemoPage.Write(Example with { TrainLoss = [], TestLoss = [], Accuracy = [], Right = [], Wrong = [], Kernels = [] });
        string odd = DemoPage.Write(Example with { TrainLoss = [new(0, double.NaN), new(1, double.PositiveInfinity), new(2, 0), new(3, -1)], Accuracy = [new(0, 0.5), new(1, 0.5)] });
        Assert.All([none, odd], page => Assert.DoesNotContain("NaN", page, StringComparison.Ordinal));
    }

    [Fact]
    public void PicturesDecode()
    {
        byte[] grey = [.. Enumerable.Range(0, 35).Select(i => (byte)(i * 7))];
        byte[] file = Caffe.PngFile.Encode(grey, width: 7, height: 5);
        // signature 8, header chunk 25, then the data chunk
        int length = (file[33] << 24) | (file[34] << 16) | (file[35] << 8) | file[36];
        using var zlib = new ZLibStream(new MemoryStream(file, 41, length), CompressionMode.Decompress);
        using var raw = new MemoryStream();
        zlib.CopyTo(raw);
        Assert.Equal(Enumerable.Range(0, 5).SelectMany(y => grey.Skip(y * 7).Take(7).Prepend((byte)0)), raw.ToArray());
        // The check sum of an empty IEND chunk is the same in every PNG file.
        Assert.Equal([0xAE, 0x42, 0x60, 0x82], file[^4..]);
    }

    private static DemoReport Example => new()
    {
        Title = "A run",
        Lead = "It went well.",
        TrainLoss = [.. Enumerable.Range(0, 100).Select(i => new CurvePoint(i, 2.3 / (1 + i)))],
        TestLoss = [new(0, 2.3), new(100, 0.1)],
        Accuracy = [new(0, 0.1), new(100, 0.97)],
        Layers = [new("data", "Input", [1, 28, 28], 0), new("ip", "InnerProduct", [10], 7850), new("loss", "SoftmaxWithLoss", [], 0)],
        Right = [new(new byte[784], 28, 28, 3, 3, 0.99)],
        Wrong = [new(new byte[784], 28, 28, 4, 9, 0.6), new(new byte[784], 28, 28, 1, 7, 0.5)],
        Confusion = [[9, 1], [0, 10]],
        Headline = [("accuracy", "97 %")],
        Facts = [("threads", "2")],
        Kernels = [new("k0", 100, 12.5, 40, 10)],
        Prototxt = "name: \"LeNet\"\n",
    };

    [GeneratedRegex("src=\"([^\"]*)\"")]
    private static partial Regex Source();
}
