using System.Globalization;
using Symbolic.Conformance.Theano.Cases;
using Symbolic.Conformance.Theano.Truth;

namespace Symbolic.Conformance.Theano;

/// <summary>
/// Values beside each other. The tolerances are those that the data's README suggests, stated here once. An element agrees that is near
/// one of Theano's values, or nearer to the true value than all of them, or that a rule of <see cref="Exceptions"/> excuses.
/// </summary>
internal sealed class Comparison(TheanoCase one, string what, Seq<Literal> expected, Literal found, Func<long, BigFloat>? truth)
{
    // Families whose results are sums of terms of mixed signs: an error may also be that share of the largest value.
    private static readonly HashSet<string> Sums = new(StringComparer.Ordinal) { "reductions", "dot", "conv_pool", "batchnorm", "autodiff", "softmax_xent", "scan", "linalg" };

    private static readonly string[] Special = ["erf", "gamma", "psi", "j0", "j1", "jv", "i0", "i1", "iv", "chi2sf"];

    private readonly HashSet<Exceptions.Rule> excused = [];

    /// <summary>The input that a gradient is with respect to.</summary>
    private CaseInput? Input => one.Inputs.FirstOrDefault(i => what.EndsWith($"gradient of {i.Name}", StringComparison.Ordinal));

    /// <summary>Null where the value found agrees; otherwise what is wrong with it.</summary>
    public string? Report()
    {
        Literal first = expected[0];
        DType dtype = found.DType;
        if (dtype != first.DType)
        {
            if (Input?.Value.DType == dtype)
            {
                excused.Add(Exceptions.GradientDType);
            }
            else if (one.OutTypes.Any(declared => what == $"output {declared.Of}" && declared.DType == dtype))
            {
                excused.Add(Exceptions.DeclaredDType);
            }
            else
            {
                return $"{what} is {dtype.TheanoName()}, Theano's {first.DType.TheanoName()}";
            }
        }
        if (!found.Sizes.Equals(first.Sizes))
        {
            return $"{what} has sizes {found.Sizes}, Theano's {first.Sizes}";
        }
        double relative = Math.Max(Relative(dtype), Relative(first.DType));
        double scale = Sums.Contains(one.Family) ? first.ToDoubles().Where(double.IsFinite).Select(Math.Abs).Append(0).Max() : 0;
        double absolute = Math.Max(relative * scale, Smallest(dtype));
        double worst = 0;
        string? report = null;
        for (long i = 0; i < found.Count; i++)
        {
            double deviation = expected.Min(e => Deviation(e[i], found[i], relative, absolute));
            if (deviation > 1 && !(deviation <= worst) && !IsNearer(i) && !IsExcused(i))
            {
                worst = deviation;
                string theirs = string.Join(" or ", expected.Select(e => Text(e[i].ToDouble())));
                string at = string.Join(", ", one.Inputs.Where(input => input.Value.Count == found.Count).Select(input => $"{input.Name}={Text(input.Value[i].ToDouble())}"));
                report = $"{what}[{i}] is {Text(found[i].ToDouble())}, Theano's {theirs}, {(deviation * relative).ToString("G3", CultureInfo.InvariantCulture)} away{(at.Length > 0 ? $" at {at}" : "")}";
            }
        }
        foreach (Exceptions.Rule rule in report is null ? excused : [])
        {
            rule.Cases++;
        }
        return report;
    }

    private static string Text(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private double Relative(DType dtype)
    {
        bool special = Array.Exists(Special, name => one.Expression.Contains(name, StringComparison.Ordinal));
        return dtype switch
        {
            DType.Float64 => special ? 1e-8 : 1e-10,
            DType.Float32 => special ? 1e-4 : 1e-5,
            DType.Float16 or DType.BFloat16 => 1e-2,
            _ => 0,
        };
    }

    /// <summary>Whether the element found is nearer to the true value than all that Theano gives.</summary>
    private bool IsNearer(long at)
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
        bool nearer = rounded.ToDouble() == ours || (value.IsNaN && double.IsNaN(ours));
        if (!nearer && value.IsFinite && double.IsFinite(ours))
        {
            // Any number is nearer than infinity or NaN: beside those it must be near by itself.
            double[] theirs = [.. expected.Select(e => e[at].ToDouble()).Where(double.IsFinite)];
            BigFloat distance = (BigFloat.Of(ours) - value).Abs();
            nearer = theirs.Length > 0
                ? Array.TrueForAll(theirs, e => distance <= (BigFloat.Of(e) - value).Abs())
                : distance <= value.Abs() * BigFloat.Of(100 * Relative(found.DType));
        }
        if (nearer)
        {
            excused.Add(Exceptions.NearerToTheTruth);
        }
        return nearer;
    }

    private bool IsExcused(long at)
    {
        double[] beside = [.. one.Inputs.Where(input => input.Value.Count == found.Count).Select(input => input.Value[at].ToDouble())];
        double? result = one.Outputs.Count > 0 && one.Outputs[0].Count == found.Count ? one.Outputs[0][at].ToDouble() : null;
        double input = Input is { } of && of.Value.Count == found.Count ? of.Value[at].ToDouble() : double.NaN;
        bool hasNaN = one.Inputs.Any(i => i.Value.ToDoubles().Any(double.IsNaN));
        var element = new Exceptions.Element(what, found[at].ToDouble(), expected.Map(e => e[at].ToDouble()), input, beside, result, hasNaN, Math.ScaleB(1, found.DType switch
        {
            DType.Float64 => -1022,
            DType.Float32 => -126,
            _ => -14,
        }));
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
            return expected.ToInt64() == found.ToInt64() ? 0 : double.PositiveInfinity;
        }
        double e = expected.ToDouble(), f = found.ToDouble();
        if (e == f || (double.IsNaN(e) && double.IsNaN(f)))
        {
            return 0;
        }
        double deviation = Math.Abs(e - f) / Math.Max(relative * Math.Abs(e), absolute);
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
