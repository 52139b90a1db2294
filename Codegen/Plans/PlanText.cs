using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace Symbolic.Codegen;

/// <summary>
/// Plans as text, <c>symbolic-plan 1</c>, and back: what a dump of this level shows and what the cache keeps. One line each for size
/// symbols, buffers, the outputs and steps; bodies of loops and branches stand in braces.
/// </summary>
public static class PlanText
{
    /// <summary>The first line of every plan.</summary>
    public const string Header = "symbolic-plan 1";

    /// <summary>The text of a plan, which <see cref="Parse"/> reads back to an equal one.</summary>
    /// <exception cref="ArgumentException">A size symbol is neither a <see cref="NamedSymbol"/> nor a <see cref="CountSymbol"/>.</exception>
    public static string Write(Plan plan)
    {
        var text = new StringBuilder();
        text.Append(Header).Append('\n');
        foreach (DimSymbol symbol in Symbols(plan))
        {
            text.Append(Declaration(symbol)).Append('\n');
        }
        for (int i = 0; i < plan.Buffers.Count; i++)
        {
            PlannedBuffer b = plan.Buffers[i];
            text.Append(CultureInfo.InvariantCulture, $"buffer {i} {b.Role.ToString().ToLowerInvariant()} {b.Index} steps {b.First} {b.Last} {b.Type}{(b.Layout is null ? "" : $" axes {b.Layout}")}{(b.Over < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" over {b.Over}"))}{(b.Within < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" within {b.Within} at {b.At}"))}\n");
        }
        text.Append(CultureInfo.InvariantCulture, $"outputs {List(plan.Outputs)}\n");
        text.Append(CultureInfo.InvariantCulture, $"commit {plan.CommitFrom}\n");
        Steps(text, plan.Steps, 0);
        return text.ToString();
    }

    /// <summary>Reads a plan. Text from anywhere is safe to read; every number of a buffer or step in it is checked.</summary>
    /// <exception cref="FormatException">The text is no plan; the message says in which line.</exception>
    public static Plan Parse(string text) => new PlanParser(text).Plan();

    private static void Steps(StringBuilder text, Seq<Step> steps, int depth)
    {
        foreach (Step step in steps)
        {
            text.Append(' ', 2 * depth);
            switch (step)
            {
                case Step.Launch launch:
                    text.Append(CultureInfo.InvariantCulture, $"launch {launch.Kernel} phases {launch.Phases} buffers {List(launch.Buffers)} sizes {new Shape(launch.Sizes)} work [{launch.Work}] traffic [{launch.Traffic}] {PlanCursor.Quote(launch.Label)}\n");
                    break;
                case Step.Batch batch:
                    text.Append("batch {\n");
                    Steps(text, batch.Launches.Map(launch => (Step)launch), depth + 1);
                    text.Append(' ', 2 * depth).Append("}\n");
                    break;
                case Step.Perform perform:
                    text.Append(CultureInfo.InvariantCulture, $"perform {perform.Effect} {List(perform.Inputs)} {perform.Result}\n");
                    break;
                case Step.Compute compute:
                    text.Append(CultureInfo.InvariantCulture, $"compute {PlanCursor.Quote(IrText.Print(compute.Procedure))} {List(compute.Inputs)} {List(compute.Results)} {List(compute.Scratch)}\n");
                    break;
                case Step.Copy copy:
                    text.Append(CultureInfo.InvariantCulture, $"copy {copy.From} {copy.To}\n");
                    break;
                case Step.Repeat repeat:
                    text.Append(CultureInfo.InvariantCulture, $"repeat {repeat.Count} counter {repeat.Counter} {{\n");
                    Steps(text, repeat.Body, depth + 1);
                    text.Append(' ', 2 * depth).Append("}\n");
                    break;
                case Step.Branch branch:
                    text.Append(CultureInfo.InvariantCulture, $"branch {branch.Condition} {{\n");
                    Steps(text, branch.Then, depth + 1);
                    text.Append(' ', 2 * depth).Append("} else {\n");
                    Steps(text, branch.Else, depth + 1);
                    text.Append(' ', 2 * depth).Append("}\n");
                    break;
                default:
                    throw new UnreachableException($"{step}");
            }
        }
    }

    private static string List(Seq<int> numbers) => $"[{string.Join(",", numbers)}]";

    private static string Declaration(DimSymbol symbol)
    {
        string name = ((Dim)symbol).ToString();
        return symbol switch
        {
            NamedSymbol named => $"size {name} {named.Lower}{(named.Upper is long upper ? $" {upper}" : "")}",
            CountSymbol count => $"count {name}{(count.UpperBound is { } bound ? $" [{bound}]" : "")}",
            _ => throw new ArgumentException($"the size {symbol} ({symbol.GetType().Name}) has no place in the text of a plan; close the graph first"),
        };
    }

    /// <summary>The symbols by name, those in the bound of a count ahead of it.</summary>
    private static List<DimSymbol> Symbols(Plan plan)
    {
        var found = new List<DimSymbol>();
        void Add(DimSymbol symbol)
        {
            if (found.Contains(symbol))
            {
                return;
            }
            foreach (DimSymbol inner in symbol is CountSymbol { UpperBound: { } bound } ? bound.Symbols : [])
            {
                Add(inner);
            }
            found.Add(symbol);
        }
        IEnumerable<Dim> sizes = plan.Buffers.SelectMany(b => b.Type.Shape).Concat(plan.Steps.SelectMany(Sizes));
        foreach (DimSymbol symbol in sizes.SelectMany(size => size.Symbols).Distinct().OrderBy(symbol => symbol.SortKey, StringComparer.Ordinal))
        {
            Add(symbol);
        }
        return found;
    }

    private static IEnumerable<Dim> Sizes(Step step) => step switch
    {
        Step.Launch launch => [.. launch.Sizes, launch.Work, launch.Traffic],
        Step.Batch batch => batch.Launches.SelectMany(Sizes),
        Step.Compute compute => Sizes(compute.Procedure),
        Step.Repeat repeat => repeat.Body.SelectMany(Sizes),
        Step.Branch branch => branch.Then.Concat(branch.Else).SelectMany(Sizes),
        _ => Enumerable.Empty<Dim>(),
    };

    private static List<Dim> Sizes(ProcedureOp procedure)
    {
        var sizes = new List<Dim>();
        procedure.MapDims(size =>
        {
            sizes.Add(size);
            return size;
        });
        return sizes;
    }
}
