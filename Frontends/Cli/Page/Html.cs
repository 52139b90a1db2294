using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;

namespace Symbolic.Cli.Page;

/// <summary>A piece of a page. Made from interpolated text, whose holes are escaped unless they are pieces themselves.</summary>
internal readonly record struct Html(string Text)
{
    /// <summary>A piece from text with holes.</summary>
    public static Html Of(HtmlText text) => new(text.ToString());

    /// <summary>Pieces one after another.</summary>
    public static Html Join(IEnumerable<Html> pieces) => new(string.Concat(pieces.Select(piece => piece.Text)));

    /// <inheritdoc/>
    public override string ToString() => Text;
}

/// <summary>Collects a piece: what stands in the program is markup, what comes from values is escaped.</summary>
[InterpolatedStringHandler]
internal readonly ref struct HtmlText(int literal, int holes)
{
    private readonly StringBuilder text = new(literal + (holes * 16));

    /// <summary>Markup.</summary>
    public void AppendLiteral(string markup) => text.Append(markup);

    /// <summary>A piece, already safe.</summary>
    public void AppendFormatted(Html piece) => text.Append(piece.Text);

    /// <summary>Pieces, already safe.</summary>
    public void AppendFormatted(IEnumerable<Html> pieces) => text.Append(Html.Join(pieces).Text);

    /// <summary>Text from anywhere.</summary>
    public void AppendFormatted(string value) => text.Append(WebUtility.HtmlEncode(value));

    /// <summary>A number.</summary>
    public void AppendFormatted(int value) => text.Append(value);

    /// <summary>A number, with at most two decimals unless a format says otherwise.</summary>
    public void AppendFormatted(double value, string? format = null) => text.Append(WebUtility.HtmlEncode(value.ToString(format ?? "0.##", CultureInfo.InvariantCulture)));

    /// <inheritdoc/>
    public override string ToString() => text.ToString();
}
