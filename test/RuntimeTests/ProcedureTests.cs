using Symbolic.Runtime;
using static Symbolic.Functions;
using static Symbolic.Runtime.Variables;

namespace Symbolic.Test;

/// <summary>Ops that are algorithms, through compiled functions: scratch memory, errors, the cache, shared variables.</summary>
public sealed class ProcedureTests : IDisposable
{
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("symbolic").FullName, "cache");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(folder)!, recursive: true);

    [Fact]
    public void A_cached_program_holds_its_procedures()
    {
        float[][] Run(out bool fromCache)
        {
            Expr x = Matrix("x", "n", "m"), k = Scalar("k", DType.Int64);
            (Expr values, Expr positions) = TopK(Exp<Expr>(x), SizeFrom(k, x.Shape[1]));
            using Function f = Function.Compile([x, k], [values, positions.Cast(DType.Float32), Sort(x, 0) * 2], null, new CompileOptions { CacheFolder = folder });
            fromCache = f.Report.FromCache;
            return [.. f.Call(Tensor.Of<float>([1, 3, 2, 0, -1, 5], 2, 3), Tensor.Scalar(2L)).Select(t => t.ToArray<float>())];
        }
        float[][] first = Run(out bool made);
        float[][] second = Run(out bool found);
        Assert.False(made);
        Assert.True(found);
        Assert.Equal(first, second);
        Assert.Equal([1, 2, 2, 0], first[1]);
        Assert.Equal([0, -2, 4, 2, 6, 10], first[2]);
    }

    [Fact]
    public void A_call_that_a_procedure_refuses_leaves_shared_variables_as_they_were()
    {
        SharedVariable table = Shared<float>([1, 2, 3], "table", 3), calls = Shared<float>([0], "calls", 1);
        Expr positions = Vector("positions", "k", DType.Int64), values = Vector("values", "k");
        using Function f = Function.Compile([positions, values], [], [(table, ScatterAdd(table, positions, values)), (calls, calls + 1)], Models.Plain);
        f.Call(Tensor.Of<long>([0, -1, 0], 3), Tensor.Of<float>([10, 20, 30], 3));
        Assert.Equal([41, 2, 23], table.Value.ToArray<float>());
        BindingError error = Assert.Throws<BindingError>(() => f.Call(Tensor.Of<long>([1, 3], 2), Tensor.Of<float>([10, 20], 2)));
        Assert.Equal("scatter_add is given position 3 at 1, which is outside an axis of 3 elements", error.Message);
        Assert.Equal([41, 2, 23], table.Value.ToArray<float>());
        Assert.Equal([1], calls.Value.ToArray<float>());
    }

    [Fact]
    public void A_profile_tells_what_procedures_cost()
    {
        Expr x = Vector("x", "n");
        using Function f = Function.Compile([x], [Sort(Exp<Expr>(x)) * 2], null, Models.Plain with { Profile = true });
        f.Call(Models.Random(1, 100));
        f.Call(Models.Random(2, 50));
        KernelProfile sort = Assert.Single(f.Profile.Kernels, kernel => kernel.Kernel == "procedure");
        Assert.Equal(("sort{axis=0}", 2L, 2 * 4 * 150.0), (sort.Label, sort.Calls, sort.Traffic));
        Assert.Equal(3, f.Profile.Kernels.Count);
    }

    [Fact]
    public void Procedures_work_inside_loops_and_branches()
    {
        Expr x = Vector("x", "n", DType.Float64), c = Scalar("c", DType.Bool);
        Expr looped = Loop(3, [x], [], (step, carried, _) => [Sort(carried[0] * -1)])[0];
        Expr chosen = IfElse(c, [x], p => [Sort(p[0])], p => [p[0]])[0];
        using Function f = Function.Compile([x, c], [looped, chosen, Grad((looped * looped * looped).Sum(), x)], null, Models.Plain);
        Tensor[] results = f.Call(Tensor.Of<double>([3, -1, 2], 3), Tensor.Scalar(true));
        Assert.Equal([-3, -2, 1], results[0].ToArray<double>());
        Assert.Equal([-1, 2, 3], results[1].ToArray<double>());
        Assert.Equal([-27, -3, -12], results[2].ToArray<double>());
    }

    [Fact]
    public void More_elements_than_there_are_is_an_error_of_the_call()
    {
        Expr x = Vector("x", "n"), k = Scalar("k", DType.Int64);
        using Function f = Function.Compile([x, k], [TopK(x, SizeFrom(k)).Values], null, Models.Plain);
        Assert.Equal([3, 2], f.Call(Tensor.Of<float>([2, 3, 1], 3), Tensor.Scalar(2L))[0].ToArray<float>());
        Assert.Equal("arg_top_k wants 4 elements of an axis of 3", Assert.Throws<BindingError>(() => f.Call(Tensor.Of<float>([2, 3, 1], 3), Tensor.Scalar(4L))).Message);
    }
}
