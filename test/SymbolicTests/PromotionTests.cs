using System.Text.Json;

namespace Symbolic.Test;

public class PromotionTests
{
    // Which rule each of Theano's functions follows.
    private static readonly Dictionary<string, Func<DType, DType, DType>> BinaryRules = new()
    {
        ["add"] = Promotion.Of, ["sub"] = Promotion.Of, ["mul"] = Promotion.Of, ["int_div"] = Promotion.Of, ["mod"] = Promotion.Of,
        ["pow"] = Promotion.Of, ["maximum"] = Promotion.Of, ["and"] = Promotion.Of, ["dot"] = Promotion.Of, ["switch"] = Promotion.Of,
        ["eq"] = (_, _) => DType.Bool, ["lt"] = (_, _) => DType.Bool,
        ["arctan2"] = Promotion.ToFloat,
    };

    private static readonly Dictionary<string, Func<DType, DType>> UnaryRules = new()
    {
        ["sqrt"] = Promotion.ToFloat, ["exp"] = Promotion.ToFloat, ["log"] = Promotion.ToFloat, ["sin"] = Promotion.ToFloat,
        ["tanh"] = Promotion.ToFloat, ["inv"] = Promotion.ToFloat, ["erf"] = Promotion.ToFloat, ["gammaln"] = Promotion.ToFloat,
        ["sigmoid"] = Promotion.ToFloat, ["softplus"] = Promotion.ToFloat,
        ["sum"] = Promotion.Reduce, ["prod"] = Promotion.Reduce, ["sum_axis"] = Promotion.Reduce,
        ["mean"] = Promotion.Mean, ["var"] = Promotion.Mean,
    };

    [DataFact]
    public void BinaryFunctionsAgreeWithTheano()
    {
        int compared = 0;
        var disagreements = new List<string>();
        foreach ((string policy, DType floatX) in new[] { ("floatX=float64,cast_policy=custom", DType.Float64), ("floatX=float32,cast_policy=custom", DType.Float32) })
        {
            foreach (JsonProperty function in Table("binary", policy).EnumerateObject())
            {
                Func<DType, DType, DType> rule = function.Name == "true_div"
                    ? (a, b) => Promotion.TrueDivide(a, b, floatX)
                    : BinaryRules[function.Name];
                foreach (JsonProperty entry in function.Value.EnumerateObject())
                {
                    string[] operands = entry.Name.Split(',');
                    // An error is Theano's refusal, not a dtype.
                    if (DTypes.TryParseTheano(operands[0], out DType a) && DTypes.TryParseTheano(operands[1], out DType b)
                        && DTypes.TryParseTheano(entry.Value.GetString()!, out DType expected))
                    {
                        compared++;
                        if (rule(a, b) != expected)
                        {
                            disagreements.Add($"{policy} {function.Name}({entry.Name}): {rule(a, b)}, Theano says {expected}");
                        }
                    }
                }
            }
        }
        Assert.Empty(disagreements);
        Assert.True(compared > 2000, $"only {compared} entries were compared");
    }

    [DataFact]
    public void UnaryFunctionsAgreeWithTheano()
    {
        int compared = 0;
        foreach (JsonProperty function in Table("unary", "floatX=float64,cast_policy=custom").EnumerateObject())
        {
            if (!UnaryRules.TryGetValue(function.Name, out Func<DType, DType>? rule))
            {
                continue;
            }
            foreach (JsonProperty entry in function.Value.EnumerateObject())
            {
                if (DTypes.TryParseTheano(entry.Name, out DType a) && DTypes.TryParseTheano(entry.Value.GetString()!, out DType expected))
                {
                    compared++;
                    Assert.True(rule(a) == expected, $"{function.Name}({entry.Name}): {rule(a)}, Theano says {expected}");
                }
            }
        }
        Assert.True(compared > 100, $"only {compared} entries were compared");
    }

    [DataFact]
    public void WhatUsersWriteHasTheDTypesOfTheano()
    {
        var functions = new Dictionary<string, Func<Expr, Expr, Expr>>
        {
            ["add"] = (a, b) => a + b, ["sub"] = (a, b) => a - b, ["mul"] = (a, b) => a * b, ["true_div"] = (a, b) => a / b, ["int_div"] = Functions.FloorDiv<Expr>,
            ["mod"] = (a, b) => a % b, ["maximum"] = Functions.Maximum<Expr>, ["switch"] = (a, b) => Functions.Switch<Expr>(a > b, a, b), ["dot"] = Functions.Dot,
            ["eq"] = Functions.EqualTo<Expr>, ["lt"] = (a, b) => a < b,
            ["sum"] = (a, _) => a.Sum(), ["mean"] = (a, _) => a.Mean(), ["exp"] = (a, _) => Functions.Exp<Expr>(a), ["tanh"] = (a, _) => Functions.Tanh<Expr>(a), ["sigmoid"] = (a, _) => Functions.Sigmoid<Expr>(a),
        };
        int compared = 0;
        foreach (string kind in (string[])["binary", "unary"])
        {
            foreach (JsonProperty function in Table(kind, "floatX=float64,cast_policy=custom").EnumerateObject().Where(function => functions.ContainsKey(function.Name)))
            {
                foreach (JsonProperty entry in function.Value.EnumerateObject())
                {
                    string[] operands = [.. entry.Name.Split(','), entry.Name.Split(',')[0]];
                    if (DTypes.TryParseTheano(operands[0], out DType a) && DTypes.TryParseTheano(operands[1], out DType b) && DTypes.TryParseTheano(entry.Value.GetString()!, out DType expected)
                        && !(function.Name == "dot" && expected == DType.Bool)
                        // Theano's graph has a dtype for it, and no value.
                        && !(function.Name == "int_div" && expected.IsComplex()))
                    {
                        DType found = functions[function.Name](Functions.Vector("a", "n", a), Functions.Vector("b", "n", b)).DType;
                        Assert.True(found == expected, $"{function.Name}({entry.Name}): {found}, Theano says {expected}");
                        compared++;
                    }
                }
            }
        }
        Assert.True(compared > 900, $"only {compared} entries were compared");
    }

    [Fact]
    public void OrderOfOperandsDoesNotMatter() => Assert.All(
        from a in DTypes.All from b in DTypes.All select (a, b),
        pair => Assert.Equal(Promotion.Of(pair.a, pair.b), Promotion.Of(pair.b, pair.a)));

    [Theory]
    [InlineData(DType.Float16, DType.Float32)]
    [InlineData(DType.BFloat16, DType.BFloat16)]
    [InlineData(DType.Float32, DType.Float32)]
    [InlineData(DType.Float64, DType.Float64)]
    [InlineData(DType.Bool, DType.BFloat16)]
    [InlineData(DType.Int8, DType.BFloat16)]
    [InlineData(DType.UInt16, DType.Float32)]
    [InlineData(DType.Int32, DType.Float64)]
    public void BFloat16Beside(DType other, DType expected) => Assert.Equal(expected, Promotion.Of(DType.BFloat16, other));

    [Theory]
    [InlineData(DType.Bool, LiteralKind.Integer, DType.Int32)]
    [InlineData(DType.UInt8, LiteralKind.Integer, DType.UInt8)]
    [InlineData(DType.Float16, LiteralKind.Integer, DType.Float16)]
    [InlineData(DType.Float16, LiteralKind.Float, DType.Float16)]
    [InlineData(DType.Bool, LiteralKind.Float, DType.Float32)]
    [InlineData(DType.Int8, LiteralKind.Float, DType.Float32)]
    [InlineData(DType.UInt16, LiteralKind.Float, DType.Float32)]
    [InlineData(DType.Int64, LiteralKind.Float, DType.Float64)]
    public void LiteralBeside(DType other, LiteralKind kind, DType expected) => Assert.Equal(expected, Promotion.Literal(other, kind));

    private static JsonElement Table(string kind, string policy)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(ReferenceData.File("theano", "promotion.json")));
        return document.RootElement.GetProperty(kind).GetProperty(policy).Clone();
    }
}
