using System.Diagnostics;
using System.Globalization;

namespace Symbolic.Fuzz;

/// <summary>Fuzzes readers one after the other, each in child processes, and prints a table; the last line counts readers without and with findings.</summary>
internal static class Campaign
{
    private sealed record Result(long Inputs, long Read, long Refused, List<string> Findings, double Slowest, long Greediest, TimeSpan Time);

    public static int Run(CommandLine line)
    {
        Target[] targets = [.. Target.All.Where(target => line.Readers.Count == 0 || line.Readers.Contains(target.Name))];
        if (line.List)
        {
            Array.ForEach(targets, target => Console.WriteLine(target.Name));
            return 0;
        }
        if (line.File is { } file)
        {
            targets.Single().Read(file);
            Console.WriteLine($"{file} is read");
            return 0;
        }
        Console.WriteLine($"seed {line.Seed}; an input again: {targets[0].Name} --seed {line.Seed} --from INDEX --count 1");
        Console.WriteLine("| reader | inputs | read | refused | findings | slowest, s | most allocated, MB | time, s |\n|---|---|---|---|---|---|---|---|");
        int clean = 0;
        foreach (Target target in targets)
        {
            Result result = Fuzz(target, line);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {target.Name} | {result.Inputs} | {result.Read} | {result.Refused} | {result.Findings.Count} | {result.Slowest:0.00} | {result.Greediest / 1e6:0.0} | {result.Time.TotalSeconds:0} |"));
            result.Findings.ForEach(Console.WriteLine);
            clean += result.Findings.Count == 0 ? 1 : 0;
        }
        Console.WriteLine($"{clean} passed, {targets.Length - clean} failed, 0 skipped");
        return clean == targets.Length ? 0 : 1;
    }

    private static Result Fuzz(Target target, CommandLine line)
    {
        var clock = Stopwatch.StartNew();
        var variants = new Variants(target, Corpus.Of(target, line.Corpus), line.Seed);
        DirectoryInfo scratch = Directory.CreateTempSubdirectory("fuzz");
        try
        {
            var findings = new List<string>();
            long next = line.From, end = line.From + line.Count, read = 0, refused = 0, greediest = 0;
            double slowest = 0;
            // A child that is lost took one input with it; the next child goes on behind that.
            while (next < end && findings.Count < 100)
            {
                string progress = Path.Combine(scratch.FullName, "at");
                (int exit, List<string> said) = Start(target, line, progress, next, end - next);
                foreach (string text in said.Where(text => text.StartsWith(Child.Finding, StringComparison.Ordinal)))
                {
                    long index = long.Parse(text.Split(' ')[1], CultureInfo.InvariantCulture);
                    findings.Add($"  {target.Name} {text[(Child.Finding.Length + 1)..]} ({Save(target, line, variants, index)})");
                }
                if (said.Find(text => text.StartsWith(Child.Figures, StringComparison.Ordinal)) is { } figures)
                {
                    string[] words = figures.Split(' ');
                    read += long.Parse(words[1], CultureInfo.InvariantCulture);
                    refused += long.Parse(words[2], CultureInfo.InvariantCulture);
                    slowest = Math.Max(slowest, double.Parse(words[3], CultureInfo.InvariantCulture));
                    greediest = Math.Max(greediest, long.Parse(words[4], CultureInfo.InvariantCulture));
                    break;
                }
                long lost = BitConverter.ToInt64(File.ReadAllBytes(progress));
                findings.Add($"  {target.Name} {lost} {(said.Contains("hang") ? "hangs" : $"ends the process with {exit}")}: {said.LastOrDefault()} ({Save(target, line, variants, lost)})");
                next = lost + 1;
            }
            return new Result(line.Count, read, refused, findings, slowest, greediest, clock.Elapsed);
        }
        finally
        {
            scratch.Delete(recursive: true);
        }
    }

    private static (int Exit, List<string> Said) Start(Target target, CommandLine line, string progress, long from, long count)
    {
        string[] own = Environment.GetCommandLineArgs();
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] words =
        [
            .. Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet" ? [own[0]] : Array.Empty<string>(),
            target.Name, "--child", progress, "--seed", $"{line.Seed}", "--from", $"{from}", "--count", $"{count}",
            .. line.Corpus is { } corpus ? ["--corpus", corpus] : Array.Empty<string>(),
        ];
        Array.ForEach(words, start.ArgumentList.Add);
        start.Environment["DOTNET_GCHeapHardLimit"] = Limits.HeapBytes.ToString("X", CultureInfo.InvariantCulture);
        var said = new List<string>();
        using var child = new Process { StartInfo = start };
        void Hear(string? text)
        {
            if (text is not null)
            {
                lock (said)
                {
                    said.Add(text);
                }
            }
        }
        child.OutputDataReceived += (_, heard) => Hear(heard.Data);
        // Of what the runtime says when it dies, the first line tells why.
        child.ErrorDataReceived += (_, heard) => Hear(said.Count < 1000 ? heard.Data : null);
        child.Start();
        child.BeginOutputReadLine();
        child.BeginErrorReadLine();
        child.WaitForExit();
        return (child.ExitCode, said);
    }

    private static string Save(Target target, CommandLine line, Variants variants, long index)
    {
        Directory.CreateDirectory(line.Save);
        string file = Path.Combine(line.Save, $"{target.Name}-{line.Seed}-{index}{target.Extension}");
        File.WriteAllBytes(file, variants[index]);
        return file;
    }
}
