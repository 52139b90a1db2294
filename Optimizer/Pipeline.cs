using System.Diagnostics;
using System.Runtime.CompilerServices;

namespace Symbolic.Optimizer;

/// <summary>Makes an equal, better program of a program: the list of passes, read top to bottom.</summary>
public static class Pipeline
{
    // Each round either fires a rule or ends the work; real programs rest after two or three.
    private const int MostRounds = 100;

    /// <summary>
    /// The same results, in the same order and of the same types, computed better. Effects stay as they are, each once and in
    /// order. Names and origins are carried over. Equal programs give equal programs, in every process; and a program that was optimized
    /// stays as it is.
    /// </summary>
    /// <param name="program">A closed program.</param>
    /// <param name="options">What is allowed; the default where none are given.</param>
    /// <param name="trace">Told which rules fired.</param>
    /// <exception cref="InvalidOperationException">The options are strict, and rewriting does not come to an end.</exception>
    /// <exception cref="IllFormed">The options are strict, and a pass left something that does not hold.</exception>
    public static Lambda Optimize(Lambda program, OptimizerOptions? options = null, RewriteTrace? trace = null)
    {
        ArgumentNullException.ThrowIfNull(program);
        return new Optimization(options ?? OptimizerOptions.Default, trace ?? new RewriteTrace()).Run(program);
    }

    private sealed class Optimization
    {
        private readonly OptimizerOptions options;
        private readonly RewriteTrace trace;
        private readonly Dictionary<Lambda, Lambda> optimized = [];
        private readonly (string Name, Func<Seq<Expr>, Seq<Expr>> Run)[] passes;

        public Optimization(OptimizerOptions options, RewriteTrace trace)
        {
            this.options = options;
            this.trace = trace;
            passes =
            [
                ("nested", roots => NestedGraphs.Run(roots, Run)),
                // First, so that what was built in another order is the same from here on, whichever match a rule finds first.
                ("order", ArgumentOrder.Run),
                // One spelling for each meaning: later tables know only that one.
                Rewrite("canonicalize", [.. Rules.Constants(options.FoldElements), .. Rules.Canonical, .. Rules.Movement, .. Rules.Indexing, .. Rules.Convolutions]),
                // Before simplify, which would rearrange what these rules look for.
                Rewrite("stabilize", Rules.Stable),
                Rewrite("simplify", [.. Rules.Constants(options.FoldElements), .. Rules.Algebra, .. Rules.Reductions, .. Rules.Windows, .. Rules.Freeze]),
            ];
        }

        /// <summary>Runs the list of passes until none changes the program.</summary>
        public Lambda Run(Lambda program)
        {
            if (optimized.TryGetValue(program, out Lambda? known))
            {
                return known;
            }
            RuntimeHelpers.EnsureSufficientExecutionStack();
            Seq<Expr> roots = program.Results;
            int stops = trace.Stops;
            for (int round = 0, idle = 0; idle < passes.Length && trace.Stops == stops; round++)
            {
                if (round == MostRounds)
                {
                    trace.Stop($"the program still changes after {MostRounds} rounds");
                }
                trace.Round();
                foreach ((string name, Func<Seq<Expr>, Seq<Expr>> pass) in passes)
                {
                    Seq<Expr> after = pass(roots);
                    bool isChanged = !after.Equals(roots);
                    // A pass that just ran would find nothing more to do: it counts as idle itself.
                    idle = isChanged ? 1 : idle + 1;
                    roots = after;
                    if (isChanged)
                    {
                        var changed = new Lambda(program.Parameters, roots);
                        trace.Changed?.Invoke(name, changed);
                        if (options.Strict)
                        {
                            Verifier.Check(changed);
                        }
                    }
                    else if (idle == passes.Length)
                    {
                        break;
                    }
                }
            }
            if (trace.Stops != stops && options.Strict)
            {
                throw new InvalidOperationException($"rewriting does not come to an end: {trace.Capped}");
            }
            if (!roots.Map(root => root.Type).Equals(program.Results.Map(root => root.Type)))
            {
                throw new UnreachableException($"optimizing changed ({string.Join(", ", program.Results)}) to ({string.Join(", ", roots)})");
            }
            var result = new Lambda(program.Parameters, roots);
            optimized[program] = result;
            optimized[result] = result;
            return result;
        }

        private (string, Func<Seq<Expr>, Seq<Expr>>) Rewrite(string name, IEnumerable<Rule> rules)
        {
            var rewriter = new Rewriter(name, rules.Where(options.Allows), trace);
            return (name, rewriter.Run);
        }
    }
}
