using Symbolic.Caffe.Fillers;
using Symbolic.Caffe.Schema;
using Symbolic.Runtime;

namespace Symbolic.Caffe.Nets;

/// <summary>
/// The parameters of a net while it is built: each new one is filled, shared by name with an earlier layer, or taken from the
/// net that this one shares weights with (net.cpp, AppendParam, ShareTrainedLayersWith).
/// </summary>
internal sealed class ParameterTable(NetOptions options)
{
    // A file can ask for more in a few bytes than any machine has. Filling takes an array beside the parameter.
    private static readonly long MostBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 2;

    private readonly List<Parameter> parameters = [];
    private long bytes;
    private readonly Dictionary<string, Parameter> byName = new(StringComparer.Ordinal);

    /// <summary>The parameters so far, each once.</summary>
    public IReadOnlyList<Parameter> Parameters => parameters;

    /// <summary>The parameter number <paramref name="index"/> of a layer.</summary>
    public LayerBlob Add(LayerParameter layer, int index, Seq<int> sizes, FillerParameter? filler)
    {
        ParamSpec? spec = index < layer.Param.Count ? layer.Param[index] : null;
        string? name = spec is { Name.Length: > 0 } ? spec.Name : null;
        if (name is not null && byName.TryGetValue(name, out Parameter? owner))
        {
            CheckSharing(layer, name, owner, spec!, sizes);
            Merge(layer, name, owner, spec!);
            return new LayerBlob(owner, sizes);
        }
        SharedVariable variable = Lent(layer, index, sizes) ?? Filled(layer, index, sizes, filler);
        var parameter = new Parameter(variable, layer.Name, index, name)
        {
            LrMult = spec?.LrMult ?? 1,
            DecayMult = spec?.DecayMult ?? 1,
            SaysLrMult = spec?.HasLrMult ?? false,
            SaysDecayMult = spec?.HasDecayMult ?? false,
        };
        parameters.Add(parameter);
        if (name is not null)
        {
            byName[name] = parameter;
        }
        return new LayerBlob(parameter, sizes);
    }

    private SharedVariable Filled(LayerParameter layer, int index, Seq<int> sizes, FillerParameter? filler)
    {
        bytes = checked(bytes + sizes.Aggregate((long)options.DType.Size(), (product, size) => checked(product * size)));
        if (bytes > MostBytes)
        {
            throw Fail(layer, $"the parameters of the net up to {layer.Name}[{index}] {SizeText.Of(sizes)} take {bytes} bytes; at most {MostBytes} fit into memory here");
        }
        long count = sizes.Aggregate(1L, (a, b) => a * b);
        if (count > Array.MaxLength)
        {
            throw Fail(layer, $"a parameter of {count} elements is too large");
        }
        var variable = new SharedVariable(options.DType, sizes.Map(size => (long)size), $"{layer.Name}.{index}");
        ulong stream = (ulong)parameters.Count;
        void Fill(Span<float> values) => Filler.Fill(filler ?? new FillerParameter(), sizes, (ulong)options.Seed, stream, values, message => Fail(layer, message));
        if (options.DType == DType.Float64)
        {
            variable.Write<double>((values, _) =>
            {
                var rounded = new float[values.Length];
                Fill(rounded);
                for (int i = 0; i < rounded.Length; i++)
                {
                    values[i] = rounded[i];
                }
            });
        }
        else
        {
            variable.Write<float>((values, _) => Fill(values));
        }
        return variable;
    }

    private SharedVariable? Lent(LayerParameter layer, int index, Seq<int> sizes)
    {
        if (options.SharedWith?.Layers.FirstOrDefault(l => l.Name == layer.Name) is not { Blobs.Count: > 0 } source)
        {
            return null;
        }
        if (index >= source.Blobs.Count)
        {
            throw Fail(layer, $"incompatible number of blobs for layer {layer.Name}: the net it shares weights with has {source.Blobs.Count}");
        }
        LayerBlob blob = source.Blobs[index];
        return blob.Sizes.Equals(sizes) && blob.Parameter.Sizes.Equals(sizes)
            ? blob.Parameter.Variable
            : throw Fail(layer, $"Cannot share param {index} weights from layer '{layer.Name}'; shape mismatch.  Source param shape is {SizeText.Of(blob.Sizes)}; target param shape is {SizeText.Of(sizes)}");
    }

    private void CheckSharing(LayerParameter layer, string name, Parameter owner, ParamSpec spec, Seq<int> sizes)
    {
        bool permissive = spec.ShareMode == ParamSpec.Types.DimCheckMode.Permissive;
        bool fits = permissive ? Count(owner.Sizes) == Count(sizes) : owner.Sizes.Equals(sizes);
        if (!fits)
        {
            throw Fail(layer, $"Cannot share param '{name}' owned by layer '{owner.Layer}' with layer '{layer.Name}'; {(permissive ? "count" : "shape")} mismatch.  "
                + $"Owner layer param shape is {SizeText.Of(owner.Sizes)}; sharing layer expects shape {SizeText.Of(sizes)}");
        }
    }

    /// <summary>Multipliers may be given by any of the layers that share; two that give one must agree.</summary>
    private void Merge(LayerParameter layer, string name, Parameter owner, ParamSpec spec)
    {
        if (spec.HasLrMult)
        {
            if (owner.SaysLrMult && owner.LrMult != spec.LrMult)
            {
                throw Fail(layer, $"Shared param '{name}' has mismatched lr_mult ({spec.LrMult} vs. {owner.LrMult}).");
            }
            (owner.LrMult, owner.SaysLrMult) = (spec.LrMult, true);
        }
        if (spec.HasDecayMult)
        {
            if (owner.SaysDecayMult && owner.DecayMult != spec.DecayMult)
            {
                throw Fail(layer, $"Shared param '{name}' has mismatched decay_mult ({spec.DecayMult} vs. {owner.DecayMult}).");
            }
            (owner.DecayMult, owner.SaysDecayMult) = (spec.DecayMult, true);
        }
    }

    private static long Count(Seq<int> sizes) => sizes.Aggregate(1L, (a, b) => checked(a * b));

    private PrototxtError Fail(LayerParameter layer, string message) => options.Error(layer, message);
}
