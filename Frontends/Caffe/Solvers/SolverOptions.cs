using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe;

/// <summary>What a command line adds to a solver's file.</summary>
public sealed record SolverOptions
{
    /// <summary>Files of weights to begin from, later ones over earlier ones; they replace those that the solver names.</summary>
    public Seq<string> Weights { get; init; } = [];

    /// <summary>The level that the training net's rules see, where given.</summary>
    public int? Level { get; init; }

    /// <summary>Stages that the training net's rules see, beside those of the file.</summary>
    public Seq<string> Stages { get; init; } = [];

    /// <summary>Where the log goes; nowhere by default.</summary>
    public ICaffeLog Log { get; init; } = NoLog.Instance;

    /// <summary>Opens the files that solver and nets name; any file by default.</summary>
    public ModelFiles Files { get; init; } = ModelFiles.Anywhere;

    /// <summary>Gives the items of a Data layer instead of the database that it names, or null to open that.</summary>
    public Func<LayerParameter, Phase, IDatumSource?>? DataSource { get; init; }

    /// <summary>How functions are compiled: threads, cache, profile.</summary>
    public CompileOptions Compile { get; init; } = new();

    /// <summary>Where messages of the solver's file stand, for errors.</summary>
    internal PrototxtPlaces? Places { get; init; }
}

/// <summary>What an iteration came to.</summary>
/// <param name="Iteration">Its number, from 0.</param>
/// <param name="Loss">The objective before the update.</param>
/// <param name="SmoothedLoss">Its mean over the last average_loss iterations.</param>
/// <param name="Rate">The learning rate.</param>
public readonly record struct IterationReport(int Iteration, float Loss, float SmoothedLoss, float Rate);

/// <summary>One number that a net shows: an element of an output, averaged over a test.</summary>
/// <param name="Name">The output's name.</param>
/// <param name="Value">The number.</param>
/// <param name="LossWeight">Its factor in the objective.</param>
public readonly record struct Score(string Name, float Value, float LossWeight);

/// <summary>What a test net came to.</summary>
/// <param name="Iteration">After how many updates.</param>
/// <param name="Net">The number of the test net.</param>
/// <param name="Scores">One per element of each output, in order.</param>
public sealed record TestReport(int Iteration, int Net, Seq<Score> Scores);
