namespace Symbolic.Codegen;

/// <content>Two vectors side by side through a costly function, whose steps then come in pairs of a kind; see <see cref="Library.WideMath"/>.</content>
internal sealed partial class ElementWriter
{
    /// <summary>Whether what is written now is for the second of two vectors.</summary>
    private bool second;

    /// <summary>What is known of the vector that is not written now.</summary>
    private List<(Dictionary<Element, string> Values, Element Element, string Local)> aside = [];

    /// <summary>The function below the roots that takes two vectors at once, if there is one and no other.</summary>
    private Element.Call? OfTwo(LoopIndex index, IReadOnlyList<Element> roots)
    {
        if (laneType != DType.Float32 || Width != 16)
        {
            return null;
        }
        Element.Call[] calls = [.. Available(roots).OfType<Element.Call>().Where(call => call.Function is Intrinsic.Exp or Intrinsic.Log or Intrinsic.Tanh && call.DType == laneType && !stored.ContainsKey(call) && Free(call).Contains(index))];
        return calls.Length == 1 ? calls[0] : null;
    }

    /// <summary>Writes the function of two vectors, and what is to be done for each of them behind it.</summary>
    private void WriteTwo(Element.Call function, Action write)
    {
        string x = Lanes(function.Arguments[0]);
        Swap();
        string y = Lanes(function.Arguments[0]), ofX = $"v{locals++}", ofY = $"v{locals++}";
        text.Line($"M.{function.Function}OfTwo({x}, {y}, {tables[function.Function]}, out V {ofX}, out V {ofY});");
        Declare(vectors, function, ofY);
        Swap();
        Declare(vectors, function, ofX);
        write();
        Swap();
        write();
        Swap();
        aside = [];
    }

    private void Swap()
    {
        List<(Dictionary<Element, string> Values, Element Element, string Local)> other = aside;
        aside = [.. scopes.Peek().Select(known => (known.Values, known.Element, known.Values[known.Element]))];
        Forget(scopes.Peek());
        scopes.Peek().Clear();
        foreach ((Dictionary<Element, string> values, Element element, string local) in other)
        {
            Declare(values, element, local);
        }
        second = !second;
    }
}
