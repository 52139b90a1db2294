using System.Globalization;

namespace Symbolic.Cli.Page;

/// <summary>The net as a row of blocks: as high as its pictures are, as deep as it has channels.</summary>
internal static class NetDrawing
{
    private const int Column = 104, Middle = 92, Height = 246;

    /// <summary>The drawing.</summary>
    public static Html Draw(IReadOnlyList<LayerBox> layers)
    {
        string summary = "The net: " + string.Join(", then ", layers.Select(l => $"{l.Name} ({l.Type}, {Sizes(l.Shape)})"));
        return Html.Of($"""
            <div class="wide"><svg class="net" viewBox="0 0 {Column * layers.Count} {Height}" style="min-width:{Column * layers.Count * 0.8:0}px" role="img" aria-label="{summary}">
            {layers.Select(Block)}
            </svg></div>

            """);
    }

    private static Html Block(LayerBox layer, int index)
    {
        double centre = (Column * index) + (Column / 2.0);
        bool flat = layer.Shape.Count < 3;
        long channels = layer.Shape.Count > 0 ? layer.Shape[0] : 1;
        // Square roots, so that 500 outputs and a 28x28 picture fit into one drawing.
        double side = flat ? 9 + (4.6 * Math.Sqrt(channels)) : 6 + (11 * Math.Sqrt(layer.Shape[1]));
        int sheets = flat ? 1 : (int)Math.Clamp(Math.Sqrt(channels), 1, 8);
        double width = flat ? 12 : side * 0.72;
        double start = -(sheets - 1) * 1.6;
        IEnumerable<Html> blocks = Enumerable.Range(0, sheets).Select(s => Html.Of($"""<rect class="block" x="{centre - (width / 2) + start + (3.2 * s)}" y="{Middle - (side / 2) + start + (3.2 * s)}" width="{width}" height="{side}" rx="2"/>"""));
        Html arrow = index == 0 ? default : Html.Of($"""<path class="arrow" d="M{centre - (Column / 2.0) - 8} {Middle} h14 m-5 -4 l5 4 l-5 4"/>""");
        string learns = layer.Parameters == 0 ? "" : layer.Parameters.ToString("N0", CultureInfo.InvariantCulture) + " learned";
        return Html.Of($"""
            <g>{arrow}{blocks}<text class="name" x="{centre}" y="188" text-anchor="middle">{layer.Name}</text><text class="tick" x="{centre}" y="205" text-anchor="middle">{layer.Type}</text><text class="tick" x="{centre}" y="221" text-anchor="middle">{Sizes(layer.Shape)}</text><text class="tick" x="{centre}" y="237" text-anchor="middle">{learns}</text></g>

            """);
    }

    private static string Sizes(Seq<long> shape) => shape.Count == 0 ? "one number" : string.Join(" × ", shape);
}
