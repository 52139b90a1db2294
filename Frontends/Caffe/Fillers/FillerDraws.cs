namespace Symbolic.Caffe.Fillers;

/// <summary>Random values of one parameter: the element's position is the counter of Philox, so nothing depends on order.</summary>
internal readonly struct FillerDraws(ulong seed, ulong stream)
{
    private const ulong Radius = 0, Angle = 1, Mask = 2;

    /// <summary>Values spread evenly over [low, high].</summary>
    public void Uniform(Span<float> values, float low, float high)
    {
        for (int i = 0; i < values.Length; i++)
        {
            values[i] = (float)(low + Unit(Radius, i) * ((double)high - low));
        }
    }

    /// <summary>Normal values by Box and Muller's transform ("A note on the generation of random normal deviates", 1958).</summary>
    public void Gaussian(Span<float> values, float mean, float deviation)
    {
        for (int i = 0; i < values.Length; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(Unit(Radius, i))), angle = 2 * Math.PI * Unit(Angle, i);
            values[i] = (float)(mean + deviation * radius * Math.Cos(angle));
        }
    }

    /// <summary>Leaves each value with this probability and sets the others to 0.</summary>
    public void Keep(Span<float> values, double probability)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (Unit(Mask, i) >= probability)
            {
                values[i] = 0;
            }
        }
    }

    /// <summary>A number inside (0, 1).</summary>
    private double Unit(ulong draw, int element) => (Philox.Bits(seed, stream, draw, (ulong)element) + 0.5) / 4294967296.0;
}
