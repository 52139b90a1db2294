using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Symbolic.Codegen.Library;

/// <summary>Finds the micro-kernel of a tile; each is compiled when it is first called.</summary>
internal static unsafe class Tiles<TLanes, TVector, T>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    /// <summary>Runs tiles of so many rows and vectors; see <see cref="MicroKernel{TLanes, TVector, T, TRows, TVectors}.Run"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int rows, int vectors, TileRun<T>* run)
    {
        switch ((rows * 4) + vectors)
        {
            case (1 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count1, Count1>.Run(run);
                break;
            case (1 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count1, Count2>.Run(run);
                break;
            case (1 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count1, Count3>.Run(run);
                break;
            case (2 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count2, Count1>.Run(run);
                break;
            case (2 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count2, Count2>.Run(run);
                break;
            case (2 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count2, Count3>.Run(run);
                break;
            case (3 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count3, Count1>.Run(run);
                break;
            case (3 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count3, Count2>.Run(run);
                break;
            case (3 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count3, Count3>.Run(run);
                break;
            case (4 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count4, Count1>.Run(run);
                break;
            case (4 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count4, Count2>.Run(run);
                break;
            case (4 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count4, Count3>.Run(run);
                break;
            case (5 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count5, Count1>.Run(run);
                break;
            case (5 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count5, Count2>.Run(run);
                break;
            case (5 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count5, Count3>.Run(run);
                break;
            case (6 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count6, Count1>.Run(run);
                break;
            case (6 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count6, Count2>.Run(run);
                break;
            case (6 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count6, Count3>.Run(run);
                break;
            case (7 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count7, Count1>.Run(run);
                break;
            case (7 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count7, Count2>.Run(run);
                break;
            case (7 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count7, Count3>.Run(run);
                break;
            case (8 * 4) + 1:
                MicroKernel<TLanes, TVector, T, Count8, Count1>.Run(run);
                break;
            case (8 * 4) + 2:
                MicroKernel<TLanes, TVector, T, Count8, Count2>.Run(run);
                break;
            case (8 * 4) + 3:
                MicroKernel<TLanes, TVector, T, Count8, Count3>.Run(run);
                break;
            default:
                throw new UnreachableException($"a tile of {rows} rows and {vectors} vectors");
        }
    }
}

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal readonly struct Count1 : ICount;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal readonly struct Count2 : ICount;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal readonly struct Count3 : ICount;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal readonly struct Count4 : ICount;

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal readonly struct Count5 : ICount;

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal readonly struct Count6 : ICount;

[StructLayout(LayoutKind.Sequential, Size = 7)]
internal readonly struct Count7 : ICount;

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal readonly struct Count8 : ICount;
