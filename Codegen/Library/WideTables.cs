using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Symbolic.Codegen.Library;

/// <summary>
/// What <see cref="WideMath.Exp"/> looks up and adds. A loop that takes it from memory ahead of itself keeps it in registers: as constants the JIT would load all of it
/// again for each vector, one register a cycle.
/// </summary>
public readonly struct ExpTables
{
    private static readonly Vector512<float>[] Numbers =
    [
        Vector512.Create(1f, 1.04427373f, 1.09050775f, 1.13878858f, 1.18920708f, 1.24185777f, 1.29683959f, 1.35425556f, 1.41421354f, 1.47682619f, 1.54221082f, 1.61049032f, 1.68179286f, 1.75625217f, 1.8340081f, 1.91520655f),
        Vector512.Create(0.03f),
        Vector512.Create(1.44269502f),
        Vector512.Create(786432f),
        Vector512.Create(-0.693147182f),
        Vector512.Create(1.90465421e-9f),
        Vector512.Create(0.16666989f),
        Vector512.Create(0.5000162f),
    ];

    internal readonly Vector512<float> Powers, Most, Octaves, Shift, NegativeLog2, Log2Rest, Third, Second;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ExpTables(Vector512<float>[] numbers)
    {
        (Powers, Most, Octaves, Shift) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        (NegativeLog2, Log2Rest, Third, Second) = (numbers[4], numbers[5], numbers[6], numbers[7]);
    }

    /// <summary>All of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ExpTables Load() => new(Numbers);
}

/// <summary>What <see cref="WideMath.Log"/> looks up and adds; see <see cref="ExpTables"/>. The coefficients have the least greatest relative error, by Lawson's weights.</summary>
public readonly struct LogTables
{
    private static readonly Vector512<float>[] Numbers =
    [
        Vector512.Create(1f, 0.91417927f, 0.86498255f, 0.82066107f, 0.78044915f, 0.7440316f, 0.7110863f, 0.6810205f, 0.6529478f, 0.6275758f, 0.6038589f, 0.58175623f, 0.5614268f, 0.5425159f, 0.52445316f, 0.5f),
        Vector512.Create(0f, 0.089728594f, 0.14504595f, 0.19764508f, 0.24788569f, 0.29567176f, 0.34096152f, 0.38416287f, 0.42625812f, 0.4658908f, 0.50441474f, 0.54170376f, 0.57727385f, 0.61153793f, 0.64539915f, 0.6931472f),
        Vector512.Create(-1f),
        Vector512.Create(0.6931472f),
        Vector512.Create(0.18855229f),
        Vector512.Create(-0.2500667f),
        Vector512.Create(0.33334446f),
        Vector512.Create(-0.5f),
        Vector512.Create(1f),
    ];

    internal readonly Vector512<float> Inverses, Logs, MinusOne, Log2, Fifth, Fourth, Third, Second, One;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private LogTables(Vector512<float>[] numbers)
    {
        (Inverses, Logs, MinusOne, Log2) = (numbers[0], numbers[1], numbers[2], numbers[3]);
        (Fifth, Fourth, Third, Second, One) = (numbers[4], numbers[5], numbers[6], numbers[7], numbers[8]);
    }

    /// <summary>All of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static LogTables Load() => new(Numbers);
}

/// <summary>What <see cref="WideMath.Tanh"/> looks up and adds; see <see cref="ExpTables"/>. Coefficients have the least greatest error in units of the last place, by Lawson's weights.</summary>
public readonly struct TanhTables
{
    private static readonly Vector512<float>[] Numbers =
    [
        Vector512.Create(0.761594176f, 0.848283648f, 0.905148268f, 0.941375554f, 0.964027584f, 0.978026092f, 0.986614287f, 0.991859734f, 0.995054781f, 0.996997654f, 0.998177886f, 0.998894453f, 0.999329329f, 0.999593139f, 0.999753237f, 0.999850333f),
        Vector512.Create(0.999909222f, 0.999944925f, 0.999966621f, 0.999979734f, 0.999987721f, 0.999992549f, 0.99999547f, 0.999997258f, 0f, 0.124352999f, 0.244918659f, 0.3583574f, 0.462117165f, 0.554599702f, 0.635148942f, 0.703905582f),
        Vector512.Create(0.419974357f, 0.28041625f, 0.180706635f, 0.113812096f, 0.0706505105f, 0.0434649177f, 0.0265922137f, 0.0162142869f, 0.00986603741f, 0.00599571504f, 0.00364088477f, 0.00220989226f, 0.00134095026f, 0.000813542341f, 0.000493515749f, 0.00029936136f),
        Vector512.Create(0.000181582524f, 0.000110139525f, 6.68042994e-05f, 4.05193896e-05f, 2.45764459e-05f, 1.49064408e-05f, 9.04123954e-06f, 5.43554052e-06f, 1f, 0.984535754f, 0.94001466f, 0.871579945f, 0.786447704f, 0.692419171f, 0.59658581f, 0.5045169f),
        Vector512.Create(-0.319832981f, -0.237875119f, -0.163570791f, -0.107143044f, -0.0681099072f, -0.0425032936f, -0.0262340643f, -0.0160845537f, -0.00982999429f, -0.00598649448f, -0.0036288409f, -0.00221237168f, -0.00135445537f, -0.000809592661f, -0.000506487442f, -0.000312060816f),
        Vector512.Create(-0.000190605249f, -0.000108469307f, -7.90775084e-05f, -3.7685124e-05f, -2.95346417e-05f, -1.62722481e-05f, -4.32958086e-06f, -4.81975894e-06f, 5.77694345e-06f, -0.122423865f, -0.230221421f, -0.312337518f, -0.363444895f, -0.383981824f, -0.378911078f, -0.355096906f),
        Vector512.Create(0.103532329f, 0.107941054f, 0.0877809972f, 0.0629711226f, 0.0421984307f, 0.0271383915f, 0.0170607455f, 0.0105716214f, 0.00649053417f, 0.00396771636f, 0.00241803401f, 0.00147079339f, 0.000893663033f, 0.000542575552f, 0.000329744013f, 0.000200098366f),
        Vector512.Create(0.000121396515f, 7.35948124e-05f, 4.46711929e-05f, 2.70956261e-05f, 1.64351331e-05f, 9.96850758e-06f, 6.04632896e-06f, 2.0990874e-06f, -0.333901674f, -0.312376946f, -0.256646544f, -0.178525522f, -0.0942516774f, -0.0179743003f, 0.0415987298f, 0.0816631466f),
        Vector512.Create(0.0217536055f, -0.012144017f, -0.0246236976f, -0.0233504567f, -0.0178718343f, -0.0126588773f, -0.00815412216f, -0.00500303134f, -0.00243595964f, -0.00144325406f, -0.00151911541f, -0.000435110647f, 0.00046344992f, -0.00049550843f, 0.000670588983f, 0.000713535759f),
        Vector512.Create(0.000516389031f, -0.000142543606f, 0.00076149049f, -0.000194447799f, 0.000308398245f, 8.22300644e-05f, -0.00030387516f, -3.54927437e-07f, 0.0158632118f, 0.0778927729f, 0.137993634f, 0.167852744f, 0.167781726f, 0.130460307f, 0.0978957564f, 0.0531772077f),
        Vector512.Create(int.MaxValue).AsSingle(),
        Vector512.Create(6.75f),
        Vector512.Create(8.9f),
        Vector512.Create(2097151f),
    ];

    internal readonly Vector512<float> Low0, High0, Low1, High1, Low2, High2, Low3, High3, Low4, High4, Size, LastPoint, Most, Shift;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private TanhTables(Vector512<float>[] numbers)
    {
        (Low0, High0, Low1, High1, Low2, High2) = (numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers[5]);
        (Low3, High3, Low4, High4) = (numbers[6], numbers[7], numbers[8], numbers[9]);
        (Size, LastPoint, Most, Shift) = (numbers[10], numbers[11], numbers[12], numbers[13]);
    }

    /// <summary>All of it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TanhTables Load() => new(Numbers);
}
