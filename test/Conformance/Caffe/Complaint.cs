using System.Text.RegularExpressions;

namespace Symbolic.Conformance.Caffe;

/// <summary>
/// What a fatal message of Caffe names. Ours names the same thing if it has every name of the user's that Caffe's quotes or puts
/// after "Unknown ...:", "got:", "not found:", "open". Where Caffe's has none of these, ours must have one of the fields and types that it mentions
/// (<c>kernel_size</c>, <c>AdaGrad</c>), or half of the numbers that it compares, or half of the words of its explanation.
/// Where it has nothing of that sort (<c>Check failed: data_</c>, an error of the operating system) refusing is enough.
/// </summary>
internal sealed partial record Complaint(Seq<string> Names, Seq<string> Fields, Seq<string> Numbers, Seq<string> Words)
{
    // What holds the fields in Caffe's source, and what any blob has.
    private static readonly string[] Containers = ["param", "layer_param", "layer", "param_", "shape", "count", "size", "num_axes"];

    public static Complaint Of(string[] messages)
    {
        string parser = messages.FirstOrDefault(message => message.StartsWith("[libprotobuf", StringComparison.Ordinal)) ?? "";
        string text = parser.Length > 0 ? Place().Replace(parser, "", 1) : Prefix().Replace(messages[^1], "");
        Match check = Check().Match(text);
        string condition = check.Success ? check.Groups[1].Value : "", explanation = check.Success ? check.Groups[3].Value : text;
        if (explanation.Trim() is "No such file or directory")
        {
            return new Complaint([], [], [], []);
        }
        Seq<string> names = Quoted().Matches(explanation).Select(m => m.Groups[1].Value).Where(name => !name.StartsWith("caffe.", StringComparison.Ordinal))
            .Concat(Named().Matches(explanation).Select(m => m.Groups[1].Value)).Distinct().ToSeq();
        // A lone pointer that was null is nothing that the user wrote.
        string fields = (Comparison().IsMatch(condition) ? condition : "") + " " + explanation;
        return new Complaint(names,
            Identifier().Matches(fields).Select(m => Plain(m.Value)).Where(field => field.Length > 2 && !Containers.Contains(field)).Distinct().ToSeq(),
            Number().Matches(check.Groups[2].Value + " " + explanation).Select(m => m.Value).Where(number => number is not ("0" or "1")).Distinct().ToSeq(),
            LongWord().Matches(explanation).Select(m => m.Value).Distinct().ToSeq());
    }

    /// <summary>What our message lacks, or null.</summary>
    public string? Missing(string message)
    {
        bool Has(string word) => message.Contains(word, StringComparison.OrdinalIgnoreCase);
        bool HasNumber(string number) => Regex.IsMatch(message, $@"(?<![\d.]){number}(?![\d.]\d)");
        if (Names.Count > 0)
        {
            string[] missing = [.. Names.Where(name => !Has(name))];
            return missing.Length == 0 ? null : string.Join(", ", missing);
        }
        bool nothing = Fields.Count + Numbers.Count + Words.Count == 0;
        bool same = Fields.Any(Has) || (Numbers.Count > 0 && 2 * Numbers.Count(HasNumber) >= Numbers.Count) || (Words.Count > 0 && 2 * Words.Count(Has) >= Words.Count);
        return nothing || same ? null : string.Join(", ", Fields.Concat(Numbers).Concat(Words));
    }

    // param_.mean_value_size() is the field mean_value, has_kernel_h() kernel_h, group_ group, pad_h_ pad.
    private static string Plain(string identifier) => Affixes().Replace(identifier, "");

    [GeneratedRegex(@"^[A-Z]: \d+ [\w.]+:\d+\] ")]
    private static partial Regex Prefix();

    [GeneratedRegex(@"^\[libprotobuf[^\]]*\] Error parsing text-format [\w.]+: \d+:\d+: ")]
    private static partial Regex Place();

    [GeneratedRegex(@"^Check failed: (.*?(?:\(\S+ vs\. \S+\)|$|(?= [A-Z][a-z]| bottom\[0\]: )))()(.*)$")]
    private static partial Regex Check();

    [GeneratedRegex("""["']([^"'\s]+)["']""")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"(?:^Unknown [\w ]+|got|not found|[Ff]ile|^Unknown action): ([\w./-]+)|Couldn't open ([\w./-]+)")]
    private static partial Regex Named();

    [GeneratedRegex(@"[=<>%|]")]
    private static partial Regex Comparison();

    [GeneratedRegex(@"\b[A-Za-z]\w*_\w*\b|(?<=\.)\w+(?=\(\))|\b[A-Z]+[a-z0-9]+[A-Z]\w*\b|\b[A-Z]{2,}[a-z]\w*\b|\b[A-Z]{3,}\b")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"^has_|(?:_size|_[hw])?_?$")]
    private static partial Regex Affixes();

    [GeneratedRegex(@"(?<![\w.])\d+(?![\w.]\w)")]
    private static partial Regex Number();

    [GeneratedRegex(@"[A-Za-z]{5,}")]
    private static partial Regex LongWord();
}
