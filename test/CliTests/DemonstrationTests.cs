using Symbolic.Cli.Demo;
using Symbolic.Cli.Demo.Digits;
using Symbolic.Cli.Page;
using Symbolic.Runtime;

namespace Symbolic.Test;

public class DemonstrationTests
{
    [Fact]
    public void AShortRunFillsThePage()
    {
        var data = new DemoData(DrawnDigits.Draw(1, 0, 640), DrawnDigits.Draw(1, 640, 200), "drawn digits", "drawn from seed 1");
        using var demonstration = new Demonstration(data, iterations: 12, seed: 1, new CompileOptions());
        demonstration.Train();
        DemoReport report = demonstration.Report();
        Assert.Equal(12, report.TrainLoss.Count);
        Assert.InRange(report.TrainLoss[0].Value, 2.0, 2.7);
        Assert.Equal(["digits", "conv1", "pool1", "conv2", "pool2", "ip1", "relu1", "ip2", "loss"], report.Layers.Select(l => l.Name));
        Assert.Equal([1L, 28, 28], report.Layers[0].Shape);
        Assert.Equal([50L, 8, 8], report.Layers[3].Shape);
        Assert.Equal(431_080, report.Layers.Sum(l => l.Parameters));
        Assert.Equal(200, report.Confusion.Sum(row => row.Sum()));
        Assert.Equal(data.Test.Labels.Count(label => label == 3), report.Confusion[3].Sum());
        Assert.Equal(Enumerable.Range(0, 10).Sum(digit => report.Confusion[digit][digit]) / 200.0, report.Share);
        Assert.NotEmpty(report.Kernels);
        Assert.Contains("<polyline", DemoPage.Write(report), StringComparison.Ordinal);
    }
}
