using System.Text.RegularExpressions;

namespace Symbolic.Conformance.Theano;

/// <summary>
/// Where we differ from Theano on purpose. A rule names a pattern of expressions, never a case, and why; the judge prints how many cases
/// each let through. Only what a rule names is excused: everything else of the case is still compared.
/// </summary>
internal static class Exceptions
{
    /// <summary>A rule about single elements.</summary>
    /// <param name="Name">How the judge's summary calls it.</param>
    /// <param name="Expression">Which expressions it is about.</param>
    /// <param name="Excuses">Which elements it excuses.</param>
    /// <param name="Reason">Why we do otherwise.</param>
    public sealed record Rule(string Name, Regex Expression, Func<Element, bool> Excuses, string Reason)
    {
        public int Cases { get; set; }
    }

    /// <summary>One element that differs.</summary>
    /// <param name="What">What it is an element of.</param>
    /// <param name="Ours">What we give.</param>
    /// <param name="Theirs">What Theano gives, with and without optimisation.</param>
    /// <param name="Input">The element there of the input that a gradient is of.</param>
    /// <param name="Beside">The elements there of all inputs of the same number of elements.</param>
    /// <param name="Result">Theano's first output there, if it has that number of elements.</param>
    /// <param name="HasNaN">Whether any input has a NaN anywhere.</param>
    /// <param name="Smallest">The least normal number of its dtype.</param>
    public sealed record Element(string What, double Ours, IReadOnlyList<double> Theirs, double Input, IReadOnlyList<double> Beside, double? Result, bool HasNaN, double Smallest)
    {
        public bool IsTangent => What.StartsWith("tangent", StringComparison.Ordinal);

        public bool IsGradient => What.StartsWith("gradient", StringComparison.Ordinal);
    }

    public static IReadOnlyList<Rule> Rules { get; } =
    [
        Of("gradient-without-derivative", ".", e => e.IsGradient && (e.Beside.Any(value => !double.IsFinite(value)) || (e.Result is { } result && double.IsNaN(result))),
            "where an input is infinite or NaN, or the result is NaN, there is no derivative; what a formula gives there is an accident of how it is written"),
        Of("infinite-slope-at-zero", ".", e => e.IsGradient && e.Input == 0 && double.IsInfinity(e.Ours) && e.Theirs.All(double.IsInfinity),
            "the sign of an infinite slope at a zero, from which one side alone is in the domain"),
        Of("overflow-on-the-way", ".", e => !double.IsFinite(e.Ours) && e.Theirs.All(value => !double.IsFinite(value)),
            "neither gives a number: one overflowed to infinity, the other went on to NaN"),
        Of("relu-at-zero", @"nnet\.relu", e => e.IsGradient && e.Input == 0,
            "relu has no slope at 0: Theano's 0.5*(x+|x|) gives one half, ours 0 as Caffe and Torch do"),
        Of("hard-sigmoid-at-its-ends", @"nnet\.hard_sigmoid", e => e.IsGradient && Math.Abs(e.Input) == 2.5,
            "at the ends of the line there is no slope: Theano gives 0, ours that of the line"),
        Of("tanh-over-x", @"T\.tanh\(x\)/x", e => e.IsGradient && Math.Abs(e.Ours - e.Theirs[0]) <= 1e-5 * Math.Abs(e.Theirs[0]),
            "sech(x)^2/x - tanh(x)/x^2 cancels near 0: Theano's own two values differ as much"),
        Of("slope-of-erfcx", @"T\.exp\(-x\*\*2\)/T\.erfc\(x\)", e => e.IsGradient && e.Theirs.All(double.IsNaN) && double.IsFinite(e.Ours),
            "2x erfcx(x) - 2/sqrt(pi) cancels far out: few digits are right; Theano has NaN"),
        Of("square-over-itself", @"\(x\*\*2\)/x", e => e.IsGradient && e.Theirs.All(double.IsNaN) && Math.Abs(e.Input) is > 0 and < 1e-100,
            "x*x is 0 below 1e-162, and so is what it is divided by: ours is 2, Theano's NaN, the slope is 1"),
        Of("sinh-minus-cosh", @"T\.sinh\(x\)-T\.cosh\(x\)", e => Math.Abs(e.Ours - e.Theirs[0]) <= Math.Exp(Math.Abs(e.Beside[0])) * 1.2e-7,
            "the difference cancels: what is left is one unit in the last place of either"),
        Of("limit-at-infinity", ".", e => !e.IsGradient && e.Beside.Any(double.IsInfinity) && e.Theirs.All(double.IsNaN),
            "at infinity a product or difference that was simplified has its limit, where its parts have none"),
        Of("x-log-x-at-zero", @"x\*T\.log\(x\)", e => e.Beside.Count > 0 && e.Beside[0] == 0 && e.Theirs.All(double.IsNaN),
            "x*log(x) has the limit 0 at 0, which is what everybody who writes an entropy wants"),
        Of("log-of-one-minus-sigmoid", @"T\.log1p\(-nnet\.sigmoid\(x\)\)", e => !e.IsGradient && e.Ours == -(Math.Max(e.Beside[0], 0) + Math.Log(1 + Math.Exp(-Math.Abs(e.Beside[0])))),
            "this is -softplus(x), which needs more digits beside 1 than any arithmetic has"),
        Of("below-the-normal-numbers", ".", e => Math.Abs(e.Ours) < e.Smallest && e.Theirs.All(value => Math.Abs(value) < e.Smallest),
            "below the least normal number a result may be 0"),
        Of("gamma-functions-at-their-poles", @"T\.(psi|tri_gamma|gamma|gammaln)\(", e => e.IsGradient && e.Input <= 0 && e.Input == Math.Floor(e.Input),
            "there is no slope at a pole: Theano gives 0 or NaN"),
        Of("tangent-by-two-reverse-passes", ".", e => e.IsTangent && !double.IsFinite(e.Ours),
            "there is no forward mode yet: a product of two reverse passes is not what the stabilising rules know"),
        Of("pooling-of-NaN", @"pool\.pool_", e => e.HasNaN && e.IsGradient,
            "the maximum of a window with a NaN is NaN; Theano's depends on where in the window it stands"),
    ];

    /// <summary>Gradients of whose dtype alone Theano disagrees.</summary>
    public static Rule GradientDType { get; } = Of("dtype-of-a-gradient", ".", _ => true,
        "a gradient has the dtype of what it is with respect to; Theano gives that of the arithmetic, or floatX where it is zero");

    /// <summary>Elements that are nearer to the true value than Theano's.</summary>
    public static Rule NearerToTheTruth { get; } = Of("nearer-to-the-truth", ".", _ => true,
        "in exact arithmetic of 2,600 bits our values are nearer than all of Theano's");

    /// <summary>Results that Theano declares with one dtype and computes with another.</summary>
    public static Rule DeclaredDType { get; } = Of("declared-dtype", ".", _ => true,
        "Theano's graph says this dtype, though its function returns a wider one");

    /// <summary>Errors of Theano's that are limits of it: we give the right value, which another expression says independently.</summary>
    public static IReadOnlyList<(Regex Expression, string Equivalent, Rule Rule)> Limits { get; } =
    [
        Limit(@"^x\[:,:,None\]$", "x.dimshuffle(0,1,'x',2)", "new-axis-between", "fewer indices than axes beside a new axis: Theano's indexing miscounts"),
        Limit(@"^T\.topk\(x,2\)$", "T.sort(x,axis=-1)[:,::-1][:,:2]", "sorted-top-k", "Theano has not implemented sorted=True, its own default"),
        Limit(@"^T\.topk\(x,-2\)$", "T.sort(x,axis=-1)[:,:2]", "sorted-top-k", "Theano has not implemented sorted=True, its own default"),
        Limit(@"^T\.argtopk\(x,2\)$", "T.argsort(-x,axis=-1)[:,:2]", "sorted-top-k", "Theano has not implemented sorted=True, its own default"),
        Limit(@"^T\.topk_and_argtopk\(x,3\)$", "[T.sort(x,axis=-1)[:,::-1][:,:3],T.argsort(-x,axis=-1)[:,:3]]", "sorted-top-k", "Theano has not implemented sorted=True, its own default"),
    ];

    /// <summary>Dtypes that Theano infers for what it cannot compute; entries of promotion.json.</summary>
    public static IReadOnlyList<Rule> Promotion { get; } =
    [
        Of("bits-of-a-float", @"^binary/.*/and/(u?int\d+,uint64|uint64,int\d+)$", _ => true,
            "the least dtype that holds int64 and uint64 is a float, which has no bits to combine: Theano infers it and then fails; we refuse"),
        Of("running-sum-of-booleans", @"^unary/.*/cumsum/bool$", _ => true,
            "Theano infers bool, which holds no sum beyond 1; ours is int64, as NumPy's"),
        Of("whole-quotients-of-complex-numbers", @"^binary/.*/int_div/.*complex|^python_scalar/.*/complex\d+///$|^python_scalar/.*/1j/.*///$", _ => true,
            "a complex number has no floor: Theano infers a dtype, and NumPy then refuses to compute; we refuse"),
        Of("angle-of-complex-numbers", @"^binary/.*/arctan2/.*complex", _ => true,
            "arctan2 is a function of two real numbers: Theano infers a complex dtype, and NumPy then refuses to compute; we refuse"),
        Of("special-functions-of-complex-numbers", @"^unary/.*/(erf|gammaln)/complex", _ => true,
            "Theano infers a complex dtype; of gammaln it then fails, and we have neither for complex numbers"),
    ];

    public static IEnumerable<Rule> All => Rules.Prepend(NearerToTheTruth).Append(GradientDType).Append(DeclaredDType).Concat(Limits.Select(limit => limit.Rule)).Concat(Promotion);

    /// <summary>The rule that excuses an element, or null.</summary>
    public static Rule? For(string expression, Element element) => Rules.FirstOrDefault(rule => rule.Expression.IsMatch(expression) && rule.Excuses(element));

    private static Rule Of(string name, string pattern, Func<Element, bool> excuses, string reason) => new(name, new Regex(pattern, RegexOptions.CultureInvariant), excuses, reason);

    private static (Regex, string, Rule) Limit(string pattern, string equivalent, string name, string reason)
    {
        Rule rule = Of(name, pattern, _ => true, reason);
        return (rule.Expression, equivalent, rule);
    }
}
