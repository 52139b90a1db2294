using System.Text.Json;
using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>Subscripts, joins and movement of axes against the values and gradients that Theano gave for the same expressions.</summary>
public class TheanoIndexingTests
{
    private sealed class Inputs : Dictionary<string, Expr>
    {
        public Expr X => this["x"];

        public Expr Y => this["y"];
    }

    private static readonly int[] Two = [0, 2];

    private static readonly Dictionary<string, Func<Inputs, Expr>> Cases = new()
    {
        ["x[-1]"] = v => v.X[-1],
        ["x[1:3]"] = v => v.X[1..3],
        ["x[::2]"] = v => v.X[Subscript.Range(null, null, 2)],
        ["x[::-1]"] = v => v.X[Subscript.Range(null, null, -1)],
        ["x[1:3,2:]"] = v => v.X[1..3, 2..],
        ["x[:,1]"] = v => v.X[Subscript.All, 1],
        ["x[-3:-1]"] = v => v.X[Subscript.Range(-3, -1)],
        ["x[10:]"] = v => v.X[10..],
        ["x[2:1]"] = v => v.X[Subscript.Range(2, 1)],
        ["x[::-2,::3]"] = v => v.X[Subscript.Range(null, null, -2), Subscript.Range(null, null, 3)],
        ["x[:-1]-x[1:]"] = v => v.X[..^1] - v.X[1..],
        ["x[0:4:3]"] = v => v.X[Subscript.Range(0, 4, 3)],
        ["x.T[1]"] = v => v.X.Transpose()[1],
        ["x[i]"] = v => v.X[v["i"]],
        ["x[i:]"] = v => v.X[Subscript.Range(v["i"], null)],
        ["x[:i]"] = v => v.X[Subscript.Range(null, v["i"])],
        ["x[i,j]"] = v => v.X[v["i"], v["j"]],
        ["x[i:j]"] = v => v.X[Subscript.Range(v["i"], v["j"])],
        ["x[[0,2,2],[1,1,4]]"] = v => v.X[new[] { 0, 2, 2 }, new[] { 1, 1, 4 }],
        ["x[:,[0,0,3]]"] = v => v.X[Subscript.All, new[] { 0, 0, 3 }],
        ["x[[1],[[0],[2]]]"] = v => v.X[new[] { 1 }, Whole([2, 1], 0, 2)],
        ["x.take([0,2],axis=1)"] = v => v.X.Take(Whole([2], 0, 2), 1),
        ["T.take(x,[1,3],axis=0,mode=\"clip\")"] = v => v.X.Take(Whole([2], 1, 3), 0, TakeMode.Clip),
        ["T.take(x,[1,9,-9],axis=0,mode=\"clip\")"] = v => v.X.Take(Whole([3], 1, 9, -9), 0, TakeMode.Clip),
        ["T.take(x,[1,9,-9],axis=0,mode=\"wrap\")"] = v => v.X.Take(Whole([3], 1, 9, -9), 0, TakeMode.Wrap),
        ["x[(x>0).nonzero()]"] = v => (v.X > 0).Nonzero() is var at ? v.X[at[0], at[1]] : null!,
        ["x.nonzero_values()"] = v => v.X.NonzeroValues(),
        ["T.flatnonzero(x)"] = v => v.X.FlatNonzero(),
        ["x[T.eq(x,x)]"] = v => v.X[EqualTo<Expr>(v.X, v.X)],
        ["x.diagonal()"] = v => v.X.Diagonal(),
        ["x[T.arange(3),T.arange(3)]"] = v => v.X[Iota([3], 0), Iota([3], 0)],
        ["x[:,2,::-1]"] = v => v.X[Subscript.All, 2, Subscript.Range(null, null, -1)],
        ["x[[0,2],:,[1,2]]"] = v => v.X[Two, Subscript.All, new[] { 1, 2 }],
        ["x[:,[0,1],[1,2]]"] = v => v.X[Subscript.All, new[] { 0, 1 }, new[] { 1, 2 }],
        ["x[[0,2],1:3]"] = v => v.X[Two, 1..3],
        ["x[idx]"] = v => v.X[v["idx"]],
        ["x[:,idx]"] = v => v.X[Subscript.All, v["idx"]],
        ["x[idx2]"] = v => v.X[v["idx2"]],
        ["x[x>0.5]"] = v => v.X[v.X > 0.5],
        ["x[b2]"] = v => v.X[v["b2"]],
        ["T.set_subtensor(x[1:3],y0)"] = v => v.X.SetSubtensor([1..3], v["y0"]),
        ["T.inc_subtensor(x[1:3],y0)"] = v => v.X.IncSubtensor([1..3], v["y0"]),
        ["T.set_subtensor(x[:,1],z)"] = v => v.X.SetSubtensor([Subscript.All, 1], v["z"]),
        ["T.inc_subtensor(x[:,::2],1.5)"] = v => v.X.IncSubtensor([Subscript.All, Subscript.Range(null, null, 2)], 1.5),
        ["T.inc_subtensor(x[[0,0,2]],y0)"] = v => v.X.IncSubtensor([new[] { 0, 0, 2 }], v["y0"]),
        ["T.inc_subtensor(x[[0,0],[1,1]],s)"] = v => v.X.IncSubtensor([new[] { 0, 0 }, new[] { 1, 1 }], v["s"]),
        ["T.set_subtensor(x[[0,1],[1,1]],s)"] = v => v.X.SetSubtensor([new[] { 0, 1 }, new[] { 1, 1 }], v["s"]),
        ["T.set_subtensor(x[x>0],0.)"] = v => v.X.SetSubtensor([v.X > 0], 0.0),
        ["T.inc_subtensor(x[x>0],s)"] = v => v.X.IncSubtensor([v.X > 0], v["s"]),
        ["T.inc_subtensor(x[-1,-1],s)"] = v => v.X.IncSubtensor([-1, -1], v["s"]),
        ["T.set_subtensor(x[(x<0).nonzero()],0.)"] = v => v.X.SetSubtensor((v.X < 0).Nonzero().Map(at => (Subscript)at), 0.0),
        ["T.inc_subtensor(x[:,[1,1,1]],s)"] = v => v.X.IncSubtensor([Subscript.All, new[] { 1, 1, 1 }], v["s"]),
        ["T.set_subtensor(x[2:2],y0)"] = v => v.X.SetSubtensor([2..2], v["y0"]),
        ["T.fill_diagonal(x,s)"] = v => v.X.FillDiagonal(v["s"]),
        ["T.choose(a,[c0,c1,c2])"] = v => Choose(v["a"], [v["c0"], v["c1"], v["c2"]]),
        ["T.choose(a,[c0,c1,c2],mode=\"wrap\")"] = v => Choose(v["a"], [v["c0"], v["c1"], v["c2"]], TakeMode.Wrap),
        ["T.extra_ops.unravel_index(i,(3,4))"] = v => UnravelIndex(v["i"], [3, 4])[0],
        ["T.extra_ops.ravel_multi_index((i,j),(3,4))"] = v => RavelMultiIndex([v["i"], v["j"]], [3, 4]),
        ["x.reshape((-1,))"] = v => v.X.Reshape([-1]),
        ["x.reshape([x.shape[1],x.shape[0]])"] = v => v.X.Reshape([v.X.Shape[1], v.X.Shape[0]]),
        ["x.flatten()"] = v => v.X.FlattenTo(),
        ["x.dimshuffle(1,\"x\",0)"] = v => v.X.DimShuffle(1, null, 0),
        ["x.dimshuffle(0,\"x\",1,\"x\")"] = v => v.X.DimShuffle(0, null, 1, null),
        ["T.shape_padleft(x)"] = v => v.X.ShapePadLeft(),
        ["T.concatenate([x,y],axis=0)"] = v => Concatenate([v.X, v.Y]),
        ["T.concatenate([x,y],axis=1)"] = v => Concatenate([v.X, v.Y], 1),
        ["T.join(1,x,x,y)"] = v => Concatenate([v.X, v.X, v.Y], 1),
        ["T.join(-1,x,y)"] = v => Concatenate([v.X, v.Y], -1),
        ["T.stack([x,y])"] = v => Stack([v.X, v.Y]),
        ["T.stack([x,y],axis=1)"] = v => Stack([v.X, v.Y], 1),
        ["T.split(x,[1,2],2,axis=1)"] = v => v.X.Split([1, 2], 1)[0],
        ["T.tile(x,(2,1))"] = v => v.X.Tile([2, 1]),
        ["T.tile(x,(1,2))"] = v => v.X.Tile([1, 2]),
        ["T.tile(x,(1,2,1))"] = v => v.X.Tile([1, 2, 1]),
        ["T.repeat(x,2)"] = v => v.X.Repeat(2),
        ["T.repeat(x,2,axis=1)"] = v => v.X.Repeat(2, 1),
        ["T.roll(x,1,axis=0)"] = v => v.X.Roll(1, 0),
        ["T.roll(x,0)"] = v => v.X.Roll(0),
        ["T.diag(x)"] = v => v.X.Diagonal(),
        ["T.nonzero_values(x)"] = v => v.X.NonzeroValues(),
        ["x.flatten(2)"] = v => v.X.FlattenTo(2),
        ["x.dimshuffle(2,\"x\",1,0)"] = v => v.X.DimShuffle(2, null, 1, 0),
        ["T.swapaxes(x,1,2)"] = v => v.X.SwapAxes(1, 2),
        ["T.split(x,[1,3],2,axis=2)"] = v => v.X.Split([1, 3], 2)[0],
    };

    [DataFact]
    public void ValuesAndGradientsAreThoseOfTheano()
    {
        var met = new HashSet<string>();
        foreach (string line in new[] { "indexing", "shape" }.SelectMany(family => File.ReadLines(ReferenceData.File("theano", "cases", $"{family}.jsonl"))))
        {
            using JsonDocument document = JsonDocument.Parse(line);
            JsonElement item = document.RootElement;
            string text = item.GetProperty("expr").GetString()!;
            if (item.TryGetProperty("error", out _) || !Cases.TryGetValue(text, out Func<Inputs, Expr>? build))
            {
                continue;
            }
            met.Add(text);
            foreach (bool areKnown in (bool[])[true, false])
            {
                Check($"{text}{(areKnown ? "" : " of unknown sizes")}", item, build, areKnown);
            }
        }
        Assert.Empty(Cases.Keys.Except(met));
    }

    private static void Check(string name, JsonElement item, Func<Inputs, Expr> build, bool areKnown)
    {
        var inputs = new Inputs();
        var values = new Dictionary<Variable, Literal>();
        foreach (JsonElement input in item.GetProperty("inputs").EnumerateArray())
        {
            Literal value = Read(input);
            var variable = new Variable(input.GetProperty("name").GetString()!, value.DType, [.. value.Sizes.Select(size => areKnown ? (Dim)size : null)]);
            inputs[variable.Name] = variable.Expr;
            values[variable] = value;
        }
        Expr result = build(inputs);
        Near(name, item.GetProperty("outputs")[0], Reference.Evaluate([result], values)[0]);
        if (!item.TryGetProperty("grads", out JsonElement grads) || item.GetProperty("outputs").GetArrayLength() > 1)
        {
            return;
        }
        Literal cotangent = Read(item.GetProperty("cotangents")[0]);
        Expr given = Constant(cotangent).Equate(result.Shape);
        foreach (JsonElement grad in grads.EnumerateArray())
        {
            string wrt = grad.GetProperty("wrt").GetString()!;
            Derivative slope = Differentiation.Gradient([inputs[wrt]], [result], [given])[0];
            Literal found = slope is Derivative.Known(var known) ? Reference.Evaluate([known], values)[0] : throw new InvalidOperationException($"{name}: no gradient of {wrt}");
            Near($"{name}: gradient of {wrt}", grad, found);
        }
    }

    private static void Near(string name, JsonElement expected, Literal found)
    {
        Literal wanted = Read(expected);
        Assert.True(wanted.Sizes.Equals(found.Sizes), $"{name} has sizes {found.Sizes}, not {wanted.Sizes}");
        for (long i = 0; i < wanted.Count; i++)
        {
            (double a, double b) = (wanted[i].ToDouble(), found[i].ToDouble());
            Assert.True(Math.Abs(a - b) <= 1e-12 * Math.Max(1, Math.Abs(a)), $"{name}: element {i} is {b}, not {a}");
        }
    }

    private static Literal Read(JsonElement array)
    {
        DType dtype = array.GetProperty("dtype").GetString() switch { "float64" => DType.Float64, "int64" => DType.Int64, "bool" => DType.Bool, var other => throw new InvalidDataException(other) };
        JsonElement data = array.GetProperty("data");
        return Literal.Build(dtype, [.. array.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())], i => data[(int)i] switch
        {
            { ValueKind: JsonValueKind.True } => ScalarValue.Of(dtype, 1L),
            { ValueKind: JsonValueKind.False } => ScalarValue.Of(dtype, 0L),
            var number => ScalarValue.Of(dtype, number.GetDouble()),
        });
    }

    private static Expr Whole(long[] sizes, params long[] values) => Constant(Literal.Of<long>(values, sizes));
}
