using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The schedule of a contraction of few rows whose operands both lie along the depth, such as a dense layer of a small batch: depths are lanes, so that no lane idles however few rows there
/// are, and each column is read once, along its memory. An element has sixteen sums side by side, joined as in <see cref="MatrixVector{TLanes, TVector, T, TProduct, TRows, TColumns}"/>;
/// that depends neither on the vector width nor on how rows and columns are grouped.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted product.</typeparam>
/// <typeparam name="TRows">The emitted operand of the rows.</typeparam>
/// <typeparam name="TColumns">The emitted operand that has the columns.</typeparam>
public static unsafe class InnerProducts<TLanes, TVector, T, TProduct, TRows, TColumns>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IProduct<T>
    where TRows : struct, IOperand<T>
    where TColumns : struct, IOperand<T>
{
    /// <summary>Multiply-adds of a chunk; fewer are not worth a second thread.</summary>
    private const long ChunkWork = 1 << 16;

    /// <summary>Chunks to aim at.</summary>
    private const long MostChunks = 16;

    private const long Line = 64;

    /// <summary>Bytes that each worker needs: the sums of a chunk.</summary>
    public static long Scratch(long* sizes) => (TProduct.Rows(sizes) * ChunkColumns(sizes) * sizeof(T)) + Line;

    /// <summary>Position of the columns' buffer, which chunks read once, one behind the other.</summary>
    public static long Reads(long* sizes) => TColumns.Buffer;

    /// <summary>Chunks of columns, over all batches.</summary>
    public static long Chunks(long* sizes) => TProduct.Batches(sizes) * PanelLayout.Ceiling(TProduct.Columns(sizes), ChunkColumns(sizes));

    /// <summary>Computes all rows of some columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        long most = ChunkColumns(sizes), all = TProduct.Columns(sizes), perBatch = PanelLayout.Ceiling(all, most), depth = TProduct.Depth(sizes), rows = TProduct.Rows(sizes);
        long batch = chunk / perBatch, column = chunk % perBatch * most, columns = Math.Min(most, all - column), rowStep = TRows.LineStep(sizes), columnStep = TColumns.LineStep(sizes);
        long rowOffset, columnOffset;
        TRows.Lines(sizes, batch, 0, 1, &rowOffset);
        TColumns.Lines(sizes, batch, column, 1, &columnOffset);
        T* left = TRows.Base(buffers) + rowOffset, right = TColumns.Base(buffers) + columnOffset, sums = (T*)scratch;
        // Rows in passes of like size: registers hold so many sums.
        long passes = PanelLayout.Ceiling(rows, InnerKernel<TLanes, TVector, T>.MostRows);
        new Span<T>(sums, (int)(rows * most)).Clear();
        for (long first = 0; first < depth; first += InnerKernel<TLanes, TVector, T>.BlockDepth)
        {
            long count = Math.Min(InnerKernel<TLanes, TVector, T>.BlockDepth, depth - first);
            for (long j = 0; j < columns; j += InnerKernel<TLanes, TVector, T>.Columns)
            {
                T* at = right + (j * columnStep) + first;
                long valid = columns - j;
                for (long pass = 0; pass < passes; pass++)
                {
                    long from = rows * pass / passes;
                    // While the first rows meet these columns, the next ones come.
                    long ahead = pass == 0 && valid > InnerKernel<TLanes, TVector, T>.Columns ? InnerKernel<TLanes, TVector, T>.Columns * columnStep : 0;
                    InnerKernel<TLanes, TVector, T>.Run((int)((rows * (pass + 1) / passes) - from), left + (from * rowStep) + first, rowStep, at, columnStep, valid, count, ahead, sums + (from * most) + j, most);
                }
            }
        }
        TProduct.Store(buffers, sizes, sums, most, batch, 0, rows, column, columns);
    }

    /// <summary>A multiple of what fills cache lines, so that no two threads write to one.</summary>
    private static long ChunkColumns(long* sizes)
    {
        long fewest = ChunkWork / Math.Max(1, TProduct.Depth(sizes) * TProduct.Rows(sizes)), share = PanelLayout.Ceiling(TProduct.Columns(sizes), MostChunks);
        return (Math.Max(1, Math.Max(fewest, share)) + 15) & ~15L;
    }
}
