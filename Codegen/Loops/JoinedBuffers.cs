namespace Symbolic.Codegen;

/// <summary>The buffers of two kernels as those of one, without the one that lies between them.</summary>
internal sealed class JoinedBuffers
{
    private readonly int between;

    /// <summary>Joins the buffers of a kernel and the next one.</summary>
    /// <param name="inner">A kernel.</param>
    /// <param name="innerBuffers">The buffers that it takes.</param>
    /// <param name="outer">The next one.</param>
    /// <param name="outerBuffers">The buffers that it takes.</param>
    /// <param name="between">The buffer that the one writes and the other reads.</param>
    public JoinedBuffers(Kernel inner, Seq<int> innerBuffers, Kernel outer, Seq<int> outerBuffers, int between)
    {
        this.between = between;
        IEnumerable<KernelBuffer> SeenBy(Kernel kernel, Seq<int> buffers, int buffer) => kernel.Buffers.Where((_, slot) => buffers[slot] == buffer);
        Numbers = innerBuffers.Concat(outerBuffers).Where(buffer => buffer != between).Distinct().ToSeq();
        Buffers = Numbers.Map(buffer =>
        {
            KernelBuffer[] seen = [.. SeenBy(inner, innerBuffers, buffer), .. SeenBy(outer, outerBuffers, buffer)];
            return new KernelBuffer(seen[0].DType, seen.Any(one => one.IsWritten));
        });
    }

    /// <summary>Their numbers.</summary>
    public Seq<int> Numbers { get; }

    /// <summary>How the kernel for both sees them.</summary>
    public Seq<KernelBuffer> Buffers { get; }

    /// <summary>The position of a buffer, given that of what stands for the one between, which is behind them.</summary>
    public int Position(int buffer, int ofBetween) => buffer == between ? ofBetween : Numbers.IndexOf(buffer);
}
