using System.Text.Json;
using Symbolic.Conformance.Theano.Api;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano;

/// <summary>
/// Result dtypes: every entry of promotion.json is a case of its own, <c>binary/SETTING/OP/a,b</c> and so on. The ops are reached through
/// the same table of our API, and the same small Python, as all other cases.
/// </summary>
internal static class PromotionJudge
{
    private static readonly Dictionary<string, string> Binary = new(StringComparer.Ordinal)
    {
        ["add"] = "x+y",
        ["sub"] = "x-y",
        ["mul"] = "x*y",
        ["true_div"] = "x/y",
        ["int_div"] = "x//y",
        ["mod"] = "x%y",
        ["pow"] = "x**y",
        ["maximum"] = "T.maximum(x,y)",
        ["eq"] = "T.eq(x,y)",
        ["lt"] = "T.lt(x,y)",
        ["and"] = "x & y",
        ["dot"] = "T.dot(x,y)",
        ["switch"] = "T.switch(T.eq(x,x),x,y)",
        ["arctan2"] = "T.arctan2(x,y)",
    };

    public static IEnumerable<Case> Cases(CommandLine line)
    {
        string file = Path.Combine(line.Folder, "promotion.json");
        if (!File.Exists(file))
        {
            yield break;
        }
        var tally = new Tally();
        foreach (Case one in Entries(file))
        {
            string part = one.Name[..one.Name.IndexOf('/', StringComparison.Ordinal)];
            yield return one with { Run = () => tally.Add(one.Name.Contains("complex", StringComparison.Ordinal) || one.Name.Contains("/1j", StringComparison.Ordinal) ? $"{part} of complex" : part, one.Run()) };
        }
        tally.Print(Console.Out);
    }

    private static IEnumerable<Case> Entries(string file)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
        JsonElement root = document.RootElement.Clone();
        foreach (JsonProperty setting in root.GetProperty("binary").EnumerateObject())
        {
            TheanoApi api = Api(setting.Name);
            foreach (JsonProperty op in setting.Value.EnumerateObject())
            {
                foreach (JsonProperty pair in op.Value.EnumerateObject())
                {
                    string[] dtypes = pair.Name.Split(',');
                    yield return Of($"binary/{setting.Name}/{op.Name}/{pair.Name}", op.Name, pair.Value.GetString()!, () => Run(api, Binary[op.Name], dtypes));
                }
            }
        }
        foreach (JsonProperty setting in root.GetProperty("unary").EnumerateObject())
        {
            TheanoApi api = Api(setting.Name);
            foreach (JsonProperty op in setting.Value.EnumerateObject())
            {
                foreach (JsonProperty dtype in op.Value.EnumerateObject())
                {
                    yield return Of($"unary/{setting.Name}/{op.Name}/{dtype.Name}", op.Name, dtype.Value.GetString()!, () => Run(api, Unary(op.Name), [dtype.Name]));
                }
            }
        }
        foreach (JsonProperty setting in root.GetProperty("python_scalar").EnumerateObject())
        {
            TheanoApi api = Api(setting.Name);
            foreach (JsonProperty scalar in setting.Value.EnumerateObject())
            {
                foreach (JsonProperty beside in scalar.Value.EnumerateObject())
                {
                    string name = $"python_scalar/{setting.Name}/{scalar.Name}/{beside.Name}";
                    if (beside.Value.ValueKind == JsonValueKind.String)
                    {
                        yield return Of(name, "constant", beside.Value.GetString()!, () => Run(api, $"T.constant({scalar.Name})", []));
                        continue;
                    }
                    foreach (JsonProperty op in beside.Value.EnumerateObject())
                    {
                        yield return Of($"{name}/{op.Name}", op.Name, op.Value.GetString()!, () => Run(api, $"x {op.Name} ({scalar.Name})", [beside.Name]));
                    }
                }
            }
        }
        foreach (JsonProperty input in root.GetProperty("function_input_casting").EnumerateObject())
        {
            yield return new Case($"function_input_casting/{input.Name.Replace(" ", "", StringComparison.Ordinal)}", "function", () => InputCasting.Judge(input.Name, input.Value));
        }
    }

    /// <summary>What Python text computes each entry of <c>unary</c>.</summary>
    private static string Unary(string op) => op switch
    {
        "cast_float32" => "T.cast(x,\"float32\")",
        "sigmoid" or "softplus" => $"nnet.{op}(x)",
        "sum_axis" => "T.sum(x,axis=0)",
        _ => $"T.{op}(x)",
    };

    private static TheanoApi Api(string setting) => new(new Settings(
        setting.Contains("floatX=float32", StringComparison.Ordinal) ? DType.Float32 : DType.Float64,
        setting.EndsWith("numpy+floatX", StringComparison.Ordinal)));

    private static Case Of(string name, string type, string expected, Func<string> run) => new(name, type, () =>
    {
        string found;
        try
        {
            found = run();
        }
        catch (MissingFeature missing)
        {
            return Verdict.Unsupported(missing.Message);
        }
        catch (Exception error) when (error is PythonError or TypeMismatch)
        {
            return error is PythonError { Missing: { } missing } ? Verdict.Unsupported(missing)
                : expected.StartsWith("ERROR", StringComparison.Ordinal) ? Verdict.Pass
                : Excused(name) ?? Verdict.Fail($"wanted {expected}; got the error {error.Message}");
        }
        return found == expected ? Verdict.Pass : Excused(name) ?? Verdict.Fail($"wanted {expected}; got {found}");
    });

    private static Verdict? Excused(string name)
    {
        if (Exceptions.Promotion.FirstOrDefault(rule => rule.Expression.IsMatch(name)) is not { } rule)
        {
            return null;
        }
        rule.Cases++;
        return Verdict.Pass;
    }

    /// <summary>The dtype that an expression over matrices of these dtypes has.</summary>
    private static string Run(TheanoApi api, string expression, string[] dtypes)
    {
        var evaluator = new Evaluator(api);
        for (int i = 0; i < dtypes.Length; i++)
        {
            evaluator.Set(i == 0 ? "x" : "y", new Variable("x", api.DTypeOf(dtypes[i]), null, null).Expr);
        }
        return api.AsTensor(evaluator.Evaluate(expression)).DType.TheanoName();
    }
}
