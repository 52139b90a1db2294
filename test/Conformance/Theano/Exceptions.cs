using System.Text.RegularExpressions;

namespace Symbolic.Conformance.Theano;

/// <summary>
/// Where we differ from Theano on purpose. A rule names a pattern of expressions, never a case, and why; the judge prints how many cases
/// each let through. Only what the pattern names is excused: everything else of the case is still compared.
/// </summary>
internal static class Exceptions
{
    /// <param name="Name">How the judge's summary calls it.</param>
    /// <param name="Expression">Which expressions it is about.</param>
    /// <param name="Excuses">Which value of a case it excuses, given what it is, our element and Theano's, and the element of the first input there.</param>
    /// <param name="Reason">Why we do otherwise.</param>
    public sealed record Rule(string Name, Regex Expression, Func<Element, bool> Excuses, string Reason)
    {
        public int Cases { get; set; }
    }

    /// <summary>One element that differs.</summary>
    public readonly record struct Element(string What, double Ours, IReadOnlyList<double> Theirs, double Input)
    {
        public bool IsGradient => What.StartsWith("gradient", StringComparison.Ordinal);
    }

    public static IReadOnlyList<Rule> Rules { get; } =
    [
        Of("relu-at-zero", @"nnet\.relu", e => e.IsGradient && e.Input == 0,
            "relu has no slope at 0: Theano's formula 0.5*(x+|x|) gives one half; ours is that of max(x, 0) from the left, as in Caffe and Torch"),
    ];

    /// <summary>The rule that excuses an element, or null.</summary>
    public static Rule? For(string expression, Element element) => Rules.FirstOrDefault(rule => rule.Expression.IsMatch(expression) && rule.Excuses(element));

    private static Rule Of(string name, string pattern, Func<Element, bool> excuses, string reason) => new(name, new Regex(pattern, RegexOptions.CultureInvariant), excuses, reason);
}
