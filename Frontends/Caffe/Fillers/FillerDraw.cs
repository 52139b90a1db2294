using Symbolic.Caffe.Schema;
using Symbolic.Runtime;
using static Symbolic.Functions;

namespace Symbolic.Caffe.Fillers;

/// <summary>What a filler gives as an expression, drawn anew in each run of a function (dummy_data_layer.cpp).</summary>
internal static class FillerDraw
{
    /// <summary>Values of these sizes.</summary>
    /// <param name="filler">What the file says.</param>
    /// <param name="sizes">The sizes.</param>
    /// <param name="dtype">Their dtype.</param>
    /// <param name="random">Where draws come from.</param>
    /// <param name="error">Makes the error to throw of a message.</param>
    public static Expr Of(FillerParameter filler, Seq<long> sizes, DType dtype, RandomStream random, Func<string, Exception> error)
    {
        Shape shape = Shape.Of(sizes);
        if (filler.Sparse != -1)
        {
            throw error("sparse data are not supported; draw them with a Dropout layer behind");
        }
        switch (filler.Type)
        {
            case "constant":
                return Full(dtype, shape, filler.Value);
            case "uniform":
                return random.Uniform(shape, filler.Min, filler.Max, dtype);
            case "gaussian":
                return random.Normal(shape, filler.Mean, filler.Std, dtype);
            case "xavier":
                double bound = Math.Sqrt(3 / Filler.Fan(filler, sizes));
                return random.Uniform(shape, -bound, bound, dtype);
            case "msra":
                return random.Normal(shape, 0, Math.Sqrt(2 / Filler.Fan(filler, sizes)), dtype);
            case "positive_unitball" when sizes.Count > 0:
                Expr draws = random.Uniform(shape, 0, 1, dtype).Flatten();
                return (draws / draws.Sum([1]).BroadcastTo(draws.Shape, [0])).Reshape(shape);
            default:
                throw error($"the filler {filler.Type} gives no data (known: constant, gaussian, msra, positive_unitball, uniform, xavier)");
        }
    }
}
