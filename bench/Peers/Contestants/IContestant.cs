using Symbolic.Peers.Works;

namespace Symbolic.Peers.Contestants;

/// <summary>Someone who does works, in a process of their own.</summary>
internal interface IContestant
{
    /// <summary>As the report spells it.</summary>
    string Name { get; }

    /// <summary>Makes everything ready that may be done once and for all: inputs, outputs, compilation, prepacked weights.</summary>
    /// <exception cref="NotSupportedException">They do not do such works.</exception>
    IPrepared Prepare(Work work);
}

/// <summary>A work ready to be done again and again.</summary>
internal interface IPrepared : IDisposable
{
    /// <summary>Operations or bytes of one run where only the one who runs knows them; else 0.</summary>
    double Amount => 0;

    /// <summary>Does it once.</summary>
    void Run();

    /// <summary>What the last run left, to be compared with another's.</summary>
    IEnumerable<Output> Outputs();
}

/// <summary>An array that a run left.</summary>
internal sealed record Output(string Name, float[] Values);
