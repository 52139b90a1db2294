using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// The one place where a contraction gets its schedule: from its shape and the options alone, so that the same program has the same bits
/// wherever these are the same. The label that plans and profiles show says which.
/// </summary>
internal static class Scheduling
{
    /// <summary>All schedules, the most special first.</summary>
    private static readonly Schedule[] BySpeciality = [.. ConvolutionScheduling.All, Schedule.Panels];

    /// <summary>
    /// The product with its schedule: the first that applies and wins. A schedule that the options force wins wherever it applies; products to
    /// which it does not apply stay on panels.
    /// </summary>
    public static Product Scheduled(Product product, CodegenOptions options)
    {
        Schedule chosen = BySpeciality.First(schedule => Applies(schedule, product, options)
            && (options.Schedule is { } forced ? schedule == forced || schedule == Schedule.Panels : Wins(schedule, product, options)));
        return product with { Schedule = chosen, Label = $"{product.Label} by {Name(chosen)}" };
    }

    /// <summary>Whether a schedule can run a product at all.</summary>
    private static bool Applies(Schedule schedule, Product product, CodegenOptions options) => schedule switch
    {
        Schedule.Panels => true,
        _ when ConvolutionScheduling.All.Contains(schedule) => product.Convolution is { } convolution && ConvolutionScheduling.Applies(schedule, convolution),
        _ => throw new UnreachableException($"{schedule} of {product} with {options}"),
    };

    /// <summary>Whether a schedule that applies is expected to be the fastest.</summary>
    private static bool Wins(Schedule schedule, Product product, CodegenOptions options) => schedule switch
    {
        Schedule.Panels => true,
        _ when ConvolutionScheduling.All.Contains(schedule) => product.Convolution is { } convolution && ConvolutionScheduling.Wins(schedule, convolution, options),
        _ => throw new UnreachableException($"{schedule} of {product} with {options}"),
    };

    private static string Name(Schedule schedule) => schedule switch
    {
        Schedule.Panels => "panels",
        Schedule.Winograd4 => "Winograd 4x4",
        Schedule.Winograd2 => "Winograd 2x2",
        Schedule.Direct => "direct convolution",
        Schedule.Transposed => "transposed convolution",
        Schedule.Depthwise => "planes",
        _ => throw new UnreachableException($"{schedule}"),
    };
}
