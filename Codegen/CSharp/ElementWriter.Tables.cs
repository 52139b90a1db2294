namespace Symbolic.Codegen;

/// <content>
/// Tables of costly functions. The JIT does not take constants out of loops, and a vector of 512 bits is loaded no faster than it is multiplied; so what a function
/// looks up is read ahead of a loop over vectors, from memory of which the JIT does not know that it is constant.
/// </content>
internal sealed partial class ElementWriter
{
    /// <summary>Locals that hold tables, of functions in the loop over lanes that is open.</summary>
    private readonly Dictionary<Intrinsic, string> tables = [];

    /// <summary>Reads the tables of the function in a loop over vectors that is about to open. Those of two would fill the registers.</summary>
    private void ReadTables(LoopIndex index, IReadOnlyList<Element> inside)
    {
        tables.Clear();
        if (laneType != DType.Float32 || Width < 16)
        {
            return;
        }
        var functions = new HashSet<Intrinsic>();
        var seen = new HashSet<Element>(ReferenceEqualityComparer.Instance);
        var open = new Stack<Element>(inside);
        while (open.TryPop(out Element? element))
        {
            if (!seen.Add(element) || vectors.ContainsKey(element) || stored.ContainsKey(element))
            {
                continue;
            }
            if (element is Element.Call { Function: Intrinsic.Exp or Intrinsic.Log or Intrinsic.Tanh } call && call.DType == laneType && Free(call).Contains(index))
            {
                functions.Add(call.Function);
            }
            foreach (Element part in Elements.Parts(element))
            {
                open.Push(part);
            }
        }
        if (functions is { Count: 1 } && functions.Single() is var function)
        {
            tables[function] = $"k{locals++}";
            text.Line($"var {tables[function]} = M.TablesOf{function}();");
        }
    }

    private string Spell(Element.Call call, string[] arguments) =>
        LaneIntrinsics.Spell(call, call.DType == laneType && tables.TryGetValue(call.Function, out string? table) ? [.. arguments, table] : arguments);
}
