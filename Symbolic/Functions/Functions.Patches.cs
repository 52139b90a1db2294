namespace Symbolic;

using Symbolic.Ops;

public static partial class Functions
{
    /// <summary>
    /// What each window of images [n,c,...] sees: [n,c,positions...,taps...]. Known elsewhere as im2col; Theano's images2neibs is its reshape to
    /// a row per window. Padding has the value given.
    /// </summary>
    /// <exception cref="TypeMismatch">The window does not fit the image.</exception>
    public static Expr Unfold(Expr image, Window window, double outside = 0) => Expr.Of(new Unfold(window, outside), image);

    /// <summary>
    /// Adds what windows see, [n,c,positions...,taps...], where they saw it in images of zeros with these spatial sizes. Known elsewhere as
    /// col2im; where windows touch but do not overlap, the inverse of <see cref="Unfold"/>, as Theano's neibs2images.
    /// </summary>
    /// <exception cref="TypeMismatch">The window does not fit the sizes, or does not see what is given.</exception>
    public static Expr Fold(Expr seen, Window window, Shape spatial) => seen.Rank == 2 + (2 * window.Rank)
        ? Expr.Of(new Fold(window, [seen.Shape[0], seen.Shape[1], .. spatial]), seen)
        : throw new TypeMismatch($"fold with a window of {window.Rank} axes wants [n,c,positions...,taps...]; got {seen.Label}");
}
