using Symbolic.Caffe.Schema;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Layers;

/// <summary>By what a loss summed over a batch is divided, and which labels do not count (loss_layer.cpp, softmax_loss_layer.cpp).</summary>
internal static class LossNormalization
{
    /// <summary>The mode of a layer; the old flag normalize wins over <paramref name="fallback"/> where the new field is absent.</summary>
    public static LossParameter.Types.NormalizationMode Mode(LossParameter? parameter, LossParameter.Types.NormalizationMode fallback) =>
        parameter is null ? fallback
        : parameter.HasNormalization ? parameter.Normalization
        : parameter.HasNormalize ? parameter.Normalize ? LossParameter.Types.NormalizationMode.Valid : LossParameter.Types.NormalizationMode.BatchSize
        : fallback;

    /// <summary>Which targets count, as booleans; null where all do. Labels are compared as whole numbers.</summary>
    public static Expr? Counted(LossParameter? parameter, Expr labels) => parameter is { HasIgnoreLabel: true }
        ? NotEqualTo<Expr>(labels.Cast(DType.Int32), parameter.IgnoreLabel)
        : null;

    /// <summary>The divisor as a scalar, never less than 1.</summary>
    /// <param name="dtype">The dtype of the loss.</param>
    /// <param name="mode">What is counted.</param>
    /// <param name="counted">Which targets count, or null.</param>
    /// <param name="all">Number of targets.</param>
    /// <param name="batch">Number of items.</param>
    public static Expr Divisor(DType dtype, LossParameter.Types.NormalizationMode mode, Expr? counted, Dim all, Dim batch)
    {
        Expr count = mode switch
        {
            LossParameter.Types.NormalizationMode.Valid when counted is not null => counted.Cast(dtype).Sum(),
            LossParameter.Types.NormalizationMode.Valid or LossParameter.Types.NormalizationMode.Full => SizeOf(all).Cast(dtype),
            LossParameter.Types.NormalizationMode.BatchSize => SizeOf(batch).Cast(dtype),
            LossParameter.Types.NormalizationMode.None => Full(dtype, Shape.Scalar, 1),
            _ => throw new System.Diagnostics.UnreachableException($"{mode}"),
        };
        return Maximum<Expr>(count, 1);
    }
}
