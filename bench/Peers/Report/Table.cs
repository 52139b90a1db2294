using System.Globalization;

namespace Symbolic.Peers.Report;

/// <summary>The report as text for the screen.</summary>
internal static class Table
{
    /// <summary>The line above the rows.</summary>
    public static string Head { get; } =
        $"{"work",-66} {"peer",-12} {"ratio",7} {"spread",7} {"ours ms",10} {"best",10} {"peer ms",10} {"best",10} {"rate",16} {"limit",7} {"MB",6} {"MB peer",7}";

    /// <summary>The limits in a line.</summary>
    public static string Of(IReadOnlyDictionary<string, double> limits) =>
        string.Join(", ", limits.Select(limit => string.Create(CultureInfo.InvariantCulture, $"{limit.Key} {limit.Value:0.#}")));

    /// <summary>A row in a line; the parts of a row stand indented above it.</summary>
    public static string Of(Row row) => string.Create(CultureInfo.InvariantCulture,
        $"{(row.Detail ? "  " : "") + row.Work,-66} {row.Peer,-12} {Number(row.Ratio, "0.00"),7} {Number(100 * row.Spread, "0"),6}% {Number(row.OursMs),10} {Number(row.OursBestMs),10} {Number(row.PeerMs),10} {Number(row.PeerBestMs),10} "
        + $"{(row.Unit.Length == 0 ? "" : $"{row.Rate:0.0} {row.Unit}"),16} {Number(row.PercentOfLimit, "0.0"),6}% {Number(row.OursPeakMb, "0"),6} {Number(row.PeerPeakMb, "0"),7}")
        + (row.Without.Count == 0 ? "" : $"  without {string.Join(", ", row.Without)}");

    private static string Number(double value, string format = "0.####") => value == 0 ? "-" : value.ToString(format, CultureInfo.InvariantCulture);
}
