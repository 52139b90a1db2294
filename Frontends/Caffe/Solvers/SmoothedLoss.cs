namespace Symbolic.Caffe.Solvers;

/// <summary>The mean of the last losses, kept up to date as Caffe does it (solver.cpp, UpdateSmoothedLoss), rounding included.</summary>
internal sealed class SmoothedLoss(int window)
{
    private readonly List<float> losses = [];

    /// <summary>The mean so far.</summary>
    public float Value { get; private set; }

    /// <summary>The losses in the window, as they are stored.</summary>
    public IReadOnlyList<float> Losses => losses;

    /// <summary>The iteration from which the window is counted.</summary>
    public int Start { get; private set; }

    /// <summary>Forgets all, as at the beginning of a run.</summary>
    public void Begin(int iteration)
    {
        losses.Clear();
        Value = 0;
        Start = iteration;
    }

    /// <summary>Goes on with what a snapshot kept.</summary>
    public void Resume(int start, float value, IEnumerable<float> kept)
    {
        Begin(start);
        Value = value;
        losses.AddRange(kept.Take(Math.Max(window, 1)));
    }

    /// <summary>Takes the loss of an iteration.</summary>
    public void Add(int iteration, float loss)
    {
        if (losses.Count < window)
        {
            losses.Add(loss);
            Value = (Value * (losses.Count - 1) + loss) / losses.Count;
        }
        else
        {
            int oldest = (iteration - Start) % window;
            Value += (loss - losses[oldest]) / window;
            losses[oldest] = loss;
        }
    }
}
