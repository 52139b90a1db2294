using System.Numerics;

namespace Symbolic.Codegen.Library;

/// <summary>
/// Register tiles of a product that follow each other along its rows or its columns, as their kernel reads it: each has the same number of terms. Operands are read by steps, so
/// that panels and matrices in place are the same.
/// </summary>
/// <typeparam name="T">float or double.</typeparam>
internal unsafe struct TileRun<T>
    where T : unmanaged, INumberBase<T>
{
    /// <summary>How many tiles.</summary>
    public long Count;

    /// <summary>The first term of the first row.</summary>
    public T* Rows;

    /// <summary>From row to row.</summary>
    public long RowStep;

    /// <summary>From term to term of a row.</summary>
    public long RowDepthStep;

    /// <summary>From a tile's rows to the next one's.</summary>
    public long NextRows;

    /// <summary>The first term of the columns, which lie side by side.</summary>
    public T* Columns;

    /// <summary>From term to term of a column.</summary>
    public long ColumnDepthStep;

    /// <summary>From a tile's columns to the next one's.</summary>
    public long NextColumns;

    /// <summary>Terms.</summary>
    public long Depth;

    /// <summary>Where sums go, unless they are ended.</summary>
    public T* Tile;

    /// <summary>From row to row there.</summary>
    public long Pitch;

    /// <summary>From tile to tile there.</summary>
    public long NextTile;

    /// <summary>Whether the sums go on from what stands there.</summary>
    public bool GoesOn;

    /// <summary>Whether what stands there is added in the end.</summary>
    public bool Adds;

    /// <summary>Whether what is finished is ended and stored elsewhere.</summary>
    public bool Ends;

    /// <summary>How, at the first tile.</summary>
    public Ending<T> Ending;

    /// <summary>From tile to tile where it is stored.</summary>
    public long NextTarget;

    /// <summary>From tile to tile of what is added to each column.</summary>
    public long NextAdded;

    /// <summary>From tile to tile of what is added to each row.</summary>
    public long NextRowsAdded;

    /// <summary>Whether what tiles are stored over is fetched while they are summed.</summary>
    public bool Fetches;

    /// <summary>
    /// Lines of memory, one of which tiles of more than one vector fetch with each term, since a burst of them would hold up the loads of the product: so many bytes behind
    /// <see cref="Near"/>, then behind <see cref="Far"/>, and in the end behind <see cref="Beyond"/>. There are as many as terms, or as <see cref="NearLines"/> where these are more.
    /// </summary>
    public long* Lines;

    /// <summary>How many of them lie behind the first.</summary>
    public long NearLines;

    /// <summary>How many lie behind the last one.</summary>
    public long BeyondLines;

    /// <summary>What they are counted from, at the first tile: what is stored over.</summary>
    public byte* Near;

    /// <summary>From tile to tile there.</summary>
    public long NextNear;

    /// <summary>What those between are counted from, at the first tile: what comes next.</summary>
    public byte* Far;

    /// <summary>From tile to tile there.</summary>
    public long NextFar;

    /// <summary>What the last ones are counted from, at the first tile: what the kernel behind this one reads.</summary>
    public byte* Beyond;

    /// <summary>From tile to tile there.</summary>
    public long NextBeyond;
}
