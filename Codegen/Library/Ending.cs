using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// An epilogue so simple that micro-kernels do it while sums are in registers: a number per column, or one per row, is added, then an element of an array that lies
/// as the result does, then what is not above 0 becomes 0, then what another such array has above 0 is multiplied by 1 and all else by 0, as in a rectifier's gradient; each only if
/// asked for. Anything else passes through memory to the emitted store.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe struct Ending<T>
    where T : unmanaged
{
    /// <summary>Where the element of row and column 0 is stored; columns lie side by side.</summary>
    public T* Target { get; set; }

    /// <summary>Elements from a row to the next, of the result, of <see cref="Others"/> and of <see cref="Gates"/>.</summary>
    public long Pitch { get; init; }

    /// <summary>What is added to each column, or null.</summary>
    public T* Columns { get; set; }

    /// <summary>What is added to each row, one number behind the other, or null; then nothing is added to columns.</summary>
    public T* Rows { get; set; }

    /// <summary>What is added to each element, or null. It may be the result's own memory.</summary>
    public T* Others { get; set; }

    /// <summary>What lets elements pass where it is above 0, or null.</summary>
    public T* Gates { get; set; }

    /// <summary>Whether what is at most 0 becomes 0; NaN stays.</summary>
    public bool Rectifies { get; init; }

    /// <summary>Arrays that lie as the result does, itself among them.</summary>
    public readonly int Arrays => 1 + (Others is null ? 0 : 1) + (Gates is null ? 0 : 1);

    /// <summary>Whether a number is added to each column, and no array is met but the result's own.</summary>
    internal readonly bool IsOfColumns => Columns is not null && Others is null && Gates is null;

    /// <summary>The same from a row and column on.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly Ending<T> From(long row, long column)
    {
        long offset = (row * Pitch) + column;
        return new Ending<T>
        {
            Target = Target + offset,
            Pitch = Pitch,
            Columns = Columns is null ? null : Columns + column,
            Rows = Rows is null ? null : Rows + row,
            Others = Others is null ? null : Others + offset,
            Gates = Gates is null ? null : Gates + offset,
            Rectifies = Rectifies,
        };
    }

    /// <summary>Goes on by so many elements of the result, and of what is added to columns and rows.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Step(long offset, long columns, long rows)
    {
        Target += offset;
        if (Rows is not null)
        {
            Rows += rows;
        }
        if (Columns is not null)
        {
            Columns += columns;
        }
        if (Others is not null)
        {
            Others += offset;
        }
        if (Gates is not null)
        {
            Gates += offset;
        }
    }
}

/// <summary>Finishes sums that are in registers.</summary>
internal static unsafe class Ending<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Begins to fetch what a tile of one vector will be stored over, and what will be added to it: stores wait for their lines one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(Ending<T>* ending, int rows)
    {
        Fetch(ending->Target, ending->Pitch, rows);
        if (ending->Others is not null)
        {
            Fetch(ending->Others, ending->Pitch, rows);
        }
        if (ending->Gates is not null)
        {
            Fetch(ending->Gates, ending->Pitch, rows);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Fetch(T* from, long pitch, int rows)
    {
        for (int row = 0; row < rows; row++, from += pitch)
        {
            Sse.Prefetch0(from);
            // A vector that does not begin with a line of the cache ends in another.
            Sse.Prefetch0(from + TLanes.Width - 1);
        }
    }

    /// <summary>Finishes and stores one vector, at an offset of the result and a column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Ending<T>* ending, long offset, long column, TVector sum)
    {
        if (ending->Columns is not null)
        {
            sum = TLanes.Add(sum, TLanes.Load(ending->Columns + column));
        }
        if (ending->Others is not null)
        {
            sum = TLanes.Add(sum, TLanes.Load(ending->Others + offset));
        }
        if (ending->Rectifies)
        {
            sum = TLanes.Rectify(sum);
        }
        if (ending->Gates is not null)
        {
            sum = TLanes.Gated(sum, TLanes.Load(ending->Gates + offset));
        }
        TLanes.Store(ending->Target + offset, sum);
    }

    /// <summary>Stores one or two vectors of a row, to which others are added, and which may be rectified.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVectors>(T* to, TVector c0, TVector c1, TVector d0, TVector d1, bool rectifies)
        where TVectors : unmanaged, ICount
    {
        c0 = TLanes.Add(c0, d0);
        c1 = sizeof(TVectors) > 1 ? TLanes.Add(c1, d1) : c1;
        if (rectifies)
        {
            c0 = TLanes.Rectify(c0);
            c1 = sizeof(TVectors) > 1 ? TLanes.Rectify(c1) : c1;
        }
        TLanes.Store(to, c0);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(to + TLanes.Width, c1);
        }
    }

    /// <summary>Finishes and stores up to three vectors of a row, of which one number may be added to all.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVectors>(Ending<T>* ending, int row, long offset, TVector c0, TVector c1, TVector c2)
        where TVectors : unmanaged, ICount
    {
        int w = TLanes.Width;
        if (ending->Columns is not null)
        {
            T* from = ending->Columns;
            c0 = TLanes.Add(c0, TLanes.Load(from));
            c1 = sizeof(TVectors) > 1 ? TLanes.Add(c1, TLanes.Load(from + w)) : c1;
            c2 = sizeof(TVectors) > 2 ? TLanes.Add(c2, TLanes.Load(from + (2 * w))) : c2;
        }
        else if (ending->Rows is not null)
        {
            TVector added = TLanes.Create(ending->Rows[row]);
            c0 = TLanes.Add(c0, added);
            c1 = sizeof(TVectors) > 1 ? TLanes.Add(c1, added) : c1;
            c2 = sizeof(TVectors) > 2 ? TLanes.Add(c2, added) : c2;
        }
        if (ending->Others is not null)
        {
            T* from = ending->Others + offset;
            c0 = TLanes.Add(c0, TLanes.Load(from));
            c1 = sizeof(TVectors) > 1 ? TLanes.Add(c1, TLanes.Load(from + w)) : c1;
            c2 = sizeof(TVectors) > 2 ? TLanes.Add(c2, TLanes.Load(from + (2 * w))) : c2;
        }
        if (ending->Rectifies)
        {
            c0 = TLanes.Rectify(c0);
            c1 = sizeof(TVectors) > 1 ? TLanes.Rectify(c1) : c1;
            c2 = sizeof(TVectors) > 2 ? TLanes.Rectify(c2) : c2;
        }
        if (ending->Gates is not null)
        {
            T* from = ending->Gates + offset;
            c0 = TLanes.Gated(c0, TLanes.Load(from));
            c1 = sizeof(TVectors) > 1 ? TLanes.Gated(c1, TLanes.Load(from + w)) : c1;
            c2 = sizeof(TVectors) > 2 ? TLanes.Gated(c2, TLanes.Load(from + (2 * w))) : c2;
        }
        T* to = ending->Target + offset;
        TLanes.Store(to, c0);
        if (sizeof(TVectors) > 1)
        {
            TLanes.Store(to + w, c1);
        }
        if (sizeof(TVectors) > 2)
        {
            TLanes.Store(to + (2 * w), c2);
        }
    }
}
