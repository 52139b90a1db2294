namespace Symbolic.Codegen.Library;

/// <content>Positions.</content>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>Of the greatest of each lane and their positions, the position of the greatest of all; NaN is above everything, and of equal ones the first counts.</summary>
    public static long FirstOfGreatest(TVector greatest, TVector positions)
    {
        T* values = stackalloc T[TLanes.Width], places = stackalloc T[TLanes.Width];
        TLanes.Store(values, greatest);
        TLanes.Store(places, positions);
        int best = 0;
        for (int i = 1; i < TLanes.Width; i++)
        {
            bool same = values[i] == values[best] || (T.IsNaN(values[i]) && T.IsNaN(values[best]));
            if (same ? places[i] < places[best] : T.IsNaN(values[i]) || values[i] > values[best])
            {
                best = i;
            }
        }
        return long.CreateTruncating(places[best]);
    }
}
