using System.Diagnostics;
using System.Text.Json;

namespace Symbolic.Runtime;

/// <summary>
/// When which thread worked on which kernel, for the last so many entries: a ring, since calls allocate nothing. Written in the format of Chrome's
/// trace viewer ("Trace Event Format"), which Perfetto reads too.
/// </summary>
internal sealed class TraceLog
{
    private const int Capacity = 1 << 16;

    private readonly Entry[] entries = new Entry[Capacity];
    private long count;

    /// <summary>Notes that a thread (0 is the caller) worked on a phase of a kernel.</summary>
    public void Add(KernelCounter kernel, int phase, int thread, long begin, long end) => entries[count++ % Capacity] = new Entry(kernel, phase, thread, begin, end);

    /// <summary>Writes what is there, the first entry at time 0.</summary>
    public void Write(Stream stream, string name)
    {
        Entry[] kept = [.. entries.Take((int)Math.Min(count, Capacity)).OrderBy(entry => entry.Begin)];
        using var json = new Utf8JsonWriter(stream);
        json.WriteStartObject();
        json.WriteString("displayTimeUnit", "ms");
        json.WriteStartArray("traceEvents");
        Meta(json, "process_name", 0, name);
        foreach (int thread in kept.Select(entry => entry.Thread).Distinct().Order())
        {
            Meta(json, "thread_name", thread, thread == 0 ? "caller" : $"worker {thread}");
        }
        foreach (Entry entry in kept)
        {
            json.WriteStartObject();
            json.WriteString("ph", "X");
            json.WriteString("name", $"{entry.Kernel.Kernel} {entry.Kernel.Label}");
            json.WriteNumber("pid", 1);
            json.WriteNumber("tid", entry.Thread);
            json.WriteNumber("ts", Microseconds(entry.Begin - kept[0].Begin));
            json.WriteNumber("dur", Microseconds(entry.End - entry.Begin));
            json.WriteStartObject("args");
            json.WriteNumber("phase", entry.Phase);
            json.WriteEndObject();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static double Microseconds(long ticks) => ticks * 1e6 / Stopwatch.Frequency;

    private static void Meta(Utf8JsonWriter json, string kind, int thread, string name)
    {
        json.WriteStartObject();
        json.WriteString("ph", "M");
        json.WriteString("name", kind);
        json.WriteNumber("pid", 1);
        json.WriteNumber("tid", thread);
        json.WriteStartObject("args");
        json.WriteString("name", name);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private readonly record struct Entry(KernelCounter Kernel, int Phase, int Thread, long Begin, long End);
}
