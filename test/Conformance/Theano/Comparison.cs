using System.Globalization;
using Symbolic.Conformance.Theano.Cases;
using Symbolic.Conformance.Theano.Truth;

namespace Symbolic.Conformance.Theano;

/// <summary>Values beside each other. The tolerances are those that the data's README suggests, stated here once.</summary>
internal static class Comparison
{
    // Families whose results are sums of terms of mixed signs: an error may also be that share of the largest value.
    private static readonly HashSet<string> Sums = new(StringComparer.Ordinal) { "reductions", "dot", "conv_pool", "batchnorm", "autodiff", "softmax_xent", "scan", "linalg" };

    private static readonly string[] Special = ["erf", "gamma", "psi", "j0", "j1", "jv", "i0", "i1", "iv", "chi2sf"];

    /// <summary>The relative tolerance.</summary>
    public static double Relative(DType dtype, string expression)
    {
        bool special = Array.Exists(Special, name => expression.Contains(name, StringComparison.Ordinal));
        return dtype switch
        {
            DType.Float64 => special ? 1e-8 : 1e-10,
            DType.Float32 => special ? 1e-4 : 1e-5,
            DType.Float16 or DType.BFloat16 => 1e-2,
            _ => 0,
        };
    }

    /// <summary>Null where the value found agrees; otherwise what is wrong with it.</summary>
    public static string? Of(TheanoCase one, string what, Seq<Literal> expected, Literal found, Func<long, BigFloat>? truth)
    {
        Literal first = expected[0];
        if (found.DType != first.DType)
        {
            return $"{what} is {found.DType.TheanoName()}, Theano's {first.DType.TheanoName()}";
        }
        if (!found.Sizes.Equals(first.Sizes))
        {
            return $"{what} has sizes {found.Sizes}, Theano's {first.Sizes}";
        }
        double relative = Relative(found.DType, one.Expression);
        double scale = Sums.Contains(one.Family) ? first.ToDoubles().Where(double.IsFinite).Select(Math.Abs).Append(0).Max() : 0;
        double absolute = Math.Max(relative * scale, Smallest(found.DType));
        double worst = 0;
        string? report = null;
        var excused = new HashSet<Exceptions.Rule>();
        for (long i = 0; i < found.Count; i++)
        {
            double value = found[i].ToDouble();
            double deviation = expected.Min(e => Deviation(e[i], found[i], relative, absolute));
            if (deviation > 1 && !(deviation <= worst) && !IsNearer(expected, found, i, truth) && !IsExcused(one, what, expected, found, i, excused))
            {
                worst = deviation;
                report = string.Create(CultureInfo.InvariantCulture, $"{what}[{i}] is {value:R}, Theano's {string.Join(" or ", expected.Select(e => e[i].ToDouble().ToString("R", CultureInfo.InvariantCulture)))}, {deviation * relative:G3} away");
            }
        }
        foreach (Exceptions.Rule rule in report is null ? excused : [])
        {
            rule.Cases++;
        }
        return report;
    }

    /// <summary>Whether the element found is nearer to the true value than all that Theano gives.</summary>
    private static bool IsNearer(Seq<Literal> expected, Literal found, long at, Func<long, BigFloat>? truth)
    {
        if (truth is null || !found.DType.IsFloat())
        {
            return false;
        }
        BigFloat value;
        try
        {
            value = truth(at);
        }
        catch (NoTruth)
        {
            return false;
        }
        ScalarValue rounded = ScalarValue.Of(found.DType, value.ToDouble());
        double ours = found[at].ToDouble();
        if (rounded.ToDouble() == ours || (value.IsNaN && double.IsNaN(ours)))
        {
            return true;
        }
        if (!value.IsFinite || !double.IsFinite(ours))
        {
            return false;
        }
        BigFloat distance = (BigFloat.Of(ours) - value).Abs();
        return expected.All(e => !double.IsFinite(e[at].ToDouble()) || distance <= (BigFloat.Of(e[at].ToDouble()) - value).Abs());
    }

    private static bool IsExcused(TheanoCase one, string what, Seq<Literal> expected, Literal found, long at, HashSet<Exceptions.Rule> excused)
    {
        Literal? input = one.Inputs.FirstOrDefault(i => what.EndsWith($" {i.Name}", StringComparison.Ordinal))?.Value ?? (one.Inputs.Count > 0 ? one.Inputs[0].Value : null);
        var element = new Exceptions.Element(what, found[at].ToDouble(), expected.Map(e => e[at].ToDouble()), input is not null && input.Count == found.Count ? input[at].ToDouble() : double.NaN);
        if (Exceptions.For(one.Expression, element) is not { } rule)
        {
            return false;
        }
        excused.Add(rule);
        return true;
    }

    /// <summary>In units of what is tolerated.</summary>
    private static double Deviation(ScalarValue expected, ScalarValue found, double relative, double absolute)
    {
        if (!found.DType.IsFloat())
        {
            return expected == found ? 0 : double.PositiveInfinity;
        }
        double e = expected.ToDouble(), f = found.ToDouble();
        if (e == f || (double.IsNaN(e) && double.IsNaN(f)))
        {
            return 0;
        }
        double allowed = Math.Max(relative * Math.Abs(e), absolute);
        double deviation = Math.Abs(e - f) / allowed;
        return double.IsNaN(deviation) ? double.PositiveInfinity : deviation;
    }

    /// <summary>Below the normal numbers a few units of the last place are all that a relative tolerance can mean.</summary>
    private static double Smallest(DType dtype) => dtype switch
    {
        DType.Float64 => 4 * double.Epsilon,
        DType.Float32 => 4 * (double)float.Epsilon,
        DType.Float16 => 4 * (double)Half.Epsilon,
        _ => 0,
    };
}
