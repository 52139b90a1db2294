using System.Runtime.CompilerServices;
using static Symbolic.Functions;

namespace Symbolic.Test;

[Collection(nameof(Alone))]
public class InterningTests
{
    [Fact]
    public void EqualNodesAreOneObjectWhateverTheThread()
    {
        Expr x = Vector("x", "n"), y = Vector("y", "n");
        Expr[] Build(int seed)
        {
            // Every thread builds the same nodes in another order.
            var made = new Expr[2_000];
            foreach (int i in Enumerable.Range(0, made.Length).OrderBy(i => HashCode.Combine(i, seed)))
            {
                made[i] = (i % 2 == 0 ? Tanh<Expr>(x + (double)i) : Exp<Expr>(y * (double)i)) - x;
            }
            return made;
        }
        Expr[][] all = new Expr[8][];
        Parallel.For(0, all.Length, new ParallelOptions { MaxDegreeOfParallelism = all.Length }, thread => all[thread] = Build(thread));
        Assert.All(all, made => Assert.True(made.Zip(all[0]).All(pair => ReferenceEquals(pair.First, pair.Second))));
    }

    [Fact]
    public void VariablesHaveIdentityAndAllElseIsEqualByValue()
    {
        Expr x = Vector("x", "n"), again = Vector("x", "n");
        Assert.NotSame(x, again);
        Assert.Same(x + 1, x + 1);
        Assert.Same(Exp<Expr>(x * 2) + x, Exp<Expr>(x * 2) + x);
        Assert.NotSame(x + again, again + x);
        Assert.Same(Constant(1.5), Constant(1.5));
        Assert.NotSame(Constant(0.0), Constant(-0.0));
        Assert.Same(Constant(double.NaN), Constant(double.NaN));
        Assert.NotSame(Constant(double.NaN), Constant(BitConverter.UInt64BitsToDouble(0xFFF8_0000_0000_0001)));
        Assert.NotSame(Constant(ScalarValue.Of(DType.Float32, 1L)), Constant(ScalarValue.Of(DType.Int32, 1L)));
        Assert.Same(Relu<Expr>(x, 0.0), Relu<Expr>(x, -0.0));
    }

    [Fact]
    public void ConstantsCopyTheirData()
    {
        float[] values = [1, 2, 3];
        Expr constant = Constant(Literal.Of<float>(values, 3));
        values[0] = 7;
        Assert.Equal([1.0, 2, 3], ((Ops.Constant)constant.Op).Value.ToDoubles());
        Assert.Same(constant, Constant(Literal.Of<float>([1, 2, 3], 3)));
        Assert.NotSame(constant, Constant(Literal.Of<float>([7, 2, 3], 3)));
        Assert.NotSame(Constant(Literal.Of<float>([0f, 1f], 2)), Constant(Literal.Of<float>([-0f, 1f], 2)));
    }

    [Fact]
    public void NestedGraphsAreEqualByStructure()
    {
        Expr x = Vector("x", "n");
        Expr Twice() => Loop(2, [x], [], (_, carried, _) => [carried[0] * 2])[0];
        Assert.Same(Twice(), Twice());
        Assert.NotSame(Twice(), Loop(3, [x], [], (_, carried, _) => [carried[0] * 2])[0]);
    }

    [Fact]
    public void NodesThatNobodyKeepsAreCollectedAndTheTableShrinks()
    {
        WeakReference[] dropped = Drop();
        int before = Expr.TableSize;
        for (int round = 0; round < 10 && dropped.Any(node => node.IsAlive); round++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        Assert.DoesNotContain(dropped, node => node.IsAlive);
        // A shard sweeps at the first new node after a collection of all generations.
        Expr[] kept = [.. Enumerable.Range(0, 1_000).Select(i => Constant(i + 0.25))];
        Assert.True(Expr.TableSize < before - 50_000, $"{Expr.TableSize} places, {before} before");
        Assert.Same(kept[17], Constant(17.25));
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static WeakReference[] Drop()
    {
        Expr[] nodes = [.. Enumerable.Range(0, 100_000).Select(i => Constant(i + 0.5))];
        return [.. nodes.Select(node => new WeakReference(node))];
    }
}
