using Symbolic.Peers.Limits;
using Symbolic.Peers.Works.Nets;

namespace Symbolic.Peers.Works;

/// <summary>All works, in the order of the report.</summary>
internal static class WorkList
{
    private const long TenMillion = 10_000_000;

    /// <summary>The works.</summary>
    public static IReadOnlyList<Work> All { get; } = [.. Products(), .. ConvList.All(), .. NetList.All(), .. Arrays()];

    /// <summary>The work of a name.</summary>
    public static Work Named(string name) => (Work?)LimitWork.Parse(name)
        ?? All.Concat(All.Select(work => work.Compared)).FirstOrDefault(work => work.Name == name)
        ?? throw new ArgumentException($"no work is called '{name}'", nameof(name));

    private static IEnumerable<Work> Products()
    {
        const string large = "GEMM 512..2048 (geometric mean)", small = "GEMM 64..384 (geometric mean)", learning = "GEMM ML shapes (geometric mean, none below 1.0)", vector = "GEMV in cache";
        foreach (int n in new[] { 512, 768, 1024, 1536, 2048 })
        {
            yield return new GemmWork(large, $"GEMM 512..2048: {n}x{n}x{n}", n, n, n);
        }
        foreach (int n in new[] { 64, 96, 128, 192, 256, 384 })
        {
            yield return new GemmWork(small, $"GEMM 64..384: {n}x{n}x{n}", n, n, n);
        }
        (string Note, int M, int K, int N, bool A, bool B)[] shapes =
        [
            ("fc", 64, 800, 500, false, false), ("fc", 128, 784, 1000, false, false), ("fc NT", 64, 800, 500, false, true), ("dW TN", 784, 128, 1000, true, false),
            ("conv", 20, 25, 576, false, false), ("conv", 50, 500, 64, false, false), ("conv", 96, 363, 3025, false, false), ("conv", 256, 1200, 729, false, false),
            ("conv", 64, 147, 12544, false, false), ("conv", 64, 576, 3136, false, false), ("conv", 512, 4608, 49, false, false), ("lstm", 50, 128, 512, false, false),
            ("NT", 512, 512, 512, false, true), ("TN", 512, 512, 512, true, false), ("TT", 512, 512, 512, true, true), ("tiny", 8, 16, 16, false, false), ("tiny", 32, 32, 32, false, false),
        ];
        foreach ((string note, int m, int k, int n, bool a, bool b) in shapes)
        {
            yield return new GemmWork(learning, $"GEMM ML: {note} {m}x{k}x{n}", m, k, n, a, b);
        }
        foreach ((int rows, int columns) in new[] { (512, 512), (1024, 1024), (1024, 4096) })
        {
            yield return new GemvWork(vector, $"GEMV in cache: x·[{rows},{columns}]", rows, columns, VectorFirst: true);
            yield return new GemvWork(vector, $"GEMV in cache: [{rows},{columns}]·x", rows, columns, VectorFirst: false);
        }
    }

    private static IEnumerable<Work> Layers()
    {
        const string row = "max pool forward, LRN forward+backward (geometric mean)";
        yield return new PoolWork(row, "max pool forward: 2x2 [64,20,24,24]", [64, 20, 24, 24], 2, 2, Ceiling: false);
        yield return new PoolWork(row, "max pool forward: 2x2 [64,50,8,8]", [64, 50, 8, 8], 2, 2, Ceiling: false);
        yield return new PoolWork(row, "max pool forward: 3x3s2 [100,32,32,32]", [100, 32, 32, 32], 3, 2, Ceiling: true);
        foreach ((string direction, bool backward) in new[] { ("forward", false), ("backward", true) })
        {
            yield return new ResponseWork(row, $"LRN {direction}: 3 of [100,32,16,16]", [100, 32, 16, 16], 3, backward);
            yield return new ResponseWork(row, $"LRN {direction}: 5 of [16,96,55,55]", [16, 96, 55, 55], 5, backward);
        }
    }

    private static IEnumerable<Work> Arrays()
    {
        const string heavy = "chain of 12 with tanh, exp, log, 10M", cheap = "chain of 6 cheap, 10M (% of non-temporal triad)", softmax = "softmax 1024x1000",
            rows = "row sums 256 MB (% of read limit)", columns = "column sums 4096x4096", transpose = "transpose 4096x4096", call = "call of 8 numbers";
        yield return new ChainWork(heavy, heavy, TenMillion, Heavy: true);
        yield return new ChainWork(cheap, cheap, TenMillion, Heavy: false);
        yield return new SoftmaxWork(softmax, softmax, 1024, 1000);
        yield return new SumWork(rows, rows, 65536, 1024, Axis: 1);
        yield return new SumWork(columns, columns, 4096, 4096, Axis: 0);
        yield return new TransposeWork(transpose, transpose, 4096, 4096);
        foreach (Work work in Layers())
        {
            yield return work;
        }
        yield return new CallWork(call, call, 8);
    }
}
