namespace Symbolic.Cli.Page;

/// <summary>A value at an iteration.</summary>
internal readonly record struct CurvePoint(double Iteration, double Value);

/// <summary>A layer of the net as the drawing shows it.</summary>
/// <param name="Name">Its name in the prototxt.</param>
/// <param name="Type">Its type, in Caffe's words.</param>
/// <param name="Shape">The sizes of its first top, without the batch.</param>
/// <param name="Parameters">How many numbers it learns.</param>
internal sealed record LayerBox(string Name, string Type, Seq<long> Shape, long Parameters);

/// <summary>A test picture with what the net says about it.</summary>
internal sealed record Prediction(byte[] Pixels, int Rows, int Columns, int Label, int Predicted, double Confidence);

/// <summary>What one kernel of the training step did.</summary>
internal sealed record KernelRow(string Name, long Calls, double Milliseconds, double GigaFlops, double GigaBytes);

/// <summary>All that the page about a run tells.</summary>
internal sealed record DemoReport
{
    /// <summary>What was trained on what.</summary>
    public required string Title { get; init; }

    /// <summary>One sentence on how it went.</summary>
    public required string Lead { get; init; }

    /// <summary>The loss of every training step.</summary>
    public required IReadOnlyList<CurvePoint> TrainLoss { get; init; }

    /// <summary>The loss over the test digits, whenever it was measured.</summary>
    public required IReadOnlyList<CurvePoint> TestLoss { get; init; }

    /// <summary>The accuracy over the test digits, whenever it was measured.</summary>
    public required IReadOnlyList<CurvePoint> Accuracy { get; init; }

    /// <summary>The net's layers, in order.</summary>
    public required IReadOnlyList<LayerBox> Layers { get; init; }

    /// <summary>Some test digits, rightly read.</summary>
    public required IReadOnlyList<Prediction> Right { get; init; }

    /// <summary>Some test digits, wrongly read.</summary>
    public required IReadOnlyList<Prediction> Wrong { get; init; }

    /// <summary>How many test digits of each kind (row) were read as which (column).</summary>
    public required int[][] Confusion { get; init; }

    /// <summary>The share of the test digits that were read rightly.</summary>
    public double Share => Confusion.Select((row, digit) => row[digit]).Sum() / (double)Math.Max(1, Confusion.Sum(row => row.Sum()));

    /// <summary>Figures that stand out on top: name and value.</summary>
    public required IReadOnlyList<(string Name, string Value)> Headline { get; init; }

    /// <summary>Facts of the run: name and value.</summary>
    public required IReadOnlyList<(string Name, string Value)> Facts { get; init; }

    /// <summary>The kernels of the training step, the slowest first.</summary>
    public required IReadOnlyList<KernelRow> Kernels { get; init; }

    /// <summary>The net's prototxt.</summary>
    public required string Prototxt { get; init; }
}
