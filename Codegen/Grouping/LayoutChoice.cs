namespace Symbolic.Codegen;

/// <summary>
/// Chooses which buffers have their channels last, from shapes and options alone: those where all kernels together are expected to take the least time. It
/// starts from whole regions, arrays between which there are only kernels, then turns single buffers as long as that gains something.
/// </summary>
internal sealed class LayoutChoice
{
    /// <summary>Most times that all buffers are looked at; a few suffice.</summary>
    private const int MostRounds = 6;

    /// <summary>The least share of a region's time that other layouts must save: estimates are not better than that.</summary>
    private const double LeastGain = 0.02;

    /// <summary>The least share of the time of all that touch a buffer for which it alone is turned: a conversion inside a chain must be worth it.</summary>
    private const double LeastTurn = 0.1;

    private readonly Dictionary<Expr, Layout> layouts = new(ReferenceEqualityComparer.Instance);
    private readonly List<Expr> free;
    private readonly Dictionary<Expr, List<Unit>> touching = new(ReferenceEqualityComparer.Instance);
    private readonly LayoutCosts costs;

    private LayoutChoice(Outline outline, IReadOnlyList<Unit> units, CodegenOptions options)
    {
        outline.Layouts = layouts;
        costs = new LayoutCosts(outline, options);
        free = [.. units.SelectMany(unit => unit.Roots.Where(root => !unit.Inner.Contains(root) && IsFree(root, outline)))];
        foreach (Expr buffer in free)
        {
            touching[buffer] = [];
        }
        foreach (Unit unit in units)
        {
            foreach (Expr buffer in unit.Roots.Concat(unit.Reads).Where(touching.ContainsKey))
            {
                touching[buffer].Add(unit);
            }
        }
    }

    /// <summary>The layouts that are not row-major.</summary>
    /// <param name="outline">Which expressions have buffers.</param>
    /// <param name="units">What is computed together.</param>
    /// <param name="options">What may be used.</param>
    public static IReadOnlyDictionary<Expr, Layout> Of(Outline outline, IReadOnlyList<Unit> units, CodegenOptions options)
    {
        var choice = new LayoutChoice(outline, units, options);
        if (options is { Layouts: Layouts.Chosen, Contractions: true, VectorBits: > 0, Target: Target.Cpu })
        {
            choice.Choose();
        }
        else if (options.Layouts == Layouts.ChannelsLast)
        {
            choice.free.ForEach(choice.Turn);
        }
        return choice.layouts;
    }

    /// <summary>Whether a buffer may have any layout: kernels alone write and read it, which address it by one offset. What others see is row-major.</summary>
    private static bool IsFree(Expr root, Outline outline) =>
        root.Op is FormulaOp && !outline.IsResult(root) && Layout.Matters(root.Shape) && outline.ReadersOf(root).All(reader => reader.Op is FormulaOp);

    private void Choose()
    {
        foreach (List<Expr> region in Regions())
        {
            Unit[] units = [.. region.SelectMany(buffer => touching[buffer]).Distinct()];
            // Without a sum of products nothing is to be gained; and in nets that learn other kernels lose more than these gain: see docs/decisions/layouts.md.
            Expr[] contractions = [.. units.Select(unit => unit.Contraction).OfType<Expr>().Where(contraction => Layout.Matters(contraction.Shape))];
            if (contractions.Length == 0 || !Array.TrueForAll(contractions, contraction => contraction.Inputs.Any(input => input.Op is Ops.Constant)))
            {
                continue;
            }
            double before = units.Sum(costs.Of), rowMajor = Improved(region, units);
            HashSet<Expr> turned = [.. region.Where(layouts.ContainsKey)];
            foreach (Expr buffer in region.Where(buffer => !turned.Contains(buffer)))
            {
                Turn(buffer);
            }
            double channelsLast = Improved(region, units);
            double best = Math.Min(rowMajor, channelsLast);
            foreach (Expr buffer in region)
            {
                bool wanted = best < (1 - LeastGain) * before && (best == channelsLast ? layouts.ContainsKey(buffer) : turned.Contains(buffer));
                if (wanted != layouts.ContainsKey(buffer))
                {
                    Turn(buffer);
                }
            }
        }
    }

    /// <summary>The cost of some units after single buffers have been turned until none gains anything.</summary>
    private double Improved(List<Expr> region, Unit[] units)
    {
        bool turned = true;
        for (int round = 0; turned && round < MostRounds; round++)
        {
            turned = false;
            foreach (Expr buffer in region)
            {
                double before = touching[buffer].Sum(costs.Of);
                Turn(buffer);
                if (touching[buffer].Sum(costs.Of) < (1 - LeastTurn) * before)
                {
                    turned = true;
                }
                else
                {
                    Turn(buffer);
                }
            }
        }
        return units.Sum(costs.Of);
    }

    private void Turn(Expr buffer)
    {
        if (!layouts.Remove(buffer))
        {
            layouts[buffer] = Layout.ChannelsLast(buffer.Tensor);
        }
    }

    /// <summary>Free buffers that some kernel touches together, directly or through others.</summary>
    private List<List<Expr>> Regions()
    {
        var regions = new List<List<Expr>>();
        var seen = new HashSet<Expr>(ReferenceEqualityComparer.Instance);
        foreach (Expr first in free.Where(seen.Add))
        {
            var region = new List<Expr> { first };
            for (int i = 0; i < region.Count; i++)
            {
                region.AddRange(touching[region[i]].SelectMany(unit => unit.Roots.Concat(unit.Reads)).Where(other => touching.ContainsKey(other) && seen.Add(other)));
            }
            regions.Add(region);
        }
        return regions;
    }
}
