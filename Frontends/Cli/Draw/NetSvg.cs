using Symbolic.Cli.Page;

namespace Symbolic.Cli.Draw;

/// <summary>A net's graph as a drawing that needs no other file, no script and no network.</summary>
internal static class NetSvg
{
    private const int Width = 168, Height = 62, Margin = 24, GapAlong = 44, GapAcross = 26;
    private const int MostLetters = 22;

    private const string Style = """

        svg { font-family: system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; background: #fbfbf9; }
        .box { stroke: #7d8795; stroke-width: 1; }
        .source { fill: #e8e4d8; } .learned { fill: #cfe0f5; } .fixed { fill: #f2f2f2; } .goal { fill: #f6d9c8; }
        .name { font-size: 13px; font-weight: 600; fill: #1d2430; } .small { font-size: 11px; fill: #4c5664; }
        .edge { fill: none; stroke: #7d8795; stroke-width: 1.3; }
        .blob { font-size: 10px; fill: #5b6574; }
        """;

    /// <summary>The drawing as an SVG file.</summary>
    public static string Write(NetGraph graph, bool sideways) => "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" + Draw(graph, sideways).Text;

    /// <summary>The drawing in a page.</summary>
    public static string Page(NetGraph graph, bool sideways) => Html.Of($"""
        <!doctype html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
        <title>{graph.Name}</title>
        </head>
        <body>
        <h1>{graph.Name}</h1>
        {Draw(graph, sideways)}
        </body>
        </html>

        """).Text;

    private static Html Draw(NetGraph graph, bool sideways)
    {
        var layering = new Layering(graph);
        (double alongStep, double acrossStep) = sideways ? (Width + GapAlong, Height + GapAcross) : (Height + GapAlong, Width + GapAcross);
        double along = (2 * Margin) + (Math.Max(layering.Layers - 1, 0) * alongStep) + (sideways ? Width : Height);
        double across = (2 * Margin) + (layering.Breadth * acrossStep) + (sideways ? Height : Width);
        (double width, double height) = sideways ? (along, across) : (across, along);
        (double X, double Y) Middle(int node)
        {
            (int layer, double place) = layering[node];
            double a = Margin + (layer * alongStep) + ((sideways ? Width : Height) / 2.0), b = Margin + (place * acrossStep) + ((sideways ? Height : Width) / 2.0);
            return sideways ? (a, b) : (b, a);
        }
        IEnumerable<Html> edges = graph.Edges.Select((edge, i) => Edge(edge, graph, [.. layering.Paths[i].Select(Middle)], sideways));
        IEnumerable<Html> nodes = graph.Nodes.Select((node, i) => Node(node, Middle(i)));
        return Html.Of($"""
            <svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}" role="img">
            <title>{graph.Name}</title>
            <style>{new Html(Style)}</style>
            <defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 L8 4 L0 8 z" fill="#7d8795"/></marker></defs>
            {edges}{nodes}</svg>

            """);
    }

    private static Html Node(GraphNode node, (double X, double Y) at)
    {
        string kind = node.Kind.ToString().ToLowerInvariant();
        double first = at.Y - (node.Facts.Length > 0 ? 10 : 2);
        Html facts = node.Facts.Length == 0 ? default : Html.Of($"""<text class="small" x="{at.X}" y="{first + 30}" text-anchor="middle">{Short(node.Facts, MostLetters + 4)}</text>""");
        return Html.Of($"""
            <g><title>{node.Name} ({node.Type}) {node.Facts}</title><rect class="box {kind}" x="{at.X - (Width / 2.0)}" y="{at.Y - (Height / 2.0)}" width="{Width}" height="{Height}" rx="8"/><text class="name" x="{at.X}" y="{first}" text-anchor="middle">{Short(node.Name, MostLetters)}</text><text class="small" x="{at.X}" y="{first + 15}" text-anchor="middle">{Short(node.Type, MostLetters + 4)}</text>{facts}</g>

            """);
    }

    private static Html Edge(GraphEdge edge, NetGraph graph, (double X, double Y)[] points, bool sideways)
    {
        points[0] = Moved(points[0], sideways, 1);
        points[^1] = Moved(points[^1], sideways, -1);
        var pieces = new List<Html>();
        for (int i = 1; i < points.Length; i++)
        {
            (double x, double y) = points[i - 1];
            (double toX, double toY) = points[i];
            (double middleX, double middleY) = ((x + toX) / 2, (y + toY) / 2);
            pieces.Add(sideways ? Html.Of($" C{middleX} {y} {middleX} {toY} {toX} {toY}") : Html.Of($" C{x} {middleY} {toX} {middleY} {toX} {toY}"));
        }
        Html label = edge.Blob == graph.Nodes[edge.From].Name ? default
            : Html.Of($"""<text class="blob" x="{points[0].X + 4}" y="{points[0].Y + (sideways ? -4 : 12)}">{Short(edge.Blob, MostLetters)}</text>""");
        return Html.Of($"""
            <path class="edge" marker-end="url(#tip)" d="M{points[0].X} {points[0].Y}{pieces}"/>{label}

            """);
    }

    // From the middle of a box to its rim.
    private static (double X, double Y) Moved((double X, double Y) at, bool sideways, int way) =>
        sideways ? (at.X + (way * Width / 2.0), at.Y) : (at.X, at.Y + (way * Height / 2.0));

    private static string Short(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";
}
