using System.Globalization;
using Symbolic.Peers.Contestants;
using Symbolic.Peers.Limits;
using Symbolic.Peers.Works;

namespace Symbolic.Peers.Rounds;

/// <summary>The child's side: does what it is told line by line, and says "error" instead of dying.</summary>
internal sealed class ChildLoop(IContestant contestant) : IDisposable
{
    private IPrepared? prepared;
    private Timer? timer;

    /// <summary>Listens until it is told to quit or the parent is gone.</summary>
    public void Listen(TextReader commands, TextWriter answers)
    {
        while (commands.ReadLine() is { } line && line != Message.Quit)
        {
            string[] words = line.Split('\t');
            try
            {
                answers.WriteLine($"{Message.Ok}\t{Answer(words[0], words[1..])}");
            }
#pragma warning disable CA1031 // The parent is told of whatever happened, and goes on with the next work.
            catch (Exception error)
#pragma warning restore CA1031
            {
                answers.WriteLine($"{Message.Error}\t{Message.Quote(error is NotSupportedException ? error.Message : error.ToString())}");
            }
            answers.Flush();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => prepared?.Dispose();

    private string Answer(string word, string[] arguments)
    {
        switch (word)
        {
            case Message.Prepare:
                Drop();
                prepared = contestant.Prepare(WorkList.Named(arguments[0]));
                prepared.Run();
                return prepared.Amount.ToString("R", CultureInfo.InvariantCulture);
            case Message.Outputs:
                return Message.Encode(Prepared.Outputs());
            case Message.Run:
                timer ??= new Timer(Prepared);
                return Message.Encode(timer.Slot(double.Parse(arguments[0], CultureInfo.InvariantCulture), int.Parse(arguments[1], CultureInfo.InvariantCulture)));
            case Message.Drop:
                Drop();
                return "";
            case Message.Peak:
                return PeakMemory.Bytes().ToString(CultureInfo.InvariantCulture);
            default:
                throw new ArgumentException($"no command is called '{word}'");
        }
    }

    private IPrepared Prepared => prepared ?? throw new InvalidOperationException("nothing is prepared");

    private void Drop()
    {
        prepared?.Dispose();
        (prepared, timer) = (null, null);
        GC.Collect();
        GC.WaitForPendingFinalizers();
    }
}
