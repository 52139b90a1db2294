using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// An epilogue so simple that micro-kernels do it while sums are in registers: a number per column is added, then an element of an array that lies
/// as the result does, then what is not above 0 becomes 0; each only if asked for. Anything else passes through memory to the emitted store.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
public unsafe struct Ending<T>
    where T : unmanaged
{
    /// <summary>Where the element of row and column 0 is stored; columns lie side by side.</summary>
    public T* Target { get; set; }

    /// <summary>Elements from a row to the next, of the result and of <see cref="Others"/>.</summary>
    public long Pitch { get; init; }

    /// <summary>What is added to each column, or null.</summary>
    public T* Columns { get; set; }

    /// <summary>What is added to each element, or null. It may be the result's own memory.</summary>
    public T* Others { get; set; }

    /// <summary>Whether what is at most 0 becomes 0; NaN stays.</summary>
    public bool Rectifies { get; init; }

    /// <summary>Whether the result is so large that the memory of a tile is fetched while it is summed.</summary>
    public bool Fetches { get; init; }

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
            Others = Others is null ? null : Others + offset,
            Rectifies = Rectifies,
            Fetches = Fetches,
        };
    }

    /// <summary>Goes on by so many elements of the result, and of what is added to each column.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Step(long offset, long columns)
    {
        Target += offset;
        if (Columns is not null)
        {
            Columns += columns;
        }
        if (Others is not null)
        {
            Others += offset;
        }
    }
}

/// <summary>Finishes sums that are in registers.</summary>
internal static unsafe class Ending<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Begins to fetch what a tile will be stored over, and what will be added to it: stores wait for their lines one after the other.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Fetch(Ending<T>* ending, int rows, int vectors)
    {
        T* target = ending->Target, others = ending->Others;
        for (int row = 0; row < rows; row++, target += ending->Pitch)
        {
            Sse.Prefetch0(target);
            if (vectors > 1)
            {
                Sse.Prefetch0(target + TLanes.Width);
            }
            if (vectors > 2)
            {
                Sse.Prefetch0(target + (2 * TLanes.Width));
            }
            if (others is not null)
            {
                Sse.Prefetch0(others);
                if (vectors > 1)
                {
                    Sse.Prefetch0(others + TLanes.Width);
                }
                if (vectors > 2)
                {
                    Sse.Prefetch0(others + (2 * TLanes.Width));
                }
                others += ending->Pitch;
            }
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
        TLanes.Store(ending->Target + offset, sum);
    }

    /// <summary>Finishes and stores up to three vectors of a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store<TVectors>(Ending<T>* ending, long offset, TVector c0, TVector c1, TVector c2)
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
