using Symbolic.Caffe.Schema;

namespace Symbolic.Caffe.Fillers;

/// <summary>
/// First values of parameters, as filler.hpp distributes them. The draws are Symbolic's own: a value depends on seed, parameter
/// number and position alone.
/// </summary>
internal static class Filler
{
    /// <summary>Sets the values of a blob of these sizes.</summary>
    /// <param name="filler">What the file says.</param>
    /// <param name="sizes">The sizes of the blob.</param>
    /// <param name="seed">The key of all draws.</param>
    /// <param name="stream">The number of the blob.</param>
    /// <param name="values">The values to set.</param>
    /// <param name="error">Makes the error to throw of a message.</param>
    public static void Fill(FillerParameter filler, Seq<int> sizes, ulong seed, ulong stream, Span<float> values, Func<string, Exception> error)
    {
        if (filler.Sparse != -1 && filler.Type != "gaussian")
        {
            throw error($"sparsity is not supported by the {filler.Type} filler");
        }
        var draw = new FillerDraws(seed, stream);
        switch (filler.Type)
        {
            case "constant":
                values.Fill(filler.Value);
                break;
            case "uniform":
                draw.Uniform(values, filler.Min, filler.Max);
                break;
            case "gaussian":
                Gaussian(filler, sizes, draw, values, error);
                break;
            case "xavier":
                float scale = MathF.Sqrt(3 / Fan(filler, sizes.Map(size => (long)size)));
                draw.Uniform(values, -scale, scale);
                break;
            case "msra":
                draw.Gaussian(values, 0, MathF.Sqrt(2 / Fan(filler, sizes.Map(size => (long)size))));
                break;
            case "positive_unitball":
                UnitBall(sizes, draw, values, error);
                break;
            case "bilinear":
                Bilinear(sizes, values, error);
                break;
            default:
                throw error($"Unknown filler name: {filler.Type} (known: bilinear, constant, gaussian, msra, positive_unitball, uniform, xavier)");
        }
    }

    private static void Gaussian(FillerParameter filler, Seq<int> sizes, FillerDraws draw, Span<float> values, Func<string, Exception> error)
    {
        if (filler.Sparse < -1)
        {
            throw error($"sparse must not be negative; got {filler.Sparse}");
        }
        draw.Gaussian(values, filler.Mean, filler.Std);
        if (filler.Sparse >= 0)
        {
            // On average so many of the inputs of an output are connected (Martens, 2010).
            draw.Keep(values, filler.Sparse / (double)Outputs(sizes, error));
        }
    }

    /// <summary>The fan that the variance is scaled by.</summary>
    internal static float Fan(FillerParameter filler, Seq<long> sizes)
    {
        long count = sizes.Aggregate(1L, (a, b) => a * b);
        float fanIn = sizes.Count > 0 && sizes[0] > 0 ? count / sizes[0] : count;
        float fanOut = sizes.Count > 1 && sizes[1] > 0 ? count / sizes[1] : count;
        return filler.VarianceNorm switch
        {
            FillerParameter.Types.VarianceNorm.FanIn => fanIn,
            FillerParameter.Types.VarianceNorm.FanOut => fanOut,
            FillerParameter.Types.VarianceNorm.Average => (fanIn + fanOut) / 2,
            _ => throw new System.Diagnostics.UnreachableException($"{filler.VarianceNorm}"),
        };
    }

    /// <summary>Positive values which sum to 1 for each output.</summary>
    private static void UnitBall(Seq<int> sizes, FillerDraws draw, Span<float> values, Func<string, Exception> error)
    {
        draw.Uniform(values, 0, 1);
        int row = (int)(values.Length / Outputs(sizes, error));
        for (int start = 0; start < values.Length; start += row)
        {
            Span<float> part = values.Slice(start, row);
            float sum = 0;
            foreach (float value in part)
            {
                sum += value;
            }
            foreach (ref float value in part)
            {
                value /= sum;
            }
        }
    }

    /// <summary>The weights of bilinear interpolation, for Deconvolution layers that enlarge images.</summary>
    private static void Bilinear(Seq<int> sizes, Span<float> values, Func<string, Exception> error)
    {
        if (sizes.Count != 4 || sizes[2] != sizes[3])
        {
            throw error($"the bilinear filler wants square kernels [o,c,k,k]; got [{string.Join(",", sizes)}]");
        }
        int width = sizes[3];
        float half = MathF.Ceiling(width / 2f), centre = (width - 1) / (2f * half);
        for (int i = 0; i < values.Length; i++)
        {
            float x = i % width, y = i / width % width;
            values[i] = (1 - MathF.Abs(x / half - centre)) * (1 - MathF.Abs(y / half - centre));
        }
    }

    private static long Outputs(Seq<int> sizes, Func<string, Exception> error) => sizes.Count > 0 && sizes[0] > 0
        ? sizes[0]
        : throw error($"the filler wants a blob with outputs as its first axis; got [{string.Join(",", sizes)}]");
}
