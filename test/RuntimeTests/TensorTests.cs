using Symbolic.Runtime;

namespace Symbolic.Test;

public sealed unsafe class TensorTests
{
    [Fact]
    public void Memory_is_aligned_zeroed_and_stays_in_place()
    {
        for (int i = 0; i < 50; i++)
        {
            Tensor tensor = Tensor.Zeros(DType.Float32, i, 3);
            nint address = (nint)tensor.Address;
            Assert.Equal(0, address % 64);
            Assert.All(tensor.ToArray<float>(), value => Assert.Equal(0f, value));
            GC.Collect();
            Assert.Equal(address, (nint)tensor.Address);
        }
    }

    [Fact]
    public void A_span_keeps_the_memory_alive_by_itself()
    {
        Span<int> span = Tensor.Of<int>([.. Enumerable.Range(0, 1000)], 1000).AsSpan<int>();
        for (int i = 0; i < 3; i++)
        {
            GC.Collect();
            Tensor.Zeros(DType.Int32, 1000).AsSpan<int>().Fill(-1);
        }
        Assert.Equal(499500, Sum(span));
    }

    [Fact]
    public void Tensors_nobody_holds_are_freed_without_Dispose()
    {
        long before = GC.GetTotalMemory(forceFullCollection: true);
        for (int i = 0; i < 200; i++)
        {
            Tensor.Zeros(DType.Float64, 1 << 20).AsSpan<double>()[0] = 1;
        }
        Assert.True(GC.GetTotalMemory(forceFullCollection: true) - before < 64 << 20, "200 dead tensors of 8 MiB are still held");
    }

    [Fact]
    public void Views_share_elements()
    {
        Tensor matrix = Tensor.Of<int>([1, 2, 3, 4, 5, 6], 2, 3);
        Assert.Equal([1, 4, 2, 5, 3, 6], matrix.Transpose().ToArray<int>());
        Assert.Equal([2, 3, 5, 6], matrix.Slice(1, 1, 2).ToArray<int>());
        Assert.Equal([3, 2, 1, 6, 5, 4], matrix.Slice(1, 2, 3, -1).ToArray<int>());
        Assert.Equal([1, 3, 4, 6], matrix.Slice(1, 0, 2, 2).ToArray<int>());
        matrix.Transpose().Slice(0, 1, 1).CopyFrom(Tensor.Of<int>([20, 50], 1, 2));
        Assert.Equal([1, 20, 3, 4, 50, 6], matrix.ToArray<int>());
        matrix.Slice(0, 1, 1).AsSpan<int>()[0] = 40;
        Assert.Equal([40, 50, 6], matrix.Slice(0, 1, 1).Reshape(3).ToArray<int>());
        Assert.True(matrix.Slice(0, 1, 1).IsRowMajor);
        Assert.False(matrix.Slice(1, 0, 2).IsRowMajor);
    }

    [Fact]
    public void Strided_copies_equal_element_by_element_copies()
    {
        var random = new Random(3);
        foreach (DType dtype in (DType[])[DType.UInt8, DType.Float16, DType.Float32, DType.Float64])
        {
            for (int round = 0; round < 40; round++)
            {
                Tensor from = RandomView(random, dtype), to = Tensor.Zeros(dtype, [.. from.Sizes.Map(s => s * 2)]);
                for (int axis = 0; axis < to.Rank; axis++)
                {
                    to = to.Slice(axis, 0, from.Sizes[axis], 2);
                }
                to.CopyFrom(from);
                Literal a = from.ToLiteral(), b = to.ToLiteral();
                Assert.Equal(a, b);
                for (long i = 0; i < a.Count; i++)
                {
                    Assert.Equal(ElementAt(from, i), a[i]);
                }
            }
        }
    }

    [Fact]
    public void A_view_copied_over_its_own_memory_reads_before_it_writes()
    {
        Tensor square = Tensor.Of<int>([1, 2, 3, 4], 2, 2);
        square.CopyFrom(square.Transpose());
        Assert.Equal([1, 3, 2, 4], square.ToArray<int>());
        Tensor line = Tensor.Of<int>([1, 2, 3, 4], 4);
        line.Slice(0, 1, 3).CopyFrom(line.Slice(0, 0, 3));
        Assert.Equal([1, 1, 2, 3], line.ToArray<int>());
    }

    [Fact]
    public void Literals_and_back()
    {
        Literal literal = Literal.Of<float>([1, -0f, float.NaN], 3, 1);
        Assert.Equal(literal, Tensor.From(literal).ToLiteral());
        Assert.Equal(literal.Type, Tensor.From(literal).Type);
        Assert.Equal(7L, Tensor.Scalar(7L).Item<long>());
        Assert.Equal("f32[2,5] 1 2 3 4 5 ...", Tensor.Of<float>([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], 2, 5).ToString());
        Assert.Equal("bool[] true", Tensor.Scalar(true).ToString());
    }

    public static TheoryData<Action, string> Mistakes() => new()
    {
        { () => Tensor.Of<float>([1, 2], 3), "2 values for a tensor f32[3] of 3" },
        { () => Tensor.Zeros(DType.Float32, -1), "a size cannot be negative: [-1]" },
        { () => Tensor.Zeros(DType.Float32, long.MaxValue, 3), "more bytes than 64 bits count" },
        { () => Tensor.Zeros(DType.Float32, 1L << 61), "more bytes than 64 bits count" },
        { () => Tensor.Zeros(DType.UInt8, 1L << 60), "more than one array can hold" },
        { () => Tensor.Zeros(DType.Float32, 2).AsSpan<int>(), "a tensor f32[2] read as i32" },
        { () => Tensor.Zeros(DType.Float32, 2, 2).Transpose().AsSpan<float>(), "strides [1,2] is not row-major" },
        { () => Tensor.Zeros(DType.Float32, 2).Item<float>(), "has 2 elements, not one" },
        { () => Tensor.Zeros(DType.Float32, 2).Slice(0, 1, 2), "2 indices from 1 in steps of 1 do not lie in axis 0 of f32[2]" },
        { () => Tensor.Zeros(DType.Float32, 2).Slice(0, 0, 2, long.MaxValue), "do not lie in axis 0" },
        { () => Tensor.Zeros(DType.Float32, 2).Slice(1, 0, 1), "axis" },
        { () => Tensor.Zeros(DType.Float32, 2, 2).Transpose(0, 0), "[0,0] is no order of the axes" },
        { () => Tensor.Zeros(DType.Float32, 2, 2).Reshape(3), "f32[2,2] of 4 elements cannot have sizes [3]" },
        { () => Tensor.Zeros(DType.Float32, 2).CopyFrom(Tensor.Zeros(DType.Float32, 3)), "f32[3] copied to f32[2]" },
        { () => Tensor.Zeros(DType.Float32, [.. Enumerable.Repeat(1L, 33)]), "at most 32 axes" },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void Mistakes_are_named(Action mistake, string message) =>
        Assert.Contains(message, Assert.ThrowsAny<Exception>(mistake).Message, StringComparison.Ordinal);

    private static long Sum(Span<int> span)
    {
        long sum = 0;
        foreach (int value in span)
        {
            sum += value;
        }
        return sum;
    }

    private static Tensor RandomView(Random random, DType dtype)
    {
        int rank = random.Next(0, 5);
        long[] sizes = [.. Enumerable.Range(0, rank).Select(_ => (long)random.Next(0, 6) + (random.Next(3) > 0 ? 1 : 0))];
        long count = sizes.Aggregate(1L, (a, b) => a * b);
        var bytes = new byte[count * dtype.Size()];
        random.NextBytes(bytes);
        Tensor view = Tensor.From(Literal.FromBytes(dtype, Seq.Create<long>(sizes), bytes)).Transpose([.. Enumerable.Range(0, rank).OrderBy(_ => random.Next())]);
        for (int axis = 0; axis < rank; axis++)
        {
            if (view.Sizes[axis] > 1 && random.Next(2) == 0)
            {
                long step = random.Next(2) == 0 ? -1 : 2;
                long length = random.NextInt64(1, (view.Sizes[axis] + 1) / Math.Abs(step) + 1);
                length = Math.Min(length, (view.Sizes[axis] - 1) / Math.Abs(step) + 1);
                view = view.Slice(axis, step < 0 ? view.Sizes[axis] - 1 : 0, length, step);
            }
        }
        return view;
    }

    private static ScalarValue ElementAt(Tensor tensor, long position)
    {
        Tensor at = tensor;
        for (int axis = tensor.Rank - 1; axis >= 0; axis--)
        {
            at = at.Slice(axis, position % tensor.Sizes[axis], 1);
            position /= tensor.Sizes[axis];
        }
        return at.ToLiteral()[0];
    }
}
