using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// A direct convolution whose lanes are pixels of a row, and the nest that alone reads its result plane by plane, as one kernel: the planes of some filters of an image are computed into memory that stays in a second-level
/// cache, and the nest reads them there. Each element is summed as by <see cref="DirectRows{TLanes, TVector, T, TProduct}"/>, so the bits are those of the two one after the other.
/// </summary>
/// <typeparam name="TLanes">The vector width of the convolution.</typeparam>
/// <typeparam name="TVector">Its vector.</typeparam>
/// <typeparam name="T">float or double.</typeparam>
/// <typeparam name="TProduct">The emitted convolution.</typeparam>
/// <typeparam name="TNest">The emitted nest.</typeparam>
public static unsafe class DirectPlanes<TLanes, TVector, T, TProduct, TNest>
    where TLanes : struct, ITileLanes<TVector, T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TProduct : struct, IConvolution<T>
    where TNest : struct, INestOfPlanes
{
    private const long Line = 64;

    /// <summary>Bytes that each worker needs: those of the convolution, and the planes of a chunk.</summary>
    public static long Scratch(long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        long tiles = Math.Max(1, DirectRows<TLanes, TVector, T, TProduct>.Tiles(g)), most = PanelLayout.Ceiling(tiles, Parts(g)) * PanelLayout.Ceiling(g.Filters, tiles);
        return Aligned(DirectRows<TLanes, TVector, T, TProduct>.Scratch(sizes)) + (Math.Min(g.Filters, most) * g.OutHeight * g.OutWidth * sizeof(T)) + Line;
    }

    /// <summary>Bytes of the packed kernels.</summary>
    public static long Shared(long* sizes) => DirectRows<TLanes, TVector, T, TProduct>.Shared(sizes);

    /// <summary>Position of the buffer that the first phase reads: where it is a constant, kernels are packed only once.</summary>
    public static long Packs(long* sizes) => DirectRows<TLanes, TVector, T, TProduct>.Packs(sizes);

    /// <summary>Chunks of a phase: tiles of kernels; images, or parts of their filters.</summary>
    public static long Chunks(int phase, long* sizes)
    {
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        long chunks = DirectRows<TLanes, TVector, T, TProduct>.Chunks(phase, sizes);
        return phase == 0 || chunks == 0 ? chunks : g.Groups * g.Images * Parts(g);
    }

    /// <summary>Runs a chunk of a phase.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Run(int phase, byte** buffers, long* sizes, long chunk, byte* scratch)
    {
        if (phase == 0)
        {
            DirectRows<TLanes, TVector, T, TProduct>.Run(0, buffers, sizes, chunk, scratch);
            return;
        }
        ConvolutionGeometry g = TProduct.Geometry(sizes);
        long parts = Parts(g), tiles = DirectRows<TLanes, TVector, T, TProduct>.Tiles(g), ofImage = chunk / parts, part = chunk - (ofImage * parts), image = ofImage / g.Groups, group = ofImage - (image * g.Groups);
        long tile = tiles * part / parts, behind = tiles * (part + 1) / parts, plane = (ofImage * g.Filters) + (g.Filters * tile / tiles), last = (ofImage * g.Filters) + (g.Filters * behind / tiles);
        byte** own = stackalloc byte*[TProduct.Shared + 2];
        for (int buffer = 0; buffer <= TProduct.Shared; buffer++)
        {
            own[buffer] = buffers[buffer];
        }
        // The epilogue and the nest address the planes at hand as if all lay there.
        own[TProduct.Shared + 1] = scratch + Aligned(DirectRows<TLanes, TVector, T, TProduct>.Scratch(sizes)) - (plane * g.OutHeight * g.OutWidth * sizeof(T));
        DirectRows<TLanes, TVector, T, TProduct>.Sum(g, own, sizes, group, image, 0, g.OutHeight, tile, behind, isFar: false, scratch);
        TNest.Run(own, sizes, plane, last);
    }

    /// <summary>Parts of the filters of an image: several where images are few.</summary>
    private static long Parts(in ConvolutionGeometry g) =>
        Math.Clamp(PanelLayout.Ceiling(DirectRows<TLanes, TVector, T, TProduct>.WantedChunks(g), Math.Max(1, g.Groups * g.Images)), 1, Math.Max(1, DirectRows<TLanes, TVector, T, TProduct>.Tiles(g)));

    private static long Aligned(long bytes) => (bytes + Line - 1) & -Line;
}
