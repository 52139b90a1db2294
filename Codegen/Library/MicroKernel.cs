using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>A number of tile rows as a type, so that a micro-kernel is compiled for it alone.</summary>
internal interface IRowCount
{
    /// <summary>The number.</summary>
    static abstract int Rows { get; }
}

/// <summary>The register tile at the heart of every contraction. Not generic over the product: its machine code serves all of one width.</summary>
internal static unsafe class MicroKernel<TLanes, TVector, T, TCount>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TCount : struct, IRowCount
{
    /// <summary>
    /// Rows by two vectors of columns in registers: 6 by 2 leaves 4 of 16 registers for operands and runs at the peak of the
    /// multiply-add units. The number of rows is a constant to the JIT, which drops what a smaller tile does not have. The sums begin at 0, or go on
    /// from the tile; in the end they may be added to it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(T* a, T* b, long depth, T* tile, bool resumes, bool adds)
    {
        int w = TLanes.Width, pitch = 2 * w, rows = TCount.Rows;
        TVector zero = TLanes.Create(T.Zero);
        TVector c00 = zero, c01 = zero, c10 = zero, c11 = zero, c20 = zero, c21 = zero, c30 = zero, c31 = zero, c40 = zero, c41 = zero, c50 = zero, c51 = zero;
        if (resumes)
        {
            c00 = TLanes.Load(tile);
            c01 = TLanes.Load(tile + w);
            if (rows > 1)
            {
                c10 = TLanes.Load(tile + pitch);
                c11 = TLanes.Load(tile + pitch + w);
            }
            if (rows > 2)
            {
                c20 = TLanes.Load(tile + (2 * pitch));
                c21 = TLanes.Load(tile + (2 * pitch) + w);
            }
            if (rows > 3)
            {
                c30 = TLanes.Load(tile + (3 * pitch));
                c31 = TLanes.Load(tile + (3 * pitch) + w);
            }
            if (rows > 4)
            {
                c40 = TLanes.Load(tile + (4 * pitch));
                c41 = TLanes.Load(tile + (4 * pitch) + w);
            }
            if (rows > 5)
            {
                c50 = TLanes.Load(tile + (5 * pitch));
                c51 = TLanes.Load(tile + (5 * pitch) + w);
            }
        }
        for (long k = 0; k < depth; k++)
        {
            TVector b0 = TLanes.Load(b), b1 = TLanes.Load(b + w), x = TLanes.Create(a[0]);
            c00 = TLanes.MultiplyAdd(x, b0, c00);
            c01 = TLanes.MultiplyAdd(x, b1, c01);
            if (rows > 1)
            {
                x = TLanes.Create(a[1]);
                c10 = TLanes.MultiplyAdd(x, b0, c10);
                c11 = TLanes.MultiplyAdd(x, b1, c11);
            }
            if (rows > 2)
            {
                x = TLanes.Create(a[2]);
                c20 = TLanes.MultiplyAdd(x, b0, c20);
                c21 = TLanes.MultiplyAdd(x, b1, c21);
            }
            if (rows > 3)
            {
                x = TLanes.Create(a[3]);
                c30 = TLanes.MultiplyAdd(x, b0, c30);
                c31 = TLanes.MultiplyAdd(x, b1, c31);
            }
            if (rows > 4)
            {
                x = TLanes.Create(a[4]);
                c40 = TLanes.MultiplyAdd(x, b0, c40);
                c41 = TLanes.MultiplyAdd(x, b1, c41);
            }
            if (rows > 5)
            {
                x = TLanes.Create(a[5]);
                c50 = TLanes.MultiplyAdd(x, b0, c50);
                c51 = TLanes.MultiplyAdd(x, b1, c51);
            }
            a += rows;
            b += pitch;
        }
        if (adds)
        {
            TVector one = TLanes.Create(T.One);
            c00 = TLanes.MultiplyAdd(one, TLanes.Load(tile), c00);
            c01 = TLanes.MultiplyAdd(one, TLanes.Load(tile + w), c01);
            if (rows > 1)
            {
                c10 = TLanes.MultiplyAdd(one, TLanes.Load(tile + pitch), c10);
                c11 = TLanes.MultiplyAdd(one, TLanes.Load(tile + pitch + w), c11);
            }
            if (rows > 2)
            {
                c20 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (2 * pitch)), c20);
                c21 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (2 * pitch) + w), c21);
            }
            if (rows > 3)
            {
                c30 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (3 * pitch)), c30);
                c31 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (3 * pitch) + w), c31);
            }
            if (rows > 4)
            {
                c40 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (4 * pitch)), c40);
                c41 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (4 * pitch) + w), c41);
            }
            if (rows > 5)
            {
                c50 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (5 * pitch)), c50);
                c51 = TLanes.MultiplyAdd(one, TLanes.Load(tile + (5 * pitch) + w), c51);
            }
        }
        TLanes.Store(tile, c00);
        TLanes.Store(tile + w, c01);
        if (rows > 1)
        {
            TLanes.Store(tile + pitch, c10);
            TLanes.Store(tile + pitch + w, c11);
        }
        if (rows > 2)
        {
            TLanes.Store(tile + (2 * pitch), c20);
            TLanes.Store(tile + (2 * pitch) + w, c21);
        }
        if (rows > 3)
        {
            TLanes.Store(tile + (3 * pitch), c30);
            TLanes.Store(tile + (3 * pitch) + w, c31);
        }
        if (rows > 4)
        {
            TLanes.Store(tile + (4 * pitch), c40);
            TLanes.Store(tile + (4 * pitch) + w, c41);
        }
        if (rows > 5)
        {
            TLanes.Store(tile + (5 * pitch), c50);
            TLanes.Store(tile + (5 * pitch) + w, c51);
        }
    }
}

internal readonly struct Rows1 : IRowCount
{
    public static int Rows => 1;
}

internal readonly struct Rows2 : IRowCount
{
    public static int Rows => 2;
}

internal readonly struct Rows3 : IRowCount
{
    public static int Rows => 3;
}

internal readonly struct Rows4 : IRowCount
{
    public static int Rows => 4;
}

internal readonly struct Rows5 : IRowCount
{
    public static int Rows => 5;
}

internal readonly struct Rows6 : IRowCount
{
    public static int Rows => 6;
}
