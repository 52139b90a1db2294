using static Symbolic.Functions;

namespace Symbolic.Test;

/// <summary>What positions that are data may be, and what is said of those that may not.</summary>
public class TakingTests
{
    private static readonly Dictionary<Variable, Literal> None = [];

    [Fact]
    public void APositionOutsideIsAnErrorWithItsPlace()
    {
        Expr x = Matrix("x", "n", 2, DType.Float64), at = Vector("at", "k", DType.Int32);
        Dictionary<Variable, Literal> Values(params int[] positions) => new() { [Leaf(x)] = Literal.Of<double>([0, 1, 2, 3, 4, 5], 3, 2), [Leaf(at)] = Literal.Of<int>(positions, positions.Length) };
        Assert.Equal([4.0, 5, 0, 1], Reference.Evaluate([x.Take(at, 0)], Values(-1, 0))[0].ToDoubles());
        Assert.Equal("positions are given 3 at 1, which is outside an axis of 3 elements", Assert.Throws<BindingError>(() => Reference.Evaluate([x.Take(at, 0)], Values(0, 3))).Message);
        Assert.Equal("positions are given -4 at 0, which is outside an axis of 3 elements", Assert.Throws<BindingError>(() => Reference.Evaluate([x[at]], Values(-4))).Message);
        Assert.Equal("position 2 lies outside an axis of 2 elements", Assert.Throws<TypeMismatch>(() => x[Subscript.All, new[] { 0, 2 }]).Message);
        Assert.Equal("the subscripts of x: f64[n,2] want integers, or booleans as a mask of at least one axis; got y: f32[3]", Assert.Throws<TypeMismatch>(() => x[Vector("y", 3)]).Message);
        // A known position beside positions that are data lies on an axis of unknown size.
        Assert.Equal("positions are given 3 at 0, which is outside an axis of 3 elements", Assert.Throws<BindingError>(() => Reference.Evaluate([x[3, Constant(Literal.Of<long>([0, 1], 2))]], Values())).Message);
    }

    [Fact]
    public void GatherItselfReadsNothingOutside()
    {
        Expr x = Constant(Literal.Of<double>([0, 1, 2], 3));
        Expr at = Constant(Literal.Of<long>([99, -99, long.MinValue, long.MaxValue, 1], 5));
        Assert.Equal([2.0, 0, 0, 2, 1], Reference.Evaluate([Expr.Of(new Ops.Gather(0), x, at)], None)[0].ToDoubles());
        Expr empty = Vector("empty", "n", DType.Float64);
        Assert.Equal([0.0, 0, 0, 0, 0], Reference.Evaluate([Expr.Of(new Ops.Gather(0), empty, at)], new Dictionary<Variable, Literal> { [Leaf(empty)] = Literal.Of<double>([], 0) })[0].ToDoubles());
    }

    [Fact]
    public void MasksOverSomeAxes()
    {
        Expr x = Constant(Literal.Of<double>([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11], 2, 3, 2)), rows = Vector("rows", 2, DType.Bool), middle = Vector("middle", 3, DType.Bool);
        var values = new Dictionary<Variable, Literal> { [Leaf(rows)] = Literal.Of<bool>([false, true], 2), [Leaf(middle)] = Literal.Of<bool>([true, false, true], 3) };
        double[] Value(Expr result) => Reference.Evaluate([result], values)[0].ToDoubles();
        Assert.Equal([6.0, 7, 8, 9, 10, 11], Value(x[rows]));
        Assert.Equal([0.0, 1, 4, 5, 6, 7, 10, 11], Value(x[Subscript.All, middle]));
        // A mask and positions are broadcast together.
        Assert.Equal([1.0, 5], Value(x[0, middle, 1]));
        Assert.Equal([0.0, 1, 2, 3, 4, 5, 9, 9, 9, 9, 9, 9], Value(x.SetSubtensor([rows], 9)));
        Assert.Equal([0.0, 1, 2, 3, 4, 5, -6, -7, -8, -9, -10, -11], Value(x.SetSubtensor([rows], -x[rows])));
        Assert.Equal([10.0, 1, 2, 3, 14, 5, 16, 7, 8, 9, 20, 11], Value(x.IncSubtensor([Subscript.All, middle, 0], 10)));
    }

    [Fact]
    public void AlongAxesAndOfChoices()
    {
        Expr x = Constant(Literal.Of<double>([3, 1, 2, 9, 7, 8], 2, 3)), order = Constant(Literal.Of<long>([1, 2, 0, 1, 2, 0], 2, 3));
        double[] Value(Expr result) => Reference.Evaluate([result], None)[0].ToDoubles();
        Assert.Equal([1.0, 2, 3, 7, 8, 9], Value(x.TakeAlongAxis(order, -1)));
        Assert.Equal([9.0, 7, 8], Value(x.TakeAlongAxis(Constant(Literal.Of<long>([1, 1, 1], 1, 3)), 0)));
        Assert.Equal([3.0, 2, 9, 8], Value(Compress(Constant(Literal.Of<bool>([true, false, true], 3)), x, 1)));
        Assert.Equal([1.0, 2], Value(Compress(Constant(Literal.Of<int>([0, 5, 1], 3)), x)));
        Assert.Equal([3.0, 0, 2], Value(Choose(Constant(Literal.Of<int>([0, 1, 0], 3)), [x[0], Full(DType.Float64, [], 0)])));
        Assert.Equal("position -1 lies outside an axis of 2 elements", Assert.Throws<TypeMismatch>(() => Choose(Constant(Literal.Of<int>([0, -1], 2)), [x[0, ..2], x[1, ..2]])).Message);
        Assert.Equal([1.0, 2, 1, 1], UnravelIndex(Constant(Literal.Of<long>([4, 7], 2)), [3, 3]).SelectMany(Value));
    }

    [Fact]
    public void WhatDoesNotFitIsRefused()
    {
        Expr x = Matrix("x", 4, 5, DType.Float64);
        Assert.Equal("y: f64[4] cannot replace [5] elements of x: f64[4,5]", Assert.Throws<TypeMismatch>(() => x.SetSubtensor([0], Vector("y", 4, DType.Float64))).Message);
        Assert.Equal("a float does not fit into i: i64[3]", Assert.Throws<TypeMismatch>(() => Vector("i", 3, DType.Int64).SetSubtensor([0], 0.5)).Message);
        Assert.Equal("y: f64[] does not fit into z: f32[3]: cast it first", Assert.Throws<TypeMismatch>(() => Vector("z", 3).SetSubtensor([0], Scalar("y", DType.Float64))).Message);
    }

    private static Variable Leaf(Expr leaf) => ((Ops.Leaf)leaf.Op).Variable;
}
