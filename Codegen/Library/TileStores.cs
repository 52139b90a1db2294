namespace Symbolic.Codegen.Library;

/// <summary>How a tile that Winograd's transforms have made is stored, a line for each of its points.</summary>
internal enum TileStores
{
    /// <summary>As it is: the memory is the thread's own.</summary>
    Near,
    /// <summary>Over lines that are fetched two tiles ahead: all threads read the memory, and no processor expects the next line.</summary>
    Fetched,
    /// <summary>
    /// Past the caches, where a vector is a line: all threads read the memory again and again, and a line of which another core has a copy is not to be had for long where the cores share no cache.
    /// </summary>
    Past,
}
