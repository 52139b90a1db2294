namespace Symbolic.Optimizer;

/// <summary>Hands names and origins on from what is replaced to what replaces it.</summary>
internal static class Provenance
{
    /// <summary>Gives a new expression the name and the place in the user's file, where it has none of its own.</summary>
    public static void Carry(Expr from, Expr to)
    {
        // A parameter is one node in all programs: what is known of a node here is not known of it.
        if (ReferenceEquals(from, to) || to.Op is Ops.Parameter)
        {
            return;
        }
        Origin.Carry(from, to);
        if (from.Name is { } name && to.Name is null)
        {
            to.Named(name);
        }
    }
}
