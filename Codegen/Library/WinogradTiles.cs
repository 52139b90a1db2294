using System.Numerics;
using System.Runtime.CompilerServices;

namespace Symbolic.Codegen.Library;

/// <summary>
/// The size of Winograd's convolution F(m, r) (Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016): m results of a filter of r taps take m + r − 1 products,
/// one for each of as many points. What the transforms are follows from the points, which are 4 or 6, all real or two of them complex, or the eighth roots of unity, alone or with ∞.
/// </summary>
public interface IWinogradTile
{
    /// <summary>Results along an axis: m.</summary>
    static abstract long Outputs { get; }

    /// <summary>Taps along an axis: r.</summary>
    static abstract long Taps { get; }

    /// <summary>Whether some points are complex: two of six, or six of eight or nine.</summary>
    static abstract bool IsComplex { get; }

    /// <summary>Products of two axes: the square of the points of one, or more with complex points, which make the error less than that of a direct convolution.</summary>
    static abstract long Products { get; }
}

/// <summary>F(2, 3): 2.25 times fewer products than a direct convolution of two axes.</summary>
public readonly struct WinogradTile2 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 2;

    /// <inheritdoc/>
    public static long Taps => 3;

    /// <inheritdoc/>
    public static bool IsComplex => false;

    /// <inheritdoc/>
    public static long Products => 16;
}

/// <summary>F(4, 3): 4 times fewer products.</summary>
public readonly struct WinogradTile4 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 4;

    /// <inheritdoc/>
    public static long Taps => 3;

    /// <inheritdoc/>
    public static bool IsComplex => false;

    /// <inheritdoc/>
    public static long Products => 36;
}

/// <summary>F(2, 5): 2.78 times fewer products.</summary>
public readonly struct WinogradTile2Of5 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 2;

    /// <inheritdoc/>
    public static long Taps => 5;

    /// <inheritdoc/>
    public static bool IsComplex => false;

    /// <inheritdoc/>
    public static long Products => 36;
}

/// <summary>F(4, 3) with complex points: 3.13 times fewer products.</summary>
public readonly struct WinogradComplex4 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 4;

    /// <inheritdoc/>
    public static long Taps => 3;

    /// <inheritdoc/>
    public static bool IsComplex => true;

    /// <inheritdoc/>
    public static long Products => WinogradLayout.ComplexPoints;
}

/// <summary>F(4, 5) at the eighth roots of unity: 4.26 times fewer products.</summary>
public readonly struct WinogradRoots4Of5 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 4;

    /// <inheritdoc/>
    public static long Taps => 5;

    /// <inheritdoc/>
    public static bool IsComplex => true;

    /// <inheritdoc/>
    public static long Products => WinogradLayout.RootPoints;
}

/// <summary>F(7, 3) at the eighth roots of unity and ∞: 3.77 times fewer products.</summary>
public readonly struct WinogradTile7 : IWinogradTile
{
    /// <inheritdoc/>
    public static long Outputs => 7;

    /// <inheritdoc/>
    public static long Taps => 3;

    /// <inheritdoc/>
    public static bool IsComplex => true;

    /// <inheritdoc/>
    public static long Products => WinogradLayout.NinePoints;
}
