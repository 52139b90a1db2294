using System.Diagnostics;

namespace Symbolic.Codegen;

/// <summary>
/// The order in which units run. What they need comes first; who reads a shared variable's old value comes before the unit that
/// overwrites it in place; what can fail comes before all that overwrite. Within that, a unit that takes no memory of the arena (it
/// writes outputs, or variables in place) runs as soon as it can: a weight is updated right after its gradient's operands are there, while they are in
/// the cache, and their memory is free afterwards.
/// </summary>
internal sealed class UnitOrder
{
    private readonly List<Unit> units;
    private readonly Dictionary<Expr, int> inPlace;
    private readonly List<int>[] followers;
    private readonly int[] waitsFor;
    private readonly Haste[] haste;

    private UnitOrder(List<Unit> units, Dictionary<Expr, int> inPlace, Func<Expr, bool> isOutput)
    {
        this.units = units;
        this.inPlace = inPlace;
        followers = [.. units.Select(_ => new List<int>())];
        waitsFor = new int[units.Count];
        haste = [.. units.Select(unit => HasteOf(unit, isOutput))];
        Connect();
    }

    private enum Haste
    {
        /// <summary>Takes no memory and may give some back.</summary>
        Soon,
        /// <summary>In the order of the graph.</summary>
        InTurn,
        /// <summary>Overwrites variables and gives no memory back: cancelling stays possible until then.</summary>
        Last,
    }

    /// <summary>Sorts units.</summary>
    /// <param name="units">The units in an order in which what they need comes first.</param>
    /// <param name="inPlace">Roots that are written over a parameter, with its number.</param>
    /// <param name="isOutput">Whether a root lies in an output's memory.</param>
    /// <returns>The order, and the number of units ahead of the first that overwrites a parameter; or the roots that stand in each other's way.</returns>
    public static (List<Unit> Order, int Commit, List<Expr> Stuck) Sort(List<Unit> units, Dictionary<Expr, int> inPlace, Func<Expr, bool> isOutput) => new UnitOrder(units, inPlace, isOutput).Run();

    private static bool CanFail(Unit unit) => unit.Roots[0].Op is not FormulaOp;

    private bool Overwrites(Unit unit) => unit.Roots.Exists(inPlace.ContainsKey);

    private Haste HasteOf(Unit unit, Func<Expr, bool> isOutput)
    {
        bool gives = unit.Reads.Any(Outline.IsComputed);
        return !unit.Roots.TrueForAll(root => inPlace.ContainsKey(root) || isOutput(root)) ? Haste.InTurn
            : gives ? Haste.Soon
            : Overwrites(unit) ? Haste.Last : Haste.InTurn;
    }

    private void Connect()
    {
        var owner = new Dictionary<Expr, int>(ReferenceEqualityComparer.Instance);
        var readers = new Dictionary<int, List<int>>();
        int effect = -1;
        for (int i = 0; i < units.Count; i++)
        {
            foreach (Expr root in units[i].Roots)
            {
                owner[root] = i;
            }
            if (units[i].Roots[0].Op is EffectOp)
            {
                Follow(effect, i);
                effect = i;
            }
            foreach (Expr read in units[i].Reads)
            {
                if (read.Op is Ops.Parameter parameter)
                {
                    (readers.TryGetValue(parameter.Index, out List<int>? known) ? known : readers[parameter.Index] = []).Add(i);
                }
            }
        }
        for (int i = 0; i < units.Count; i++)
        {
            foreach (Expr read in units[i].Reads)
            {
                Follow(owner.GetValueOrDefault(read, -1), i);
            }
            foreach (Expr root in units[i].Roots)
            {
                foreach (int reader in inPlace.TryGetValue(root, out int parameter) ? readers.GetValueOrDefault(parameter) ?? [] : [])
                {
                    Follow(reader, i);
                }
            }
        }
    }

    private void Follow(int first, int then)
    {
        if (first >= 0 && first != then)
        {
            followers[first].Add(then);
            waitsFor[then]++;
        }
    }

    private (List<Unit>, int, List<Expr>) Run()
    {
        var ready = new PriorityQueue<int, (Haste, int)>();
        var held = new List<int>();
        int fallible = units.Count(CanFail);
        void Offer(int i)
        {
            if (fallible > 0 && Overwrites(units[i]))
            {
                held.Add(i);
            }
            else
            {
                ready.Enqueue(i, (haste[i], i));
            }
        }
        for (int i = 0; i < units.Count; i++)
        {
            if (waitsFor[i] == 0)
            {
                Offer(i);
            }
        }
        var order = new List<Unit>();
        int commit = -1;
        while (ready.TryDequeue(out int next, out _))
        {
            commit = commit < 0 && Overwrites(units[next]) ? order.Count : commit;
            order.Add(units[next]);
            foreach (int follower in followers[next])
            {
                if (--waitsFor[follower] == 0)
                {
                    Offer(follower);
                }
            }
            if (CanFail(units[next]) && --fallible == 0)
            {
                held.ForEach(Offer);
            }
        }
        return (order, commit < 0 ? order.Count : commit, order.Count == units.Count ? [] : Stuck(held));
    }

    /// <summary>The roots to be written by a copy at the end instead: of the units in a circle, or of those that what can fail waits for.</summary>
    private List<Expr> Stuck(List<int> held)
    {
        // Whoever has no follower left is in no circle; so on backwards.
        var left = new HashSet<int>(Enumerable.Range(0, units.Count).Where(i => waitsFor[i] > 0));
        var before = new Stack<int>(left.Where(i => !followers[i].Exists(left.Contains)));
        while (before.TryPop(out int last))
        {
            left.Remove(last);
            foreach (int i in left.Where(i => followers[i].Contains(last) && !followers[i].Exists(left.Contains)).ToArray())
            {
                before.Push(i);
            }
        }
        List<Expr> stuck = [.. left.Concat(held).Where(i => followers[i].Count > 0).SelectMany(i => units[i].Roots).Where(inPlace.ContainsKey).Distinct()];
        Trace.Assert(stuck.Count > 0, "only units that overwrite can stand in each other's way");
        return stuck;
    }
}
