namespace Symbolic;

/// <summary>The subscripts of an einsum with a letter for every axis: those that an ellipsis stands for have letters of their own.</summary>
internal sealed record EinsteinSubscripts(Seq<string> Operands, string To, string Hidden)
{
    /// <summary>How a user knows a label.</summary>
    public string Spell(char label) => Hidden.Contains(label, StringComparison.Ordinal) ? "an axis of ..." : $"label {label}";

    /// <summary>Reads <c>"...ij,jk->...ik"</c> for these operands.</summary>
    public static EinsteinSubscripts Parse(string subscripts, ReadOnlySpan<Expr> operands)
    {
        TypeMismatch Wrong(string what) => new($"einsum \"{subscripts}\": {what}");
        string text = string.Concat(subscripts.Where(c => c != ' '));
        string[] sides = text.Split("->");
        string[] inputs = sides[0].Split(',');
        if (sides.Length > 2 || operands.Length == 0 || inputs.Length != operands.Length)
        {
            throw Wrong(sides.Length > 2 ? "there is more than one ->" : $"subscripts of {inputs.Length} operands, but there are {operands.Length}");
        }
        int widest = 0;
        for (int i = 0; i < inputs.Length; i++)
        {
            string letters = Letters(inputs[i], Wrong);
            bool spreads = letters.Length < inputs[i].Length;
            int hidden = operands[i].Rank - letters.Length;
            if (hidden < 0 || (hidden > 0 && !spreads))
            {
                throw Wrong($"{inputs[i]} labels {letters.Length} axes of {operands[i].Label}, which has {operands[i].Rank}");
            }
            widest = spreads ? Math.Max(widest, hidden) : widest;
        }
        char[] free = [.. Enumerable.Range(0, Einstein.MostLabels).Select(Einstein.Label).Where(l => !text.Contains(l, StringComparison.Ordinal))];
        if (widest > free.Length)
        {
            throw Wrong($"more than {Einstein.MostLabels} axes");
        }
        string all = new(free[..widest]);
        var labelled = new string[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            int hidden = operands[i].Rank - Letters(inputs[i], Wrong).Length;
            labelled[i] = inputs[i].Replace("...", all[(widest - hidden)..], StringComparison.Ordinal);
        }
        string to = sides.Length == 2
            ? Result(sides[1], inputs, all, Wrong)
            : all + string.Concat(sides[0].Where(char.IsAsciiLetter).GroupBy(l => l).Where(uses => uses.Count() == 1).Select(uses => uses.Key).Order());
        return new EinsteinSubscripts(Seq.Create<string>(labelled), to, all);
    }

    private static string Result(string side, string[] inputs, string all, Func<string, TypeMismatch> wrong)
    {
        string letters = Letters(side, wrong);
        foreach (char label in letters)
        {
            if (letters.Count(l => l == label) > 1)
            {
                throw wrong($"the result has label {label} twice");
            }
            if (!inputs.Any(input => input.Contains(label, StringComparison.Ordinal)))
            {
                throw wrong($"label {label} of the result is in no operand");
            }
        }
        return all.Length > 0 && letters.Length == side.Length
            ? throw wrong("the result lacks the ... that the operands have; sum it under labels of its own")
            : side.Replace("...", all, StringComparison.Ordinal);
    }

    /// <summary>The letters of one side; at most one ellipsis may stand among them.</summary>
    private static string Letters(string side, Func<string, TypeMismatch> wrong)
    {
        int dots = side.IndexOf("...", StringComparison.Ordinal);
        string letters = dots < 0 ? side : side.Remove(dots, 3);
        foreach (char c in letters)
        {
            if (!char.IsAsciiLetter(c))
            {
                throw wrong(c == '.' ? "dots come by three, once an operand" : $"'{c}' is no letter");
            }
        }
        return letters;
    }
}
