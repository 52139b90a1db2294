namespace Symbolic.Test;

/// <summary>A function of some inputs whose shapes were drawn, and how close to the definition it must come.</summary>
/// <param name="Text">What a failure says.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Output">Its result.</param>
/// <param name="Tolerance">The largest difference, relative to the largest element; 0 where every step is exact for the small whole numbers that it gets.</param>
internal sealed record Case(string Text, Expr[] Inputs, Expr Output, double Tolerance = 0);
