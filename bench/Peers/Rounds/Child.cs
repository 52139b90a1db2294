using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Rounds;

/// <summary>A contestant's process, seen from the parent. While it is not asked it is stopped, so that nothing of it spins or collects beside another's time.</summary>
internal sealed partial class Child : IDisposable
{
    private const int Stop = 19, Continue = 18, KillNow = 9, ParentDeathSignal = 1;

    private readonly Process process;

    /// <summary>Starts it.</summary>
    public Child(string contestant, int threads)
    {
        Contestant = contestant;
        string self = Environment.ProcessPath!;
        string[] program = Path.GetFileNameWithoutExtension(self).Equals("dotnet", StringComparison.Ordinal) ? [typeof(Child).Assembly.Location] : [];
        bool alone = contestant == PeerNames.OneThread;
        string count = (alone ? 1 : threads).ToString(CultureInfo.InvariantCulture);
        var start = new ProcessStartInfo(self, [.. program, Program.ChildWord, alone ? PeerNames.Ours : contestant, count]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        start.Environment["OMP_NUM_THREADS"] = count;
        start.Environment["MKL_NUM_THREADS"] = count;
        process = Process.Start(start)!;
    }

    /// <summary>Whose it is.</summary>
    public string Contestant { get; }

    /// <summary>Prepares a work and runs it once; gives what only the child knows of its size.</summary>
    public double Prepare(Work work) => double.Parse(Ask(Message.Prepare, work.Name), CultureInfo.InvariantCulture);

    /// <summary>Digests of what the last run left.</summary>
    public (string Name, double[] Digest)[] Outputs() => Message.DecodeDigests(Ask(Message.Outputs));

    /// <summary>Times of one slot.</summary>
    public double[] Run(double milliseconds, int least) =>
        Message.Decode(Ask(Message.Run, milliseconds.ToString(CultureInfo.InvariantCulture), least.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Lets go of the work.</summary>
    public void Drop() => Ask(Message.Drop);

    /// <summary>The most bytes that it has had resident.</summary>
    public long Peak() => long.Parse(Ask(Message.Peak), CultureInfo.InvariantCulture);

    /// <summary>Has the process that calls this, a child, die with its parent, even while it is stopped.</summary>
    public static void DieWithParent()
    {
        if (OperatingSystem.IsLinux())
        {
            _ = ProcessControl(ParentDeathSignal, KillNow, 0, 0, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!process.HasExited)
        {
            Signal(Continue);
            try
            {
                process.StandardInput.WriteLine(Message.Quit);
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It is dying by itself.
            }
            if (!process.WaitForExit(5000))
            {
                process.Kill();
                process.WaitForExit();
            }
        }
        process.Dispose();
    }

    private string Ask(params string[] words)
    {
        string[] parts = Answer(string.Join('\t', words))?.Split('\t', 2) ?? throw new ContestException($"the process of {Contestant} died at '{string.Join(' ', words)}'");
        Signal(Stop);
        return parts[0] == Message.Ok ? parts[1] : throw new ContestException($"{Contestant}: {Message.Unquote(parts[1])}");
    }

    private string? Answer(string line)
    {
        Signal(Continue);
        try
        {
            process.StandardInput.WriteLine(line);
            process.StandardInput.Flush();
        }
        catch (IOException)
        {
            return null;
        }
        string? answer = process.StandardOutput.ReadLine();
        while (answer is not null && !answer.StartsWith(Message.Ok, StringComparison.Ordinal) && !answer.StartsWith(Message.Error, StringComparison.Ordinal))
        {
            // A native library's own chatter.
            answer = process.StandardOutput.ReadLine();
        }
        return answer;
    }

    private void Signal(int signal)
    {
        if (OperatingSystem.IsLinux() && !process.HasExited)
        {
            _ = Kill(process.Id, signal);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "prctl")]
    private static partial int ProcessControl(int option, nuint a, nuint b, nuint c, nuint d);
}

/// <summary>A contestant failed, or two disagree.</summary>
internal class ContestException(string message) : Exception(message);

/// <summary>A peer is wrong, not we: the work has nobody to be compared with.</summary>
internal sealed class PeerWrongException(string message) : ContestException(message);
