using System.Globalization;
using System.Text.Json;
using Symbolic.Conformance.Theano.Python;

namespace Symbolic.Conformance.Theano.Cases;

/// <summary>Reads cases/*.jsonl.</summary>
internal static class CaseReader
{
    /// <summary>The lines of a file with id and family, unread: what cannot be read fails only when the case runs.</summary>
    public static IEnumerable<(string Id, string Family, JsonElement Json)> Lines(string file)
    {
        foreach (string line in File.ReadLines(file))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement json = document.RootElement.Clone();
            yield return (json.GetProperty("id").GetString()!, json.GetProperty("family").GetString()!, json);
        }
    }

    public static TheanoCase Read(JsonElement json) => new()
    {
        Id = json.GetProperty("id").GetString()!,
        Family = json.GetProperty("family").GetString()!,
        Expression = json.GetProperty("expr").GetString()!,
        Code = json.TryGetProperty("code", out JsonElement code) ? code.GetString() : null,
        Inputs = List(json, "inputs").Select(Input).ToSeq(),
        Outputs = Values(json, "outputs"),
        OtherOutputs = new[] { "naive", "fast_compile_differs" }.Select(name => Values(json, name)).Where(list => list.Count > 0).ToSeq(),
        OutTypes = List(json, "out_types").Select((type, i) => new OutType(i, Known(type), type.GetProperty("broadcastable").EnumerateArray().Select(flag => flag.GetBoolean()).ToSeq())).ToSeq(),
        Cotangents = List(json, "cotangents").Select(c => new Tagged<int>(c.GetProperty("output").GetInt32(), Value(c))).ToSeq(),
        Gradients = List(json, "grads").Select(Named).ToSeq(),
        OtherGradients = Values(json, "grads_naive"),
        Disconnected = List(json, "disconnected").Select(name => name.GetString()!).ToSeq(),
        Tangents = List(json, "tangents").Select(Named).ToSeq(),
        Rop = Values(json, "rop"),
        Error = json.TryGetProperty("error", out JsonElement error) ? (error.GetProperty("type").GetString()!, error.GetProperty("message").GetString()!) : null,
    };

    private static IEnumerable<JsonElement> List(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray() : [];

    private static Seq<Literal> Values(JsonElement json, string name) => List(json, name).Select(Value).ToSeq();

    private static Tagged<string> Named(JsonElement json) => new(json.GetProperty("wrt").GetString()!, Value(json));

    private static CaseInput Input(JsonElement json) => new(
        json.GetProperty("name").GetString()!,
        Value(json),
        json.TryGetProperty("broadcastable", out JsonElement flags) ? flags.EnumerateArray().Select(flag => flag.GetBoolean()).ToSeq() : null);

    private static Literal Value(JsonElement json)
    {
        DType dtype = Known(json);
        JsonElement[] data = [.. json.GetProperty("data").EnumerateArray()];
        Seq<long> sizes = json.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToSeq();
        return Literal.Build(dtype, sizes, i => Number(dtype, data[i]));
    }

    private static DType Known(JsonElement json)
    {
        string name = json.GetProperty("dtype").GetString()!;
        return DTypes.TryParseTheano(name, out DType dtype) ? dtype : throw new MissingFeature(name);
    }

    private static ScalarValue Number(DType dtype, JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => ScalarValue.Of(dtype, new System.Numerics.Complex(Number(dtype.Real(), json[0]).ToDouble(), Number(dtype.Real(), json[1]).ToDouble())),
        JsonValueKind.True or JsonValueKind.False => ScalarValue.Of(dtype, json.GetBoolean() ? 1L : 0L),
        JsonValueKind.String => ScalarValue.Of(dtype, double.Parse(json.GetString()!, CultureInfo.InvariantCulture)),
        _ when dtype == DType.UInt64 => ScalarValue.FromBits(dtype, json.TryGetUInt64(out ulong bits) ? bits : (ulong)json.GetDouble()),
        _ when !dtype.IsFloat() && json.TryGetInt64(out long integer) => ScalarValue.Of(dtype, integer),
        _ when dtype == DType.Float32 => ScalarValue.Of(dtype, json.GetSingle()),
        _ => ScalarValue.Of(dtype, json.GetDouble()),
    };
}
