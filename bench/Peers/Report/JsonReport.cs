using System.Text.Json;

namespace Symbolic.Peers.Report;

/// <summary>The report as a file for programs.</summary>
internal static class JsonReport
{
    /// <summary>Writes it.</summary>
    public static void Write(string path, IReadOnlyDictionary<string, double> limits, IEnumerable<Row> rows, IEnumerable<string> errors)
    {
        using FileStream file = File.Create(path);
        using var json = new Utf8JsonWriter(file, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteStartObject("limits");
        foreach ((string name, double value) in limits)
        {
            json.WriteNumber(name, Rounded(value));
        }
        json.WriteEndObject();
        json.WriteStartArray("rows");
        foreach (Row row in rows)
        {
            Write(json, row);
        }
        json.WriteEndArray();
        json.WriteStartArray("errors");
        foreach (string error in errors)
        {
            json.WriteStringValue(error);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, Row row)
    {
        json.WriteStartObject();
        json.WriteString("work", row.Work);
        json.WriteString("peer", row.Peer);
        json.WriteNumber("ours_ms", Rounded(row.OursMs));
        json.WriteNumber("peer_ms", Rounded(row.PeerMs));
        json.WriteNumber("ratio", Rounded(row.Ratio));
        json.WriteNumber("spread", Rounded(row.Spread));
        json.WriteNumber("percent_of_limit", Rounded(row.PercentOfLimit));
        json.WriteNumber("ours_best_ms", Rounded(row.OursBestMs));
        json.WriteNumber("peer_best_ms", Rounded(row.PeerBestMs));
        json.WriteNumber("rate", Rounded(row.Rate));
        json.WriteString("unit", row.Unit);
        json.WriteNumber("ours_peak_mb", Rounded(row.OursPeakMb));
        json.WriteNumber("peer_peak_mb", Rounded(row.PeerPeakMb));
        json.WriteBoolean("detail", row.Detail);
        json.WriteStartArray("without");
        foreach (string work in row.Without)
        {
            json.WriteStringValue(work);
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Rounded(double value) => value == 0 || !double.IsFinite(value) ? 0 : Math.Round(value, (int)Math.Clamp(5 - Math.Floor(Math.Log10(Math.Abs(value))), 0, 12));
}
