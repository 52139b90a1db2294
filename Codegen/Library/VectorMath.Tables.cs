using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Symbolic.Codegen.Library;

/// <content>Functions whose tables a loop keeps in registers; where vectors are not those of <see cref="WideMath"/> there are none.</content>
public static unsafe partial class VectorMath<TLanes, TVector, T>
{
    /// <summary>What <see cref="Exp(TVector, ExpTables)"/> looks up.</summary>
    [MethodImpl(Inline)]
    public static ExpTables TablesOfExp() => IsWide ? ExpTables.Load() : default;

    /// <summary>What <see cref="Log(TVector, LogTables)"/> looks up.</summary>
    [MethodImpl(Inline)]
    public static LogTables TablesOfLog() => IsWide ? LogTables.Load() : default;

    /// <summary>What <see cref="Tanh(TVector, TanhTables)"/> looks up.</summary>
    [MethodImpl(Inline)]
    public static TanhTables TablesOfTanh() => IsWide ? TanhTables.Load() : default;

    /// <summary>e to the x, with the tables given: the bits of <see cref="Exp(TVector)"/>.</summary>
    [MethodImpl(Inline)]
    public static TVector Exp(TVector x, ExpTables tables) => IsWide ? Narrow(WideMath.Exp(Wide(x), tables)) : Exp(x);

    /// <summary>Natural logarithm, with the tables given: the bits of <see cref="Log(TVector)"/>.</summary>
    [MethodImpl(Inline)]
    public static TVector Log(TVector x, LogTables tables) => IsWide ? Narrow(WideMath.Log(Wide(x), tables)) : Log(x);

    /// <summary>Hyperbolic tangent, with the tables given: the bits of <see cref="Tanh(TVector)"/>.</summary>
    [MethodImpl(Inline)]
    public static TVector Tanh(TVector x, TanhTables tables) => IsWide ? Narrow(WideMath.Tanh(Wide(x), tables)) : Tanh(x);

    /// <summary>e to the x and to the y: the bits of <see cref="Exp(TVector, ExpTables)"/>, sooner.</summary>
    [MethodImpl(Inline)]
    public static void ExpOfTwo(TVector x, TVector y, ExpTables tables, out TVector ofX, out TVector ofY)
    {
        if (IsWide)
        {
            WideMath.ExpOfTwo(Wide(x), Wide(y), tables, out Vector512<float> wideX, out Vector512<float> wideY);
            (ofX, ofY) = (Narrow(wideX), Narrow(wideY));
            return;
        }
        (ofX, ofY) = (Exp(x), Exp(y));
    }

    /// <summary>Natural logarithms of two: the bits of <see cref="Log(TVector, LogTables)"/>, sooner.</summary>
    [MethodImpl(Inline)]
    public static void LogOfTwo(TVector x, TVector y, LogTables tables, out TVector ofX, out TVector ofY)
    {
        if (IsWide)
        {
            WideMath.LogOfTwo(Wide(x), Wide(y), tables, out Vector512<float> wideX, out Vector512<float> wideY);
            (ofX, ofY) = (Narrow(wideX), Narrow(wideY));
            return;
        }
        (ofX, ofY) = (Log(x), Log(y));
    }

    /// <summary>Hyperbolic tangents of two: the bits of <see cref="Tanh(TVector, TanhTables)"/>, sooner.</summary>
    [MethodImpl(Inline)]
    public static void TanhOfTwo(TVector x, TVector y, TanhTables tables, out TVector ofX, out TVector ofY)
    {
        if (IsWide)
        {
            WideMath.TanhOfTwo(Wide(x), Wide(y), tables, out Vector512<float> wideX, out Vector512<float> wideY);
            (ofX, ofY) = (Narrow(wideX), Narrow(wideY));
            return;
        }
        (ofX, ofY) = (Tanh(x), Tanh(y));
    }
}
