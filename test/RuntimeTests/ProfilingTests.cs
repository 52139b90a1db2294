using System.Text.Json;
using Symbolic.Runtime;

namespace Symbolic.Test;

public sealed class ProfilingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_trace_says_when_which_thread_ran_which_kernel(int threads)
    {
        using Function train = new Models.Perceptron().Train(Models.Plain with { Trace = true, Threads = threads, Name = "train \"me\"" });
        const int Calls = 3;
        for (int i = 0; i < Calls; i++)
        {
            train.Call(Models.Perceptron.Batch(512, 1), Models.Perceptron.Labels(512, 1));
        }
        using var stream = new MemoryStream();
        train.WriteTrace(stream);
        JsonElement[] events = [.. JsonDocument.Parse(stream.ToArray()).RootElement.GetProperty("traceEvents").EnumerateArray()];
        Assert.Equal("train \"me\"", events[0].GetProperty("args").GetProperty("name").GetString());
        JsonElement[] work = [.. events.Where(e => e.GetProperty("ph").GetString() == "X")];
        string[] kernels = [.. train.Profile.Kernels.Select(k => $"{k.Kernel} {k.Label}")];
        Assert.Equal(kernels.Distinct().Order(), work.Select(e => e.GetProperty("name").GetString()!).Distinct().Order());
        Assert.All(work, e => Assert.InRange(e.GetProperty("tid").GetInt32(), 0, threads - 1));
        // On one thread nothing overlaps, and every kernel has an entry per call at least.
        foreach (IGrouping<int, JsonElement> thread in work.GroupBy(e => e.GetProperty("tid").GetInt32()))
        {
            double end = 0;
            foreach (JsonElement e in thread)
            {
                Assert.True(e.GetProperty("ts").GetDouble() >= end - 0.01, $"{e} begins before {end}");
                end = e.GetProperty("ts").GetDouble() + e.GetProperty("dur").GetDouble();
            }
        }
        Assert.True(work.Length >= Calls * kernels.Length);
    }

    [Fact]
    public void Without_the_option_there_is_no_trace()
    {
        using Function train = new Models.Perceptron().Train(Models.Plain with { Name = "plain" });
        Assert.Equal("plain was compiled without Trace = true", Assert.Throws<InvalidOperationException>(() => train.WriteTrace(new MemoryStream())).Message);
    }

    [Fact]
    public void Limits_are_measured_once_and_remembered()
    {
        string folder = Directory.CreateTempSubdirectory("symbolic").FullName;
        try
        {
            CacheFolder? cache = CacheFolder.Find(folder, new CompileClock());
            MachineLimits limits = MachineLimits.Of(5, cache);
            Assert.True(limits.WorkRate > 0 && limits.TrafficRate > 0, $"{limits}");
            Assert.Same(limits, MachineLimits.Of(5, cache));
            Assert.Single(Directory.GetFiles(folder));
            Assert.Equal(2, limits.Seconds(2 * limits.WorkRate * 1e9, limits.TrafficRate * 1e9), 1e-9);
            Assert.Equal(3, limits.Seconds(2 * limits.WorkRate * 1e9, 3 * limits.TrafficRate * 1e9), 1e-9);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Four_measurements_of_limits_are_made_and_the_best_is_kept()
    {
        string folder = Directory.CreateTempSubdirectory("symbolic").FullName;
        try
        {
            CacheFolder? cache = CacheFolder.Find(folder, new CompileClock());
            MachineLimits[] limits = [.. Enumerable.Range(0, 6).Select(_ => MachineLimits.Best(2, cache))];
            for (int i = 1; i < limits.Length; i++)
            {
                Assert.True(limits[i].WorkRate >= limits[i - 1].WorkRate && limits[i].TrafficRate >= limits[i - 1].TrafficRate, $"{limits[i]} after {limits[i - 1]}");
            }
            Assert.Equal(limits[3], limits[4]);
            Assert.Equal(limits[3], limits[5]);
            Assert.Single(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void A_profile_compares_each_kernel_with_the_limits()
    {
        var profile = new FunctionProfile("f", 2, 4, [new KernelProfile("k0", "dot", 2, 3, 150e9, 3e9), new KernelProfile("k1", "copy", 2, 1, 0, 30e9)], new MachineLimits(2, 100, 40));
        string[] lines = profile.ToString().Split('\n');
        Assert.Equal("kernels 4000.000 ms; limits 100 GFLOP/s, 40.0 GB/s with 2 threads", lines[1]);
        Assert.Equal("3000.000  75.0%        2 1500000.0     50.0     1.0    50%  k0 dot", lines[3]);
        Assert.EndsWith("75%  k1 copy", lines[4], StringComparison.Ordinal);
    }
}
