namespace Symbolic.Codegen;

/// <summary>How a contraction runs. All compute the same sums; which one is fast depends on the shape.</summary>
public enum Schedule
{
    /// <summary>Operands packed into panels that meet in register tiles: applies to every contraction.</summary>
    Panels,
    /// <summary>For one row, as in a product of a matrix and a vector: nothing is packed, and the matrix is read along its memory.</summary>
    MatrixVector,
}
