using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The schedule of a contraction with one row, which reads each element of the other operand once: memory is the limit, so nothing is packed
/// and reads run along it. Where columns lie side by side they are lanes, and sums are those of <see cref="Panels{TLanes, TVector, T, TProduct, TRows, TColumns}"/>.
/// Where depths do, each column has sixteen sums side by side, of every sixteenth term, for a block of depth (<see cref="InnerKernel{TLanes, TVector, T, TRows}"/>); they are
/// joined by halves and blocks are added in their order. That does not depend on the vector width.
/// </summary>
/// <typeparam name="TLanes">The vector width.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted product.</typeparam>
/// <typeparam name="TRows">The emitted operand of the row.</typeparam>
/// <typeparam name="TColumns">The emitted operand that has the columns.</typeparam>
public static unsafe class MatrixVector<TLanes, TVector, T, TProduct, TRows, TColumns>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IProduct<T>
    where TRows : struct, IOperand<T>
    where TColumns : struct, IOperand<T>
{
    /// <summary>Multiply-adds of a chunk; fewer are not worth a second thread.</summary>
    private const long ChunkWork = 1 << 15;

    /// <summary>Columns of a chunk whose sums stay in the first-level cache.</summary>
    private const long MostColumns = 1024;

    /// <summary>Columns of a chunk that are lanes, where there are so many: of each row of the matrix as much is read as lets the hardware see that it is read along.</summary>
    private const long LongColumns = 256;

    /// <summary>Elements of a long column that are asked for ahead of what is read.</summary>
    private const long Ahead = 512;

    private const long Line = 64;

    /// <summary>Bytes that each worker needs: the sums of a chunk and those of its block.</summary>
    public static long Scratch(long* sizes) => (2 * Padded(ChunkColumns(sizes)) * sizeof(T)) + Line;

    /// <summary>Position of the matrix, where chunks read it once, one behind the other; else −1.</summary>
    public static long Reads(long* sizes) => TColumns.LineStep(sizes) == 1 ? -1 : TColumns.Buffer;

    /// <summary>Chunks of columns, over all batches.</summary>
    public static long Chunks(long* sizes) => TProduct.Batches(sizes) * PanelLayout.Ceiling(TProduct.Columns(sizes), ChunkColumns(sizes));

    /// <summary>Computes some columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        long most = ChunkColumns(sizes), all = TProduct.Columns(sizes), perBatch = PanelLayout.Ceiling(all, most), depth = TProduct.Depth(sizes);
        long batch = chunk / perBatch, column = chunk % perBatch * most, columns = Math.Min(most, all - column);
        long rowOffset, columnOffset;
        TRows.Lines(sizes, batch, 0, 1, &rowOffset);
        TColumns.Lines(sizes, batch, column, 1, &columnOffset);
        T* row = TRows.Base(buffers) + rowOffset, matrix = TColumns.Base(buffers) + columnOffset, sums = (T*)scratch;
        if (TColumns.LineStep(sizes) == 1)
        {
            ColumnLanes(row, TRows.DepthStep(sizes), matrix, TColumns.DepthStep(sizes), depth, columns, sums, sums + Padded(most));
        }
        else
        {
            DepthLanes(row, matrix, TColumns.LineStep(sizes), depth, columns, sums);
        }
        TProduct.Store(buffers, sizes, sums, Padded(most), batch, 0, 1, column, columns);
    }

    private static long ChunkColumns(long* sizes)
    {
        // A multiple of a cache line, so that no two threads write to one.
        long fewest = ChunkWork / Math.Max(1, TProduct.Depth(sizes));
        if (TColumns.LineStep(sizes) == 1)
        {
            long columns = TProduct.Columns(sizes);
            fewest = Math.Max(fewest, Math.Min(columns / 4, Math.Max(LongColumns, columns / 8)));
        }
        return Math.Clamp((fewest + 63) & ~63L, 64, MostColumns);
    }

    private static long Padded(long columns) => (columns + 15) & ~15L;

    /// <summary>Eight depths per pass over the sums, which stay in the first-level cache; each row of the matrix is read along.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void ColumnLanes(T* x, long xStep, T* matrix, long step, long depth, long columns, T* sums, T* block)
    {
        long padded = Padded(columns);
        new Span<T>(sums, (int)padded).Clear();
        for (long first = 0; first < depth; first += PanelLayout.BlockDepth)
        {
            long end = Math.Min(first + PanelLayout.BlockDepth, depth), k = first;
            new Span<T>(block, (int)padded).Clear();
            for (; k + 8 <= end; k += 8)
            {
                Eight(x + (k * xStep), xStep, matrix + (k * step), step, columns, block);
            }
            for (; k < end; k++)
            {
                TVector factor = TLanes.Create(x[k * xStep]);
                T* row = matrix + (k * step);
                for (long j = 0; j < columns; j += TLanes.Width)
                {
                    TLanes.Store(block + j, TLanes.MultiplyAdd(factor, TLanes.Load(row + j, columns - j), TLanes.Load(block + j)));
                }
            }
            TVector one = TLanes.Create(T.One);
            for (long j = 0; j < padded; j += TLanes.Width)
            {
                TLanes.Store(sums + j, TLanes.MultiplyAdd(one, TLanes.Load(sums + j), TLanes.Load(block + j)));
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Eight(T* x, long xStep, T* r0, long step, long columns, T* block)
    {
        TVector x0 = TLanes.Create(x[0]), x1 = TLanes.Create(x[xStep]), x2 = TLanes.Create(x[2 * xStep]), x3 = TLanes.Create(x[3 * xStep]);
        TVector x4 = TLanes.Create(x[4 * xStep]), x5 = TLanes.Create(x[5 * xStep]), x6 = TLanes.Create(x[6 * xStep]), x7 = TLanes.Create(x[7 * xStep]);
        T* r1 = r0 + step, r2 = r1 + step, r3 = r2 + step, r4 = r3 + step, r5 = r4 + step, r6 = r5 + step, r7 = r6 + step;
        long j = 0;
        for (; j + TLanes.Width <= columns; j += TLanes.Width)
        {
            TVector sum = TLanes.MultiplyAdd(x0, TLanes.Load(r0 + j), TLanes.Load(block + j));
            sum = TLanes.MultiplyAdd(x1, TLanes.Load(r1 + j), sum);
            sum = TLanes.MultiplyAdd(x2, TLanes.Load(r2 + j), sum);
            sum = TLanes.MultiplyAdd(x3, TLanes.Load(r3 + j), sum);
            sum = TLanes.MultiplyAdd(x4, TLanes.Load(r4 + j), sum);
            sum = TLanes.MultiplyAdd(x5, TLanes.Load(r5 + j), sum);
            sum = TLanes.MultiplyAdd(x6, TLanes.Load(r6 + j), sum);
            TLanes.Store(block + j, TLanes.MultiplyAdd(x7, TLanes.Load(r7 + j), sum));
        }
        for (; j < columns; j++)
        {
            T sum = block[j];
            for (long k = 0; k < 8; k++)
            {
                sum = T.MultiplyAddEstimate(x[k * xStep], r0[(k * step) + j], sum);
            }
            block[j] = sum;
        }
    }

    /// <summary>
    /// Four columns at a time, each read along its depth from end to end: in blocks of columns hardware would begin to foresee anew with each piece. What comes next is on its way meanwhile, of columns too short for that the next four.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void DepthLanes(T* x, T* matrix, long step, long depth, long columns, T* sums)
    {
        const int Columns = InnerKernel<TLanes, TVector, T>.Columns;
        long ahead = depth >= 4 * Ahead ? Ahead : Columns * step;
        new Span<T>(sums, (int)columns).Clear();
        for (long column = 0; column < columns; column += Columns)
        {
            for (long first = 0; first < depth; first += InnerKernel<TLanes, TVector, T>.BlockDepth)
            {
                long count = Math.Min(InnerKernel<TLanes, TVector, T>.BlockDepth, depth - first);
                InnerKernel<TLanes, TVector, T, Count1>.Run(x + first, 0, matrix + (column * step) + first, step, columns - column, count, ahead, sums + column, 0);
            }
        }
    }
}
