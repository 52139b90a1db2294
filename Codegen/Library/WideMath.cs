using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Elementary functions of sixteen floats where the machine has AVX-512: two registers hold a table of 32 numbers that one instruction looks up, so that short
/// polynomials do; exponents are taken apart and put together by instructions that know ±0, ∞, NaN and denormals. The ways are those of Tang (Table-driven
/// implementation of the exponential function in IEEE floating-point arithmetic, 1989; of the logarithm, 1990), with points whose function values are nearly floats
/// (Gal, An accurate elementary mathematical library, 1991). Polynomials interpolate at Chebyshev's points.
/// </summary>
internal static class WideMath
{
    private const MethodImplOptions Inline = MethodImplOptions.AggressiveInlining;

    /// <summary>e to the x: x = (32·n + j)·log(2)/32 + r, and 2^(j/32) is looked up. At most 1.1 ulp off.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        // What the bounds give is ∞ and 0; the second operand passes where it is NaN.
        Vector512<float> a = Avx512F.Max(Vector512.Create(-104.5f), Avx512F.Min(Vector512.Create(89.5f), x));
        // Adding 1.5·2^23 leaves the whole number in the low bits.
        Vector512<float> shifted = Avx512F.FusedMultiplyAdd(a, Vector512.Create(46.1662407f), Vector512.Create(12582912f)), n = shifted - Vector512.Create(12582912f);
        Vector512<float> r = Avx512F.FusedMultiplyAdd(n, Vector512.Create(-0.0216608495f), a);
        r = Avx512F.FusedMultiplyAdd(n, Vector512.Create(5.95204441e-11f), r);
        Vector512<float> p = Avx512F.FusedMultiplyAdd(r, Vector512.Create(0.166667148f), Vector512.Create(0.500002444f));
        p = Avx512F.FusedMultiplyAdd(p, r * r, r);
        Vector512<float> power = At(shifted.AsInt32(),
            Vector512.Create(1f, 1.0218972f, 1.04427373f, 1.06714046f, 1.09050775f, 1.1143868f, 1.13878858f, 1.1637249f, 1.18920708f, 1.21524739f, 1.24185777f, 1.26905096f, 1.29683959f, 1.32523668f, 1.35425556f, 1.38390994f),
            Vector512.Create(1.41421354f, 1.44518077f, 1.47682619f, 1.50916445f, 1.54221082f, 1.5759809f, 1.61049032f, 1.64575553f, 1.68179286f, 1.71861935f, 1.75625217f, 1.79470909f, 1.8340081f, 1.87416768f, 1.91520655f, 1.95714414f));
        return Avx512F.Scale(Avx512F.FusedMultiplyAdd(power, p, power), n * Vector512.Create(0.03125f));
    }

    /// <summary>
    /// Natural logarithm: of the mantissa m, 1/c for a point c near it and log c are looked up; r = m/c − 1. Next to 1 on either side c is 1 or 2, so that r and
    /// the rest are exact. At most 1.2 ulp off.
    /// </summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Log(Vector512<float> x)
    {
        // The mantissa lies from 1 to 2 and is NaN where x is negative; the exponent of 0 is −∞.
        Vector512<float> m = Avx512F.GetMantissa(x, 0b1100), e = Avx512F.GetExponent(x);
        Vector512<int> index = Vector512.ShiftRightLogical(m.AsInt32(), 18);
        Vector512<float> inverse = At(index,
            Vector512.Create(1f, 0.955204308f, 0.927508712f, 0.90150708f, 0.876879811f, 0.853420496f, 0.831118524f, 0.810058892f, 0.790293694f, 0.771181643f, 0.753079772f, 0.735656381f, 0.719033003f, 0.703149915f, 0.688253343f, 0.67381382f),
            Vector512.Create(0.6599558f, 0.646496475f, 0.633831859f, 0.621479511f, 0.609639943f, 0.598046243f, 0.587323308f, 0.576442242f, 0.566388249f, 0.556616068f, 0.546938777f, 0.537820876f, 0.528789163f, 0.520178795f, 0.511864603f, 0.5f));
        Vector512<float> log = At(index,
            Vector512.Create(0f, 0.0458300263f, 0.0752530918f, 0.103687383f, 0.131385341f, 0.158502892f, 0.184982866f, 0.210648328f, 0.235350639f, 0.259831339f, 0.283584118f, 0.306992143f, 0.329848021f, 0.35218516f, 0.373598278f, 0.394801438f),
            Vector512.Create(0.415582418f, 0.436187536f, 0.455971569f, 0.475652337f, 0.494886756f, 0.5140872f, 0.532179832f, 0.550880134f, 0.568475485f, 0.585879564f, 0.60341841f, 0.620229721f, 0.637165487f, 0.653582692f, 0.669695139f, 0.693147182f));
        Vector512<float> r = Avx512F.FusedMultiplyAdd(m, inverse, Vector512.Create(-1f)), whole = Avx512F.FusedMultiplyAdd(e, Vector512.Create(0.693147182f), log);
        Vector512<float> q = Avx512F.FusedMultiplyAdd(r, Vector512.Create(-0.245588198f), Vector512.Create(0.333382756f));
        q = Avx512F.FusedMultiplyAdd(q, r, Vector512.Create(-0.500000536f));
        return whole + Avx512F.FusedMultiplyAdd(q, r * r, r);
    }

    /// <summary>Hyperbolic tangent: a polynomial of degree 5 for each quarter of an octave between 1/8 and 10, beyond which it is 1, and an odd one below. At most 1.1 ulp off.</summary>
    [MethodImpl(Inline)]
    public static Vector512<float> Tanh(Vector512<float> x)
    {
        Vector512<float> a = Avx512F.Min(Vector512.Create(9.5f), Vector512.Abs(x));
        // Exponent and two bits of the mantissa; of them the lowest five say which polynomial.
        Vector512<int> index = Vector512.ShiftRightLogical(Avx512F.Max(Vector512.Create(0.11f), a).AsInt32(), 21);
        Vector512<float> t = a - At(index,
            Vector512.Create(2.24468994f, 2.75299072f, 3.25384521f, 3.74798584f, 4.48132324f, 5.50305176f, 6.47961426f, 7.51306152f, 9f, 0f, 0f, 0f, 0f, 0f, 0f, 0f),
            Vector512.Create(0.13999939f, 0.172393799f, 0.202629089f, 0.23431015f, 0.280830383f, 0.342254639f, 0.40599823f, 0.467933655f, 0.560150146f, 0.685516357f, 0.811798096f, 0.938903809f, 1.12963867f, 1.37670898f, 1.62472534f, 1.87216187f));
        Vector512<float> p = At(index,
            Vector512.Create(0.00398404524f, 0.00190989848f, 0.000767615042f, 0.000292017969f, 6.7930232e-05f, 9.1617876e-06f, 1.25021575e-06f, 1.67346073e-07f, 9.14519926e-09f, 0f, 0f, 0f, 0f, 0f, 0f, 0.132494733f),
            Vector512.Create(0.111985959f, 0.102116816f, 0.0910116285f, 0.0787522942f, 0.0590893924f, 0.0320585556f, 0.00593608571f, -0.0171254426f, -0.0434497409f, -0.0615968853f, -0.0627055392f, -0.0530483425f, -0.0319326892f, -0.00945811626f, 0.00141658681f, 0.0046084621f));
        p = Avx512F.FusedMultiplyAdd(p, t, At(index,
            Vector512.Create(-0.0124848988f, -0.00511404686f, -0.00196093693f, -0.00074132008f, -0.000177487003f, -2.30667356e-05f, -3.26891677e-06f, -4.14239679e-07f, -2.39431746e-08f, 0f, 0f, 0f, 0f, 0f, 0f, 0f),
            Vector512.Create(0.0882805586f, 0.105641179f, 0.120253891f, 0.133725569f, 0.149734423f, 0.16383931f, 0.169935957f, 0.168162316f, 0.1537963f, 0.120063268f, 0.0801112354f, 0.0429740511f, 0.00288778637f, -0.0212188344f, -0.0251392573f, -0.0209168419f)));
        p = Avx512F.FusedMultiplyAdd(p, t, At(index,
            Vector512.Create(0.0273512993f, 0.0104852701f, 0.00393091748f, 0.00147429155f, 0.000341537583f, 4.42355558e-05f, 6.28388398e-06f, 7.93726997e-07f, 4.0354152e-08f, 0f, 0f, 0f, 0f, 0f, 0f, -0.333331704f),
            Vector512.Create(-0.307912201f, -0.295328468f, -0.281649768f, -0.265533864f, -0.239079937f, -0.200368389f, -0.157615066f, -0.115569241f, -0.0557701401f, 0.0134363808f, 0.0640272498f, 0.0950190276f, 0.111033231f, 0.0994254798f, 0.0751911998f, 0.0520386919f)));
        p = Avx512F.FusedMultiplyAdd(p, t, At(index,
            Vector512.Create(-0.0429425463f, -0.0159872826f, -0.00593189709f, -0.00221622316f, -0.000511730497f, -6.63368264e-05f, -9.4094712e-06f, -1.19099207e-06f, -5.99948038e-08f, 0f, 0f, 0f, 0f, 0f, 0f, 0f),
            Vector512.Create(-0.136400908f, -0.165731564f, -0.191912591f, -0.21792914f, -0.253176063f, -0.293718487f, -0.327971965f, -0.353344738f, -0.376923352f, -0.384349227f, -0.369034916f, -0.338109434f, -0.277691275f, -0.198247954f, -0.133066311f, -0.0861131325f)));
        p = Avx512F.FusedMultiplyAdd(p, t, At(index,
            Vector512.Create(0.0439186729f, 0.0161183756f, 0.00594992004f, 0.00221880223f, 0.000512287661f, 6.63982646e-05f, 9.4173547e-06f, 1.19207209e-06f, 6.09199091e-08f, 0f, 0f, 0f, 0f, 0f, 0f, 1f),
            Vector512.Create(0.980653465f, 0.970859468f, 0.960039735f, 0.947047412f, 0.92510283f, 0.891437173f, 0.851721466f, 0.809443116f, 0.741845727f, 0.645863235f, 0.550321162f, 0.460189164f, 0.342448384f, 0.225226507f, 0.143807441f, 0.0902851894f)));
        p = Avx512F.FusedMultiplyAdd(p, t, At(index,
            Vector512.Create(0.977794111f, 0.991908073f, 0.997020602f, 0.998889983f, 0.999743819f, 0.9999668f, 0.999995291f, 0.999999404f, 0.99999994f, 0f, 0f, 0f, 0f, 0f, 0f, 0f),
            Vector512.Create(0.139091849f, 0.170706034f, 0.199900672f, 0.230114296f, 0.273673445f, 0.329488754f, 0.385069549f, 0.436528236f, 0.508088827f, 0.595093906f, 0.670580983f, 0.734718204f, 0.810895562f, 0.880212188f, 0.925306737f, 0.953789711f)));
        return Vector512.ConditionalSelect(Vector512.Create(-0f), x, p);
    }

    /// <summary>The number at the index, of which the lowest five bits count, of two registers one behind the other.</summary>
    [MethodImpl(Inline)]
    private static Vector512<float> At(Vector512<int> index, Vector512<float> low, Vector512<float> high) => Avx512F.PermuteVar16x32x2(low, index, high);
}
