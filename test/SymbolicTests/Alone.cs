namespace Symbolic.Test;

/// <summary>Tests that measure time, or the table of all nodes of the process, run while no other does.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;
