using Symbolic.Caffe;

namespace Symbolic.Cli.Page;

/// <summary>The page about a run: one file that needs no network, no script and no other file.</summary>
internal static class DemoPage
{
    /// <summary>The page's text.</summary>
    public static string Write(DemoReport report)
    {
        var loss = new Chart("Loss (logarithmic)",
        [
            new("each training step", "faint", report.TrainLoss),
            new("training, smoothed", "train", Smoothed(report.TrainLoss)),
            new("test", "test", report.TestLoss, Dots: true),
        ], logarithmic: true);
        var accuracy = new Chart("Accuracy on the test digits", [new("accuracy", "test", report.Accuracy, Dots: true)], logarithmic: false);
        return Html.Of($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:">
            <title>{report.Title}</title>
            <style>{new Html(Style.Text)}</style>
            </head>
            <body>
            <header>
            <p class="brand">Symbolic</p>
            <h1>{report.Title}</h1>
            <p class="lead">{report.Lead}</p>
            <dl class="headline">{report.Headline.Select(f => Html.Of($"<div><dt>{f.Name}</dt><dd>{f.Value}</dd></div>"))}</dl>
            </header>
            <main>
            <section aria-labelledby="learning"><h2 id="learning">Learning</h2><div class="charts">{loss.Draw()}{accuracy.Draw()}</div></section>
            <section aria-labelledby="net"><h2 id="net">The net</h2>{NetDrawing.Draw(report.Layers)}
            <details><summary>Its prototxt</summary><pre>{report.Prototxt}</pre></details></section>
            <section aria-labelledby="digits"><h2 id="digits">Digits it had not seen</h2>
            <h3>Read wrongly</h3>{Pictures(report.Wrong, "None of them.")}
            <h3>Read rightly</h3>{Pictures(report.Right, "None of them.")}</section>
            <section aria-labelledby="confusion"><h2 id="confusion">What is taken for what</h2>{Confusion(report.Confusion)}</section>
            <section aria-labelledby="run"><h2 id="run">The run</h2>{Facts(report.Facts)}{Kernels(report.Kernels)}</section>
            </main>
            </body>
            </html>

            """).Text;
    }

    private static IReadOnlyList<CurvePoint> Smoothed(IReadOnlyList<CurvePoint> points)
    {
        var smooth = new List<CurvePoint>();
        double mean = 0, weight = 0;
        foreach (CurvePoint point in points.Where(p => double.IsFinite(p.Value)))
        {
            (mean, weight) = ((0.95 * mean) + (0.05 * point.Value), (0.95 * weight) + 0.05);
            smooth.Add(point with { Value = mean / weight });
        }
        return smooth;
    }

    private static Html Pictures(IReadOnlyList<Prediction> pictures, string none) => pictures.Count == 0
        ? Html.Of($"<p>{none}</p>")
        : Html.Of($"""<ul class="digits">{pictures.Select(Picture)}</ul>""");

    private static Html Picture(Prediction p)
    {
        byte[] paper = Array.ConvertAll(p.Pixels, ink => (byte)(255 - ink));
        string source = "data:image/png;base64," + Convert.ToBase64String(PngFile.Encode(paper, p.Columns, p.Rows));
        bool right = p.Label == p.Predicted;
        string says = right ? $"{p.Predicted}" : $"{p.Predicted}, is {p.Label}";
        return Html.Of($"""<li class="{(right ? "right" : "wrong")}"><img src="{source}" width="56" height="56" alt="a drawn {p.Label}"><span>{says}</span><span class="sure">{100 * p.Confidence:0} %</span></li>""");
    }

    private static Html Confusion(int[][] counts)
    {
        int most = Math.Max(1, counts.SelectMany((row, label) => row.Where((_, guess) => guess != label)).DefaultIfEmpty(0).Max());
        IEnumerable<Html> head = Enumerable.Range(0, counts.Length).Select(d => Html.Of($"""<th scope="col">{d}</th>"""));
        IEnumerable<Html> rows = counts.Select((row, label) => Html.Of($"""<tr><th scope="row">{label}</th>{row.Select((n, guess) => Cell(n, guess == label, most))}</tr>"""));
        return Html.Of($"""<div class="wide"><table class="confusion"><caption>Rows: what was drawn. Columns: what the net read.</caption><thead><tr><td></td>{head}</tr></thead><tbody>{rows}</tbody></table></div>""");
    }

    private static Html Cell(int count, bool right, int most) => right
        ? Html.Of($"""<td class="hit">{count}</td>""")
        : count == 0 ? Html.Of($"""<td class="none">0</td>""") : Html.Of($"""<td style="--heat:{12 + (42.0 * count / most):0}%">{count}</td>""");

    private static Html Facts(IReadOnlyList<(string Name, string Value)> facts) =>
        Html.Of($"""<table class="facts"><tbody>{facts.Select(f => Html.Of($"""<tr><th scope="row">{f.Name}</th><td>{f.Value}</td></tr>"""))}</tbody></table>""");

    private static Html Kernels(IReadOnlyList<KernelRow> kernels) => kernels.Count == 0 ? default : Html.Of($"""
        <div class="wide"><table class="kernels"><caption>Kernels of the training step, the slowest first</caption>
        <thead><tr><th scope="col">kernel</th><th scope="col">calls</th><th scope="col">ms</th><th scope="col">GFLOP/s</th><th scope="col">GB/s</th></tr></thead>
        <tbody>{kernels.Select(k => Html.Of($"""<tr><th scope="row">{k.Name}</th><td>{k.Calls:0}</td><td>{k.Milliseconds:0.0}</td><td>{k.GigaFlops:0.0}</td><td>{k.GigaBytes:0.0}</td></tr>"""))}</tbody></table></div>
        """);
}
