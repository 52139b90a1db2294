namespace Symbolic.Cli.Demo.Digits;

/// <summary>
/// The random draws of one picture, from the counter-based generator: picture i is the same whatever else is drawn. Only IEEE
/// additions, products and quotients follow, so that the pictures are the same bits on every machine.
/// </summary>
internal struct Draws(ulong key, ulong picture)
{
    private const double PerStep = 1.0 / (1UL << 32);
    private ulong next;

    /// <summary>Evenly in [0, 1).</summary>
    public double Unit() => Philox.Bits(key, picture, 0, next++) * PerStep;

    /// <summary>Evenly in [from, to).</summary>
    public double Between(double from, double to) => from + ((to - from) * Unit());

    /// <summary>A whole number in [0, count).</summary>
    public int Below(int count) => (int)(Unit() * count);

    /// <summary>Whether something happens that does so with this probability.</summary>
    public bool Happens(double probability) => Unit() < probability;

    /// <summary>Bell-shaped with mean 0 and standard deviation 1, within ±3: six even draws summed (Irwin and Hall).</summary>
    public double Bell()
    {
        double sum = -3;
        for (int i = 0; i < 6; i++)
        {
            sum += Unit();
        }
        return sum * 1.4142135623730951;
    }
}
