using System.Diagnostics;
using Symbolic.Codegen.Library;

namespace Symbolic.Codegen;

/// <summary>
/// Which convolutions run by a schedule of their own, from their shape alone. The costs are cycles of one core, with rates that a Zen 4 showed;
/// what counts is their order, which other machines share.
/// </summary>
internal static class ConvolutionScheduling
{
    /// <summary>Multiply-adds of float32 per cycle with vectors of 256 bits, at the share of the peak that kernels reach.</summary>
    private const double Rate = 16 * 0.85;

    /// <summary>Bytes per cycle from beyond the second-level cache.</summary>
    private const double FarBytes = 6;

    /// <summary>The schedules of convolutions, the most special first.</summary>
    public static readonly Schedule[] All = [Schedule.Winograd4, Schedule.Winograd2];

    /// <summary>Whether a schedule can run a convolution at all.</summary>
    public static bool Applies(Schedule schedule, ConvolutionShape shape) => schedule switch
    {
        Schedule.Winograd4 or Schedule.Winograd2 => shape.DType == DType.Float32
            && shape.Geometry is { TapsY: 3, TapsX: 3, StrideY: 1, StrideX: 1, DilationY: 1, DilationX: 1 },
        _ => throw new UnreachableException($"{schedule} of {shape}"),
    };

    /// <summary>Whether a schedule that applies is expected to be the fastest.</summary>
    public static bool Wins(Schedule schedule, ConvolutionShape shape, CodegenOptions options) => schedule switch
    {
        Schedule.Winograd4 => options.Winograd && Winograd(shape.Geometry, 4) < Math.Min(0.9 * Direct(shape), Winograd(shape.Geometry, 2)),
        Schedule.Winograd2 => options.Winograd && Winograd(shape.Geometry, 2) < 0.9 * Direct(shape),
        _ => throw new UnreachableException($"{schedule} of {shape} with {options}"),
    };

    /// <summary>The schedule that a convolution gets, or null: panels.</summary>
    public static Schedule? Choose(ConvolutionShape shape, CodegenOptions options)
    {
        foreach (Schedule schedule in All)
        {
            if (Applies(schedule, shape) && (options.Schedule is { } forced ? schedule == forced : Wins(schedule, shape, options)))
            {
                return schedule;
            }
        }
        return null;
    }

    private static double Direct(ConvolutionShape shape) => shape.Products / Rate;

    /// <summary>
    /// Products over the channels, point by point; transforms, some 18 (4x4) or 10 (2x2) cycles a tile and channel, and 16 or 8 a tile and filter;
    /// and the transformed kernels, which are read from afar for each block of tiles.
    /// </summary>
    private static double Winograd(in ConvolutionGeometry geometry, long outputs)
    {
        var layout = new WinogradLayout(geometry, outputs, width: 8);
        double tiles = (double)layout.Tiles * geometry.Groups, bytes = (double)layout.KernelGroup * geometry.Groups * sizeof(float);
        double products = tiles * layout.Points * geometry.Channels * layout.Panels * layout.PanelWidth / Rate;
        double transforms = tiles * (outputs == 4 ? (18.0 * geometry.Channels) + (16.0 * geometry.Filters) : (10.0 * geometry.Channels) + (8.0 * geometry.Filters));
        return products + transforms + (layout.Blocks * bytes / FarBytes);
    }
}
