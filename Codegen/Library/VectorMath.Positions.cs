namespace Symbolic.Codegen.Library;

/// <content>Positions.</content>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>Of the greatest of each lane and their positions, the position of the greatest of all; NaN is above everything, and of equal ones the first counts.</summary>
    public static long FirstOfGreatest(TVector greatest, TVector positions) => Least(Where(greatest, TLanes.ReduceMax(greatest), positions));

    /// <summary>The same of four vectors and their positions.</summary>
    public static long FirstOfGreatest(TVector a, TVector b, TVector c, TVector d, TVector placesOfA, TVector placesOfB, TVector placesOfC, TVector placesOfD)
    {
        T greatest = TLanes.ReduceMax(TLanes.Maximum(TLanes.Maximum(a, b), TLanes.Maximum(c, d)));
        return Least(TLanes.Minimum(TLanes.Minimum(Where(a, greatest, placesOfA), Where(b, greatest, placesOfB)), TLanes.Minimum(Where(c, greatest, placesOfC), Where(d, greatest, placesOfD))));
    }

    /// <summary>The positions where a value is the greatest, infinity elsewhere.</summary>
    private static TVector Where(TVector values, T greatest, TVector positions) =>
        TLanes.Select(T.IsNaN(greatest) ? TLanes.NotEqual(values, values) : TLanes.Equal(values, TLanes.Create(greatest)), positions, TLanes.Constant(double.PositiveInfinity));

    private static long Least(TVector positions) => long.CreateTruncating(TLanes.ReduceMin(positions));
}
