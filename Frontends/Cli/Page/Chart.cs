using System.Globalization;

namespace Symbolic.Cli.Page;

/// <summary>One line of a chart.</summary>
/// <param name="Name">Its name in the legend.</param>
/// <param name="Style">The CSS class of its colour.</param>
/// <param name="Points">Its points, in order; those that are not finite are left out.</param>
/// <param name="Dots">Whether each point gets a dot, for few points.</param>
internal sealed record Series(string Name, string Style, IReadOnlyList<CurvePoint> Points, bool Dots = false);

/// <summary>A line chart as SVG.</summary>
internal sealed class Chart
{
    private const int Width = 640, Height = 280, Left = 58, Right = 16, Top = 16, Bottom = 40;
    private readonly string title;
    private readonly IReadOnlyList<Series> series;
    private readonly bool logarithmic;
    private readonly double xMost, yLeast, yMost;

    /// <summary>A chart of these lines; a logarithmic one leaves out what is not above zero.</summary>
    public Chart(string title, IReadOnlyList<Series> series, bool logarithmic)
    {
        this.title = title;
        this.logarithmic = logarithmic;
        this.series = [.. series.Select(s => s with { Points = [.. s.Points.Where(p => double.IsFinite(p.Value) && (!logarithmic || p.Value > 0))] })];
        CurvePoint[] all = [.. this.series.SelectMany(s => s.Points)];
        xMost = Math.Max(1, all.Select(p => p.Iteration).DefaultIfEmpty(1).Max());
        (yLeast, yMost) = (all.Select(p => Scale(p.Value)).DefaultIfEmpty(0).Min(), all.Select(p => Scale(p.Value)).DefaultIfEmpty(1).Max());
        double room = Math.Max(0.02 * (yMost - yLeast), 1e-3);
        (yLeast, yMost) = (yLeast - room, yMost + room);
    }

    /// <summary>The drawing, with its legend.</summary>
    public Html Draw()
    {
        IEnumerable<Html> legend = series.Select(s => Html.Of($"""<li><span class="key {s.Style}"></span>{s.Name}</li>"""));
        return Html.Of($"""
            <figure>
            <figcaption>{title}</figcaption>
            <ul class="legend">{legend}</ul>
            <svg viewBox="0 0 {Width} {Height}" role="img" aria-label="{Summary()}">
            {YTicks().Select(YTick)}
            {XTicks().Select(XTick)}
            <text class="tick" x="{(Left + Width - Right) / 2}" y="{Height - 4}" text-anchor="middle">iteration</text>
            {series.Select(Line)}
            </svg>
            </figure>

            """);
    }

    private string Summary() => title + ". " + string.Join(" ", series.Where(s => s.Points.Count > 0).Select(s =>
        string.Create(CultureInfo.InvariantCulture, $"{s.Name}: from {s.Points[0].Value:G3} to {s.Points[^1].Value:G3} at iteration {s.Points[^1].Iteration:0}.")));

    private double Scale(double value) => logarithmic ? Math.Log10(value) : value;

    private double X(double iteration) => Left + ((Width - Left - Right) * iteration / xMost);

    private double Y(double value) => Top + ((Height - Top - Bottom) * (yMost - Scale(value)) / (yMost - yLeast));

    private Html Line(Series line)
    {
        string path = string.Join(' ', line.Points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{X(p.Iteration):0.#},{Y(p.Value):0.#}")));
        IEnumerable<Html> dots = line.Dots
            ? line.Points.Select(p => Html.Of($"""<circle class="{line.Style}" cx="{X(p.Iteration):0.#}" cy="{Y(p.Value):0.#}" r="3.5"><title>{line.Name} at iteration {p.Iteration}: {p.Value:0.####}</title></circle>"""))
            : [];
        return Html.Of($"""<polyline class="{line.Style}" points="{path}"/>{dots}""");
    }

    private IEnumerable<double> XTicks()
    {
        double step = Step(xMost, 6);
        for (double x = 0; x <= xMost + 1e-9; x += step)
        {
            yield return x;
        }
    }

    private IEnumerable<double> YTicks()
    {
        if (!logarithmic)
        {
            double step = Step(yMost - yLeast, 5);
            for (double y = Math.Ceiling(yLeast / step) * step; y <= yMost; y += step)
            {
                yield return y;
            }
            yield break;
        }
        // The marks 1, 2, 5 of each power of ten; over many decades only the powers.
        bool wide = yMost - yLeast > 3;
        for (double decade = Math.Floor(yLeast); decade <= yMost; decade++)
        {
            foreach (double digit in wide ? [1.0] : new[] { 1.0, 2.0, 5.0 })
            {
                double y = digit * Math.Pow(10, decade);
                if (Scale(y) >= yLeast && Scale(y) <= yMost)
                {
                    yield return y;
                }
            }
        }
    }

    private Html YTick(double value) => Html.Of($"""<line class="grid" x1="{Left}" x2="{Width - Right}" y1="{Y(value):0.#}" y2="{Y(value):0.#}"/><text class="tick" x="{Left - 8}" y="{Y(value) + 4:0.#}" text-anchor="end">{value:0.#####}</text>""");

    private static double Step(double range, int most)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(range / most)));
        return new[] { 1.0, 2.0, 5.0, 10.0 }.Select(f => f * power).First(s => range / s <= most);
    }

    private Html XTick(double value) => Html.Of($"""<text class="tick" x="{X(value):0.#}" y="{Height - Bottom + 18}" text-anchor="middle">{value}</text>""");
}
