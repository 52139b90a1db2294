namespace Symbolic.Codegen.Library;

/// <summary>What emitted code supplies for a nest that reads and stores plane by plane: an index of each of the first two axes of its arrays.</summary>
public unsafe interface INestOfPlanes
{
    /// <summary>Runs the nest for some planes, which are counted over both axes, up to the one before <paramref name="last"/>.</summary>
    static abstract void Run(byte** buffers, long* sizes, long first, long last);
}
