using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Text;
using Symbolic.Codegen.Library;

namespace Symbolic.Runtime;

/// <summary>
/// What this machine can do at most, measured: a kernel cannot be faster than its operations at the peak, nor, where its data come from memory, than
/// its bytes at the bandwidth.
/// </summary>
/// <param name="Threads">For how many threads.</param>
/// <param name="WorkRate">GFLOP/s of independent fused multiply-adds of float32 in registers.</param>
/// <param name="TrafficRate">GB/s of y = a + 3·b on arrays far larger than the caches, stored past them; three arrays counted.</param>
public sealed record MachineLimits(int Threads, double WorkRate, double TrafficRate)
{
    private const int Tries = 5;

    // A measurement beside a busy neighbour tells too little, so one alone is not believed for ever.
    private const int Measurements = 4;

    private static readonly Lock Gate = new();
    private static readonly Dictionary<int, MachineLimits> Known = [];

    /// <summary>
    /// The limits for this many threads: the best of what the first four processes that ask have measured, in some 0.2 s each, remembered beside the
    /// cache of programs.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of threads is not between 1 and 1024.</exception>
    public static MachineLimits Of(int threads) => Of(threads, CacheFolder.Find(null, new CompileClock()));

    /// <summary>The least seconds in which this much can be done.</summary>
    /// <param name="work">Floating-point operations.</param>
    /// <param name="traffic">Bytes from and to memory.</param>
    public double Seconds(double work, double traffic) => Math.Max(work / (WorkRate * 1e9), traffic / (TrafficRate * 1e9));

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{WorkRate:0} GFLOP/s, {TrafficRate:0.0} GB/s with {Threads} thread{(Threads == 1 ? "" : "s")}");

    internal static MachineLimits Of(int threads, CacheFolder? cache)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(threads, Device.MostThreads);
        lock (Gate)
        {
            if (Known.TryGetValue(threads, out MachineLimits? known))
            {
                return known;
            }
            return Known[threads] = Best(threads, cache);
        }
    }

    /// <summary>The better of what is remembered and of a new measurement, which becomes what is remembered; after some of these no more are made.</summary>
    internal static MachineLimits Best(int threads, CacheFolder? cache)
    {
        CacheKey key = CacheKey.Of($"limits 2 {Environment.MachineName} {Environment.ProcessorCount} {RuntimeInformation.FrameworkDescription} {CacheKey.Features} {threads}");
        (MachineLimits Limits, int Count) best = cache?.Read(key) is { } bytes && Read(threads, bytes) is { } remembered ? remembered : (new MachineLimits(threads, 0, 0), 0);
        if (best.Count < Measurements)
        {
            MachineLimits measured = Measure(threads);
            best = (new MachineLimits(threads, Math.Max(measured.WorkRate, best.Limits.WorkRate), Math.Max(measured.TrafficRate, best.Limits.TrafficRate)), best.Count + 1);
            cache?.Write(key, Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{best.Limits.WorkRate:R} {best.Limits.TrafficRate:R} {best.Count}")));
        }
        return best.Limits;
    }

    private static (MachineLimits Limits, int Count)? Read(int threads, byte[] bytes) => Encoding.UTF8.GetString(bytes).Split(' ') is [var work, var traffic, var number]
        && double.TryParse(work, CultureInfo.InvariantCulture, out double gflops) && double.TryParse(traffic, CultureInfo.InvariantCulture, out double gigabytes) && gflops > 0 && gigabytes > 0
        && int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int count)
        ? (new MachineLimits(threads, gflops, gigabytes), count) : null;

    private static unsafe MachineLimits Measure(int threads)
    {
        // Workers of its own: those of a device may be in a call.
        var pool = new WorkerPool("symbolic limits", lives: false);
        try
        {
            double Rate(in WorkerPool.Job job, double amount)
            {
                double best = double.PositiveInfinity;
                for (int i = 0; i < Tries; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    pool.Run(job, threads);
                    best = Math.Min(best, Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
                return amount / best * 1e-9;
            }
            long chunks = 8L * threads;
            double work = Rate(new WorkerPool.Job(&LimitKernels.Multiply<Lanes256<float>, Vector256<float>>, null, null, chunks, null, 0), chunks * LimitKernels.Operations<Lanes256<float>, Vector256<float>>());
            if (Vector512.IsHardwareAccelerated)
            {
                work = Math.Max(work, Rate(new WorkerPool.Job(&LimitKernels.Multiply<Lanes512<float>, Vector512<float>>, null, null, chunks, null, 0), chunks * LimitKernels.Operations<Lanes512<float>, Vector512<float>>()));
            }
            Storage[] arrays = [Storage.Uninitialized(LimitKernels.Bytes), Storage.Uninitialized(LimitKernels.Bytes), Storage.Uninitialized(LimitKernels.Bytes)];
            byte** addresses = stackalloc byte*[arrays.Length];
            for (int i = 0; i < arrays.Length; i++)
            {
                addresses[i] = arrays[i].Address;
                HugePages.Advise(arrays[i].Address, LimitKernels.Bytes);
                // Memory that nobody has written is one page of zeros, which lies in the cache.
                arrays[i].Span<float>(0, (int)(LimitKernels.Bytes / sizeof(float))).Fill(1);
            }
            double traffic = Rate(new WorkerPool.Job(&LimitKernels.Triad, addresses, null, LimitKernels.Chunks, null, 0), 3.0 * LimitKernels.Bytes);
            GC.KeepAlive(arrays);
            return new MachineLimits(threads, work, traffic);
        }
        finally
        {
            pool.Stop();
        }
    }
}
