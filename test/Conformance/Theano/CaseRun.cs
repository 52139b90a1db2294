using Symbolic.Conformance.Theano.Api;
using Symbolic.Conformance.Theano.Cases;
using Symbolic.Conformance.Theano.Python;
using Symbolic.Conformance.Theano.Truth;
using Symbolic.Runtime;

namespace Symbolic.Conformance.Theano;

/// <summary>One case: its expression over our API, compiled with its gradients, and what comes out beside what Theano gave.</summary>
internal sealed class CaseRun(TheanoCase one)
{
    // Our convolution wants windows of known size, as Theano does where filter_shape is given; a Jacobian is a row per known index.
    private static readonly HashSet<string> KnownSizes = new(StringComparer.Ordinal) { "conv_pool", "autodiff" };

    private readonly TheanoApi api = new(new Settings());
    private readonly Dictionary<string, Expr> variables = new(StringComparer.Ordinal);

    public Verdict Judge()
    {
        if (one.Error is not { } error)
        {
            return Compare(Compute());
        }
        List<(Wanted Wanted, Literal Found)> results;
        try
        {
            results = Compute();
        }
        catch (Exception refused) when (refused is PythonError { Missing: { } name } ? LacksToo(error, name) : refused is PythonError or TypeMismatch or GradientError or BindingError or ArgumentException or AssertionFailed)
        {
            return Verdict.Pass;
        }
        foreach ((System.Text.RegularExpressions.Regex pattern, string equivalent, Exceptions.Rule rule) in Exceptions.Limits)
        {
            if (pattern.IsMatch(one.Expression))
            {
                rule.Cases++;
                return Same(results, one with { Expression = equivalent });
            }
        }
        return Verdict.Fail($"no error; Theano raised {error.Type}: {error.Message.Split('\n')[0]}");
    }

    /// <summary>What another expression says of the same inputs.</summary>
    private static Verdict Same(List<(Wanted Wanted, Literal Found)> results, TheanoCase other)
    {
        List<(Wanted Wanted, Literal Found)> independent = new CaseRun(other).Compute();
        bool equal = results.Count == independent.Count && results.Zip(independent).All(pair => pair.First.Found.Equals(pair.Second.Found));
        return equal ? Verdict.Pass : Verdict.Fail($"{other.Expression} gives {string.Join(", ", independent.Select(r => r.Found))}");
    }

    /// <summary>Whether a name that our table lacks is one that Theano lacks too.</summary>
    private static bool LacksToo((string Type, string Message) error, string name) =>
        error.Type == "AttributeError" && error.Message.Contains($"'{name[(name.LastIndexOf('.') + 1)..]}'", StringComparison.Ordinal);

    /// <summary>What is computed: an expression, what Theano gave for it, and how messages call it.</summary>
    private sealed record Wanted(string What, Expr Expr, Seq<Literal> Expected)
    {
        /// <summary>The true value of an element, or a NoTruth.</summary>
        public Func<long, BigFloat>? Truth { get; init; }
    }

    private List<(Wanted Wanted, Literal Found)> Compute()
    {
        var evaluator = new Evaluator(api);
        foreach (CaseInput input in one.Inputs)
        {
            variables[input.Name] = Declare(input);
            evaluator.Set(input.Name, variables[input.Name]);
        }
        if (one.Code is { } code)
        {
            evaluator.Run(code);
        }
        object? value = evaluator.Evaluate(one.Expression);
        Seq<Expr> outputs = value is Sequence { Items: var items } ? items.Select(api.AsTensor).ToSeq() : [api.AsTensor(value)];
        if (one.Error is null && outputs.Count != one.Outputs.Count)
        {
            throw new PythonError("ValueError", $"{outputs.Count} outputs instead of {one.Outputs.Count}");
        }
        foreach (OutType declared in one.OutTypes)
        {
            ExpectOnes(outputs[declared.Of], declared);
        }
        var wanted = new List<Wanted>();
        for (int i = 0; i < outputs.Count; i++)
        {
            Expr output = outputs[i];
            var truth = new Lazy<TrueValue>(() => new TrueValue(Values));
            wanted.Add(new Wanted($"output {i}", output, one.Error is null ? [one.Outputs[i], .. one.OtherOutputs.Select(other => other[i])] : []) { Truth = at => truth.Value.At(output, at) });
        }
        wanted.AddRange(Gradients(outputs));
        wanted.AddRange(Forward(outputs));
        return Run(wanted);
    }

    /// <summary>Where Theano knows that an axis has size 1, so must we; of slices and the like we may know more.</summary>
    private static void ExpectOnes(Expr output, OutType declared)
    {
        for (int axis = 0; axis < declared.Broadcastable.Count && axis < output.Rank; axis++)
        {
            if (declared.Broadcastable[axis] && !output.Shape[axis].Is(1))
            {
                throw new PythonError("TypeError", $"output {declared.Of} is {output.Tensor}, of which Theano knows that axis {axis} has size 1");
            }
        }
    }

    private Dictionary<Variable, Literal> Values => one.Inputs.ToDictionary(input => ((Ops.Leaf)variables[input.Name].Op).Variable, input => input.Value);

    private Expr Declare(CaseInput input)
    {
        Literal value = input.Value;
        var sizes = new Dim?[value.Sizes.Count];
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = input.Broadcastable?[axis] == true ? 1 : KnownSizes.Contains(one.Family) ? value.Sizes[axis] : null;
        }
        return new Variable(input.Name, value.DType, sizes).Expr;
    }

    private IEnumerable<Wanted> Gradients(Seq<Expr> outputs)
    {
        if (one.Gradients.Count == 0)
        {
            yield break;
        }
        // Where no cotangents are given, the cost is the sum of the first output.
        Tagged<int>[] given = [.. one.Cotangents];
        Seq<Expr> costs = given.Length == 0 ? [outputs[0]] : given.Select(c => outputs[c.Of]).ToSeq();
        Seq<Expr> slopes = given.Length == 0 ? [Functions.FullLike(outputs[0], 1)] : given.Select(c => Functions.Constant(c.Value)).ToSeq();
        var truth = new Lazy<TrueSlope>(() => new TrueSlope(Values, costs, slopes));
        string[] names = [.. one.Gradients.Select(g => g.Of), .. one.Disconnected];
        Derivative[] found = Differentiation.Gradient(names.Select(name => variables[name]).ToSeq(), costs, slopes);
        for (int i = 0; i < names.Length; i++)
        {
            Expr variable = variables[names[i]];
            // Theano gives zeros where we say that there is no path, as through floor.
            Expr slope = found[i] switch
            {
                Derivative.Known(var expr) => expr,
                Derivative.UndefinedEntry(var reason) when i < one.Gradients.Count => throw new GradientError(reason),
                _ => Functions.FullLike(variable, 0),
            };
            if (i < one.Gradients.Count)
            {
                yield return new Wanted($"gradient of {names[i]}", slope, [one.Gradients[i].Value, .. one.OtherGradients.Count > i ? [one.OtherGradients[i]] : Array.Empty<Literal>()])
                {
                    Truth = at => truth.Value.At(((Ops.Leaf)variable.Op).Variable, at),
                };
            }
            else if (found[i] is Derivative.Known && variable.DType.IsContinuous())
            {
                Literal value = one.Inputs.First(input => input.Name == names[i]).Value;
                yield return new Wanted($"gradient of {names[i]}, disconnected", slope, [Literal.Build(value.DType, value.Sizes, _ => ScalarValue.Of(value.DType, 0.0))]);
            }
        }
    }

    private IEnumerable<Wanted> Forward(Seq<Expr> outputs)
    {
        if (one.Rop.Count == 0)
        {
            yield break;
        }
        Seq<Expr> inputs = one.Tangents.Map(t => variables[t.Of]);
        Seq<Expr> tangents = one.Tangents.Map(t => Functions.Constant(t.Value));
        for (int i = 0; i < one.Rop.Count; i++)
        {
            Expr output = outputs[i];
            yield return new Wanted($"tangent of output {i}", TheanoApi.Rop(output, inputs, tangents), [one.Rop[i]])
            {
                Truth = at => TrueSlope.Along(Values, one.Tangents.ToDictionary(t => ((Ops.Leaf)variables[t.Of].Op).Variable, t => t.Value), output, at),
            };
        }
    }

    private List<(Wanted, Literal)> Run(List<Wanted> wanted)
    {
        Seq<Expr> inputs = one.Inputs.Map(input => variables[input.Name]);
        using Function function = Function.Compile(inputs, wanted.Select(w => w.Expr).ToSeq(), options: Compiling.Options);
        Tensor[] results = function.Call([.. one.Inputs.Select(input => Tensor.From(input.Value))]);
        return [.. wanted.Zip(results, (w, r) => (w, r.ToLiteral()))];
    }

    private Verdict Compare(List<(Wanted Wanted, Literal Found)> results)
    {
        string? worst = null;
        TheanoCase parts = one.InParts();
        foreach ((Wanted wanted, Literal found) in results)
        {
            // There is no true value of complex numbers yet.
            Func<long, BigFloat>? truth = found.DType.IsComplex() || one.Inputs.Any(input => input.Value.DType.IsComplex()) ? null : wanted.Truth;
            worst ??= new Comparison(parts, wanted.What, wanted.Expected.Map(TheanoCase.InParts), TheanoCase.InParts(found), truth).Report();
        }
        return worst is null ? Verdict.Pass : Verdict.Fail(worst);
    }
}
